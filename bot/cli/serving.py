"""`papers discord`: runs the bot."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.terminal.session import session_of

Invite = Annotated[bool, typer.Option("--invite", help="Print the link that invites the bot to a server.")]


def discord(context: typer.Context, invite: Invite = False) -> int:
    """Run the Discord bot until it is stopped."""
    session = session_of(context)
    session.log_default = "info"
    settings = session.settings
    from bot.discord_app import run

    return run(settings, invite)
