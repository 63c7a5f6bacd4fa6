"""What the bot does by itself, every hour: fetch new papers, tell followers, and forget what is too old."""

import asyncio
import logging
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING

from bot import limits
from bot.discord_app.failures import report
from bot.discord_app.news import tell_followers
from bot.errors import PapersError
from bot.library.intake import take_in

if TYPE_CHECKING:
    from bot.discord_app.client import PapersBot

log = logging.getLogger(__name__)
NO_SOURCES = "none"


class Upkeep:
    """The hourly work."""

    def __init__(self, bot: "PapersBot") -> None:
        self._bot = bot
        self._services = bot.services
        self._task: asyncio.Task[None] | None = None
        self._over: set[tuple[str, date]] = set()

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

    async def fetch(self) -> None:
        """Fetch every source, each failure its own."""
        services = self._services
        today = services.now().astimezone(UTC).date()
        for source, trusted in self.sources():
            for name, day in self._parts(source, today):
                try:
                    done = await services.blocking(take_in, services.library, name, today=today, trusted=trusted)
                except PapersError as error:
                    log.warning("could not fetch %s: %s", name, error)
                    continue
                if day is not None and day < today:
                    self._over.add((source, day))
                if done.added or done.updated:
                    log.info("fetched %s: %d new papers, %d changed", name, done.added, done.updated)

    def sources(self) -> list[tuple[str, bool]]:
        """What to fetch, and whether it was named by whoever runs the bot (and not by a server's admin)."""
        own = [name.strip() for name in self._services.settings.sources.split(",")]
        found = {name: True for name in own if name and name != NO_SOURCES}
        for held in self._services.servers.all().values():
            for name in held.sources:
                found.setdefault(name, False)
        return list(found.items())

    def _parts(self, source: str, today: date) -> list[tuple[str, date | None]]:
        """A source as it is read now: the days of Hugging Face that may have changed, anything else as it is."""
        if source != "hf":
            return [(source, None)]
        days = [today - timedelta(days=n) for n in reversed(range(limits.FETCH_BACK_DAYS))]
        return [(f"hf:{day}", day) for day in days if (source, day) not in self._over]

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
