"""The type of an interaction with this bot; for type checkers alone, since the modules would import in a circle."""

from typing import TYPE_CHECKING

import discord

if TYPE_CHECKING:
    from bot.discord_app.client import PapersBot

    Interaction = discord.Interaction[PapersBot]
else:
    Interaction = discord.Interaction
