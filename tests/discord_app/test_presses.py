"""Buttons, menus and forms under answers."""

from simcord import InteractionResult

from bot.discord_app import words
from bot.discord_app.records.people import feedback
from tests.discord_app.conftest import MakeBot, World, buttons_of, redeliver, words_of
from tests.discord_app.test_asking import QUESTION, TITLE, ask, logged


async def test_sources_are_quoted_verbatim_to_the_one_who_pressed(world: World):
    result = await ask(world)
    shown = await world.bob.click(result.response, label="Sources")
    assert shown.ephemeral
    source = world.services.conversations.get(logged(world)[0].id).answer.sources[0]
    stored = world.services.library.get(source.id)
    assert source.quote in stored.paper.abstract
    assert TITLE in words_of(shown.response)
    assert source.quote in words_of(shown.response)


async def test_a_follow_up_is_asked_by_a_form_and_goes_on(world: World):
    result = await ask(world)
    form = await world.alice.click(result.response, label="Ask a follow-up")
    assert form.modal["title"] == words.FOLLOW_UP_TITLE
    answer = await world.alice.submit_modal(form, {"text": "What do its authors do?"})
    assert TITLE in words_of(answer.response)
    assert answer.response.embeds[0].title == "What do its authors do?"
    rows = logged(world)
    assert rows[1].parent == rows[0].id
    again = await world.alice.click(answer.response, label="Ask a follow-up")
    await world.alice.submit_modal(again, {"text": "And what do they test?"})
    assert logged(world)[2].parent == rows[1].id


async def test_an_empty_follow_up_is_refused(world: World):
    result = await ask(world)
    form = await world.alice.click(result.response, label="Ask a follow-up")
    answer = await world.alice.submit_modal(form, {"text": "   "})
    assert answer.response.content == words.EMPTY
    assert answer.ephemeral


def votes(world: World) -> list[dict]:
    return feedback(world.services.library.catalogue)


async def test_a_vote_is_kept_beside_question_and_sources(world: World):
    result = await ask(world)
    thanks = await world.bob.click(result.response, label="👍")
    assert thanks.ephemeral
    (vote,) = votes(world)
    assert (vote["vote"], vote["question"], vote["sources"]) == (1, QUESTION, [TITLE])
    assert "person" not in vote


async def test_a_changed_vote_replaces_the_first_and_may_say_why(world: World):
    result = await ask(world)
    await world.bob.click(result.response, label="👍")
    form = await world.bob.click(result.response, label="👎")
    assert [vote["vote"] for vote in votes(world)] == [-1]  # kept although the form may never be sent
    await world.bob.submit_modal(form, {"text": "It names the wrong worm."})
    (vote,) = votes(world)
    assert (vote["vote"], vote["reason"]) == (-1, "It names the wrong worm.")


async def test_p14_the_form_for_a_reason_works_after_a_restart(world: World, make_bot: MakeBot):
    result = await ask(world)
    form = await world.bob.click(result.response, label="👎")
    await world.env.restart_bot(make_bot())
    thanks = await world.bob.submit_modal(form, {"text": "No."})
    assert thanks.response.content == words.THANKS_REASON
    assert votes(world)[0]["reason"] == "No."


async def test_delete_is_the_askers_alone(world: World):
    result = await ask(world)
    refused = await world.bob.click(result.response, label="Delete")
    assert (refused.response.content, refused.ephemeral) == (words.NOT_YOURS, True)
    await world.alice.click(result.response, label="Delete")
    assert result.response is None
    assert logged(world) == []


async def test_delete_removes_a_private_answer_and_an_answer_to_a_mention(world: World):
    private = await ask(world, private=True)
    await world.alice.click(private.response, label="Delete")
    assert private.response is None
    await world.alice.send(world.channel, f"{world.me} {QUESTION}")
    await world.alice.click(world.channel.last_message, label="Delete")
    assert world.channel.last_message.author.id == world.alice.id


async def test_p14_every_button_works_after_a_restart(world: World, make_bot: MakeBot):
    result = await ask(world)
    labels = [label for label in buttons_of(result.response) if label != "Delete"]
    for label in [*labels, "Delete"]:
        await world.env.restart_bot(make_bot())
        pressed = await world.alice.click(result.response, label=label)
        assert pressed.acknowledged, label
    assert result.response is None


async def test_buttons_of_an_answer_that_is_no_longer_kept_say_so(world: World):
    result = await ask(world)
    world.services.conversations.purge(world.services.moment + 1)
    for label in ("Sources", "👍"):
        pressed = await world.alice.click(result.response, label=label)
        assert pressed.response.content == words.EXPIRED
    form = await world.alice.click(result.response, label="Ask a follow-up")
    answer = await world.alice.submit_modal(form, {"text": QUESTION})
    assert TITLE in words_of(answer.response)


async def test_p10_what_is_delivered_twice_counts_once(world: World):
    result = await ask(world)
    await redeliver(world)
    assert len(logged(world)) == 1
    await world.bob.click(result.response, label="Sources")
    before = len(world.channel.history(viewer=world.bob))
    await redeliver(world)
    assert len(world.channel.history(viewer=world.bob)) == before
    form = await world.alice.click(result.response, label="Ask a follow-up")
    await world.alice.submit_modal(form, {"text": QUESTION})
    await redeliver(world)
    assert len(logged(world)) == 2


# Pages


async def search(world: World) -> InteractionResult:
    return await world.alice.slash(world.channel, "search", query="language models")


async def test_pages_are_turned_in_place_by_the_one_who_asked(world: World):
    result = await search(world)
    first = words_of(result.response)
    await world.alice.click(result.response, label="▶")
    second = words_of(result.response)
    assert second != first
    assert "page 2 of" in second
    await world.alice.click(result.response, label="◀")
    assert words_of(result.response) == first


async def test_anyone_else_turns_a_copy_of_their_own(world: World):
    result = await search(world)
    first = words_of(result.response)
    copy = await world.bob.click(result.response, label="▶")
    assert copy.ephemeral
    assert "page 2 of" in words_of(copy.response)
    assert words_of(result.response) == first
    await world.bob.click(copy.response, label="▶")
    assert "page 3 of" in words_of(copy.response)


async def test_p14_pages_are_turned_after_a_restart(world: World, make_bot: MakeBot):
    result = await search(world)
    await world.env.restart_bot(make_bot())
    await world.alice.click(result.response, label="▶")
    assert "page 2 of" in words_of(result.response)
