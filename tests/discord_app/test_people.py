"""`/follow`, `/privacy`, `/help`, `/about`."""

from sqlalchemy import func, select

from bot.discord_app import words
from bot.discord_app.records.tables import ANSWERS, FEEDBACK, FOLLOWS, LOOKUPS, TOLD, USAGE
from tests.discord_app.conftest import World, words_of
from tests.discord_app.test_asking import HOSTILE, QUESTION, ask


async def test_topics_are_followed_listed_and_removed(world: World):
    added = await world.alice.slash(world.channel, "follow add", topic="protein language models")
    assert added.ephemeral
    assert "protein language models" in added.response.content
    again = await world.alice.slash(world.channel, "follow add", topic="Protein Language Models")
    assert again.response.content == words.FOLLOW_KNOWN
    listed = await world.alice.slash(world.channel, "follow list")
    assert listed.response.content == f"{words.FOLLOWS}\n- protein language models"
    offered = await world.alice.autocomplete(world.channel, "follow remove", "topic", "prot")
    assert [c["value"] for c in offered] == ["protein language models"]
    await world.alice.slash(world.channel, "follow remove", topic="protein language models")
    listed = await world.alice.slash(world.channel, "follow list")
    assert listed.response.content == words.FOLLOWS_NONE


async def test_topics_are_each_persons_own_and_limited(world: World):
    await world.alice.slash(world.channel, "follow add", topic="robots")
    listed = await world.bob.slash(world.channel, "follow list")
    assert listed.response.content == words.FOLLOWS_NONE
    refused = await world.bob.slash(world.channel, "follow remove", topic="robots")
    assert refused.response.content == words.UNFOLLOW_UNKNOWN
    for n in range(25):
        await world.bob.slash(world.channel, "follow add", topic=f"topic {n}")
    full = await world.bob.slash(world.channel, "follow add", topic="one more")
    assert "25 topics already" in full.response.content
    empty = await world.alice.slash(world.channel, "follow add", topic="!?")
    assert empty.response.content == words.FOLLOW_EMPTY


async def test_p04_a_hostile_topic_is_shown_as_text(world: World):
    added = await world.alice.slash(world.channel, "follow add", topic=HOSTILE[:100])
    assert r"\[click\]\(" in added.response.content or r"]\(" in added.response.content
    assert r"\@everyone" in added.response.content


async def test_privacy_shows_what_is_stored(world: World):
    empty = await world.alice.slash(world.channel, "privacy show")
    assert (empty.response.content, empty.ephemeral) == (words.PRIVACY_NONE, True)
    await ask(world)
    await world.alice.slash(world.channel, "follow add", topic="robots")
    shown = await world.alice.slash(world.channel, "privacy show")
    assert "**Questions with their answers:** 1, kept for 30 days" in shown.response.content
    assert "“robots”" in shown.response.content


def kept(world: World, person: int) -> int:
    total = 0
    with world.services.library.catalogue.reading() as connection:
        for table in (ANSWERS, FEEDBACK, FOLLOWS, TOLD, LOOKUPS):
            query = select(func.count()).select_from(table).where(table.c.person == person)
            total += connection.scalar(query)
        query = select(func.count()).select_from(USAGE).where(USAGE.c.kind == "person", USAGE.c.id == person)
        return total + connection.scalar(query)


async def test_p30_forget_removes_all_of_a_person_and_nothing_of_others(world: World):
    for person in (world.alice, world.bob):
        result = await ask(world, person)
        await person.click(result.response, label="👍")
        await person.slash(world.channel, "follow add", topic="robots")
        await person.slash(world.channel, "search", query="language models")
        world.services.people.claim(person.id, [1, 2], 0.0)
    before = kept(world, world.bob.id)
    assert kept(world, world.alice.id) == before > 5
    forgotten = await world.alice.slash(world.channel, "privacy forget")
    assert (forgotten.response.content, forgotten.ephemeral) == (words.FORGOTTEN, True)
    assert kept(world, world.alice.id) == 0
    assert kept(world, world.bob.id) == before
    shown = await world.alice.slash(world.channel, "privacy show")
    assert shown.response.content == words.PRIVACY_NONE


async def test_p30_what_was_forgotten_is_no_history(world: World):
    await world.alice.user.send_dm(QUESTION)
    await world.alice.slash(world.channel, "privacy forget")
    await world.alice.user.send_dm("What do its authors do?")
    assert "C. elegans" not in words_of(world.alice.user.dm_channel.last_message)


async def test_help_and_about_are_private(world: World):
    shown = await world.alice.slash(world.channel, "help")
    assert (shown.response.content, shown.ephemeral) == (words.HELP_TEXT, True)
    about = await world.alice.slash(world.channel, "about")
    assert about.ephemeral
    assert "68 papers, the newest of 4 August 2025" in about.response.content
    assert "no language model" in about.response.content
