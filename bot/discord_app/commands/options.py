"""What several commands read from their options."""

from datetime import date

from discord import app_commands

from bot import limits
from bot.discord_app import words
from bot.discord_app.answering import interaction_place
from bot.discord_app.failures import Refused
from bot.discord_app.interaction import Interaction
from bot.discord_app.rendering import label, plain
from bot.library.dates import DateRange
from bot.papers.paper import Unusable, as_date


def parse_day(text: str | None) -> date | None:
    """A day written as 2025-08-04. Raises `Refused`."""
    if text is None or not text.strip():
        return None
    try:
        return as_date(text.strip())
    except Unusable:
        raise Refused(words.BAD_DATE.format(text=plain(text[:40]))) from None


def parse_range(since: str | None, until: str | None) -> DateRange:
    """The days from `since` to `until`. Raises `Refused`."""
    dates = DateRange(parse_day(since), parse_day(until))
    if dates.since and dates.until and dates.since > dates.until:
        raise Refused(words.BAD_RANGE)
    return dates


def check_channel(interaction: Interaction) -> None:
    """Raises `Refused` where the bot does not answer, or is stopping."""
    services, where = interaction.client.services, interaction_place(interaction)
    settings = services.servers.get(where.server)
    if services.stopping:
        raise Refused(words.STOPPING)
    if where.server is not None and not settings.answers_in(where.channel):
        raise Refused(words.not_here(settings.allowed))


def choice(name: str, value: str | None = None) -> app_commands.Choice[str]:
    """A choice within Discord's limits."""
    value = name if value is None else value
    return app_commands.Choice(
        name=label(name, limits.DISCORD_CHOICE) or "–", value=label(value, limits.DISCORD_CHOICE)
    )


async def days(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Autocomplete: the days of which there are papers, newest first."""
    services = interaction.client.services
    held = await services.blocking(services.library.days)
    found = [
        choice(f"{day.isoformat()} · {words.papers(n)}", day.isoformat())
        for day, n in reversed(held)
        if current.strip() in day.isoformat()
    ]
    return found[: limits.DISCORD_CHOICES]
