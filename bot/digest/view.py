"""What the faces of a summary show, in plain words: one view for all, so that all say the same.

All text of papers and models is cleaned here once more; each face escapes it for its own syntax.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.answers.answer import Statement
from bot.digest.digest import Digest, ListedPaper, Theme, Trend
from bot.papers.paper import http_url
from bot.papers.text import clean

NOTE = "from a note on the paper, not its abstract"
QUOTED = "Every sentence is quoted, word for word, from the abstract it cites."
QUOTED_NOTES = "Every sentence is quoted, word for word, from an abstract or from a note on the paper."
WRITTEN = "Written by {model}; every sentence was checked against the abstracts it cites."
NO_PAPERS = "No papers."


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence to show: what leads into it (a theme's name, or nothing), its words, the numbers it cites."""

    lead: str
    text: str
    citations: tuple[int, ...]

    @property
    def marks(self) -> str:
        """The citations as people read them: `[1][2]`."""
        return "".join(f"[{n}]" for n in self.citations)


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper as listed: `about` is its gist, or empty; `facts` are short remarks such as its upvotes."""

    n: int
    title: str
    url: str | None
    about: str
    facts: tuple[str, ...]
    theme: int


@dataclass(frozen=True, slots=True)
class ThemeView:
    """A theme: its name, the size in words ("12 papers"), sentences on it, and its papers in list order."""

    name: str
    size: str
    lines: tuple[Line, ...]
    papers: tuple[PaperView, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A summary, ready to be shown. `notes` are what a reader should know of how it came about."""

    title: str
    intro: str
    overview: tuple[Line, ...]
    trends: tuple[str, ...]
    themes: tuple[ThemeView, ...]
    papers: tuple[PaperView, ...]
    notes: tuple[str, ...]
    day: date | None
    picture: bytes | None


def view_of(digest: Digest) -> View:
    """What to show of `digest`."""
    theme_of = {n: t for t, theme in enumerate(digest.themes) for n in theme.papers}
    papers = tuple(_paper(p, theme_of[p.n]) for p in digest.papers)
    quoted = digest.mode == "extractive"
    themes = tuple(_theme(theme, t, papers, quoted=quoted) for t, theme in enumerate(digest.themes))
    overview = tuple(_line(s, _lead(s, digest.themes, theme_of), quoted=quoted) for s in digest.overview)
    return View(
        title=_title(digest),
        intro=_intro(digest),
        overview=overview,
        trends=tuple(_trends(digest)),
        themes=themes,
        papers=papers,
        notes=(*(_how(digest) if papers else ()), *(_sentence(clean(m)) for m in digest.missing)),
        day=digest.date,
        picture=digest.picture,
    )


def day_words(day: date | None) -> str:
    """A day as people write it: `Monday, 4 August 2025`."""
    return f"{day:%A}, {day.day} {day:%B %Y}" if day else "an unknown day"


def count_words(n: int) -> str:
    """`1 paper`, `2 papers`."""
    return f"{n:,} paper" if n == 1 else f"{n:,} papers"


def _title(digest: Digest) -> str:
    title = f"Papers of {day_words(digest.date)}"
    return f"{title}, on “{clean(digest.topic)}”" if digest.topic else title


def _intro(digest: Digest) -> str:
    if not digest.papers:
        return "No paper of the day is about that." if digest.topic else NO_PAPERS
    themes = len(digest.themes)
    if themes < 2:
        return f"{count_words(len(digest.papers))}."
    return f"{count_words(len(digest.papers))} in {themes} themes."


def _lead(statement: Statement, themes: Sequence[Theme], theme_of: dict[int, int]) -> str:
    """The theme that a sentence of the overview is about, where all its papers are of one and there are several."""
    about = {theme_of[n] for n in statement.citations if n in theme_of}
    return clean(themes[about.pop()].name) if len(about) == 1 and len(themes) > 1 else ""


def _line(statement: Statement, lead: str = "", *, quoted: bool) -> Line:
    text = clean(statement.text)
    return Line(lead, f"“{text}”" if quoted else text, statement.citations)


def _theme(theme: Theme, number: int, papers: Sequence[PaperView], *, quoted: bool) -> ThemeView:
    return ThemeView(
        clean(theme.name),
        count_words(len(theme.papers)),
        tuple(_line(s, quoted=quoted) for s in theme.summary),
        tuple(p for p in papers if p.theme == number),
    )


def _paper(paper: ListedPaper, theme: int) -> PaperView:
    facts = []
    if paper.upvotes is not None:
        facts.append("1 upvote" if paper.upvotes == 1 else f"{paper.upvotes:,} upvotes")
    if paper.kind == "note" and paper.gist:
        facts.append(NOTE)
    url = paper.url if paper.url and http_url(paper.url) else None
    return PaperView(
        paper.n, clean(paper.title), url, clean(paper.gist.text) if paper.gist else "", tuple(facts), theme
    )


def _trends(digest: Digest) -> list[str]:
    if not digest.compared or not digest.papers:
        return []
    before = "the day before" if digest.compared == 1 else f"the {digest.compared} days before"
    new = [t for t in digest.trends if t.kind == "new"]
    growing = [t for t in digest.trends if t.kind == "growing"]
    lines = []
    if new:
        lines.append(f"New against {before}: {_names(new)}.")
    if growing:
        shares = [f"{clean(t.theme)} ({t.now:.0%} of the day's papers, {t.before:.0%} before)" for t in growing]
        lines.append(f"Growing against {before}: {_listed(shares)}.")
    return lines or [f"No theme stands out against {before}."]


def _names(trends: Sequence[Trend]) -> str:
    shown = [clean(t.theme) for t in trends[:5]]
    return _listed(shown if len(trends) <= 5 else [*shown, f"{len(trends) - 5} more"])


def _listed(items: Sequence[str]) -> str:
    """`a`, `a; b`: names may hold "and" and commas of their own."""
    return "; ".join(items)


def _how(digest: Digest) -> tuple[str, ...]:
    if digest.mode == "llm":
        return (WRITTEN.format(model=clean(digest.model or "a language model")),)
    return (QUOTED_NOTES if any(p.kind == "note" for p in digest.papers) else QUOTED,)


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "…")) else f"{text}."
