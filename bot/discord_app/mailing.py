"""Mailing the daily summary to the list of the settings (`MAIL_TO`) while the bot runs."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

from bot import limits
from bot.digest.digest import Digest
from bot.digest.mail import mail_digest, server_and_sender
from bot.digest.mail.record import Mails
from bot.discord_app.records.servers import DigestPlan
from bot.discord_app.services import Services
from bot.discord_app.slots import Slot, due
from bot.errors import BadInput
from bot.settings import mail_addresses

log = logging.getLogger(__name__)

TIME, ZONE = "09:00", "UTC"  # as a server's daily summary has them where its admins say nothing else


class MailList:
    """The addresses of `MAIL_TO`, which are mailed each new day of papers, at most one a day.

    `digest` gives the summary of a day. A missing mail server or sender is said once, and leaves the list empty.
    """

    plan = DigestPlan(0, TIME, ZONE, since=0.0)

    def __init__(self, services: Services, digest: Callable[[date], Awaitable[Digest]]) -> None:
        self._services = services
        self._digest = digest
        self._mails = Mails(services.library.catalogue)
        self._tries: Counter[tuple[str, date]] = Counter()
        self._mailed: date | None = None
        self.addresses = self._listed()

    def _listed(self) -> tuple[str, ...]:
        settings = self._services.settings
        if not settings.mail_to:
            return ()
        try:
            server_and_sender(settings)
        except BadInput as error:
            log.warning("the daily summary is not mailed: %s", error)
            return ()
        return mail_addresses(settings.mail_to)

    def due(self, now: datetime) -> Slot | None:
        """The time of today's mail, where it has come and what there is to mail may not be out yet."""
        slot = due(self.plan, now) if self.addresses else None
        return slot if slot and slot.day != self._mailed else None

    async def tick(self, now: datetime) -> bool:
        """Mail what is due; whether all of it is done. An address that fails is tried again a few times."""
        slot = self.due(now)
        if slot is None:
            return True
        services = self._services
        newest = await services.blocking(services.newest_day)
        if newest is None or newest < (now.astimezone(UTC) - timedelta(days=limits.NEWS_DAYS)).date():
            return True
        waiting = await services.blocking(self._waiting, slot, newest)
        if not waiting:
            return True
        digest = await self._digest(newest)
        done = await services.blocking(
            mail_digest, digest, waiting, services.settings, services.library.catalogue, now=services.now
        )
        for address, reason in done.failed.items():
            self._tries[address, slot.day] += 1
            log.warning("the daily summary could not be mailed to %s: %s", address, reason)
        log.info("mailed the summary of %s to %d addresses", newest, len(done.sent))
        again = await services.blocking(self._waiting, slot, newest)
        self._mailed = None if again else slot.day
        return not again

    def _waiting(self, slot: Slot, newest: date) -> list[str]:
        """The addresses that have had nothing since the slot, and not this day of papers; blocks."""
        waiting = []
        for address in self.addresses:
            last = self._mails.last(address)
            new = last is None or (last[0] < newest and last[1] < slot.at.timestamp())
            if new and self._tries[address, slot.day] < limits.DIGEST_TRIES:
                waiting.append(address)
        return waiting
