"""`/ask`, and the message menu "Ask about this"."""

import discord
from discord import app_commands

from bot import limits
from bot.discord_app import words
from bot.discord_app.answering import respond
from bot.discord_app.commands.options import days, parse_range
from bot.discord_app.failures import Refused, told
from bot.discord_app.interaction import Interaction
from bot.discord_app.rendering import label


@app_commands.command(name="ask", description=words.ASK)
@app_commands.describe(question=words.ASK_QUESTION, private=words.ASK_PRIVATE, since=words.SINCE, until=words.UNTIL)
@told
async def ask(
    interaction: Interaction,
    question: app_commands.Range[str, 1, limits.QUESTION_CHARS],
    private: bool = False,
    since: str | None = None,
    until: str | None = None,
) -> None:
    """Answer a question: a new conversation, or in a thread the one that is had there."""
    services = interaction.client.services
    dates = parse_range(since, until)
    if not question.strip():
        raise Refused(words.EMPTY)
    in_thread = isinstance(interaction.channel, discord.Thread)
    await respond(services, interaction, question, private=private, dates=dates, go_on=in_thread)


@ask.autocomplete("since")
async def _since(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    return await days(interaction, current)


@ask.autocomplete("until")
async def _until(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    return await days(interaction, current)


@told
async def _ask_about(interaction: Interaction, message: discord.Message) -> None:
    text = text_of(message)
    if not text:
        raise Refused(words.NO_TEXT)
    await respond(interaction.client.services, interaction, label(text, limits.QUESTION_CHARS))


menu_ask = app_commands.ContextMenu(name=words.MENU_ASK, callback=_ask_about)


def text_of(message: discord.Message) -> str:
    """The text of a message: what was written, else what its embeds say."""
    if message.content.strip():
        return message.content.strip()
    parts = (part for embed in message.embeds for part in (embed.title, embed.description))
    return "\n".join(part for part in parts if part).strip()
