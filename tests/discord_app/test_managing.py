"""`/settings`: for admins alone, in force at once, kept over a restart."""

import discord
import pytest
from simcord import SetupError

from bot.discord_app import words
from tests.discord_app.conftest import MakeBot, World, buttons_of, words_of
from tests.discord_app.test_asking import QUESTION, TITLE, ask


async def test_p13_only_those_who_manage_the_server_see_the_settings(world: World):
    assert "settings show" in world.admin.available_commands(world.channel)
    assert "settings show" not in world.alice.available_commands(world.channel)
    with pytest.raises(SetupError, match="default-member-permissions"):
        await world.alice.slash(world.channel, "settings show")


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("settings show", {}),
        ("settings digest", {"time": "09:00"}),
        ("settings channels", {"everywhere": True}),
        ("settings quota", {"person": 1}),
        ("settings sources", {"add": "hf"}),
    ],
)
async def test_p13_the_right_is_checked_again_when_discord_lets_someone_through(world: World, command, options):
    (held,) = [c for c in await world.bot.tree.fetch_commands() if c.name == "settings"]
    world.guild.set_command_permissions(held.id, {world.alice: True})
    result = await world.alice.slash(world.channel, command, **options)
    assert (result.response.content, result.ephemeral) == (words.NEEDS_MANAGE, True)


async def test_settings_are_shown(world: World):
    result = await world.admin.slash(world.channel, "settings show")
    assert result.ephemeral
    said = words_of(result.response)
    assert words.CHANNELS_ALL in said
    assert words.DIGEST_OFF in said
    assert words.QUOTA_SET.format(person=50, server=2000) in said


async def test_a_denied_channel_is_not_answered_in_until_it_is_allowed_again(world: World, make_bot: MakeBot):
    await world.admin.slash(world.channel, "settings channels", deny=world.channel)
    refused = await ask(world)
    assert refused.ephemeral
    assert "don't answer in this channel" in refused.response.content
    await world.env.restart_bot(make_bot())
    for command, options in (("search", {"query": "x"}), ("daily", {}), ("paper", {"title": TITLE})):
        refused = await world.alice.slash(world.channel, command, **options)
        assert "don't answer in this channel" in refused.response.content
    await world.admin.slash(world.channel, "settings channels", allow=world.channel)
    assert TITLE in words_of((await ask(world)).response)


async def test_once_a_channel_is_allowed_only_that_is_answered_in(world: World):
    other = world.guild.create_text_channel("other")
    await world.admin.slash(world.channel, "settings channels", allow=other)
    refused = await ask(world)
    assert f"<#{other.id}>" in refused.response.content
    answered = await world.alice.slash(other, "ask", question=QUESTION)
    assert TITLE in words_of(answered.response)
    opened = await world.alice.click(answered.response, label="Open a thread")
    assert opened.acknowledged
    (thread,) = other.threads
    await world.alice.send(thread, f"{world.me} What do its authors do?")
    assert TITLE in words_of(thread.last_message)
    await world.admin.slash(world.channel, "settings channels", everywhere=True)
    assert TITLE in words_of((await ask(world)).response)


async def test_a_mention_in_a_denied_channel_is_told_where_to_ask(world: World):
    await world.admin.slash(world.channel, "settings channels", deny=world.channel)
    await world.alice.send(world.channel, f"{world.me} {QUESTION}")
    assert "don't answer in this channel" in world.channel.last_message.content


async def test_the_daily_summary_is_set_and_turned_off(world: World):
    result = await world.admin.slash(
        world.channel, "settings digest", channel=world.channel, time="9:30", timezone="europe/berlin"
    )
    assert f"<#{world.channel.id}> at 09:30 (Europe/Berlin)" in result.response.content
    await world.admin.slash(world.channel, "settings digest", time="18:00", empty_days="say")
    plan = world.services.servers.get(world.guild.id).digest
    assert (plan.channel, plan.time, plan.zone, plan.say_empty) == (world.channel.id, "18:00", "Europe/Berlin", True)
    await world.admin.slash(world.channel, "settings digest", off=True)
    assert world.services.servers.get(world.guild.id).digest is None


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"time": "9 o'clock"}, "is no time of day"),
        ({"time": "24:00"}, "is no time of day"),
        ({"timezone": "Berlin/Europe"}, "is no time zone"),
        ({"timezone": "../../etc/passwd"}, "is no time zone"),
    ],
)
async def test_a_wrong_time_or_zone_is_refused(world: World, options, says):
    result = await world.admin.slash(world.channel, "settings digest", channel=world.channel, **options)
    assert says in result.response.content
    assert world.services.servers.get(world.guild.id).digest is None


async def test_p15_a_channel_that_the_bot_may_not_write_in_is_refused_for_the_summary(world: World):
    closed = world.guild.create_text_channel(
        "closed", overwrites={world.guild.me: discord.PermissionOverwrite(send_messages=False)}
    )
    result = await world.admin.slash(world.channel, "settings digest", channel=closed)
    assert "Send Messages" in result.response.content


async def test_time_zones_are_offered(world: World):
    offered = await world.admin.autocomplete(world.channel, "settings digest", "timezone", "berl")
    assert offered[0]["value"] == "Europe/Berlin"
    every = await world.admin.autocomplete(world.channel, "settings digest", "timezone", "")
    assert len(every) == 25


async def test_sources_are_names_of_services_never_addresses_or_files(world: World):
    await world.admin.slash(world.channel, "settings sources", add="arxiv:cs.CL")
    assert world.services.servers.get(world.guild.id).sources == ("arxiv:cs.CL",)
    for wrong in ("http://169.254.169.254/", "/etc/passwd", "hf:../../x", "file:///etc/passwd", "sample"):
        refused = await world.admin.slash(world.channel, "settings sources", add=wrong)
        assert "is no source" in refused.response.content
    offered = await world.admin.autocomplete(world.channel, "settings sources", "remove", "")
    assert [c["value"] for c in offered] == ["arxiv:cs.CL"]
    await world.admin.slash(world.channel, "settings sources", remove="arxiv:cs.CL")
    assert world.services.servers.get(world.guild.id).sources == ()


async def test_p11_a_persons_quota_holds_over_a_restart_and_says_when_it_ends(world: World, make_bot: MakeBot):
    await world.admin.slash(world.channel, "settings quota", person=2)
    await ask(world)
    await ask(world)
    await world.env.restart_bot(make_bot())
    refused = await ask(world)
    assert refused.ephemeral
    assert "your 2 questions of today" in refused.response.content
    assert "<t:1767312000:R>" in refused.response.content  # the end of 1 January 2026, UTC
    assert TITLE in words_of((await ask(world, world.bob)).response)
    await world.env.advance_time(24 * 3600)
    assert TITLE in words_of((await ask(world)).response)


async def test_p11_a_servers_quota_holds(world: World):
    await world.admin.slash(world.channel, "settings quota", server=1)
    await ask(world)
    refused = await ask(world, world.bob)
    assert "This server has asked its 1 questions" in refused.response.content
    await world.bob.user.send_dm(QUESTION)
    assert TITLE in words_of(world.bob.user.dm_channel.last_message)


async def test_p11_a_full_queue_is_said_to_be_full(world: World):
    for person in range(600):
        try:
            world.services.desk.enter(person)
        except Exception:
            break
    refused = await ask(world)
    assert (refused.response.content, refused.ephemeral) == (words.QUEUE_FULL, True)
    assert world.services.usage.used(world.alice.id) == 0


async def test_a_form_counts_and_is_limited_as_a_question_is(world: World):
    result = await ask(world)
    await world.admin.slash(world.channel, "settings quota", person=1)
    form = await world.alice.click(result.response, label="Ask a follow-up")
    refused = await world.alice.submit_modal(form, {"text": "And then?"})
    assert "your 1 questions" in refused.response.content
    assert buttons_of(result.response)
