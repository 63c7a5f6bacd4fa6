"""What was mailed: one row for each address, day of papers and topic.

A row is `sending` from the moment before a message is handed over until the server has answered, then `sent`;
a refused message leaves no row. One that stays `sending` is of a process that died between, and its message may
have gone out: it is not sent again.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Column, ColumnElement, Float, String, Table, and_, delete, insert, select, update

from bot.library.catalogue import METADATA, Catalogue

MAILS = Table(
    "mails",
    METADATA,
    *(Column(name, String, primary_key=True) for name in ("address", "day", "topic")),
    Column("state", String),
    Column("at", Float),
)

State = Literal["sending", "sent"]


@dataclass(frozen=True, slots=True)
class Mailing:
    """One message: its address in lower case, the day of its papers, its topic or nothing."""

    address: str
    day: date
    topic: str = ""


class Mails:
    """The record of messages."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def state(self, mailing: Mailing) -> State | None:
        """How far a message has got."""
        with self._catalogue.reading() as connection:
            state: State | None = connection.execute(select(MAILS.c.state).where(_where(mailing))).scalar()
        return state

    def begin(self, mailing: Mailing, at: float) -> None:
        """Note, before it happens, that a message is handed over."""
        values = {"address": mailing.address, "day": mailing.day.isoformat(), "topic": mailing.topic}
        with self._catalogue.writing() as connection:
            connection.execute(insert(MAILS).values(**values, state="sending", at=at))

    def finish(self, mailing: Mailing, *, sent: bool) -> None:
        """Note that the server took the message, or refused it."""
        change = update(MAILS).values(state="sent") if sent else delete(MAILS)
        with self._catalogue.writing() as connection:
            connection.execute(change.where(_where(mailing)))

    def last(self, address: str) -> tuple[date, float] | None:
        """The newest day of papers that an address was sent in whole, and when the last one was."""
        where = (MAILS.c.address == address.casefold(), MAILS.c.topic == "")
        with self._catalogue.reading() as connection:
            rows = connection.execute(select(MAILS.c.day, MAILS.c.at).where(*where)).all()
        return (date.fromisoformat(max(r.day for r in rows)), max(r.at for r in rows)) if rows else None


def _where(mailing: Mailing) -> ColumnElement[bool]:
    return and_(
        MAILS.c.address == mailing.address,
        MAILS.c.day == mailing.day.isoformat(),
        MAILS.c.topic == mailing.topic,
    )
