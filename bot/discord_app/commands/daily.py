"""`/daily`: the summary of a day's papers."""

from datetime import date

from discord import app_commands

from bot import limits
from bot.discord_app import controls, words
from bot.discord_app.commands.options import check_channel, days, parse_day
from bot.discord_app.daily import digest_pages, picture_files
from bot.discord_app.failures import Refused, told
from bot.discord_app.interaction import Interaction
from bot.discord_app.rendering import label
from bot.discord_app.screens import InteractionScreen, insist


@app_commands.command(name="daily", description=words.DAILY)
@app_commands.describe(day=words.DAILY_DATE, topic=words.DAILY_TOPIC)
@app_commands.rename(day="date")
@told
async def daily(
    interaction: Interaction,
    day: str | None = None,
    topic: app_commands.Range[str, 1, limits.TOPIC_CHARS] | None = None,
) -> None:
    """Show the summary of a day; its pages can be turned."""
    check_channel(interaction)
    wanted = parse_day(day)
    await interaction.response.defer(thinking=True)
    services, screen = interaction.client.services, InteractionScreen(interaction)
    newest = wanted or await services.blocking(services.newest_day)
    if newest is None:
        raise Refused(words.NO_PAPERS)
    about = label(topic, limits.TOPIC_CHARS) if topic else None
    with services.under_way():
        digest = await services.digest(newest, about or None)
    pages = digest_pages(digest, screen.room)
    view = None
    if len(pages) > 1:
        body = {"date": newest.isoformat(), "topic": about or None}
        person = interaction.user.id
        number = await services.blocking(services.conversations.keep_lookup, person, "daily", body, services.moment)
        view = controls.pages_view("daily", number, person, 0, len(pages))
    await insist(lambda: screen.show(pages[0], view, picture_files(digest, pages[0])))


@daily.autocomplete("day")
async def _days(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    return await days(interaction, current)


def lookup_day(body: dict[str, object]) -> tuple[date, str | None]:
    """The day and topic of a kept summary."""
    topic = body.get("topic")
    return date.fromisoformat(str(body["date"])), str(topic) if topic else None
