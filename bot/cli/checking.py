"""`papers doctor`."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.errors import BadInput
from bot.terminal.session import session_of

Repair = Annotated[bool, typer.Option("--repair", help="Build the indexes anew where they are damaged.")]

_SIGNS = {"ok": "ok", "note": "note", "wrong": "WRONG"}


def doctor(context: typer.Context, repair: Repair = False) -> int:
    """Check settings, data directory, library, model and token."""
    session = session_of(context)
    screen = session.screen
    try:
        settings = session.settings
    except BadInput as error:
        screen.fact(_SIGNS["wrong"], "settings: " + str(error).removeprefix("setting "), 7)
        return 1
    screen.fact(_SIGNS["ok"], "settings", 7)
    from bot.doctor import examine
    from bot.terminal.progress import progress_bar

    with progress_bar(screen, "checking") as progress:
        findings = list(examine(settings, repair=progress if repair else None))
    for finding in findings:
        screen.fact(_SIGNS[finding.state], session.redact(f"{finding.part}: {finding.text}"), 7)
    return 1 if any(finding.state == "wrong" for finding in findings) else 0
