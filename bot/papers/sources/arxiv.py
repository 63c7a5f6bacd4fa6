"""arXiv: `arxiv:cs.CL` (the day's announcements) and `arxiv:2508.01234` (papers by number, with commas between).

The announcements come as RSS, the papers as Atom; both at one request per three seconds, as arXiv asks.
"""

import re
from dataclasses import replace
from datetime import date
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from bot import limits
from bot.errors import BadInput, PapersError
from bot.papers.batch import Batch, Rejected, distinct
from bot.papers.http import Answer
from bot.papers.paper import Paper, Unusable, arxiv_number, as_date, make_paper
from bot.papers.safe_xml import parse_xml
from bot.papers.sources import Request
from bot.papers.text import clean

_XML = ("application/atom+xml", "application/rss+xml", "application/xml", "text/xml", "*+xml", "text/plain")
_PAGE = re.compile(r"https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf)/", re.IGNORECASE)
_CATEGORY = re.compile(r"([a-z]+(?:-[a-z]+)?)(?:\.([a-z]{2}|[a-z]+(?:-[a-z]+)+))?", re.IGNORECASE)
_ATOM = "{http://www.w3.org/2005/Atom}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_ANNOUNCED = re.compile(r"\s*arXiv:\S+\s+Announce Type:\s*(\S+)\s*(?:Abstract:)?", re.IGNORECASE)
_NUMBERS = 100  # in one request


def handles(source: str) -> bool:
    """Whether `source` begins with `arxiv:` or is the address of a paper's page at arXiv."""
    return source.lower().startswith("arxiv:") or bool(_PAGE.match(source))


def read(source: str, request: Request) -> Batch:
    """The papers of the numbers, or those announced today in the category.

    Numbers that arXiv does not have are rejected. Of announcements, new and cross-listed papers are papers,
    replaced ones are in `replaced`; a day without any is an empty batch with a note.
    """
    page = _PAGE.match(source)
    asked = (source[page.end() :] if page else source.partition(":")[2]).strip()
    if category := _CATEGORY.fullmatch(asked):
        archive, subject = category.groups()
        subject = (subject.upper() if len(subject) == 2 else subject.lower()) if subject else None
        return _announced(source, f"{archive.lower()}.{subject}" if subject else archive.lower(), request)
    try:
        numbers = list(dict.fromkeys(arxiv_number(part) for part in asked.split(",") if part.strip()))
    except Unusable as reason:
        raise BadInput(f"{source}: {reason}, and no category such as cs.CL") from None
    if not numbers:
        raise BadInput(f"{source}: name a number such as arxiv:2508.01234 or a category such as arxiv:cs.CL")
    return _by_number(source, numbers, request)


def _get(request: Request, url: str, statuses: tuple[int, ...]) -> Answer:
    settings = request.settings
    fetcher = request.fetcher(settings.arxiv_url, settings.arxiv_rss_url)
    return fetcher.get(url, _XML, statuses=statuses, site="arxiv", interval=limits.ARXIV_INTERVAL_SECONDS)


def _parsed(answer: Answer, root: str) -> Element:
    try:
        found = parse_xml(answer.body)
    except ValueError as error:
        raise PapersError(f"arXiv's answer cannot be read: {error}; try again later") from None
    if found.tag != root:
        raise PapersError(f"arXiv's answer is no feed but <{found.tag[:50]}>; try again later")
    return found


def _by_number(source: str, numbers: list[str], request: Request) -> Batch:
    entries: list[tuple[str, Paper]] = []
    rejected: list[Rejected] = []
    for first in range(0, len(numbers), _NUMBERS):
        some = numbers[first : first + _NUMBERS]
        query = urlencode({"id_list": ",".join(some), "max_results": len(some)}, safe=",/")
        answer = _get(request, f"{request.settings.arxiv_url}/api/query?{query}", (200, 400))
        for entry in _parsed(answer, f"{_ATOM}feed").iter(f"{_ATOM}entry"):
            where = _text(entry, f"{_ATOM}id")
            if "/api/errors" in where or clean(_text(entry, f"{_ATOM}title")) == "Error":
                raise PapersError(f"arXiv says: {clean(_text(entry, f'{_ATOM}summary'))[:200] or 'error'}")
            try:
                paper = _atom_paper(entry)
                entries.append((paper.id, paper))
            except Unusable as reason:
                rejected.append(Rejected(clean(where).rpartition("/abs/")[2][:40] or "an entry", str(reason)))
        if answer.status != 200:
            raise PapersError(f"arXiv answered {answer.status} without a reason; try again later")
    found = {paper.arxiv_id for _, paper in entries} | {re.sub(r"v\d+$", "", r.where) for r in rejected}
    rejected += [Rejected(number, "arXiv has no paper of that number") for number in numbers if number not in found]
    return Batch(source, tuple(distinct(entries)[0]), tuple(rejected))


def _atom_paper(entry: Element) -> Paper:
    return make_paper(
        _text(entry, f"{_ATOM}title"),
        _text(entry, f"{_ATOM}summary"),
        published=as_date(_text(entry, f"{_ATOM}published") or None),
        arxiv_id=_text(entry, f"{_ATOM}id") or "nothing",
        authors=[_text(author, f"{_ATOM}name") for author in entry.iter(f"{_ATOM}author")],
        keywords=[category.get("term") for category in entry.iter(f"{_ATOM}category")],
    )


def _announced(source: str, category: str, request: Request) -> Batch:
    answer = _get(request, f"{request.settings.arxiv_rss_url}/rss/{category}", (200, 400, 404))
    if answer.status != 200:
        raise BadInput(f"{source}: arXiv has no category {category}")
    channel = _parsed(answer, "rss").find("channel")
    if channel is None:
        raise PapersError("arXiv's answer is a feed without a channel; try again later")
    day = _day(channel)
    entries: list[tuple[str, Paper]] = []
    replaced: list[tuple[str, Paper]] = []
    rejected: list[Rejected] = []
    crossed = 0
    for n, item in enumerate(channel.iter("item"), 1):
        try:
            announce, paper = _rss_paper(item, day)
        except Unusable as reason:
            rejected.append(Rejected(f"item {n} ({clean(_text(item, 'title'))[:60]})", str(reason)))
            continue
        if announce.startswith("replace"):
            replaced.append((paper.id, paper))
        else:
            entries.append((paper.id, paper))
            crossed += announce == "cross"
    papers, _ = distinct(entries)
    # The day of a new version is not the paper's, which the library knows.
    days = request.known_dates([paper.title for _, paper in replaced])
    replaced = [(where, replace(paper, date=days.get(paper.title))) for where, paper in replaced]
    if papers or replaced or rejected:
        note = f"{len(papers) - crossed} new, {crossed} cross-listed and {len(replaced)} replaced in {category}"
    else:
        note = f"arXiv announces nothing in {category} today; it does not at weekends and on holidays"
    return Batch(source, tuple(papers), tuple(rejected), day, note=note, replaced=tuple(distinct(replaced)[0]))


def _rss_paper(item: Element, day: date | None) -> tuple[str, Paper]:
    """How an item is announced (new, cross, replace, replace-cross), and its paper."""
    description = _text(item, "description")
    said = _ANNOUNCED.match(description)
    announce = _text(item, f"{_ARXIV}announce_type") or (said[1] if said else "new")
    creators = re.sub(r"\([^()]*\)", "", ", ".join(e.text or "" for e in item.iter(f"{_DC}creator")))
    return clean(announce).lower(), make_paper(
        _text(item, "title"),
        description[said.end() :] if said else description,
        published=_day(item) or day,
        arxiv_id=_text(item, "guid").rpartition(":")[2] or _text(item, "link") or "nothing",
        authors=creators.split(","),
        keywords=[category.text for category in item.iter("category")],
    )


def _day(element: Element) -> date | None:
    """The day in `pubDate`, at the place that wrote it."""
    try:
        return parsedate_to_datetime(_text(element, "pubDate")).date()
    except ValueError:
        return None


def _text(element: Element, tag: str) -> str:
    found = element.find(tag)
    return "" if found is None else "".join(found.itertext())
