"""Mailing a summary: to each address once, whatever happens, and each failure its own."""

import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parseaddr

from filelock import FileLock

from bot import limits
from bot.digest.digest import Digest
from bot.digest.mail.message import compose, envelope
from bot.digest.mail.record import Mailing, Mails
from bot.digest.mail.server import MailServer, Refused, Unknown
from bot.errors import BadInput
from bot.library.catalogue import Catalogue
from bot.settings import Settings

_log = logging.getLogger(__name__)

PERHAPS = "the connection broke off while it was sent; it may have arrived, and is not sent again"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a summary: addresses it went to, that had it before, and that failed, with the reason."""

    sent: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    failed: Mapping[str, str] = field(default_factory=dict)


def server_and_sender(settings: Settings) -> tuple[str, str]:
    """The mail server's address, a secret, and the sender's. Raises `BadInput` where one of them is missing."""
    if settings.smtp_url is None:
        raise BadInput("setting SMTP_URL is missing: the mail server, such as smtp://user:pass@host:587")
    if settings.mail_from is None:
        raise BadInput("setting MAIL_FROM is missing: the address from which the summary is mailed")
    return settings.smtp_url.get_secret_value(), settings.mail_from


def mail_digest(
    digest: Digest,
    addresses: Sequence[str],
    settings: Settings,
    catalogue: Catalogue,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], None] = time.sleep,
) -> Delivery:
    """Mail `digest`, which has papers, to each of the valid `addresses` that was not sent that day's before.

    Raises `BadInput` where a setting is missing. Blocks.
    """
    url, sender = server_and_sender(settings)
    assert digest.date is not None, "a summary with papers has a day"
    mails = Mails(catalogue)
    sent: list[str] = []
    before: list[str] = []
    failed: dict[str, str] = {}
    # One process at a time: two triggers would not see each other's messages.
    with FileLock(settings.home / "mail.lock"), MailServer(url) as server:
        for address in addresses:
            mailing = Mailing(address.casefold(), digest.date, digest.topic or "")
            if mails.state(mailing):
                before.append(address)
                continue
            try:
                _send(server, digest, address, mailing, sender, mails, now, sleep)
                sent.append(address)
            except Refused as refusal:
                failed[address] = str(refusal)
            except Unknown:
                failed[address] = PERHAPS
    return Delivery(tuple(sent), tuple(before), failed)


def _send(
    server: MailServer,
    digest: Digest,
    address: str,
    mailing: Mailing,
    sender: str,
    mails: Mails,
    now: Callable[[], datetime],
    sleep: Callable[[float], None],
) -> None:
    """One message, with a few tries where the server's refusal may pass. Raises `Refused` or `Unknown`."""
    message = compose(digest, sender, address, now())
    deadline = time.monotonic() + limits.MAIL_SECONDS
    for tries in range(1, limits.MAIL_TRIES + 1):
        try:
            server.offer(envelope(parseaddr(sender)[1]), envelope(address), deadline)
            mails.begin(mailing, now().timestamp())
            try:
                server.hand_over(message, deadline)
            except Refused:
                mails.finish(mailing, sent=False)
                raise
            mails.finish(mailing, sent=True)
            return
        except Refused as refusal:
            wait = limits.MAIL_BACKOFF_SECONDS * 2 ** (tries - 1) * random.uniform(0.5, 1.5)  # noqa: S311
            if not refusal.passing or tries == limits.MAIL_TRIES or time.monotonic() + wait >= deadline:
                raise
            _log.info("a mail was not taken (try %d): %s", tries, refusal)
            sleep(wait)
