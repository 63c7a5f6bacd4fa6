"""`/ask`, mentions, replies, direct messages and threads, as people see them."""

import json
import re

import discord
import pytest
from simcord import assert_responded

from bot import limits
from bot.discord_app import pages, words
from tests.discord_app.conftest import MakeBot, World, buttons_of, deliver, words_of, world_of
from tests.model_server import ModelServer, Reply

QUESTION = "Which paper is about the locomotion circuits of C. elegans?"
TITLE = "Neural Circuit Architectural Priors for Embodied Control"


async def ask(world: World, person=None, question: str = QUESTION, **options):
    return await (person or world.alice).slash(world.channel, "ask", question=question, **options)


def logged(world: World):
    """The answer log, oldest first."""
    from sqlalchemy import select

    from bot.discord_app.records.tables import ANSWERS

    with world.services.library.catalogue.reading() as connection:
        return connection.execute(select(ANSWERS).order_by(ANSWERS.c.id)).all()


async def test_an_answer_has_its_sources_numbered_by_full_title(world: World):
    result = await ask(world)
    assert_responded(result)
    said = words_of(result.response)
    assert "[1]" in said
    assert re.search(rf"### Sources\n\[1\] .*{TITLE}", said)
    assert words.NOTE in said
    assert result.response.embeds[0].title == QUESTION
    assert result.response.embeds[0].colour.value == pages.EXTRACTIVE
    assert not result.ephemeral


async def test_an_answer_has_its_buttons(world: World):
    result = await ask(world)
    expected = ["Sources", "Ask a follow-up", "👍", "👎", "Delete", "Open a thread"]
    assert list(buttons_of(result.response)) == expected


async def test_what_the_papers_do_not_say_is_not_answered(world: World):
    result = await ask(world, question="What is the boiling point of ethanol at sea level?")
    assert "can't answer" in words_of(result.response)
    assert result.response.embeds[0].colour.value == pages.ABSTAINED
    assert buttons_of(result.response)["Sources"]["disabled"]


async def test_a_private_answer_is_seen_by_its_asker_alone(world: World):
    result = await ask(world, private=True)
    assert result.ephemeral
    assert "Open a thread" not in buttons_of(result.response)
    assert result.response.id in {m.id for m in world.channel.history(viewer=world.alice)}
    assert result.response.id not in {m.id for m in world.channel.history(viewer=world.bob)}


async def test_dates_limit_what_is_asked(world: World):
    before = await ask(world, until="2025-08-03")
    assert "no papers of those days" in words_of(before.response)
    within = await ask(world, since="2025-08-04", until="2025-08-04")
    assert TITLE in words_of(within.response)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"since": "yesterday"}, "is no date"),
        ({"since": "2025-08-05", "until": "2025-08-04"}, "range is empty"),
        ({"since": "**[x](https://evil.example)** @everyone"}, r"https\://evil.example"),
    ],
)
async def test_a_wrong_date_is_refused_in_private(world: World, options, says):
    result = await ask(world, **options)
    assert result.ephemeral
    assert says in result.response.content
    assert logged(world) == []


async def test_days_are_offered(world: World):
    choices = await world.alice.autocomplete(world.channel, "ask", "since", "2025-08", question="x")
    assert choices == [{"name": "2025-08-04 · 68 papers", "value": "2025-08-04"}]


# Mentions, replies, direct messages


async def test_a_mention_is_answered_by_a_reply(world: World):
    asked = await world.alice.send(world.channel, f"{world.me} {QUESTION}")
    answer = world.channel.last_message
    assert answer.reference.message_id == asked.id
    assert TITLE in words_of(answer)
    assert answer.embeds[0].title is None  # the question stands above it
    assert answer.mentions == []


@pytest.mark.parametrize("text", ["", "   ", "\n"])
async def test_a_mention_without_a_question_is_told_how_to_ask(world: World, text):
    await world.alice.send(world.channel, world.me + text)
    assert world.channel.last_message.content == words.EMPTY


async def test_a_message_that_does_not_call_the_bot_is_left_alone(world: World):
    asked = await world.alice.send(world.channel, QUESTION)
    assert world.channel.last_message.id == asked.id


async def test_other_bots_are_not_answered(world: World):
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))
    asked = await robot.send(world.channel, f"{world.me} {QUESTION}")
    assert world.channel.last_message.id == asked.id


async def test_a_reply_goes_on_with_its_conversation(world: World):
    await world.alice.send(world.channel, f"{world.me} {QUESTION}")
    first = world.channel.last_message
    await world.alice.send(world.channel, f"{world.me} What do its authors do?", reply_to=first)
    assert TITLE in words_of(world.channel.last_message)
    rows = logged(world)
    assert rows[1].parent == rows[0].id


async def test_a_mention_that_is_no_reply_begins_anew(world: World):
    await world.alice.send(world.channel, f"{world.me} {QUESTION}")
    await world.alice.send(world.channel, f"{world.me} {QUESTION}")
    assert [row.parent for row in logged(world)] == [None, None]


async def test_ask_begins_anew_outside_a_thread(world: World):
    await ask(world)
    await ask(world)
    assert [row.parent for row in logged(world)] == [None, None]


async def test_a_direct_message_is_answered_and_goes_on(world: World):
    alice = world.alice.user
    await alice.send_dm(QUESTION)
    await alice.send_dm("What do its authors do?")
    said = [words_of(m) for m in alice.dm_channel.history() if m.author.id == world.bot.user.id]
    assert all(TITLE in text for text in said)
    rows = logged(world)
    assert [row.parent for row in rows] == [None, rows[0].id]
    assert {row.server for row in rows} == {None}


async def test_slash_works_in_a_direct_message(world: World):
    result = await world.alice.user.slash("ask", question=QUESTION)
    assert TITLE in words_of(result.response)


async def test_p10_a_message_delivered_twice_is_answered_once(world: World):
    gone = []
    world.env.backend.subscribers.append(
        lambda event, payload: gone.append(payload) if event == "MESSAGE_CREATE" else None
    )
    await world.alice.send(world.channel, f"{world.me} {QUESTION}")
    world.env.backend.emit("MESSAGE_CREATE", gone[0])
    await world.env.settle()
    assert len(logged(world)) == 1
    assert len(world.channel.history()) == 2


# Threads


async def open_thread(world: World):
    result = await ask(world)
    opened = await world.alice.click(result.response, label="Open a thread")
    (thread,) = world.channel.threads
    return result, opened, thread


async def test_a_thread_is_opened_on_an_answer_and_named_by_its_question(world: World):
    _, opened, thread = await open_thread(world)
    assert opened.ephemeral
    assert thread.name == QUESTION
    assert thread.last_message.content == words.THREAD_STARTED
    assert list(buttons_of(thread.last_message)) == ["Ask a follow-up"]


async def test_a_thread_goes_on_with_the_answer_that_it_is_on(world: World):
    _, _, thread = await open_thread(world)
    await world.alice.send(thread, f"{world.me} What do its authors do?")
    assert TITLE in words_of(thread.last_message)
    await world.alice.slash(thread, "ask", question="And what do they test?")
    rows = logged(world)
    assert [row.parent for row in rows] == [None, rows[0].id, rows[1].id]


async def test_the_button_in_a_thread_asks_on(world: World):
    _, _, thread = await open_thread(world)
    form = await world.alice.click(thread.last_message, label="Ask a follow-up")
    result = await world.alice.submit_modal(form, {"text": "What do its authors do?"})
    assert TITLE in words_of(result.response)
    assert result.response.channel_id == thread.id


async def test_a_message_that_arrives_empty_in_a_thread_gets_one_hint(make_bot: MakeBot):
    async with world_of(make_bot(), approved_intents=discord.Intents.none()) as world:
        _, _, thread = await open_thread(world)
        for _ in range(3):
            await world.bob.send(thread, "And what about its results?")
        hints = [m for m in thread.history() if m.content == words.EMPTY_THREAD]
        assert len(hints) == 1


async def test_with_the_message_content_intent_a_thread_needs_no_mention(make_bot: MakeBot):
    async with world_of(make_bot(PAPERS_MESSAGE_CONTENT="1")) as world:
        _, _, thread = await open_thread(world)
        assert thread.last_message.content == words.THREAD_STARTED_OPEN
        await world.alice.send(thread, "What do its authors do?")
        assert TITLE in words_of(thread.last_message)


async def test_a_second_thread_on_an_answer_is_the_first(world: World):
    result, _, thread = await open_thread(world)
    again = await world.bob.click(result.response, label="Open a thread")
    assert again.response.content == words.THREAD_OPENED.format(thread=f"<#{thread.id}>")
    assert len(world.channel.threads) == 1


# Whose conversation it is


async def test_p12_conversations_of_two_people_in_one_channel_are_apart(world: World):
    await world.alice.user.send_dm(QUESTION)
    await world.bob.user.send_dm("What do its authors do?")
    said = words_of(world.bob.user.dm_channel.last_message)
    assert TITLE not in said


async def test_p12_who_replies_to_another_persons_answer_gets_that_exchange_and_no_more(make_bot, model):
    model.default = "The papers do not say."
    async with world_of(with_model(make_bot, model)) as world:
        await world.alice.send(world.channel, f"{world.me} SECRET-ONE about networks?")
        first = world.channel.last_message
        await world.alice.send(world.channel, f"{world.me} SECRET-TWO about networks?", reply_to=first)
        second = world.channel.last_message
        await world.bob.send(world.channel, f"{world.me} {QUESTION}", reply_to=second)
        sent = json.dumps(model.requests[-1].messages)
        assert QUESTION in sent
        assert "SECRET-TWO" in sent
        assert "SECRET-ONE" not in sent


async def test_p12_a_private_answer_is_not_quoted_in_a_public_one(make_bot, model):
    model.default = "The papers do not say."
    async with world_of(with_model(make_bot, model)) as world:
        _, _, thread = await open_thread(world)
        await world.alice.slash(thread, "ask", question="SECRET about networks?", private=True)
        await world.alice.send(thread, f"{world.me} {QUESTION}")
        sent = json.dumps(model.requests[-1].messages)
        assert QUESTION in sent
        assert "SECRET" not in sent


async def test_p12_a_private_follow_up_is_private(world: World):
    result = await ask(world, private=True)
    form = await world.alice.click(result.response, label="Ask a follow-up")
    answer = await world.alice.submit_modal(form, {"text": "What do its authors do?"})
    assert answer.ephemeral
    assert TITLE in words_of(answer.response)


async def test_p14_a_conversation_goes_on_after_a_restart(world: World, make_bot: MakeBot):
    result = await ask(world)
    form = await world.alice.click(result.response, label="Ask a follow-up")
    await world.env.restart_bot(make_bot())
    answer = await world.alice.submit_modal(form, {"text": "What do its authors do?"})
    assert TITLE in words_of(answer.response)
    sources = await world.alice.click(result.response, label="Sources")
    assert TITLE in words_of(sources.response)


# With a model


def with_model(make_bot: MakeBot, model: ModelServer, **values: str):
    return make_bot(PAPERS_MODEL="openai:scripted-model", OPENAI_BASE_URL=model.url, **values)


SUPPORTED = (
    "The locomotion circuits of C. elegans are turned into an artificial neural network that controls a "
    "simulated Swimmer agent. "
)


async def test_a_models_answer_is_shown_checked_and_coloured(make_bot: MakeBot, model: ModelServer):
    model.enqueue(SUPPORTED + "It was written by 4,711 flying pigs in 1822.")
    async with world_of(with_model(make_bot, model)) as world:
        result = await ask(world)
        embed = result.response.embeds[0]
        assert "Swimmer agent. [1]" in embed.description
        assert "pigs" not in words_of(result.response)
        assert embed.colour.value == pages.WRITTEN
        assert "scripted-model" in embed.footer.text


async def test_a_model_that_fails_costs_no_answer(make_bot: MakeBot, model: ModelServer):
    model.default = Reply(status=401)
    async with world_of(with_model(make_bot, model)) as world:
        result = await ask(world)
        embed = result.response.embeds[0]
        assert "[1]" in embed.description
        assert embed.colour.value == pages.EXTRACTIVE
        assert "refused the key" in embed.footer.text


HOSTILE = (
    "@everyone @here <@1> <@&2> <#3> </ask:4> <t:0:R> [click](https://evil.example) https://evil.example "
    "discord.gg/evil **bold** `code` \u202eoverride\u200b "
)


async def test_p05_p04_a_hostile_question_pings_nobody_and_links_nothing(world: World):
    await world.alice.send(world.channel, f"{world.me} {HOSTILE} {QUESTION}")
    result = await ask(world, question=HOSTILE + QUESTION)
    for message in (world.channel.history()[-2], result.response):
        said = words_of(message)
        assert "](https://evil" not in said
        assert "https://evil" not in said.replace("\\", "")[:0] + said
    for request in world.env.http_requests:
        body = request.json if hasattr(request, "json") else None
        if isinstance(body, dict) and ("content" in body or "embeds" in body):
            assert body.get("allowed_mentions", {"parse": []})["parse"] == []
    assert not any(m.mention_everyone for m in world.channel.history() if m.author.id == world.bot.user.id)


async def test_a_too_long_question_by_mention_is_refused(make_bot: MakeBot):
    long = "x" * (limits.QUESTION_CHARS + 1)  # as those with Nitro can write
    async with world_of(make_bot()) as world:
        asked = await world.alice.user.send_dm("x")
        asked.content, asked.id = long, asked.id + 1
        await deliver(world, asked)
        assert "too long" in words_of(world.alice.user.dm_channel.last_message)
