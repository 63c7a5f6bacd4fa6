"""The Daily Papers page, as a text dump or as HTML, to papers.

A dump is blocks between blank lines: a short header up to the date, then title and abstract in turn. Nothing
marks which is which, so each block's shape says what it may be, and of all readings of the page the one that
leaves the fewest blocks over is taken. What is left over is reported, and costs no other paper its place.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.errors import BadInput
from bot.papers.batch import Batch, Rejected, distinct
from bot.papers.daily import read_records
from bot.papers.encoding import decode, foreign_byte
from bot.papers.page_dates import PageDay, choose, date_line, find_day
from bot.papers.page_html import embedded, is_html, visible_text
from bot.papers.paper import Paper, Unusable, as_date, make_paper
from bot.papers.text import clean, split_sentences

KnownDates = Callable[[Sequence[str]], Mapping[str, date]]
"""Which of these titles the library knows, each with the date it is kept under."""

_LINES = re.compile(r"\r\n|\r|\n")
# "multi-" and "modal" on two lines are one word; "pre-" and "and post-training" are not.
_WRAPPED_WORD = re.compile(r"(?<=[^\W\d_]-)\n(?!(?:and|or|to|nor|versus|vs\.?)\s)")
_HEADER_BLOCKS = 12
_HEADER_CHARS = 120
_SITE = re.compile(
    r"(?:new|subscribe|trending papers|(?:hugging ?face )?daily papers|by ?\w+ and the research community"
    r"|get trending papers in your email inbox.*)",
    re.IGNORECASE,
)
_FULL_STOP = re.compile(r"[.。][\"'”’)\]}$]*$")

# What it costs to read a block one way or the other; only the order of the sums matters.
_LEFT_OVER = 10.0
_NEVER = float("inf")
_LONG = 250  # no title of two years of daily papers is longer, hardly an abstract is shorter
_BRIEF = 120


@dataclass(frozen=True, slots=True)
class _Block:
    where: str
    text: str
    foreign: str | None  # why its bytes are not all text
    as_title: float
    as_abstract: float

    @property
    def shown(self) -> str:
        return self.text if len(self.text) <= 80 else self.text[:79] + "…"


def read_page(
    data: bytes, *, source: str, name: str, given_date: date | None, known_dates: KnownDates, today: date
) -> Batch:
    """The papers of a page; `name` is its file name or the end of its address, which may hold the date.

    Entries that cannot be read are in `rejected` with their line. Raises `BadInput` where there is no entry
    at all, or the file is no text.
    """
    text = decode(data, source)
    if not clean(text[:10_000]) and not clean(text):
        raise BadInput(f"{source}: the file is empty")
    web = is_html(text)
    if web:
        records = _embedded(text, source)
        if records:
            return _read_embedded(*records, source, given_date)
        blocks = _html_blocks(text)
    else:
        blocks = _blocks(text, "line")
    start, on_page = _header(blocks)
    pairs, left = _pairs(blocks[start:])
    if web:
        left = [block for block in left if len(block.text.split()) > 3]  # buttons and menus
    if not pairs and (web or len(left) > _HEADER_BLOCKS or not left):
        raise BadInput(f"{source}: no papers: expected titles and abstracts in turn, blank lines between")

    in_name = find_day(name.replace("_", "-"), packed=True)
    titles = [title.text for title, _ in pairs]
    day, note = choose(given_date, on_page, in_name, lambda: known_dates(titles), len(titles), today)
    entries: list[tuple[str, Paper]] = []
    rejected = [_why_left(block) for block in left]
    for title, abstract in pairs:
        try:
            if foreign := title.foreign or abstract.foreign:
                raise Unusable(foreign)
            entries.append((title.where, make_paper(title.text, abstract.text, published=day)))
        except Unusable as reason:
            rejected.append(Rejected(title.where, f"{reason}: {title.shown}"))
    papers, doubles = distinct(entries)
    return Batch(source, tuple(papers), (*rejected, *doubles), day, note)


def _embedded(text: str, source: str) -> tuple[list[object], str] | None:
    if foreign := foreign_byte(text):
        raise BadInput(f"{source}: {foreign}")
    try:
        return embedded(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{source}: its embedded data cannot be read: {error}; save it again") from None


def _read_embedded(records: list[object], date_string: str, source: str, given_date: date | None) -> Batch:
    try:
        day, note = as_date(date_string), f"{date_string} as the page says"
    except Unusable:
        day, note = None, "each paper's own day"  # a page of a week or a month
    if given_date:
        day, note = given_date, f"{given_date} as given"
    entries, rejected = read_records(records, given=given_date, fallback=day)
    if not entries and not rejected:
        raise BadInput(f"{source}: the page lists no papers")
    papers, doubles = distinct(entries)
    return Batch(source, tuple(papers), (*rejected, *doubles), day, note)


def _html_blocks(text: str) -> list[_Block]:
    """The blocks of a page's visible text, without the numbers between them.

    A brief sentence is no abstract here: "Try again later." under "Service Unavailable" is no paper.
    """
    blocks = [block for block in _blocks(visible_text(text), "paragraph") if re.search(r"[^\W\d_]", block.text)]
    return [replace(b, as_abstract=_NEVER) if len(b.text) < _BRIEF else b for b in blocks]


def _blocks(text: str, unit: str) -> list[_Block]:
    """The blocks of `text` between blank lines, their wrapped lines joined."""
    blocks: list[_Block] = []
    lines: list[str] = []
    count = 0
    for number, line in enumerate([*_LINES.split(text), ""], 1):
        if clean(line):
            lines.append(line.strip())
        elif lines:
            count += 1
            begin = number - len(lines)
            blocks.append(_block("\n".join(lines), begin, f"{unit} {begin if unit == 'line' else count}"))
            lines = []
    return blocks


def _block(raw: str, line: int, where: str) -> _Block:
    text = clean(_WRAPPED_WORD.sub("", raw))
    long = len(text) >= _LONG
    stops = bool(_FULL_STOP.search(text[-10:]))
    several = not (long and stops) and len(split_sentences(text[:_LONG])) > 1
    as_title = _NEVER if long and (stops or several) else 3.0 * stops + 2.0 * several + 4.0 * long
    as_abstract = _NEVER
    if long or stops or several:
        as_abstract = 0.0 if len(text) >= _BRIEF else 1.0 if stops else 4.0
    return _Block(where, text, foreign_byte(raw, line), as_title, as_abstract)


def _header(blocks: Sequence[_Block]) -> tuple[int, PageDay | None]:
    """How many blocks stand above the papers, and the day they give.

    Short blocks up to the line of the date; without one, up to the last that is known from the site.
    """
    end = 0
    for n, block in enumerate(blocks[:_HEADER_BLOCKS], 1):
        if len(block.text) > _HEADER_CHARS:
            break
        if day := date_line(block.text):
            return n, day
        if _SITE.fullmatch(block.text):
            end = n
    return end, None


def _pairs(blocks: Sequence[_Block]) -> tuple[list[tuple[_Block, _Block]], list[_Block]]:
    """The titles with their abstracts, and the blocks left over, by the cheapest reading of them all."""
    best = [0.0] * (len(blocks) + 2)
    paired = [False] * len(blocks)
    for i in reversed(range(len(blocks))):
        best[i] = best[i + 1] + _LEFT_OVER
        if i + 1 < len(blocks):
            pair = best[i + 2] + blocks[i].as_title + blocks[i + 1].as_abstract
            paired[i] = pair <= best[i]
            best[i] = min(pair, best[i])
    pairs: list[tuple[_Block, _Block]] = []
    left: list[_Block] = []
    i = 0
    while i < len(blocks):
        if paired[i]:
            pairs.append((blocks[i], blocks[i + 1]))
        else:
            left.append(blocks[i])
        i += 1 + paired[i]
    return pairs, left


def _why_left(block: _Block) -> Rejected:
    if date_line(block.text):
        reason = "a second date; put each day into a file of its own"
    elif block.as_title > block.as_abstract:
        reason = "an abstract without a title"
    else:
        reason = "a title without an abstract"
    return Rejected(block.where, f"{reason}: {block.shown}")
