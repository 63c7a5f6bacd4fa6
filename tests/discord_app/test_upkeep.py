"""What the bot does by itself: it fetches, tells followers, and forgets what is too old."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from bot import limits
from bot.discord_app import words
from bot.discord_app.records.servers import DigestPlan, ServerSettings
from bot.library.library import Library
from bot.papers.paper import make_paper
from tests.digest.test_mail import Server
from tests.discord_app.conftest import MakeBot, World, settings_for, words_of, world_of
from tests.discord_app.test_asking import ask, logged
from tests.discord_app.test_schedule import posts_of, tick
from tests.papers.conftest import Reply, Site

TODAY = date(2026, 1, 1)  # when the virtual Discord begins
OWLS = make_paper(
    "Owls at Night: Sparse Attention for Long Audio",
    "Long audio is slow to transcribe. OwlNet is a sparse attention network for speech recognition.",
    published=TODAY,
)
ROBOTS = make_paper(
    "Grasping with Two Hands", "Robot manipulation is hard. We teach robots to grasp with two hands.", published=TODAY
)


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@pytest.fixture
def fresh(library: Library, site: Site, tmp_path) -> Iterator[Library]:
    """A library of its own, with one old paper; the embedding model is the one already loaded."""
    with Library(settings_for(tmp_path / "home", HF_URL=site.url)) as made:
        made.__dict__["embedder"] = library.embedder
        made.ingest([("1", make_paper("Old Robots", "Robots of old grasp with one hand.", published="2025-08-04"))])
        yield made


@pytest.fixture
def make_fresh_bot(make_bot: MakeBot, fresh: Library) -> MakeBot:
    from bot.discord_app.client import PapersBot
    from bot.discord_app.services import make_services

    def make(**values: str) -> PapersBot:
        return PapersBot(make_services(settings_for(fresh.home, **values), fresh))

    return make


async def tell(world: World) -> None:
    with world.env._bot_scope():
        await world.bot.upkeep.tell()
    await world.env.settle()


def told(person) -> list[str]:
    return [words_of(m) for m in person.user.dm_channel.history() if m.author.bot]


async def test_a_follower_is_told_once_of_new_papers_on_their_topic(make_fresh_bot: MakeBot, fresh: Library):
    async with world_of(make_fresh_bot()) as world:
        await world.alice.slash(world.channel, "follow add", topic="robot manipulation")
        await world.bob.slash(world.channel, "follow add", topic="speech recognition")
        await tell(world)
        assert told(world.alice) == []  # what was there before is no news
        fresh.ingest([("1", ROBOTS), ("2", OWLS)])
        await tell(world)
        await tell(world)
        (news,) = told(world.alice)
        assert words.FOLLOW_NEWS in news
        assert ROBOTS.title in news
        assert OWLS.title not in news
        assert OWLS.title in told(world.bob)[0]


async def test_what_came_in_while_the_bot_was_down_is_told_after_its_start(make_fresh_bot: MakeBot, fresh: Library):
    async with world_of(make_fresh_bot()) as world:
        await world.alice.slash(world.channel, "follow add", topic="robot manipulation")
        fresh.ingest([("1", ROBOTS)])
        await world.env.restart_bot(make_fresh_bot())
        await world.env.settle()
        assert ROBOTS.title in told(world.alice)[0]
        await world.env.restart_bot(make_fresh_bot())
        assert len(told(world.alice)) == 1


async def test_old_papers_that_come_in_are_no_news(make_fresh_bot: MakeBot, fresh: Library):
    async with world_of(make_fresh_bot()) as world:
        await world.alice.slash(world.channel, "follow add", topic="robot manipulation")
        old = make_paper(ROBOTS.title, ROBOTS.abstract, published=TODAY - timedelta(days=30))
        fresh.ingest([("1", old)])
        await tell(world)
        assert told(world.alice) == []


async def test_p15_a_follower_who_takes_no_messages_is_passed_over(make_fresh_bot: MakeBot, fresh: Library):
    async with world_of(make_fresh_bot()) as world:
        for person in (world.alice, world.bob):
            await person.slash(world.channel, "follow add", topic="robot manipulation")
        fresh.ingest([("1", ROBOTS)])
        world.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, times=1)
        await tell(world)
        assert len(told(world.alice)) + len(told(world.bob)) == 1
        assert world.env.errors == []


def listed(day: date, *titles: str) -> Reply:
    records = [
        {
            "paper": {
                "id": f"2601.{day.toordinal() % 1000:03}{n:02}",
                "title": title,
                "summary": f"{title} is what this paper is about.",
                "submittedOnDailyAt": f"{day}T01:00:00.000Z",
                "upvotes": n,
            }
        }
        for n, title in enumerate(titles, 1)
    ]
    return Reply(json.dumps(records), headers={"Content-Type": "application/json"})


async def fetch(world: World) -> None:
    """Fetch as each hour does; not at the start, which the virtual Discord gives five seconds."""
    world.services.settings = settings_for(world.services.library.home, PAPERS_SOURCES="hf")
    with world.env._bot_scope():
        await world.bot.upkeep.fetch()


async def test_papers_of_today_and_of_missed_days_are_fetched(make_fresh_bot, fresh: Library, site: Site):
    site.on("/api/daily_papers", listed(TODAY))
    site.on(f"/api/daily_papers?date={TODAY}&limit=100", listed(TODAY, "New of Today"))
    before = TODAY - timedelta(days=2)
    site.on(f"/api/daily_papers?date={before}&limit=100", listed(before, "New of Before"))
    async with world_of(make_fresh_bot()) as world:
        await fetch(world)
        assert len(site.requests) == 7
        assert {s.paper.title for s in fresh.papers()} == {"Old Robots", "New of Today", "New of Before"}
        await fetch(world)
        assert len(site.requests) == 8  # days that are over are not asked for again


def days_asked(site: Site) -> list[date]:
    return [date.fromisoformat(path.partition("date=")[2][:10]) for path in site.paths]


async def test_all_days_since_the_last_fetch_are_caught_up_and_the_last_week_read_again(
    make_fresh_bot, fresh: Library, site: Site
):
    site.on("/api/daily_papers", listed(TODAY))
    async with world_of(make_fresh_bot()) as world:
        await fetch(world)
        site.requests.clear()
        await world.env.restart_bot(make_fresh_bot())
        later = world.env.now() + timedelta(days=12)
        world.services.now = lambda: later
        await fetch(world)
        assert days_asked(site) == [TODAY + timedelta(days=n) for n in range(13)]
        site.requests.clear()
        later += timedelta(days=1)
        await fetch(world)
        assert days_asked(site) == [TODAY + timedelta(days=n) for n in range(7, 14)]


async def test_days_that_could_not_be_fetched_are_asked_for_until_they_can(
    make_fresh_bot, fresh: Library, site: Site
):
    site.on("/api/daily_papers", Reply("gone", 404))
    async with world_of(make_fresh_bot()) as world:
        await fetch(world)
        assert len(site.requests) == 1  # the site is not asked for the other days when it fails
        assert "answered 404" in world.bot.upkeep.trouble["hf"]
        site.on("/api/daily_papers", listed(TODAY))
        site.requests.clear()
        later = world.env.now() + timedelta(days=9)
        world.services.now = lambda: later
        await fetch(world)
        assert days_asked(site) == [TODAY + timedelta(days=n) for n in range(3, 10)]
        assert world.bot.upkeep.trouble == {}


async def test_a_late_start_fetches_before_it_posts_what_was_missed(make_fresh_bot, fresh: Library, site: Site):
    site.on("/api/daily_papers", listed(TODAY))
    site.on(f"/api/daily_papers?date={TODAY}&limit=100", listed(TODAY, "New of Today"))
    async with world_of(make_fresh_bot()) as world:
        world.services.settings = settings_for(fresh.home, PAPERS_SOURCES="hf")
        plan = DigestPlan(world.channel.id, world.env.now().strftime("%H:%M"), "UTC", 0.0)
        world.services.servers.change(world.guild.id, ServerSettings(digest=plan))
        world.bot.upkeep._fetched = 0.0
        await tick(world)
        assert "New of Today" in words_of(posts_of(world)[0])
        asked = len(site.requests)
        await tick(world)
        assert len(site.requests) == asked


class Letters:
    """A mail server's handler, which refuses the first messages to some."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.refuses = 0

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if address.startswith("bob") and self.refuses:
            self.refuses -= 1
            return "550 not today"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        self.addresses += envelope.rcpt_tos
        return "250 OK"


@pytest.fixture
def letters() -> Letters:
    return Letters()


@pytest.fixture
def mail(letters: Letters) -> Iterator[dict[str, str]]:
    """Settings by which the bot mails to two people."""
    server = Server(letters, hostname="127.0.0.1", port=0)
    server.start()
    yield {
        "SMTP_URL": f"smtp://127.0.0.1:{server.port}",
        "MAIL_FROM": "papers@lab.example",
        "MAIL_TO": "ada@reader.example, bob@reader.example",
    }
    server.stop()


async def test_p17_each_new_day_is_mailed_once_to_the_list_whatever_happens(
    make_fresh_bot, fresh: Library, mail: dict[str, str], letters: Letters
):
    letters.refuses = 1
    async with world_of(make_fresh_bot(**mail)) as world:
        moment = datetime(2026, 1, 2, 8, 59, tzinfo=UTC)
        world.services.now = lambda: moment
        assert await tick(world)
        assert letters.addresses == []  # it is not nine o'clock yet; and the one paper is of last year
        moment += timedelta(minutes=1)
        fresh.ingest([("1", OWLS)])
        assert not await tick(world)
        assert letters.addresses == ["ada@reader.example"]
        await world.env.restart_bot(make_fresh_bot(**mail))
        world.services.now = lambda: moment
        assert await tick(world)
        assert await tick(world)
        fresh.ingest([("1", make_paper("Of the Next Day", "It came later that day.", published="2026-01-02"))])
        assert await tick(world)
        assert letters.addresses == ["ada@reader.example", "bob@reader.example"]
        moment += timedelta(days=1)
        assert await tick(world)
        moment += timedelta(days=1)
        assert await tick(world)
        assert letters.addresses == ["ada@reader.example", "bob@reader.example"] * 2


async def test_an_address_that_always_fails_is_left_for_the_day(
    make_fresh_bot, fresh: Library, mail, letters: Letters
):
    letters.refuses = 100
    fresh.ingest([("1", OWLS)])
    async with world_of(make_fresh_bot(**mail)) as world:
        moment = datetime(2026, 1, 2, 9, tzinfo=UTC)
        world.services.now = lambda: moment
        assert [await tick(world) for _ in range(limits.DIGEST_TRIES + 2)][-3:] == [True] * 3
        assert letters.addresses == ["ada@reader.example"]
        assert letters.refuses == 100 - limits.DIGEST_TRIES


async def test_a_source_that_fails_costs_neither_the_others_nor_the_bot(make_fresh_bot, fresh: Library, site: Site):
    site.on("/api/daily_papers", Reply("gone", 404))
    async with world_of(make_fresh_bot()) as world:
        await fetch(world)
        assert site.requests
        assert world.env.errors == []
        assert (await ask(world)).acknowledged


async def test_what_an_admin_names_is_fetched_besides_and_is_not_trusted(make_fresh_bot, fresh: Library):
    async with world_of(make_fresh_bot()) as world:
        await world.admin.slash(world.channel, "settings sources", add="arxiv:cs.CL")
        assert world.bot.upkeep.sources() == [("arxiv:cs.CL", False)]


async def test_conversations_end_at_their_age(world: World):
    await ask(world)
    with world.env._bot_scope():
        await world.bot.upkeep.forget()
    assert len(logged(world)) == 1
    world.services.now = lambda: world.env.now() + timedelta(days=31)
    with world.env._bot_scope():
        await world.bot.upkeep.forget()
    assert logged(world) == []
