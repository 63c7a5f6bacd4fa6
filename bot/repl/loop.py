"""Reading lines and answering them, from a terminal or from a pipe, until there are no more."""

from __future__ import annotations

import logging
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from bot.errors import PapersError
from bot.papers.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.repl.talk import Talk
    from bot.terminal.session import Session

_LEAVE = frozenset({"exit", "quit", "bye", ":q"})
_log = logging.getLogger(__name__)


def converse(session: Session, *, sample: bool) -> int:
    """Hold a conversation; the exit status. `sample` fills an empty library with the bundled sample first.

    Raises `PapersError` where settings are wrong or the library cannot be opened.
    """
    _ = session.settings
    if sys.stdin.isatty() and session.screen.live:
        from bot.repl.prompt import at_the_prompt

        at_the_prompt(session, sample=sample)
    else:
        _from_pipe(session, sample=sample)
    return 0


def _from_pipe(session: Session, *, sample: bool) -> None:
    from bot.repl.greeting import greeting
    from bot.repl.opening import Opening
    from bot.repl.talk import Talk

    opening = Opening(session, sample=sample)
    opening.now()
    for line in greeting(opening, session.settings):
        session.screen.tell(line)
    with closing(Talk(session, opening)) as talk:
        for line in _piped_lines():
            session.screen.say(f"> {line}")
            answer_line(talk, line)
            session.screen.say()
            session.screen.flush()
            if talk.ended:
                return


def _piped_lines() -> Iterator[str]:
    if hasattr(sys.stdin, "reconfigure"):  # bytes that are no text are no reason to stop
        sys.stdin.reconfigure(errors="replace")
    for line in sys.stdin:
        if words := clean(line):
            yield words


def answer_line(talk: Talk, line: str) -> None:
    """Answer a question or obey a command; what goes wrong is one line, and the conversation goes on.

    Raises `KeyboardInterrupt` on Ctrl-C, and `PapersError` where the library could not be opened at all.
    """
    from bot.repl.commands import obey

    try:
        if line.startswith("/"):
            obey(talk, line)
        elif line.lower() in _LEAVE:
            talk.ended = True
        else:
            talk.ask(line)
    except BrokenPipeError:
        raise
    except PapersError as error:
        if talk.opening.failed:
            raise
        talk.screen.say(talk.session.redact(str(error)))
    except Exception as error:  # a fault of the program must not end a conversation
        _log.debug("a line failed", exc_info=True)
        reason = talk.session.redact(f"{type(error).__name__}: {error}")
        talk.screen.say(f"unexpected {reason}; PAPERS_LOG=debug shows where")
