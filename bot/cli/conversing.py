"""`papers repl`."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.terminal.session import session_of

Sample = Annotated[bool, typer.Option("--sample", hidden=True, help="Fill an empty library with the bundled sample.")]


def repl(context: typer.Context, sample: Sample = False) -> int:
    """Talk with the papers: questions, follow-up questions, commands."""
    from bot.repl.loop import converse

    return converse(session_of(context), sample=sample)
