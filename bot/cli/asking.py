"""`papers ask` and `papers summary`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from bot import limits
from bot.cli.options import Json, On, Since, Until, date_range
from bot.errors import BadInput
from bot.terminal.session import Session, session_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bot.answers.answer import Answer, Event
    from bot.library.catalogue import Stored

Words = Annotated[list[str], typer.Argument(metavar="QUESTION", help="What you want to know.")]
Title = Annotated[list[str], typer.Argument(metavar="TITLE-OR-ID", help="A title, a part of one, or an id.")]
K = Annotated[
    int,
    typer.Option("-k", metavar="N", min=1, max=limits.EVIDENCE_PAPERS_MAX, help="Papers of evidence."),
]
Explain = Annotated[bool, typer.Option("--explain", help="Show what was searched for and what was found.")]
TraceFile = Annotated[Path | None, typer.Option("--trace", metavar="FILE", help="Write how the answer came about.")]

_SHOWN_CANDIDATES = 10
_OPTION = re.compile(r"--?[A-Za-z][\w-]*(?:=.*)?|--", re.DOTALL)


class FreeText(TyperCommand):
    """A command whose arguments are words of a person, which may begin with a dash without being options."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take what begins with a dash and is not shaped like an option for a word."""
        head = args[: args.index("--")] if "--" in args else args
        words = [a for a in head if a.startswith("-") and not _OPTION.fullmatch(a)]
        if words:
            args = [a for a in head if a not in words] + ["--", *words, *args[len(head) + 1 :]]
        return super().parse_args(ctx, args)


def ask(
    context: typer.Context,
    question: Words,
    since: Since = None,
    until: Until = None,
    on: On = None,
    k: K = limits.EVIDENCE_PAPERS,
    as_json: Json = False,
    explain: Explain = False,
    trace_file: TraceFile = None,
) -> None:
    """Answer a question from the papers, with sources."""
    session = session_of(context)
    dates = date_range(since, until, on)
    session.expect_search()
    session.screen.status("searching …")
    from bot.answers.answer import Question
    from bot.answers.trace import Trace
    from bot.terminal.answers import show_explanation

    trace = Trace()
    asked = Question(" ".join(question), dates=dates, k=k)
    answer = _answer(session, session.answerer.ask(asked, trace), as_json=as_json)
    if explain:
        show_explanation(session.screen, answer, trace, aside=as_json)
    if answer.abstained:
        session.hint_if_empty()
    if trace_file:
        trace.write(trace_file)


def summary(context: typer.Context, title: Title, as_json: Json = False) -> None:
    """Sum up one paper in a few sentences."""
    session = session_of(context)
    session.expect_search()
    stored = _the_paper(session, " ".join(title))
    if not as_json:
        from bot.terminal.answers import show_paper

        show_paper(session.screen, stored)
    _answer(session, session.answerer.summarise(stored), as_json=as_json, sources=False)


def _answer(session: Session, events: AsyncGenerator[Event, None], *, as_json: bool, sources: bool = True) -> Answer:
    import asyncio

    from bot.answers.answer import answer_json
    from bot.answers.core import collect
    from bot.terminal.answers import AnswerView

    if as_json:
        answer = asyncio.run(collect(events))
        session.screen.json(answer_json(answer))
    else:
        answer = asyncio.run(AnswerView(session.screen, sources=sources).show(events))
    for note in answer.notes:
        session.screen.tell(f"note: {note}")
    return answer


def _the_paper(session: Session, text: str) -> Stored:
    """The one paper that `text` names. Raises `BadInput` with the candidates where it names none or several."""
    found = session.library.find(text)
    if len(found) == 1:
        return found[0]
    if not found:
        if session.hint_if_empty():
            raise BadInput(f"no paper is called {text!r}")
        near = [hit.stored for hit in session.library.search(text, 3)]
        raise BadInput(_candidates(f"no title holds {text!r}; nearest are", near))
    raise BadInput(_candidates(f"{len(found)} titles hold {text!r}; name one of them, or its id", found))


def _candidates(words: str, papers: list[Stored]) -> str:
    lines = [f"{s.paper.title} ({s.id})" for s in papers[:_SHOWN_CANDIDATES]]
    if len(papers) > len(lines):
        lines.append(f"and {len(papers) - len(lines)} more")
    return "\n- ".join([f"{words}:", *lines]) if lines else words
