"""Questions of a day, by person and by server: the quotas. What models cost is `bot.answers.budget`'s.

Counted in memory, so that a question is admitted or refused at once, and stored after it; one process serves a
token, so memory is right. A day is a day in UTC.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from sqlalchemy import delete, insert, select

from bot.discord_app.records.tables import USAGE
from bot.library.catalogue import Catalogue

Kind = Literal["person", "server"]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who a question is counted for."""

    person: int
    server: int | None

    @property
    def keys(self) -> tuple[tuple[Kind, int], ...]:
        """The rows that it counts in."""
        person: tuple[Kind, int] = ("person", self.person)
        return (person,) if self.server is None else (person, ("server", self.server))


class Usage:
    """Today's counts. `load` once; `save` after each question; both block, the rest answers at once."""

    def __init__(self, catalogue: Catalogue, now: Callable[[], datetime]) -> None:
        self._catalogue = catalogue
        self._now = now
        self._day = date.min
        self._counts: dict[tuple[Kind, int], int] = {}

    def load(self) -> None:
        """Read today's counts."""
        self._day = self._now().astimezone(UTC).date()
        with self._catalogue.reading() as connection:
            rows = connection.execute(select(USAGE).where(USAGE.c.day == self._day.isoformat())).all()
        self._counts = {(row.kind, row.id): row.questions for row in rows}

    def take(self, who: Asker, person_quota: int, server_quota: int) -> Kind | None:
        """Count one question; None, or whose quota is used up, and then nothing is counted."""
        self._turn()
        for key, quota in zip(who.keys, (person_quota, server_quota), strict=False):
            if self._counts.get(key, 0) >= quota:
                return key[0]
        for key in who.keys:
            self._counts[key] = self._counts.get(key, 0) + 1
        return None

    def give_back(self, who: Asker) -> None:
        """Undo a `take`: the question was not answered."""
        for key in who.keys:
            if self._counts.get(key, 0):
                self._counts[key] -= 1

    def used(self, person: int) -> int:
        """How many questions a person has asked today."""
        self._turn()
        return self._counts.get(("person", person), 0)

    def ends(self) -> datetime:
        """When today's quotas end."""
        self._turn()
        return datetime.combine(self._day, datetime.min.time(), UTC) + timedelta(days=1)

    def save(self, who: Asker) -> None:
        """Store the counts of a person and server."""
        day = self._day.isoformat()
        rows = [
            {"day": day, "kind": kind, "id": n, "questions": self._counts.get((kind, n), 0)} for kind, n in who.keys
        ]
        with self._catalogue.writing() as connection:
            connection.execute(insert(USAGE).prefix_with("OR REPLACE"), rows)

    def purge(self, before: date) -> None:
        """Remove the counts of days before `before`."""
        with self._catalogue.writing() as connection:
            connection.execute(delete(USAGE).where(USAGE.c.day < before.isoformat()))

    def _turn(self) -> None:
        today = self._now().astimezone(UTC).date()
        if today != self._day:
            self._day = today
            self._counts = {}
