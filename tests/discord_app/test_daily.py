"""The daily summary in Discord with a model: written once for all, and what it lacks is said."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from bot.digest.digest import Digest
from bot.discord_app.client import PapersBot
from bot.discord_app.daily import UNFINISHED_SECONDS, Digests
from bot.discord_app.records.servers import DigestPlan, ServerSettings
from bot.discord_app.services import make_services
from bot.library.library import Library
from bot.papers.paper import make_paper
from tests.discord_app.conftest import settings_for, words_of, world_of
from tests.discord_app.test_schedule import posts_of, tick
from tests.model_server import ModelServer, Reply, Request

DAY = "2025-08-04"


@pytest.fixture
def fresh(library: Library, tmp_path) -> Iterator[Library]:
    """A library of three papers; the embedding model is the one already loaded."""
    with Library(settings_for(tmp_path / "home")) as made:
        made.__dict__["embedder"] = library.embedder
        texts = [(f"{name}Net", f"Much is open. We propose {name}Net, which counts {name.lower()}s in pictures.")
                 for name in ("Owl", "Mole", "Newt")]  # fmt: skip
        made.ingest([(title, make_paper(title, text, published=DAY)) for title, text in texts])
        yield made


def obliging(request: Request) -> str:
    found = re.findall(r"\[(P\d+)\] (\w+)Net", request.user)
    said = " ".join(f"{name}Net counts {name.lower()}s in pictures [{key}]." for key, name in found)
    return f"Counting networks\n{said}" if "first line" in request.user else said


def bot_of(library: Library, server: ModelServer) -> PapersBot:
    return PapersBot(make_services(settings_for(library.home, PAPERS_MODEL="", OPENAI_BASE_URL=server.url), library))


async def test_the_model_writes_the_summary_once_for_all_who_ask(fresh: Library, langchain):
    with ModelServer(obliging) as server:
        async with world_of(bot_of(fresh, server)) as world:
            told = words_of((await world.alice.slash(world.channel, "daily")).response)
            asked = len(server.requests)
            await world.bob.slash(world.channel, "daily")
            assert len(server.requests) == asked > 3
    assert "OwlNet counts owls in pictures. [" in told
    assert "Written by openai:scripted-model" in told


@pytest.mark.parametrize("scheduled", [True, False])
async def test_p19_a_model_that_fails_costs_nobody_the_summary_and_is_named(fresh: Library, langchain, scheduled):
    with ModelServer(Reply(status=401)) as server:
        async with world_of(bot_of(fresh, server)) as world:
            if scheduled:
                plan = DigestPlan(world.channel.id, world.env.now().strftime("%H:%M"), "UTC", 0.0)
                world.services.servers.change(world.guild.id, ServerSettings(digest=plan))
                await tick(world)
                (message,) = posts_of(world)
            else:
                message = (await world.alice.slash(world.channel, "daily")).response
            told = words_of(message)
    assert "We propose OwlNet" in told
    assert "The model server refused the key (401)" in told


async def test_a_summary_that_lacks_something_is_made_again_after_a_while():
    now, made = 0.0, 0

    async def make(day: date, topic: str | None) -> Digest:
        nonlocal made
        made += 1
        return Digest(day, missing=("something",) if made == 1 else ())

    digests = Digests(make, lambda: now)
    day = date.fromisoformat(DAY)
    assert (await digests.get(day, None, 1)).missing
    now = UNFINISHED_SECONDS - 1
    assert (await digests.get(day, None, 1)).missing
    now = UNFINISHED_SECONDS
    assert not (await digests.get(day, None, 1)).missing
    now = 1e9
    assert not (await digests.get(day, None, 1)).missing
    assert made == 2
