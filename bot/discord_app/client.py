"""The bot's connection to Discord: what it listens to, and where what it hears goes."""

import logging
import re
from typing import Any

import discord
from discord import app_commands

from bot.discord_app import controls, listening
from bot.discord_app.commands import all_commands
from bot.discord_app.failures import NOBODY, command_failed, guarded, report
from bot.discord_app.presses import actions
from bot.discord_app.schedule import Schedule
from bot.discord_app.services import Services
from bot.discord_app.sync import sync
from bot.discord_app.upkeep import Upkeep

log = logging.getLogger(__name__)

_FORM = re.compile(r"papers:(?P<name>[a-z_]+_form)(?P<numbers>(?::\d+)*)")
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # no voice, and no warnings of that
RATE_LIMIT_SECONDS = 60.0  # discord.py waits this long for Discord's permission, then gives up


def make_intents(*, message_content: bool) -> discord.Intents:
    """What the bot is told of: servers and their channels, and messages; their text only where it was granted."""
    intents = discord.Intents.none()
    intents.guilds = True
    intents.guild_messages = True
    intents.dm_messages = True
    intents.message_content = message_content
    return intents


class Tree(app_commands.CommandTree["PapersBot"]):
    """The commands; usable in servers, direct messages and, by a person's own installation, everywhere."""

    def __init__(self, client: "PapersBot") -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )

    async def interaction_check(self, interaction: discord.Interaction["PapersBot"], /) -> bool:
        """Each interaction once."""
        return self.client.services.seen.first(interaction.id)

    async def on_error(
        self, interaction: discord.Interaction["PapersBot"], error: app_commands.AppCommandError, /
    ) -> None:
        """See `failures.command_failed`."""
        await command_failed(interaction, error)


class PapersBot(discord.Client):
    """The bot. `services` is all that it works with; `actions` is what buttons and forms do."""

    def __init__(self, services: Services) -> None:
        super().__init__(
            intents=make_intents(message_content=services.settings.message_content),
            allowed_mentions=NOBODY,
            max_ratelimit_timeout=RATE_LIMIT_SECONDS,
            # Members and presences are not asked for, and old messages are not needed.
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self.services = services
        self.actions = actions()
        self.listening = listening.Listening(self)
        self.schedule = Schedule(self)
        self.upkeep = Upkeep(self)
        self.tree = Tree(self)
        for command in all_commands():
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        """Once, between login and connection: controls, commands, and what runs beside."""
        self.add_dynamic_items(controls.Press, controls.Choose)
        await self.services.blocking(self.services.load)
        await self.listening.load()
        await sync(self.tree, self.services.settings.discord_guild_id)
        self.schedule.start()
        self.upkeep.start()

    async def close(self) -> None:
        """End what runs beside, and the connection."""
        await self.schedule.stop()
        await self.upkeep.stop()
        await super().close()

    async def on_ready(self) -> None:
        """Connected, perhaps again: nothing to do but to say so."""
        log.info("connected as %s, in %d servers", self.user, len(self.guilds))

    async def on_message(self, message: discord.Message) -> None:
        """Answer what is meant for the bot."""
        await self.listening.heard(message)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Take forms that were sent in; discord.py itself knows only those that this process has shown."""
        data: Any = interaction.data or {}
        found = _FORM.fullmatch(str(data.get("custom_id", "")))
        if interaction.type is not discord.InteractionType.modal_submit or not found:
            return
        if self.services.seen.first(interaction.id):
            act, numbers = self.actions[found["name"]], [int(n) for n in found["numbers"].split(":")[1:]]
            await guarded(interaction, f"form {found['name']}", lambda: act(interaction, *numbers))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was taken out of a server: its settings go."""
        await self.services.blocking(self.services.servers.forget, guild.id)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """An error that no handler of ours took."""
        import sys

        if error := sys.exc_info()[1]:
            report(f"event {event_method}", error)
