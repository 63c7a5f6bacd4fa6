"""What went wrong: a code that the person sees and the log has, and the few words that go with it."""

import logging
import secrets
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, TypeVar, cast

import discord
from discord import app_commands

from bot.discord_app import words

log = logging.getLogger(__name__)

NOBODY = discord.AllowedMentions.none()


Command = TypeVar("Command", bound=Callable[..., Awaitable[None]])


class Refused(Exception):
    """Something that the bot does not do; the message says why, and `view` may offer what it does instead."""

    def __init__(self, text: str, view: discord.ui.View | None = None) -> None:
        super().__init__(text)
        self.view = view


def report(what: str, error: BaseException) -> str:
    """Log an error under a new code, and return the code."""
    code = secrets.token_hex(3).upper()
    log.error("%s: %s", code, what, exc_info=error)
    return code


async def tell(interaction: discord.Interaction[Any], text: str, view: discord.ui.View | None = None) -> None:
    """Say `text` to the one person who acted, whichever way is still open; never raises an HTTP error."""
    extra: dict[str, Any] = {"view": view} if view else {}
    try:
        if interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
            # The sign that the bot is thinking goes with the first words.
            await interaction.edit_original_response(content=text, allowed_mentions=NOBODY, **extra)
        elif interaction.response.is_done():
            await interaction.followup.send(text, ephemeral=True, allowed_mentions=NOBODY, **extra)
        else:
            await interaction.response.send_message(text, ephemeral=True, allowed_mentions=NOBODY, **extra)
    except discord.HTTPException as error:
        log.info("could not tell a person: %s", error)


async def guarded(interaction: discord.Interaction[Any], what: str, act: Callable[[], Awaitable[None]]) -> None:
    """Run what an interaction asks for, and tell the person what stands against it.

    In this order: a refusal of ours in its own words; a message or channel that is gone, in silence; all else
    with a code.
    """
    try:
        await act()
    except Refused as refusal:
        await tell(interaction, str(refusal), refusal.view)
    except discord.NotFound as error:
        log.info("%s: gone before it was done (%s)", what, error)
    except Exception as error:  # whatever it is, the person is told and the bot goes on
        await tell(interaction, words.failed(report(what, error)))


def told(command: Command) -> Command:
    """A command whose refusals and failures the person is told of."""

    @wraps(command)
    async def run(interaction: discord.Interaction[Any], /, *given: Any, **options: Any) -> None:
        await guarded(interaction, command.__name__, lambda: command(interaction, *given, **options))

    return cast(Command, run)


async def command_failed(interaction: discord.Interaction[Any], error: app_commands.AppCommandError) -> None:
    """Errors that discord.py finds before, or wraps around, a command: permission, an old definition, the rest."""
    name = interaction.command.qualified_name if interaction.command else "a command"
    if isinstance(error, app_commands.MissingPermissions):
        await tell(interaction, words.NEEDS_MANAGE)
    elif isinstance(error, app_commands.NoPrivateMessage):
        await tell(interaction, words.SERVER_ONLY)
    elif isinstance(error, (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)):
        log.warning("a command came in that is not ours: %s", error)
        await tell(interaction, words.UNKNOWN_COMMAND)
    else:
        original = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        await tell(interaction, words.failed(report(f"/{name}", original)))
