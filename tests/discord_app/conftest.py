"""The real bot over a real library of the bundled sample, in a virtual Discord (SimCord)."""

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import discord
import pytest
import pytest_asyncio
import simcord
from sqlalchemy import delete

from bot.digest.digest import Digest
from bot.digest.write import daily_digest
from bot.discord_app.client import PapersBot
from bot.discord_app.daily import Digests
from bot.discord_app.records import tables
from bot.discord_app.services import Services, make_services
from bot.library.library import Library
from bot.papers.sources import read_source
from bot.settings import Settings, load_settings
from tests.model_server import ModelServer

OURS = (
    tables.FEEDBACK, tables.ANSWER_MESSAGES, tables.THREADS, tables.ANSWERS, tables.LOOKUPS, tables.SERVERS,
    tables.USAGE, tables.FOLLOWS, tables.TOLD, tables.POSTS, tables.MARKS,
)  # fmt: skip


def settings_for(home: Path, **values: str) -> Settings:
    """Settings that no environment or file of this machine reaches."""
    return load_settings({"PAPERS_HOME": str(home), "PAPERS_MODEL": "none", "PAPERS_SOURCES": "none", **values})


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library of the sample, for all tests: none of them changes its papers."""
    settings = settings_for(tmp_path_factory.mktemp("discord") / "home")
    with Library(settings) as made:
        batch = read_source("sample", settings=settings, today=date(2025, 8, 5))
        made.ingest(batch.papers, batch.source)
        yield made


@pytest.fixture
def clean_library(library: Library) -> Library:
    """The library with nothing in it of people and servers."""
    with library.catalogue.writing() as connection:
        for table in OURS:
            connection.execute(delete(table))
    return library


@pytest.fixture(scope="session")
def langchain() -> None:
    """Imported once, before any virtual clock runs: it takes seconds."""
    import langchain_openai  # noqa: F401


@pytest.fixture
def model(langchain: None) -> Iterator[ModelServer]:
    """A model server whose replies the test scripts."""
    with ModelServer() as server:
        yield server


@pytest.fixture(scope="session")
def digests(library: Library) -> Digests:
    """The summaries of the sample without a model."""

    async def make(day: date, topic: str | None) -> Digest:
        return await daily_digest(library, day, topic=topic)

    return Digests(make)


MakeBot = Callable[..., PapersBot]


@pytest.fixture
def make_bot(clean_library: Library, digests: Digests) -> MakeBot:
    """Makes a bot, or another one after a restart, over the same data. `values` are settings."""

    def make(**values: str) -> PapersBot:
        settings = settings_for(clean_library.home, **values)
        services = make_services(settings, clean_library)
        services.digests = digests  # a summary takes a second or two; made once, it serves all tests
        return PapersBot(services)

    return make


@dataclass
class World:
    """A virtual Discord with one server, a channel, an admin and two people."""

    env: simcord.Env
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    admin: simcord.MemberActor
    alice: simcord.MemberActor
    bob: simcord.MemberActor

    @property
    def bot(self) -> PapersBot:
        return self.env.bot

    @property
    def services(self) -> Services:
        return self.bot.services

    @property
    def me(self) -> str:
        """How to mention the bot."""
        return self.bot.user.mention


@contextlib.asynccontextmanager
async def world_of(bot: PapersBot, **options: object) -> AsyncIterator[World]:
    """A world around `bot`."""
    # Not `simcord.run`: its context variables do not survive the change of task between set-up and test.
    env = simcord.Env(bot, **{"settle_timeout": 20.0, **options})
    await env.start()
    try:
        guild = env.create_guild("Papers")
        channel = guild.create_text_channel("papers")
        boss = guild.create_role("admins", permissions=discord.Permissions(manage_guild=True))
        admin = guild.add_member(env.create_user("admin"), roles=[boss])
        alice = guild.add_member(env.create_user("alice"))
        bob = guild.add_member(env.create_user("bob"))
        await env.settle()
        yield World(env, guild, channel, admin, alice, bob)
    finally:
        await env.shutdown()
    if env.check_errors and len(env.errors_since(env._errors_acknowledged)):
        env.raise_errors()


@pytest_asyncio.fixture
async def world(make_bot: MakeBot) -> AsyncIterator[World]:
    """The bot without a model, in a server."""
    async with world_of(make_bot()) as made:
        yield made


async def redeliver(world: World, event: str = "INTERACTION_CREATE") -> None:
    """Deliver the last event of a kind once more, as Discord may after it resumed a connection."""
    backend = world.env.backend
    again = [payload for _, name, payload in backend.transcript if name == event][-1]
    backend.emit(event, again)
    await world.env.settle()


async def deliver(world: World, message: discord.Message) -> None:
    """Let the bot hear a message that the virtual Discord would not let anyone write."""
    with world.env._bot_scope():
        world.bot.dispatch("message", message)
    await world.env.settle()


def words_of(message: object) -> str:
    """All that a message says: content, embeds and their footers."""
    parts = [message.content]
    for embed in message.embeds:
        parts += [embed.title, embed.description, *(f"{f.name} {f.value}" for f in embed.fields), embed.footer.text]
    return "\n".join(part for part in parts if part)


def buttons_of(message: object) -> dict[str, object]:
    """The buttons of a message by their words."""
    found = {}
    for row in message.components:
        children = row["components"] if isinstance(row, dict) else row.children
        for child in children:
            label = child.get("label") if isinstance(child, dict) else getattr(child, "label", None)
            if label:
                found[label] = child
    return found
