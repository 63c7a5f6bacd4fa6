"""Hugging Face Daily Papers by its API: `hf` (today), `hf:2025-08-04`, `hf:2025-W32`, `hf:2025-08`."""

import json
import re
from datetime import date, timedelta
from urllib.parse import urlencode, urlsplit

from bot import limits
from bot.errors import BadInput, PapersError
from bot.papers.batch import Batch, distinct
from bot.papers.daily import read_records
from bot.papers.http import Answer, Fetcher, shown
from bot.papers.sources import Request

_PAGE = 100  # the most that one answer holds
_JSON = ("application/json", "text/json", "text/plain")


def handles(source: str) -> bool:
    """Whether `source` is `hf`, alone or with a day, week or month."""
    return source == "hf" or source.startswith("hf:")


def read(source: str, request: Request) -> Batch:
    """All papers of the day, week or month, each with its own day.

    A day without papers, such as a Sunday, is an empty batch with a note. Raises `BadInput` for what is no
    such time, and `PapersError` where the site failed.
    """
    key, value, day = _asked(source, request)
    base = request.settings.hf_url
    records = _records(request.fetcher(base), base, {key: value})
    entries, rejected = read_records(records, fallback=day)
    papers, _ = distinct(entries)  # one may move from a page to the next while they are read
    note = None
    if not papers and not rejected:
        note = f"Hugging Face lists no papers for {f'{day}, a {day:%A}' if day else value}"
    return Batch(source, tuple(papers), tuple(rejected), day, note=note)


def _asked(source: str, request: Request) -> tuple[str, str, date | None]:
    """The API's parameter and its value, and the day where it is one."""
    value = source.partition(":")[2]
    if not value:
        day = request.given_date or request.today
        return "date", str(day), day
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            day = date.fromisoformat(value)
            if day > request.today + timedelta(days=1):  # it may be tomorrow already in Greenwich
                raise BadInput(f"{source}: that day is still to come")
            return "date", value, day
        if week := re.fullmatch(r"(\d{4})-W(\d\d?)", value):
            year, number = date.fromisocalendar(int(week[1]), int(week[2]), 1).isocalendar()[:2]
            return "week", f"{year}-W{number:02}", None
        if re.fullmatch(r"\d{4}-\d\d", value):
            date.fromisoformat(f"{value}-01")
            return "month", value, None
    except ValueError:
        pass
    raise BadInput(f"{source!r} is no day, week or month such as hf:2025-08-04, hf:2025-W32 or hf:2025-08")


def _records(fetcher: Fetcher, base: str, query: dict[str, str]) -> list[object]:
    """The records of all pages."""
    records: list[object] = []
    asked: set[str] = set()
    target: str | None = urlencode({**query, "limit": _PAGE})
    while target and target not in asked:
        if len(asked) == limits.FETCH_PAGES:
            raise PapersError(f"{shown(base)} lists more than {limits.FETCH_PAGES} pages; ask for a shorter time")
        asked.add(target)
        answer = fetcher.get(f"{base}/api/daily_papers?{target}", _JSON)
        page = _list(answer)
        records += page
        if answer.next and page:
            target = urlsplit(answer.next).query  # at our base, whatever host the link names
        elif len(page) == _PAGE:  # a mirror may have lost the link
            target = urlencode({**query, "limit": _PAGE, "p": len(asked)})
        else:
            target = None
    return records


def _list(answer: Answer) -> list[object]:
    host = shown(answer.url)
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise PapersError(f"{host} sent what is no whole JSON; try again later") from None
    if isinstance(found, list):
        return found
    said = found.get("error") if isinstance(found, dict) else None
    raise PapersError(f"{host} sent no list of papers{f' but the error {str(said)[:200]!r}' if said else ''}")
