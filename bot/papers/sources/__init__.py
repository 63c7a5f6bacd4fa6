"""Where papers come from: `read_source` takes a SOURCE as people write it.

Each module in this folder is one source. It has `handles(source)`, which says by prefix or shape whether
that string is one of its own, and `read(source, request)`, which gives the papers. A new file here is a new
source.
"""

import importlib
import pkgutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Protocol

from bot.errors import BadInput
from bot.papers.batch import Batch
from bot.papers.page import KnownDates
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.papers.http import Fetcher


@dataclass(frozen=True, slots=True)
class Request:
    """What a source may need besides its name.

    `trusted` is whether the source was named by the person at this machine, who may read its files and its
    network; sources named by others may not. `clock` and `sleep` are for tests.
    """

    settings: Settings
    given_date: date | None
    known_dates: KnownDates
    today: date
    trusted: bool = True
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep

    def fetcher(self, *own: str) -> "Fetcher":
        """The HTTP client, for which the addresses in `own` may lie in this machine's network."""
        from bot.papers.http import Fetcher  # httpx takes long to import, and most runs fetch nothing

        return Fetcher(self.settings.home, own, clock=self.clock, sleep=self.sleep)


class Source(Protocol):
    """A module of this folder."""

    def handles(self, source: str) -> bool:
        """Whether `source` is one of its own."""

    def read(self, source: str, request: Request) -> Batch:
        """Its papers. Raises `BadInput` for a wrong name or content, `PapersError` for a failure outside."""


def read_source(
    source: str,
    *,
    settings: Settings,
    given_date: date | None = None,
    known_dates: KnownDates = lambda titles: {},
    today: date,
    trusted: bool = True,
) -> Batch:
    """The papers of `source`: `sample`, `hf…`, `arxiv:…`, an http(s) address, or a path.

    A path is what no other source handles. Raises `BadInput` where the source is no such thing or holds
    nothing that could be a paper, and `PapersError` where disk or network failed. With `trusted=False` paths
    and private addresses are refused.
    """
    from bot.papers.sources import files

    request = Request(settings, given_date, known_dates, today, trusted)
    source = source.strip()
    if not source:
        raise BadInput("the source is empty")
    found: Source = next((s for s in all_sources() if s.handles(source)), files)
    return found.read(source, request)


@cache
def all_sources() -> tuple[Source, ...]:
    """Every source: the modules of this folder."""
    names = [module.name for module in pkgutil.iter_modules(__path__, f"{__name__}.")]
    return tuple(importlib.import_module(name) for name in names)
