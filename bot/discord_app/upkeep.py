"""What the bot does by itself, every hour: fetch new papers, tell followers, and forget what is too old."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot import limits
from bot.discord_app.failures import report
from bot.discord_app.news import tell_followers
from bot.errors import BadInput, PapersError
from bot.library.intake import take_in

if TYPE_CHECKING:
    from bot.discord_app.client import PapersBot

log = logging.getLogger(__name__)
NO_SOURCES = "none"
DAILY = "hf"
MARK = "fetched:hf"  # the ordinal of the day on which Hugging Face was last read without a failure


class Upkeep:
    """The hourly work. `trouble` says of each source that could not be reached the last time why."""

    trouble: Mapping[str, str] = MappingProxyType({})

    def __init__(self, bot: "PapersBot") -> None:
        self._bot = bot
        self._services = bot.services
        self._task: asyncio.Task[None] | None = None
        self._fetching = asyncio.Lock()
        self._fetched = 0.0
        self._seen: set[tuple[date, date]] = set()

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run(), name="upkeep")

    async def stop(self) -> None:
        """End; what is being written is finished by its thread."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        await self._bot.wait_until_ready()
        while True:
            for step in (self.fetch, self.tell, self.forget):
                try:
                    await step()
                except Exception as error:  # one hour's trouble must not end all later ones
                    report(f"upkeep: {step.__name__}", error)
            await asyncio.sleep(limits.FETCH_EVERY_SECONDS)

    async def refresh(self) -> None:
        """Fetch, unless that was done a moment ago."""
        async with self._fetching:
            if self._services.moment - self._fetched >= limits.FETCH_FRESH_SECONDS:
                await self._fetch_all()

    async def fetch(self) -> None:
        """Fetch every source, each failure its own."""
        async with self._fetching:
            await self._fetch_all()

    async def _fetch_all(self) -> None:
        today = self._services.now().astimezone(UTC).date()
        trouble = {}
        for source, trusted in self.sources():
            if reason := await self._fetch(source, today, trusted=trusted):
                trouble[source] = reason
        self.trouble = trouble
        self._fetched = self._services.moment

    async def _fetch(self, source: str, today: date, *, trusted: bool) -> str | None:
        """Fetch one source; why it could not be reached, or None. What it failed at is fetched the next time."""
        services = self._services
        for name, day in await services.blocking(self._parts, source, today):
            try:
                done = await services.blocking(take_in, services.library, name, today=today, trusted=trusted)
            except BadInput as error:  # it will not be another time either
                log.warning("%s is no source: %s", name, error)
                return None
            except PapersError as error:
                log.warning("could not fetch %s: %s", name, error)
                return str(error)
            if day is not None and day < today:
                self._seen.add((day, today))
            if done.added or done.updated:
                log.info("fetched %s: %d new papers, %d changed", name, done.added, done.updated)
        if source == DAILY:
            await services.blocking(services.people.set_mark, MARK, today.toordinal())
        return None

    def sources(self) -> list[tuple[str, bool]]:
        """What to fetch, and whether it was named by whoever runs the bot (and not by a server's admin)."""
        own = [name.strip() for name in self._services.settings.sources.split(",")]
        found = {name: True for name in own if name and name != NO_SOURCES}
        for held in self._services.servers.all().values():
            for name in held.sources:
                found.setdefault(name, False)
        return list(found.items())

    def _parts(self, source: str, today: date) -> list[tuple[str, date | None]]:
        """A source as it is read now; blocks.

        Of Hugging Face, today and, once a day, the last days, whose papers and votes may have changed; and all
        days since it was last read whole. Anything else is read as it is: arXiv announces today's papers alone.
        """
        if source != DAILY:
            return [(source, None)]
        first = today - timedelta(days=limits.FETCH_BACK_DAYS - 1)
        read = self._services.people.mark(MARK)
        if read is not None:
            longest = today - timedelta(days=limits.FETCH_MISSED_DAYS)
            first = max(longest, min(first, date.fromordinal(read)))
        days = [first + timedelta(days=n) for n in range((today - first).days + 1)]
        return [(f"{DAILY}:{day}", day) for day in days if (day, today) not in self._seen]

    async def tell(self) -> None:
        """Tell followers what is new."""
        sent = await tell_followers(self._bot)
        if sent:
            log.info("told %d followers of new papers", sent)

    async def forget(self) -> None:
        """Remove conversations, answers and counts that are past their age."""
        services = self._services
        now = services.now()
        oldest = now - timedelta(days=services.settings.keep_days)
        gone = await services.blocking(services.conversations.purge, oldest.timestamp())
        await services.blocking(services.usage.purge, now.astimezone(UTC).date())
        await services.blocking(services.answerer.models.budget.forget_before, oldest.date())
        if gone:
            log.info("removed %d answers that were older than %d days", gone, services.settings.keep_days)
