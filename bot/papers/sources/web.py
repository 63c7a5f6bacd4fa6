"""The address of a Daily Papers page."""

from urllib.parse import urlsplit

from bot.papers.batch import Batch
from bot.papers.http import shown
from bot.papers.jsonl import read_jsonl
from bot.papers.page import read_page
from bot.papers.sources import Request

_LINES = ("application/x-ndjson", "application/jsonl", "application/x-jsonlines")
_PAGES = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown")


def handles(source: str) -> bool:
    """Whether `source` is an http(s) address."""
    return source.lower().startswith(("http://", "https://"))


def read(source: str, request: Request) -> Batch:
    """The papers of the page at the address `source`, which is not fetched twice unless it changed."""
    settings = request.settings
    own = [settings.hf_url, settings.arxiv_url, settings.arxiv_rss_url, *([source] if request.trusted else [])]
    answer = request.fetcher(*own).get(source, (*_PAGES, *_LINES))
    address, name = shown(source), urlsplit(answer.url)
    media = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media in _LINES or name.path.lower().endswith((".jsonl", ".ndjson")):
        return read_jsonl(answer.body, source=address, given_date=request.given_date)
    return read_page(
        answer.body,
        source=address,
        name=f"{name.path}?{name.query}",
        given_date=request.given_date,
        known_dates=request.known_dates,
        today=request.today,
    )
