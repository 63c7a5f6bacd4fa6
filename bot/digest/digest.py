"""What a daily summary is. Plain data; every face shows these, and `digest_json` is their machine-readable form."""

from __future__ import annotations  # the field `date` hides the type while the class is made

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from bot.answers.answer import Mode, Statement
from bot.papers.paper import Kind


@dataclass(frozen=True, slots=True)
class ListedPaper:
    """A paper of the day under its number `n`, with its gist: one checked sentence that cites it.

    `gist` is None where no sentence of the abstract may be quoted. `kind` "note" says that the gist is from
    a note on the paper, not from its abstract.
    """

    n: int
    id: str
    title: str
    url: str | None
    gist: Statement | None
    upvotes: int | None = None
    kind: Kind = "abstract"


@dataclass(frozen=True, slots=True)
class Theme:
    """Papers of the day that belong together, by number, with a name and a sentence or two on them."""

    name: str
    summary: tuple[Statement, ...]
    papers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """A theme that stands out against the days before, as shares (0–1) of the papers near it, now and before."""

    theme: str
    kind: Literal["new", "growing"]
    now: float
    before: float


@dataclass(frozen=True, slots=True)
class Digest:
    """The summary of a day, or of its papers on a `topic`.

    Every paper stands in `papers` once and in exactly one theme. `mode` "extractive" means that every
    statement is a verbatim quote. `compared` is the number of earlier days behind `trends`, 0 where there are
    none. `missing` says what could not be done, a line each. `picture` is the map of the day as a PNG.
    """

    date: date | None
    papers: tuple[ListedPaper, ...] = ()
    themes: tuple[Theme, ...] = ()
    overview: tuple[Statement, ...] = ()
    trends: tuple[Trend, ...] = ()
    compared: int = 0
    topic: str | None = None
    mode: Mode = "extractive"
    model: str | None = None
    missing: tuple[str, ...] = ()
    picture: bytes | None = None

    def paper(self, n: int) -> ListedPaper:
        """The paper of number `n`. Raises `KeyError`."""
        for paper in self.papers:
            if paper.n == n:
                return paper
        raise KeyError(n)


def digest_json(digest: Digest) -> dict[str, Any]:
    """`digest` in the shape of `daily --format json`."""
    return {
        "date": digest.date and digest.date.isoformat(),
        "papers": len(digest.papers),
        "overview": [
            {"text": s.text, "citations": list(s.citations), "support": round(s.support, 3)} for s in digest.overview
        ],
        "themes": [
            {"name": t.name, "summary": " ".join(s.cited for s in t.summary), "papers": list(t.papers)}
            for t in digest.themes
        ],
        "papers_list": [
            {
                "n": p.n,
                "id": p.id,
                "title": p.title,
                "url": p.url,
                "tldr": p.gist.text if p.gist else "",
                "upvotes": p.upvotes,
            }
            for p in digest.papers
        ],
    }
