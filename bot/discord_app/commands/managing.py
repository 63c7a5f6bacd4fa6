"""`/settings`: for those who may manage the server; in force at once."""

import re
from dataclasses import replace
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import discord
from discord import app_commands

from bot import limits
from bot.discord_app import words
from bot.discord_app.commands.options import choice
from bot.discord_app.failures import NOBODY, Refused, told
from bot.discord_app.interaction import Interaction
from bot.discord_app.pages import Page
from bot.discord_app.records.posts import Post
from bot.discord_app.records.servers import DigestPlan, ServerSettings
from bot.discord_app.rendering import plain
from bot.discord_app.slots import next_time

AnswerChannel = discord.TextChannel | discord.VoiceChannel | discord.ForumChannel
Quota = app_commands.Range[int, 0, limits.QUOTA_MAX]

_TIME = re.compile(r"(?P<hour>\d{1,2})[:.h](?P<minute>\d\d)")
_SOURCE = re.compile(r"hf|arxiv:[a-z-]+(?:\.[A-Za-z-]{2,20})?")
_SUGGESTED = ("hf", "arxiv:cs.CL", "arxiv:cs.LG", "arxiv:cs.AI", "arxiv:cs.CV", "arxiv:cs.IR", "arxiv:stat.ML")
_DIGEST_PERMISSIONS = ("view_channel", "send_messages", "embed_links", "attach_files")

settings = app_commands.Group(
    name="settings",
    description=words.SETTINGS,
    default_permissions=discord.Permissions(manage_guild=True),
    allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
    allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
)


def _server(interaction: Interaction) -> int:
    """The server to set up. Raises `Refused` for those who may not manage it, whatever Discord let through."""
    if interaction.guild_id is None or interaction.guild is None:
        raise Refused(words.SERVER_ONLY)
    if not interaction.permissions.manage_guild:
        raise Refused(words.NEEDS_MANAGE)
    return interaction.guild_id


async def _change(interaction: Interaction, server: int, changed: ServerSettings) -> None:
    services = interaction.client.services
    await services.blocking(services.servers.change, server, changed)


async def _say(interaction: Interaction, text: str) -> None:
    await interaction.edit_original_response(content=text, allowed_mentions=NOBODY)


@settings.command(name="show", description=words.SETTINGS_SHOW)
@told
async def show(interaction: Interaction) -> None:
    """Show what is set, and what became of the last daily summary."""
    server = _server(interaction)
    await interaction.response.defer(ephemeral=True, thinking=True)
    services = interaction.client.services
    held = services.servers.get(server)
    last = await services.blocking(services.posts.last, server)
    own = ", ".join(held.sources) or words.NONE
    body = words.settings_shown(
        _digest_words(held.digest, services.now()),
        _post_words(last),
        words.channels_shown(held.allowed, held.denied),
        words.QUOTA_SET.format(person=held.person_quota, server=held.server_quota),
        words.SOURCES_SET.format(own=plain(own), all=plain(services.settings.sources)),
    )
    await _say(interaction, Page(body, title=words.SETTINGS_TITLE).text())  # text, in which channels are linked


@settings.command(name="digest", description=words.SETTINGS_DIGEST)
@app_commands.describe(
    channel=words.SETTINGS_CHANNEL,
    time=words.SETTINGS_TIME,
    timezone=words.SETTINGS_ZONE,
    empty_days=words.SETTINGS_EMPTY,
    off=words.SETTINGS_OFF,
)
@app_commands.choices(
    empty_days=[
        app_commands.Choice(name=words.SETTINGS_EMPTY_SILENT, value="silent"),
        app_commands.Choice(name=words.SETTINGS_EMPTY_SAY, value="say"),
    ]
)
@told
async def digest(
    interaction: Interaction,
    channel: discord.TextChannel | None = None,
    time: str | None = None,
    timezone: str | None = None,
    empty_days: app_commands.Choice[str] | None = None,
    off: bool = False,
) -> None:
    """Set when and where the daily summary is posted; what is not given stays as it was."""
    server = _server(interaction)
    services = interaction.client.services
    held = services.servers.get(server)
    if off:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await _change(interaction, server, replace(held, digest=None))
        await _say(interaction, words.DIGEST_OFF)
        return
    before = held.digest
    where = channel.id if channel else (before.channel if before else None)
    if where is None:
        raise Refused(words.DIGEST_NEEDS_CHANNEL)
    plan = DigestPlan(
        channel=where,
        time=_time(time) if time else (before.time if before else "09:00"),
        zone=_zone(timezone) if timezone else (before.zone if before else "UTC"),
        since=services.moment,
        say_empty=empty_days.value == "say" if empty_days else bool(before and before.say_empty),
    )
    if channel is not None:
        _check_post(channel)
    await interaction.response.defer(ephemeral=True, thinking=True)
    await _change(interaction, server, replace(held, digest=plan))
    interaction.client.schedule.wake()
    await _say(interaction, _digest_words(plan, services.now()))


@digest.autocomplete("timezone")
async def _zones_fitting(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    wanted = current.strip().lower().replace(" ", "_")
    found = [zone for zone in _zones() if wanted in zone.lower()]
    found.sort(key=lambda zone: (not zone.lower().split("/")[-1].startswith(wanted), zone))
    return [choice(zone) for zone in found[: limits.DISCORD_CHOICES]]


@settings.command(name="channels", description=words.SETTINGS_CHANNELS)
@app_commands.describe(allow=words.SETTINGS_ALLOW, deny=words.SETTINGS_DENY, everywhere=words.SETTINGS_EVERYWHERE)
@told
async def channels(
    interaction: Interaction,
    allow: AnswerChannel | None = None,
    deny: AnswerChannel | None = None,
    everywhere: bool = False,
) -> None:
    """Set where questions are answered."""
    server = _server(interaction)
    held = interaction.client.services.servers.get(server)
    if not (allow or deny or everywhere):
        raise Refused(words.CHANNELS_NOTHING)
    if everywhere:
        held = replace(held, allowed=(), denied=())
    if allow:
        held = held.allow(allow.id)
    if deny:
        held = held.deny(deny.id)
    await interaction.response.defer(ephemeral=True, thinking=True)
    await _change(interaction, server, held)
    await _say(interaction, words.channels_shown(held.allowed, held.denied))


@settings.command(name="quota", description=words.SETTINGS_QUOTA)
@app_commands.describe(person=words.SETTINGS_QUOTA_PERSON, server=words.SETTINGS_QUOTA_SERVER)
@told
async def quota(interaction: Interaction, person: Quota | None = None, server: Quota | None = None) -> None:
    """Set how many questions are answered in a day."""
    number = _server(interaction)
    held = interaction.client.services.servers.get(number)
    if person is None and server is None:
        raise Refused(words.QUOTA_NOTHING)
    held = replace(
        held,
        person_quota=held.person_quota if person is None else person,
        server_quota=held.server_quota if server is None else server,
    )
    await interaction.response.defer(ephemeral=True, thinking=True)
    await _change(interaction, number, held)
    await _say(interaction, words.QUOTA_SET.format(person=held.person_quota, server=held.server_quota))


@settings.command(name="sources", description=words.SETTINGS_SOURCES)
@app_commands.describe(add=words.SETTINGS_SOURCES_ADD, remove=words.SETTINGS_SOURCES_REMOVE)
@told
async def sources(interaction: Interaction, add: str | None = None, remove: str | None = None) -> None:
    """Set what is fetched for this server besides what whoever runs the bot has set.

    Only names of known services: an address or path from Discord is never fetched.
    """
    server = _server(interaction)
    services = interaction.client.services
    held = services.servers.get(server)
    if not (add or remove):
        raise Refused(words.SOURCES_NOTHING)
    if add:
        name = add.strip()
        if not _SOURCE.fullmatch(name):
            raise Refused(words.BAD_SOURCE.format(text=plain(name[:60])))
        if name not in held.sources:
            if len(held.sources) >= limits.SOURCES_SERVER:
                raise Refused(words.SOURCES_MANY.format(n=limits.SOURCES_SERVER))
            held = replace(held, sources=(*held.sources, name))
    if remove:
        name = remove.strip()
        if name not in held.sources:
            raise Refused(words.SOURCE_UNKNOWN.format(text=plain(name[:60])))
        held = replace(held, sources=tuple(s for s in held.sources if s != name))
    await interaction.response.defer(ephemeral=True, thinking=True)
    await _change(interaction, server, held)
    own = ", ".join(held.sources) or words.NONE
    await _say(interaction, words.SOURCES_SET.format(own=plain(own), all=plain(services.settings.sources)))


@sources.autocomplete("add")
async def _suggested(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    return [choice(name) for name in _SUGGESTED if current.strip().lower() in name.lower()]


@sources.autocomplete("remove")
async def _held(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    held = interaction.client.services.servers.get(interaction.guild_id)
    return [choice(name) for name in held.sources if current.strip().lower() in name.lower()]


def _time(text: str) -> str:
    found = _TIME.fullmatch(text.strip())
    if not found or int(found["hour"]) > 23 or int(found["minute"]) > 59:
        raise Refused(words.BAD_TIME.format(text=plain(text[:40])))
    return f"{int(found['hour']):02}:{found['minute']}"


@cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))


def _zone(text: str) -> str:
    wanted = text.strip().lower().replace(" ", "_")
    found = next((zone for zone in _zones() if zone.lower() == wanted), None)
    if found is None:
        raise Refused(words.BAD_ZONE.format(text=plain(text[:60])))
    return found


def _check_post(channel: discord.TextChannel) -> None:
    mine = channel.permissions_for(channel.guild.me)
    missing = [name for name in _DIGEST_PERMISSIONS if not getattr(mine, name)]
    if missing:
        named = ", ".join(name.replace("_", " ").title() for name in missing)
        raise Refused(words.DIGEST_CANNOT.format(channel=channel.mention, permissions=named))


def _digest_words(plan: DigestPlan | None, now: datetime) -> str:
    if plan is None:
        return words.DIGEST_OFF
    following = next_time(plan, now)
    return words.DIGEST_SET.format(
        channel=f"<#{plan.channel}>",
        time=plan.time,
        zone=plain(plan.zone),
        next=f"<t:{int(following.timestamp())}:F>",
        local=following.astimezone(ZoneInfo(plan.zone)).strftime("%d %B"),
    )


def _post_words(post: Post | None) -> str:
    if post is None:
        return words.NEVER
    return words.post_shown(post.day, post.state, post.problem)
