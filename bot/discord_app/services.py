"""What every part of the bot works with, made once by `running`."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ParamSpec, TypeVar

import discord

from bot import limits
from bot.answers.core import Answerer
from bot.digest.digest import Digest
from bot.discord_app.daily import Digests
from bot.discord_app.fairness import Desk, Seen
from bot.discord_app.records.conversations import Conversations
from bot.discord_app.records.people import People
from bot.discord_app.records.posts import Posts
from bot.discord_app.records.servers import Servers
from bot.discord_app.records.usage import Usage
from bot.library.library import Library
from bot.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")


class Blocking:
    """Runs calls that block (database, indexes, embedding) in a bounded number of threads."""

    def __init__(self, threads: int = limits.BLOCKING_THREADS) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="papers")

    async def __call__(self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`call(*args, **kwargs)`, run in a thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: call(*args, **kwargs))

    def close(self) -> None:
        """Begin no more calls."""
        self._pool.shutdown(wait=False, cancel_futures=True)


@dataclass(eq=False)
class Services:
    """The library and its answers, what is kept of people and servers, the queue, and the clock."""

    settings: Settings
    library: Library
    answerer: Answerer
    conversations: Conversations
    people: People
    servers: Servers
    usage: Usage
    posts: Posts
    digests: Digests
    now: Callable[[], datetime]
    blocking: Blocking = field(default_factory=Blocking)
    desk: Desk = field(default_factory=Desk)
    seen: Seen = field(default_factory=Seen)
    forgotten: dict[int, float] = field(default_factory=dict)
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    stopping: bool = False
    _unacknowledged: int = 0
    _quiet: asyncio.Event = field(default_factory=asyncio.Event)

    @contextmanager
    def acknowledging(self) -> Iterator[None]:
        """Marks that someone waits for a first sign; answers begin when nobody does."""
        self._unacknowledged += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._unacknowledged -= 1
            if not self._unacknowledged:
                self._quiet.set()

    async def all_acknowledged(self) -> None:
        """Wait, but not for long, until everyone who asked at the same time has had a first sign."""
        if self._unacknowledged:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._quiet.wait(), limits.ACKNOWLEDGE_SECONDS)

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Marks the running task as one that answers someone: a stop waits for it, then cancels it."""
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        try:
            yield
        finally:
            self.tasks.discard(task)

    @property
    def moment(self) -> float:
        """Now, as seconds since 1970."""
        return self.now().timestamp()

    def newest_day(self) -> date | None:
        """The newest day of which there are papers; blocks."""
        days = self.library.days()
        return days[-1][0] if days else None

    async def digest(self, day: date, topic: str | None) -> Digest:
        """The daily summary of a day, or of its papers on a topic."""
        generation = await self.blocking(lambda: self.library.generation)
        return await self.digests.get(day, topic, generation)

    def load(self) -> None:
        """Read what is held in memory; blocks."""
        self.servers.load()
        self.usage.load()


def make_services(
    settings: Settings, library: Library, now: Callable[[], datetime] = discord.utils.utcnow
) -> Services:
    """The services over an open library. `now` gives the time, with its zone."""
    catalogue = library.catalogue

    async def make_digest(day: date, topic: str | None) -> Digest:
        from bot.digest.write import daily_digest

        return await daily_digest(library, day, topic=topic, models=answerer.models)

    answerer = Answerer(library, settings)
    return Services(
        settings=settings,
        library=library,
        answerer=answerer,
        conversations=Conversations(catalogue),
        people=People(catalogue),
        servers=Servers(catalogue),
        usage=Usage(catalogue, now),
        posts=Posts(catalogue),
        digests=Digests(make_digest),
        now=now,
    )
