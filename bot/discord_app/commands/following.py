"""`/follow`: topics that a person is told of by direct message."""

from discord import app_commands

from bot import limits
from bot.discord_app import words
from bot.discord_app.commands.options import choice
from bot.discord_app.failures import NOBODY, Refused, told
from bot.discord_app.interaction import Interaction
from bot.discord_app.rendering import label, pack, plain

follow = app_commands.Group(name="follow", description=words.FOLLOW)


@follow.command(name="add", description=words.FOLLOW_ADD)
@app_commands.describe(topic=words.FOLLOW_TOPIC)
@told
async def add(interaction: Interaction, topic: app_commands.Range[str, 1, limits.TOPIC_CHARS]) -> None:
    """Follow a topic."""
    services = interaction.client.services
    await interaction.response.defer(ephemeral=True, thinking=True)
    topic = label(topic, limits.TOPIC_CHARS)
    if not any(character.isalnum() for character in topic):
        raise Refused(words.FOLLOW_EMPTY)
    against = await services.blocking(services.people.follow, interaction.user.id, topic, services.moment)
    if against == "known":
        raise Refused(words.FOLLOW_KNOWN)
    if against == "many":
        raise Refused(words.FOLLOW_MANY.format(n=limits.FOLLOWS_PERSON))
    text = words.FOLLOWED.format(topic=plain(topic))
    await interaction.edit_original_response(content=text, allowed_mentions=NOBODY)


@follow.command(name="list", description=words.FOLLOW_LIST)
@told
async def list_(interaction: Interaction) -> None:
    """Show what is followed."""
    services = interaction.client.services
    await interaction.response.defer(ephemeral=True, thinking=True)
    topics = await services.blocking(services.people.follows, interaction.user.id)
    text = pack([words.FOLLOWS, *(f"- {plain(topic)}" for topic in topics)], limits.DISCORD_CONTENT)[0]
    await interaction.edit_original_response(content=text if topics else words.FOLLOWS_NONE, allowed_mentions=NOBODY)


@follow.command(name="remove", description=words.FOLLOW_REMOVE)
@app_commands.describe(topic=words.FOLLOW_TOPIC)
@told
async def remove(interaction: Interaction, topic: app_commands.Range[str, 1, limits.TOPIC_CHARS]) -> None:
    """Follow a topic no longer."""
    services = interaction.client.services
    await interaction.response.defer(ephemeral=True, thinking=True)
    topic = label(topic, limits.TOPIC_CHARS)
    if not await services.blocking(services.people.unfollow, interaction.user.id, topic):
        raise Refused(words.UNFOLLOW_UNKNOWN)
    text = words.UNFOLLOWED.format(topic=plain(topic))
    await interaction.edit_original_response(content=text, allowed_mentions=NOBODY)


@remove.autocomplete("topic")
async def _topics(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    services = interaction.client.services
    topics = await services.blocking(services.people.follows, interaction.user.id)
    wanted = current.strip().casefold()
    return [choice(topic) for topic in topics if wanted in topic.casefold()][: limits.DISCORD_CHOICES]
