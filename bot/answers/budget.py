"""Money for models: what was spent, by day, person and model, and the limit of a day. A day is a day in UTC."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, select
from sqlalchemy.dialects.sqlite import insert

from bot import limits
from bot.answers import words
from bot.answers.answer import Usage
from bot.answers.models import NotAsked
from bot.answers.prices import cost_at_most
from bot.errors import PapersError
from bot.library.catalogue import SPENDING, Catalogue

_CENT_PART = 1e-9  # dollars; what is left of sums that should be nought

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Spending:
    """What one person's calls of one model used on one day; `person` is empty where nobody is named."""

    day: date
    person: str
    model: str
    usage: Usage

    @property
    def dollars(self) -> float:
        """What it cost; at most, where the model's price is not known."""
        used = self.usage
        if used.cost_usd is not None:
            return used.cost_usd
        return cost_at_most(self.model, used.prompt_tokens, used.completion_tokens)


class Budget:
    """What models may cost a day, over all processes that share a library, and what they did cost.

    `limit` is in US dollars; None is no limit. One person may take `limits.PERSON_BUDGET_SHARE` of it. Tokens of a model whose price is not known count as those of the
    dearest known one, so that the limit holds at any rate.
    """

    def __init__(
        self, catalogue: Catalogue, limit: float | None, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._catalogue = catalogue
        self._limit = limit
        self._now = now
        self._lock = threading.Lock()  # held for moments only
        self._reserving = threading.Lock()
        self._saving = threading.Lock()
        self._reserved: dict[str, float] = {}  # dollars, by person
        self._unsaved: list[Spending] = []

    def reserve(self, model: str, prompt_tokens: int, completion_tokens: int, person: str = "") -> float:
        """Make room for one call of at most so many tokens; the dollars held for it, to be given to `release`.

        Raises `NotAsked`, with how long the day still lasts, where the budget, or the share of it that one `person`
        may take, has no such room any more. A person's first call of a day needs room in the budget alone.
        """
        most = cost_at_most(model, prompt_tokens, completion_tokens)
        if self._limit is None or most == 0:
            return 0.0
        with self._reserving:
            with self._lock:  # first: what ends meanwhile counts twice, not never
                held = dict(self._reserved)
            spendings = self.spent(self._today())
            if sum(s.dollars for s in spendings) + sum(held.values()) + most > self._limit:
                raise NotAsked(words.BUDGET_SPENT.format(limit=self._limit, left=self._left()))
            own = sum(s.dollars for s in spendings if s.person == person) + held.get(person, 0.0)
            if person and own and own + most > self._limit * limits.PERSON_BUDGET_SHARE:
                raise NotAsked(words.PERSON_BUDGET_SPENT.format(left=self._left()))
            with self._lock:
                self._reserved[person] = self._reserved.get(person, 0.0) + most
        return most

    def release(self, dollars: float, person: str = "") -> None:
        """The call of `person` that `dollars` were held for is over. Never waits."""
        with self._lock:
            left = self._reserved.pop(person, 0.0) - dollars
            if left > _CENT_PART:
                self._reserved[person] = left

    def record(self, person: str, model: str, usage: Usage) -> None:
        """Add what a call used to the day's account. Where that cannot be written now, it is with the next."""
        if not (usage.prompt_tokens or usage.completion_tokens):
            return
        with self._lock:
            self._unsaved.append(Spending(self._today(), person, model, usage))
        with self._saving:
            with self._lock:
                waiting = list(self._unsaved)
            try:
                with self._catalogue.writing() as connection:
                    for spending in waiting:
                        _add(connection, spending)
            except PapersError as error:
                _log.warning("what a model cost could not be recorded yet: %s", error)
                return
            with self._lock:
                del self._unsaved[: len(waiting)]

    def spent(self, day: date) -> list[Spending]:
        """What was used on `day`, by person and model."""
        with self._catalogue.reading() as connection:
            rows = _rows(connection, SPENDING.c.day == day.isoformat())
        with self._lock:
            return rows + [s for s in self._unsaved if s.day == day]

    def forget(self, person: str) -> None:
        """Take a person's name off what they spent; the sums of the days stay, and with them the limit."""
        with self._saving:
            with self._lock:
                self._unsaved = [_nameless(s) if s.person == person else s for s in self._unsaved]
            self._take_names_off(SPENDING.c.person == person)

    def forget_before(self, day: date) -> None:
        """Take the names off what was spent before `day`."""
        self._take_names_off(SPENDING.c.day < day.isoformat())

    def _take_names_off(self, where: ColumnElement[bool]) -> None:
        named = and_(where, SPENDING.c.person != "")
        with self._catalogue.writing() as connection:
            spendings = _rows(connection, named)
            connection.execute(delete(SPENDING).where(named))
            for spending in spendings:
                _add(connection, _nameless(spending))

    def _today(self) -> date:
        return self._now().astimezone(UTC).date()

    def _left(self) -> str:
        now = self._now().astimezone(UTC)
        midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
        minutes = max(1, round((midnight - now).total_seconds() / 60))
        return f"{round(minutes / 60)} h" if minutes >= 120 else f"{minutes} min"


def _nameless(spending: Spending) -> Spending:
    return Spending(spending.day, "", spending.model, spending.usage)


def _rows(connection: Connection, where: ColumnElement[bool]) -> list[Spending]:
    return [
        Spending(
            date.fromisoformat(row.day),
            row.person,
            row.model,
            Usage(row.prompt_tokens, row.completion_tokens, row.cost_usd),
        )
        for row in connection.execute(select(SPENDING).where(where).order_by(*SPENDING.primary_key))
    ]


def _add(connection: Connection, spending: Spending) -> None:
    used = spending.usage
    amounts = {
        "prompt_tokens": used.prompt_tokens,
        "completion_tokens": used.completion_tokens,
        "cost_usd": used.cost_usd,
    }
    adding = insert(SPENDING).values(
        day=spending.day.isoformat(), person=spending.person, model=spending.model, **amounts
    )
    # A sum with an unknown part is unknown: NULL + x is NULL.
    sums = {name: SPENDING.c[name] + adding.excluded[name] for name in amounts}
    connection.execute(adding.on_conflict_do_update(index_elements=list(SPENDING.primary_key), set_=sums))
