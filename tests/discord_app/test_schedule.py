"""When the daily summary is due, and that it is posted once a day and channel whatever happens."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import discord
import pytest

from bot.discord_app import words
from bot.discord_app.records.servers import DigestPlan, ServerSettings
from bot.discord_app.slots import due, last_slot, next_time
from tests.discord_app.conftest import MakeBot, World, words_of


class Killed(BaseException):
    """The process ends here, as far as anyone can tell."""


DAY_WORDS = "4 August 2025"


def plan(time: str = "09:00", zone: str = "Europe/Berlin", since: float = 0.0, **values: object) -> DigestPlan:
    return DigestPlan(1, time, zone, since, **values)


@pytest.mark.parametrize("time", ["09:00", "02:30", "00:00", "23:59"])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"])
def test_p17_two_years_have_one_slot_a_day_whatever_the_clocks_do(time, zone):
    now = datetime(2025, 1, 1, 12, tzinfo=UTC)
    days = Counter()
    for _ in range(730):
        now = next_time(plan(time, zone), now)
        slot = last_slot(plan(time, zone), now)
        assert slot.at == now
        days[slot.day] += 1
    assert set(days.values()) == {1}
    assert len(days) == 730
    assert max(days) - min(days) == timedelta(days=729)


def test_p17_the_time_is_local_in_summer_and_winter():
    for month in (1, 7):
        moment = next_time(plan(), datetime(2025, month, 1, tzinfo=UTC))
        assert moment.astimezone(ZoneInfo("Europe/Berlin")).strftime("%H:%M") == "09:00"


def test_p17_a_missed_time_is_caught_up_within_hours_never_after_days():
    at = datetime(2025, 8, 4, 7, tzinfo=UTC)
    assert due(plan(), at + timedelta(hours=5)).day == date(2025, 8, 4)
    assert due(plan(), at + timedelta(hours=13)) is None
    assert due(plan(), at + timedelta(days=5, hours=13)) is None


def test_p17_times_before_the_plan_was_made_are_not_caught_up():
    at = datetime(2025, 8, 4, 7, tzinfo=UTC)
    later = plan(since=(at + timedelta(hours=1)).timestamp())
    assert due(later, at + timedelta(hours=2)) is None
    assert due(later, at + timedelta(days=1, minutes=1)).day == date(2025, 8, 5)


ZONES = ("Europe/Berlin", "Australia/Lord_Howe")
START = datetime(2026, 1, 2, tzinfo=UTC)
TWO_YEARS = [START + timedelta(hours=8 * n) for n in range(3 * 730)]


def offset(zone: str, moment: datetime) -> timedelta | None:
    return moment.astimezone(ZoneInfo(zone)).utcoffset()


def near_a_change(moment: datetime) -> bool:
    days = timedelta(days=2)
    return any(offset(zone, moment - days) != offset(zone, moment + days) for zone in ZONES)


@pytest.mark.parametrize(
    "moments",
    [
        pytest.param([m for m in TWO_YEARS if near_a_change(m)], id="around the clock changes"),
        pytest.param(TWO_YEARS, id="every day", marks=pytest.mark.slow),
    ],
)
async def test_p17_in_two_years_each_day_has_one_post_whatever_the_clocks_do(world: World, moments: list[datetime]):
    other = world.env.create_guild("Other").create_text_channel("papers")
    await world.env.settle()
    rooms = dict(zip(ZONES, (world.channel, other), strict=True))
    for server, (zone, room) in enumerate(rooms.items(), 1):
        plan = DigestPlan(room.id, "02:30", zone, START.timestamp(), say_empty=True)
        world.services.servers.change(server, ServerSettings(digest=plan))
    for moment in moments:
        world.services.now = lambda moment=moment: moment
        await tick(world)
    for zone, room in rooms.items():
        days = {slot.day for moment in moments if (slot := due(plan_in(zone), moment))}
        assert len(days) >= (730 if moments is TWO_YEARS else 30)
        assert all(world.services.posts.get(room.id, day) for day in days)
        assert len(posts_of(world, room)) == len(days)


def plan_in(zone: str) -> DigestPlan:
    return DigestPlan(1, "02:30", zone, START.timestamp())


def set_plan(world: World, channel=None, since: float = 0.0, **values: object) -> DigestPlan:
    channel = channel or world.channel
    time = values.pop("time", world.env.now().strftime("%H:%M"))
    made = DigestPlan(channel.id, time, "UTC", since, **values)
    world.services.servers.change(world.guild.id, ServerSettings(digest=made))
    return made


def posts_of(world: World, channel=None) -> list[discord.Message]:
    messages = (channel or world.channel).history()
    return [m for m in messages if m.author.id == world.bot.user.id]


async def test_a_summary_is_posted_when_its_time_comes(world: World):
    set_plan(world, since=world.env.now().timestamp(), time="09:00")
    world.bot.schedule.wake()
    await world.env.settle()
    assert posts_of(world) == []
    await world.env.advance_time(9 * 3600 + 120)
    (post,) = posts_of(world)
    assert DAY_WORDS in words_of(post)
    assert "68 papers" in words_of(post)
    assert [a.filename for a in post.attachments] == ["map.png"]


async def test_p17_two_triggers_at_once_post_one_summary(world: World):
    set_plan(world)
    with world.env._bot_scope():
        await asyncio.gather(world.bot.schedule.tick(), world.bot.schedule.tick())
        await world.bot.schedule.tick()
    assert len(posts_of(world)) == 1


async def tick(world: World) -> bool:
    with world.env._bot_scope():
        return await world.bot.schedule.tick()


async def test_p17_a_restart_posts_no_second_summary(world: World, make_bot: MakeBot):
    set_plan(world)
    await tick(world)
    await world.env.restart_bot(make_bot())
    await tick(world)
    assert len(posts_of(world)) == 1


async def test_p17_a_crash_after_sending_posts_no_second_summary(world: World, make_bot: MakeBot, monkeypatch):
    set_plan(world)

    def crash(*_given: object, **_options: object) -> None:
        raise Killed

    monkeypatch.setattr(world.services.posts, "finish", crash)
    with pytest.raises(Killed):
        await tick(world)
    assert len(posts_of(world)) == 1
    await world.env.restart_bot(make_bot())
    await tick(world)
    assert len(posts_of(world)) == 1
    assert world.services.posts.last(world.guild.id).state == "posted"


async def test_p17_a_crash_before_sending_posts_it_at_the_next_start(world: World, make_bot: MakeBot, monkeypatch):
    set_plan(world)

    def crash(*_given: object, **_options: object) -> None:
        raise Killed

    monkeypatch.setattr(world.services, "digest", crash)
    with pytest.raises(Killed):
        await tick(world)
    assert posts_of(world) == []
    await world.env.restart_bot(make_bot())
    await tick(world)
    assert len(posts_of(world)) == 1


async def test_a_summary_that_discord_fails_to_take_is_tried_again(world: World):
    set_plan(world)
    world.env.inject_error("POST", "/channels/*/messages", status=503)
    assert not await tick(world)
    assert await tick(world)
    assert len(posts_of(world)) == 1


async def test_p17_a_day_without_new_papers_is_silent_or_says_so_once(world: World):
    set_plan(world)
    await tick(world)
    await world.env.advance_time(24 * 3600)
    await tick(world)
    assert len(posts_of(world)) == 1
    set_plan(world, say_empty=True)
    await world.env.advance_time(24 * 3600)
    await tick(world)
    await tick(world)
    assert [m.content for m in posts_of(world)][-1] == words.EMPTY_DAY_POST
    assert len(posts_of(world)) == 2


async def test_p15_a_channel_that_is_gone_or_closed_does_not_keep_the_others_waiting(world: World):
    set_plan(world)
    closed = world.guild.create_text_channel(
        "closed", overwrites={world.guild.me: discord.PermissionOverwrite(send_messages=False)}
    )
    other = world.env.create_guild("Other")
    await world.env.settle()
    world.services.servers.change(world.guild.id, ServerSettings(digest=set_plan(world, closed)))
    gone = DigestPlan(12345, world.env.now().strftime("%H:%M"), "UTC", 0.0)
    world.services.servers.change(other.id, ServerSettings(digest=gone))
    third = world.env.create_guild("Third")
    room = third.create_text_channel("papers")
    await world.env.settle()
    fine = DigestPlan(room.id, world.env.now().strftime("%H:%M"), "UTC", 0.0)
    world.services.servers.change(third.id, ServerSettings(digest=fine))
    assert await tick(world)
    assert len(posts_of(world, room)) == 1
    assert world.services.posts.last(world.guild.id).problem == words.CHANNEL_FORBIDDEN
    assert world.services.posts.last(other.id).problem == words.CHANNEL_GONE


def refresh_fails(world: World, source: str = "hf", reason: str = "example.org does not answer; try again later"):
    """A fetch a moment ago that did not reach a source."""
    world.bot.upkeep.trouble = {source: reason}
    world.bot.upkeep._fetched = world.services.moment


async def test_a_day_whose_papers_cannot_be_fetched_is_no_day_without_papers(world: World):
    set_plan(world, say_empty=True)
    await tick(world)
    later = world.env.now() + timedelta(days=1)
    world.services.now = lambda: later
    refresh_fails(world)
    assert not await tick(world)
    assert len(posts_of(world)) == 1
    world.bot.upkeep.trouble = {}
    assert await tick(world)
    assert posts_of(world)[-1].content == words.EMPTY_DAY_POST


async def test_papers_that_could_not_be_fetched_all_day_are_told_to_the_admins(world: World):
    made = set_plan(world, say_empty=True)
    await tick(world)
    later = last_slot(made, world.env.now()).at + timedelta(days=1, hours=11, minutes=55)
    world.services.now = lambda: later
    refresh_fails(world)
    assert await tick(world)
    assert len(posts_of(world)) == 1
    assert world.services.posts.last(world.guild.id).problem == words.NOT_FETCHED


async def test_a_summary_says_which_source_is_missing(world: World):
    set_plan(world)
    refresh_fails(world, "arxiv:cs.CL")
    assert await tick(world)
    assert "Arxiv:cs.CL could not be fetched: example.org does not answer" in words_of(posts_of(world)[0])
