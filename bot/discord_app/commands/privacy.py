"""`/privacy`, `/help` and `/about`: what the bot is, and what it keeps."""

from discord import app_commands

from bot import __version__
from bot.answers.local_models import shown_name
from bot.answers.models import ModelFailed
from bot.discord_app import words
from bot.discord_app.failures import NOBODY, tell, told
from bot.discord_app.interaction import Interaction

privacy = app_commands.Group(name="privacy", description=words.PRIVACY)


@privacy.command(name="show", description=words.PRIVACY_SHOW)
@told
async def show(interaction: Interaction) -> None:
    """Say what is kept of the person."""
    services = interaction.client.services
    await interaction.response.defer(ephemeral=True, thinking=True)
    held = await services.blocking(services.people.held, interaction.user.id)
    text = words.PRIVACY_NONE
    if not held.empty:
        keep = services.settings.keep_days
        text = words.privacy_held(held.answers, held.votes, held.follows, held.told, held.usage_days, keep)
    await tell(interaction, text)


@privacy.command(name="forget", description=words.PRIVACY_FORGET)
@told
async def forget(interaction: Interaction) -> None:
    """Delete all that is kept of the person, also of answers still on their way."""
    services = interaction.client.services
    await interaction.response.defer(ephemeral=True, thinking=True)
    services.forgotten[interaction.user.id] = services.moment
    await services.blocking(services.people.forget, interaction.user.id)
    await services.blocking(services.answerer.models.budget.forget, str(interaction.user.id))
    await tell(interaction, words.FORGOTTEN)


@app_commands.command(name="help", description=words.HELP)
@told
async def help_(interaction: Interaction) -> None:
    """How to use the bot."""
    await interaction.response.send_message(words.HELP_TEXT, ephemeral=True, allowed_mentions=NOBODY)


@app_commands.command(name="about", description=words.ABOUT)
@told
async def about(interaction: Interaction) -> None:
    """What the bot is, how many papers it has, and which model answers."""
    services = interaction.client.services
    await interaction.response.defer(ephemeral=True, thinking=True)
    held, newest = await services.blocking(lambda: (services.library.catalogue.count()[0], services.newest_day()))
    try:
        model = await services.answerer.model_name()
    except ModelFailed:
        model = None
    await tell(interaction, words.about(__version__, held, newest, model and shown_name(model)))
