"""The faces of a summary: what they show, and that no text of a paper can become anything but text."""

import io
import re
import unicodedata
import xml.etree.ElementTree as ET
from base64 import b64encode
from datetime import date, datetime
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser

import feedparser
import pytest
from markdown_it import MarkdownIt
from rich.console import Console

from bot.answers.answer import Statement
from bot.digest.digest import Digest, ListedPaper, Theme, Trend
from bot.digest.extract import extract
from bot.digest.feed import feed_of
from bot.digest.markdown import markdown_of
from bot.digest.page import page_of
from bot.digest.terminal import show_digest
from bot.digest.view import view_of
from tests.digest.days import HOSTILE, day_of, embed

DAY = date(2025, 8, 4)
ATOM = "{http://www.w3.org/2005/Atom}"


def digest_of(papers: int = 30) -> Digest:
    return extract(day_of(papers), DAY, embed).digest


def hostile() -> Digest:
    """A summary in which every text is hostile."""
    papers = tuple(
        ListedPaper(n, f"id{n}", text, "javascript:alert(1)", Statement(f"{text} and {text}", (n,), 1.0), 3)
        for n, text in enumerate(HOSTILE, 1)
    )
    half = len(papers) // 2
    themes = tuple(
        Theme(HOSTILE[t], (Statement(HOSTILE[t + 2], (numbers[0],), 1.0),), tuple(numbers))
        for t, numbers in enumerate((range(1, half + 1), range(half + 1, len(papers) + 1)))
    )
    trends = (Trend(HOSTILE[0], "new", 0.2, 0.0), Trend(HOSTILE[4], "growing", 0.3, 0.1))
    overview = tuple(Statement(text, (n,), 1.0) for n, text in enumerate(HOSTILE[:5], 1))
    return Digest(
        DAY,
        papers,
        themes,
        overview,
        trends,
        7,
        topic=HOSTILE[1],
        missing=(HOSTILE[0],),
        mode="llm",
        model=HOSTILE[3],
    )


def terminal(digest: Digest, **options: object) -> str:
    out = io.StringIO()
    show_digest(digest, Console(file=out, width=70, **options))  # type: ignore[arg-type]
    return out.getvalue()


def page(digest: Digest) -> str:
    return page_of(digest)


def feed(digest: Digest) -> str:
    return feed_of([digest])


FACES = [terminal, markdown_of, page, feed]


@pytest.mark.parametrize("face", FACES)
def test_every_face_shows_every_paper_with_its_gist_and_the_date(face) -> None:
    digest = digest_of()
    text = unescape(unescape(face(digest))).replace("\\", "")
    assert "Monday, 4 August 2025" in text
    for paper in digest.papers:
        assert paper.title in text
        assert paper.gist.text in text
    for theme in digest.themes:
        assert theme.name in text
    for statement in digest.overview:
        assert statement.text in text


@pytest.mark.parametrize("face", FACES)
def test_p06_no_face_lets_a_hidden_or_control_character_through(face) -> None:
    shown = face(hostile())
    bad = {c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c != "\n"}
    assert not bad


@pytest.mark.parametrize("face", FACES)
def test_an_empty_day_is_said_to_be_empty(face) -> None:
    text = face(Digest(DAY))
    assert "No papers." in text or face is feed


# Terminal


def test_piped_output_is_plain_and_keeps_titles_whole() -> None:
    digest = digest_of()
    text = terminal(digest)
    assert "\x1b" not in text
    assert all(f". {p.title}" in text for p in digest.papers)
    assert not re.search(r"[─│╭╰]", text)


def test_rich_markup_in_a_title_is_shown_as_text() -> None:
    assert "[bold red]not markup[/]" in terminal(hostile())
    assert "[bold red]not markup[/]" in re.sub(r"\x1b\[[\d;]*m", "", terminal(hostile(), force_terminal=True))


def test_only_http_addresses_become_terminal_links() -> None:
    assert "javascript:" not in re.sub(
        r"\[click\]\(javascript:alert\(1\)\)", "", terminal(hostile(), force_terminal=True)
    )
    assert "https://arxiv.org/abs/2508.00000" in terminal(digest_of(), force_terminal=True)


# Markdown


def test_hostile_text_stays_text_in_markdown() -> None:
    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown_of(hostile()))
    tags = set(re.findall(r"<(\w+)", html))
    assert tags <= {"h1", "h2", "h3", "p", "ul", "ol", "li", "strong", "em", "br"}
    text = unescape(re.sub(r"<[^>]+>", "", html))
    for shown in (HOSTILE[0], HOSTILE[3], HOSTILE[8], HOSTILE[9]):
        assert shown in text


def test_markdown_links_lead_to_the_papers() -> None:
    html = MarkdownIt("commonmark").render(markdown_of(digest_of(5)))
    assert re.findall(r'href="([^"]+)"', html) == [p.url for p in digest_of(5).papers]


# Page


class Reader(HTMLParser):
    """Collects the tags, attributes and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def test_hostile_text_stays_text_in_the_page() -> None:
    reader = read(page_of(hostile()))
    assert not {tag for tag, _ in reader.tags} & {"script", "img", "iframe", "evil", "link", "object", "svg"}
    assert not any(name.startswith("on") for _, attrs in reader.tags for name in attrs)
    assert all((attrs.get("href") or "#").startswith(("#", "https://")) for _, attrs in reader.tags)
    assert HOSTILE[0] in reader.text
    assert HOSTILE[1] in reader.text


def test_the_page_asks_for_nothing_outside_itself() -> None:
    html = page_of(Digest(**{**{f: getattr(digest_of(8), f) for f in Digest.__slots__}, "picture": b"\x89PNG"}))
    reader = read(html)
    assert [attrs["src"] for tag, attrs in reader.tags if tag == "img"] == ["data:image/png;base64,iVBORw=="]
    assert not re.search(r"@import|url\(", html)
    assert not {tag for tag, _ in reader.tags} & {"script", "link", "iframe"}


def test_the_policy_of_the_page_allows_its_own_style_and_nothing_else() -> None:
    html = page_of(digest_of(8))
    policy = next(a["content"] for tag, a in read(html).tags if a.get("http-equiv") == "Content-Security-Policy")
    style = re.search(r"<style>(.*)</style>", html, re.DOTALL)
    assert style
    key = b64encode(sha256(style[1].encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{key}'; img-src data: cid:; base-uri 'none'; form-action 'none'"
    )


def test_citations_lead_to_papers_of_the_page() -> None:
    reader = read(page_of(digest_of()))
    ids = {attrs["id"] for _, attrs in reader.tags if "id" in attrs}
    targets = {attrs["href"] for tag, attrs in reader.tags if tag == "a" and attrs["href"].startswith("#")}
    assert targets
    assert {t.removeprefix("#") for t in targets} <= ids


# Feed


def test_the_feed_has_what_atom_requires() -> None:
    days = [extract(day_of(6), date(2025, 8, d), embed).digest for d in (1, 4)]
    root = ET.fromstring(feed_of([*days, Digest(date(2025, 8, 2))]))
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (only,) = element.findall(f"{ATOM}{name}")
            assert (only.text or "").strip()
        assert (element.findtext(f"{ATOM}id") or "").startswith("tag:")
        datetime.strptime(element.findtext(f"{ATOM}updated") or "", "%Y-%m-%dT%H:%M:%S%z")
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    entries = root.findall(f"{ATOM}entry")
    assert [e.findtext(f"{ATOM}updated") for e in entries] == ["2025-08-04T00:00:00Z", "2025-08-01T00:00:00Z"]
    assert len({e.findtext(f"{ATOM}id") for e in entries}) == 2
    for entry in entries:
        content = entry.find(f"{ATOM}content")
        assert content is not None
        assert content.get("type") == "html"
        assert not list(content)


def test_hostile_text_breaks_no_feed() -> None:
    assert not feedparser.parse(feed_of([hostile()])).bozo
    root = ET.fromstring(feed_of([hostile()]))
    content = read(root.findtext(f"{ATOM}entry/{ATOM}content") or "")
    assert not {tag for tag, _ in content.tags} & {"script", "img", "evil"}
    assert HOSTILE[0] in content.text


def test_a_feed_without_papers_is_still_a_feed() -> None:
    root = ET.fromstring(feed_of([]))
    assert root.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"
    assert not root.findall(f"{ATOM}entry")


# What they all say


def test_quotes_are_marked_as_quotes_and_written_sentences_are_not() -> None:
    digest = digest_of(8)
    assert view_of(digest).overview[0].text.startswith("“We propose")
    written = Digest(DAY, digest.papers, digest.themes, digest.overview, mode="llm", model="some-model")
    assert view_of(written).overview[0].text.startswith("We propose")
    assert "some-model" in view_of(written).notes[0]


def test_a_gist_from_a_note_is_said_to_be_one() -> None:
    statement = Statement("It sorts.", (1,), 1.0)
    digest = Digest(DAY, (ListedPaper(1, "a", "T", None, statement, kind="note"),), (Theme("X", (), (1,)),))
    assert "from a note on the paper, not its abstract" in terminal(digest)


def test_what_could_not_be_done_is_said() -> None:
    digest = Digest(DAY, missing=("the model failed for 3 of 8 papers",))
    assert "The model failed for 3 of 8 papers." in terminal(digest)


def test_trends_are_said_only_where_there_are_days_before() -> None:
    digest = digest_of(8)
    assert view_of(digest).trends == ()
    compared = Digest(DAY, digest.papers, digest.themes, digest.overview, compared=1)
    assert view_of(compared).trends == ("No theme stands out against the day before.",)
    grown = Digest(DAY, digest.papers, digest.themes, (), (Trend("Chess", "growing", 0.25, 0.1),), 7)
    assert view_of(grown).trends == (
        "Growing against the 7 days before: Chess (25% of the day's papers, 10% before).",
    )
