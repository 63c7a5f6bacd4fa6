"""`/paper`, `/search`, `/daily`, and the message menus."""

from bot.discord_app import pages, words
from tests.discord_app.conftest import MakeBot, World, buttons_of, words_of
from tests.discord_app.test_asking import QUESTION, TITLE, logged


async def test_a_paper_is_shown_with_date_summary_and_related_papers(world: World):
    result = await world.alice.slash(world.channel, "paper", title=TITLE)
    said = words_of(result.response)
    assert said.startswith("### [1] ")
    assert TITLE in said
    assert "4 August 2025" in said
    assert words.NOTE in said
    assert words.RELATED_HEADING in said
    assert "Sources" in buttons_of(result.response)


async def test_a_part_of_a_title_or_an_id_is_enough(world: World):
    stored = world.services.library.find(TITLE)[0]
    for named in ("neural circuit architectural", stored.id):
        result = await world.alice.slash(world.channel, "paper", title=named)
        assert TITLE in words_of(result.response)


async def test_where_several_papers_fit_one_is_chosen_from_a_menu(world: World, make_bot: MakeBot):
    result = await world.alice.slash(world.channel, "paper", title="learning")
    assert words.SEVERAL_PAPERS in result.response.content
    (row,) = result.response.components
    option = row["components"][0]["options"][1]
    await world.env.restart_bot(make_bot())
    chosen = await world.alice.select(result.response, [option["value"]])
    assert option["label"][:60] in words_of(chosen.response).replace("\\", "")


async def test_a_paper_that_nobody_knows_is_said_to_be_so(world: World):
    result = await world.alice.slash(world.channel, "paper", title="zzz no such title")
    assert result.response.content == words.NO_PAPER
    assert logged(world) == []


async def test_titles_are_offered_within_discords_limits(world: World):
    for typed in ("", "neural", "robots that grasp", "xyzzy", "'; DROP TABLE papers --", '"*NEAR('):
        choices = await world.alice.autocomplete(world.channel, "paper", "title", typed)
        assert len(choices) <= 25
        assert all(0 < len(c["name"]) <= 100 and 0 < len(c["value"]) <= 100 for c in choices)
    offered = await world.alice.autocomplete(world.channel, "paper", "title", "neural circuit")
    assert offered[0]["name"].startswith("Neural Circuit")
    chosen = await world.alice.slash(world.channel, "paper", title=offered[0]["value"])
    assert TITLE in words_of(chosen.response)


async def test_search_ranks_papers_ten_a_page(world: World):
    result = await world.alice.slash(world.channel, "search", query="C. elegans locomotion")
    said = words_of(result.response)
    assert said.index(TITLE) < said.index("**2.**")
    assert "**10.**" in said
    assert "**11.**" not in said


async def test_a_search_of_any_content_is_answered(world: World):
    for query in ('"', "*", "NEAR(", "🤖", "' OR 1=1", "AND OR NOT", "مرحبا", "@everyone"):
        result = await world.alice.slash(world.channel, "search", query=query)
        assert result.acknowledged
        assert not result.deferred


async def test_a_menu_answers_a_message(world: World):
    asked = await world.bob.send(world.channel, QUESTION)
    result = await world.alice.context_menu(world.channel, words.MENU_ASK, asked)
    assert TITLE in words_of(result.response)


async def test_a_menu_lists_papers_related_to_a_message(world: World):
    asked = await world.bob.send(world.channel, "I read about worms and their neural circuits.")
    result = await world.alice.context_menu(world.channel, words.MENU_RELATED, asked)
    assert TITLE in words_of(result.response)


async def test_a_menu_on_a_message_without_text_says_so(world: World):
    asked = await world.bob.send(world.channel, attachments=[("cat.png", b"png")])
    for name in (words.MENU_ASK, words.MENU_RELATED):
        result = await world.alice.context_menu(world.channel, name, asked)
        assert (result.response.content, result.ephemeral) == (words.NO_TEXT, True)


async def test_a_menu_on_an_answer_reads_its_embed(world: World):
    result = await world.alice.slash(world.channel, "ask", question=QUESTION)
    related = await world.alice.context_menu(world.channel, words.MENU_RELATED, result.response.message)
    assert TITLE in words_of(related.response)


# The daily summary


async def test_daily_begins_with_date_number_overview_and_picture(world: World):
    result = await world.alice.slash(world.channel, "daily")
    said = words_of(result.response)
    assert "4 August 2025" in said
    assert "68 papers" in said
    assert "[1]" in said or words.SOURCES_HEADING in said
    assert [a.filename for a in result.response.attachments] == ["map.png"]
    assert result.response.embeds[0].image.url


async def test_daily_has_pages_of_themes_and_top_papers(world: World):
    result = await world.alice.slash(world.channel, "daily", date="2025-08-04")
    seen = [words_of(result.response)]
    while not buttons_of(result.response)["▶"]["disabled"]:
        await world.alice.click(result.response, label="▶")
        seen.append(words_of(result.response))
    whole = "\n".join(seen).replace("\\", "")
    assert words.THEMES_HEADING in whole
    assert words.TOP_HEADING in whole
    for stored in world.services.library.papers():
        assert stored.paper.title in whole
    assert result.response.attachments == []
    for _ in seen[1:]:
        await world.alice.click(result.response, label="◀")
    assert [a.filename for a in result.response.attachments] == ["map.png"]


async def test_daily_of_a_topic_holds_fewer_papers(world: World):
    result = await world.alice.slash(world.channel, "daily", topic="robot manipulation")
    assert "68 papers" not in words_of(result.response)
    none = await world.alice.slash(world.channel, "daily", topic="medieval pottery auctions")
    assert none.response.embeds[0].colour.value == pages.ABSTAINED


async def test_daily_of_a_day_without_papers_says_so(world: World):
    result = await world.alice.slash(world.channel, "daily", date="2024-01-01")
    assert "No papers" in words_of(result.response)
    wrong = await world.alice.slash(world.channel, "daily", date="tomorrow")
    assert wrong.ephemeral
    assert "is no date" in wrong.response.content
