"""A summary as a mail message (RFC 5322): plain text, the same as a page, and the map inside it."""

import hashlib
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from bot.digest.digest import Digest
from bot.digest.page import page_of
from bot.digest.terminal import text_of
from bot.digest.view import view_of
from bot.papers.text import clean

_MAP = "map"


def compose(digest: Digest, sender: str, address: str, now: datetime) -> EmailMessage:
    """The message to one `address`, and nobody else in it; `sender` may hold a name besides the address.

    The same summary to the same address has the same Message-ID, whenever it is made.
    """
    name, own = parseaddr(sender)
    user, _, host = own.rpartition("@")
    host = _ascii(host)
    view = view_of(digest)
    message = EmailMessage(SMTP)
    message["From"] = Address(clean(name), user, host)
    message["To"] = _address(address)
    message["Subject"] = clean(view.title)  # one line: white space and control characters are gone
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{_key(digest, address)}@{host}>"
    message["List-Id"] = f"Daily papers <daily-papers.{host}>"
    message["List-Unsubscribe"] = f"<mailto:{user}@{host}?subject=unsubscribe>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text_of(digest), cte="quoted-printable")
    picture = f"cid:{_MAP}@{host}" if digest.picture else None
    message.add_alternative(page_of(digest, picture), subtype="html", cte="quoted-printable")
    if digest.picture:
        page = message.get_payload(1)
        assert isinstance(page, EmailMessage)
        page.add_related(
            digest.picture, "image", "png", cid=f"<{_MAP}@{host}>", filename="map.png", disposition="inline"
        )
    return message


def envelope(address: str) -> str:
    """`address` as a mail server takes it."""
    user, _, host = address.rpartition("@")
    return f"{user}@{_ascii(host)}"


def _address(address: str) -> Address:
    user, _, host = address.rpartition("@")
    return Address(username=user, domain=_ascii(host))


def _ascii(host: str) -> str:
    """A host's name in the letters that mail takes, where it has such a form."""
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


def _key(digest: Digest, address: str) -> str:
    said = f"{digest.date}\n{digest.topic or ''}\n{address.casefold()}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]
