"""One conversation: what was said, what it is about, and how a question or a list is shown."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from bot import limits
from bot.answers.answer import Question, Turn
from bot.answers.trace import Trace
from bot.library.dates import DateRange
from bot.terminal.answers import AnswerView
from bot.terminal.session import EMPTY_HINT

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine, Sequence
    from datetime import date
    from pathlib import Path

    from bot.answers.answer import Answer, Event
    from bot.answers.core import Answerer
    from bot.library.catalogue import Stored
    from bot.library.library import Library
    from bot.repl.opening import Opening
    from bot.terminal.screen import Screen
    from bot.terminal.session import Session

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listed:
    """A paper that stands under a number on the screen."""

    id: str
    title: str
    url: str | None


class Talk:
    """The state of one conversation. `close` it at the end.

    `numbered` are the papers last shown under numbers, `exchanges` all questions with their answers since
    the conversation began, `traced` the last answer and how it came about, `since` the day before which no paper is
    looked at.
    """

    def __init__(self, session: Session, opening: Opening) -> None:
        self.session = session
        self.opening = opening
        self.exchanges: list[tuple[str, Answer]] = []
        self.traced: tuple[Answer, Trace] | None = None
        self.numbered: list[Listed] = []
        self.saved: set[Path] = set()
        self.since: date | None = None
        self.ended = False
        self._history: list[Turn] = []
        self._runner = asyncio.Runner()

    @property
    def screen(self) -> Screen:
        """Where it is shown."""
        return self.session.screen

    @property
    def library(self) -> Library:
        """The library; waits until it is open."""
        return self.opening.library

    @property
    def answerer(self) -> Answerer:
        """What answers; waits until the library is open."""
        _ = self.library
        return self.session.answerer

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of `work`, in this conversation's event loop. Raises `KeyboardInterrupt` on Ctrl-C."""
        return self._runner.run(work)

    def ask(self, text: str) -> None:
        """Answer a question, and remember the exchange."""
        if not self.opening.done:
            self.screen.status("opening the library …")
        history = tuple(self._history[-limits.HISTORY_TURNS :])
        question = Question(text, history, DateRange(since=self.since))
        trace = Trace()
        answer = self.show(self.answerer.ask(question, trace), sources=True)
        self.traced = answer, trace
        if answer.abstained and not self.library.catalogue.count()[0]:
            self.screen.say(EMPTY_HINT.replace("`papers ingest", "`/ingest"), style="dim")
        self.remember(text, answer, [s.id for s in answer.sources])
        if answer.sources:
            self.numbered = [Listed(s.id, s.title, s.url) for s in answer.sources]

    def show(self, events: AsyncGenerator[Event, None], *, sources: bool) -> Answer:
        """Show an answer as it comes, and its notes."""
        answer = self.run(AnswerView(self.screen, sources=sources).show(events))
        for note in answer.notes:
            self.screen.say(f"note: {note}", style="dim")
        return answer

    def remember(self, question: str, answer: Answer, paper_ids: Sequence[str]) -> None:
        """Add an exchange to the conversation; `paper_ids` are what "it" may mean from now on."""
        self.exchanges.append((question, answer))
        self._history.append(Turn(question, answer.answer, tuple(paper_ids)))

    def use_model(self, name: str) -> None:
        """Ask another model from now on. Raises `BadInput` or `ModelFailed` where it cannot be used."""
        from bot.answers.models import make_chat_model

        if name.lower() != "none":
            self.screen.status(f"loading {name} …")
            make_chat_model(name, self.session.settings)
        self.answerer.use_model(name)

    def show_list(self, papers: Sequence[Stored], most: int) -> None:
        """Show at most `most` of `papers` under numbers."""
        for n, stored in enumerate(papers[:most], 1):
            day = f" ({stored.paper.date})" if stored.paper.date else ""
            self.screen.say(f"{n:>2}. {stored.paper.title}{day}", hanging=4)
        if len(papers) > most:
            self.screen.say(f"and {len(papers) - most:,} more", indent=4, style="dim")
        self.numbered = [Listed(s.id, s.paper.title, s.paper.link) for s in papers[:most]]

    def forget(self) -> None:
        """Begin anew: what "it" meant is forgotten."""
        self._history.clear()
        self.exchanges.clear()
        self.traced = None
        self.numbered.clear()

    def close(self) -> None:
        """End the conversation's event loop."""
        self._runner.close()
