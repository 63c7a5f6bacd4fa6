"""Who is answered when: a bounded queue, one question at a time for each person, and ids seen before."""

import asyncio
from collections import OrderedDict, deque
from types import TracebackType

from bot import limits


class QueueFull(Exception):
    """The queue takes no more questions."""


class QueueClosed(Exception):
    """The bot is stopping, and the question's turn will not come."""


class Ticket:
    """A place in the queue. `async with ticket` waits for its turn; leaving it lets the next one in."""

    def __init__(self, desk: "Desk", person: int) -> None:
        self.person = person
        self._desk = desk
        self._turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def waits(self) -> bool:
        """Whether its turn has not come yet."""
        return not self._turn.done()

    def call(self) -> None:
        """Its turn has come."""
        self._turn.set_result(None)

    def close(self) -> None:
        """Its turn will not come."""
        self._turn.set_exception(QueueClosed())
        self._turn.exception()  # nobody may be waiting yet

    def leave(self) -> None:
        """Give the place up, in whatever state; may be called again."""
        self._turn.cancel()
        self._desk.left(self)

    async def __aenter__(self) -> "Ticket":
        try:
            await self._turn
        except BaseException:
            self.leave()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()


class Desk:
    """The queue: `at_once` questions are answered side by side, at most one of a person, `most` wait or run.

    In the order of coming, except that who has a question running lets others pass.
    """

    def __init__(self, at_once: int = limits.ANSWERS_AT_ONCE, most: int = limits.QUEUE) -> None:
        self._at_once = at_once
        self._most = most
        self._waiting: deque[Ticket] = deque()
        self._running: dict[int, Ticket] = {}

    def __len__(self) -> int:
        return len(self._waiting) + len(self._running)

    def enter(self, person: int) -> Ticket:
        """A place in the queue, at once. Raises `QueueFull`. Whoever enters must `leave` or use `async with`."""
        if len(self) >= self._most:
            raise QueueFull
        ticket = Ticket(self, person)
        self._waiting.append(ticket)
        self._admit()
        return ticket

    def close(self) -> None:
        """Call nobody any more: those who wait get `QueueClosed`."""
        self._at_once = 0
        for ticket in list(self._waiting):
            self._waiting.remove(ticket)
            ticket.close()

    def left(self, ticket: Ticket) -> None:
        """A ticket's place is free again."""
        if self._running.get(ticket.person) is ticket:
            del self._running[ticket.person]
        elif ticket in self._waiting:
            self._waiting.remove(ticket)
        self._admit()

    def _admit(self) -> None:
        for ticket in list(self._waiting):
            if len(self._running) >= self._at_once:
                return
            if ticket.person not in self._running:
                self._waiting.remove(ticket)
                self._running[ticket.person] = ticket
                ticket.call()


class Seen:
    """Ids of messages and interactions that have come in: Discord may deliver one twice when it reconnects."""

    def __init__(self, most: int = limits.SEEN_IDS) -> None:
        self._most = most
        self._ids: OrderedDict[int, None] = OrderedDict()

    def first(self, number: int) -> bool:
        """Whether this is the first time that `number` comes in; from now on it is not."""
        if number in self._ids:
            return False
        self._ids[number] = None
        if len(self._ids) > self._most:
            self._ids.popitem(last=False)
        return True
