"""The slash commands and message menus. Each module defines those of one kind; `all_commands` lists them."""

from typing import Any

from discord import app_commands

from bot.discord_app.commands import asking, daily, following, managing, papers, privacy

AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu


def all_commands() -> tuple[AnyCommand, ...]:
    """Every command, as it is registered."""
    return (
        asking.ask,
        daily.daily,
        papers.paper,
        papers.search,
        following.follow,
        managing.settings,
        privacy.privacy,
        privacy.help_,
        privacy.about,
        asking.menu_ask,
        papers.menu_related,
    )
