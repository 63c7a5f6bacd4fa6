"""What one reading of a source gives: the papers, and by name everything that could not be taken."""

from __future__ import annotations  # the field `date` hides the type while the class is made

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.papers.paper import Paper
from bot.papers.text import title_key


@dataclass(frozen=True, slots=True)
class Rejected:
    """A part of a source that gave no paper: where it stands ("line 12") and why, for a person."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """The papers of one source, each with the place it came from, in the source's order.

    `date` is the day of the whole source where it has one, `date_note` says how it was found, and `note` says
    why a sound source holds no papers (a weekend, say). `replaced` are papers announced in a new version:
    they update papers that the library knows, on whose day they stand, and are not new ones.
    """

    source: str
    papers: tuple[tuple[str, Paper], ...]
    rejected: tuple[Rejected, ...] = ()
    date: date | None = None
    date_note: str | None = None
    note: str | None = None
    replaced: tuple[tuple[str, Paper], ...] = ()

    @property
    def found(self) -> int:
        """How many entries the source holds: those that became papers and those that were rejected."""
        return len(self.papers) + len(self.rejected)


def distinct(entries: Iterable[tuple[str, Paper]]) -> tuple[list[tuple[str, Paper]], list[Rejected]]:
    """`entries` without the later copies of a paper, and those copies as rejected, each naming its first.

    Two entries are one paper by number or given id; by title only where at least one of them has neither.
    """
    kept: list[tuple[str, Paper]] = []
    rejected: list[Rejected] = []
    ids: dict[str, str] = {}
    titles: dict[str, str] = {}
    bare_titles: dict[str, str] = {}
    for where, paper in entries:
        own = [i for i in (paper.arxiv_id, paper.given_id) if i]
        key = title_key(paper.title)
        first = next((ids[i] for i in own if i in ids), None) or (bare_titles if own else titles).get(key)
        if first:
            rejected.append(Rejected(where, f"the same paper as {first}: {paper.title}"))
            continue
        kept.append((where, paper))
        ids.update(dict.fromkeys(own, where))
        titles.setdefault(key, where)
        if not own:
            bare_titles[key] = where
    return kept, rejected
