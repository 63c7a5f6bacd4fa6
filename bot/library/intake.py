"""Taking a source in: read, and put into the library. Every front end and the bot's own fetching do it so."""

from __future__ import annotations  # the field `date` hides the type while the class is made

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.library.library import Library
from bot.library.writing import Progress
from bot.papers.batch import Rejected
from bot.papers.sources import read_source


@dataclass(frozen=True, slots=True)
class Intake:
    """What a source held and what became of it.

    `date` is the day of the whole source and `date_note` says how it was found; `note` says why a sound
    source holds no papers. Every paper found is added, updated, unchanged or rejected.
    """

    source: str
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: tuple[Rejected, ...] = ()
    date: date | None = None
    date_note: str | None = None
    note: str | None = None
    new_ids: tuple[str, ...] = ()

    @property
    def found(self) -> int:
        """How many entries the source held."""
        return self.taken + len(self.rejected)

    @property
    def taken(self) -> int:
        """How many of them are in the library now."""
        return self.added + self.updated + self.unchanged

    def json(self) -> dict[str, Any]:
        """The shape of `ingest --json`."""
        return {
            "source": self.source,
            "found": self.found,
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": [{"where": r.where, "reason": r.reason} for r in self.rejected],
            "date": self.date and self.date.isoformat(),
        }


def take_in(
    library: Library,
    source: str,
    *,
    given_date: date | None = None,
    today: date | None = None,
    trusted: bool = True,
    progress: Progress | None = None,
    read: Callable[[int], None] | None = None,
) -> Intake:
    """Read `source` (see `bot.papers.sources`) and put its papers into `library`.

    `read` is told the number of papers before they are written. Papers announced in a new version are
    updated where the library knows them. Raises `BadInput` where the source is none or holds nothing,
    `PapersError` where disk or network failed.
    """
    batch = read_source(
        source,
        settings=library.settings,
        given_date=given_date,
        known_dates=library.catalogue.dates_of,
        today=today or datetime.now().astimezone().date(),
        trusted=trusted,
    )
    papers = [*batch.papers, *((w, p) for w, p in batch.replaced if library.get(p.id))]
    if read:
        read(len(papers))
    done = library.ingest(papers, batch.source, progress)
    return Intake(
        batch.source,
        done.added,
        done.updated,
        done.unchanged,
        (*batch.rejected, *done.rejected),
        batch.date,
        batch.date_note,
        batch.note,
        done.new_ids,
    )
