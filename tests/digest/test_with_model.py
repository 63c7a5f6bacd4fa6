"""The summary with a model, from the library to a real HTTP server and back."""

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot import limits
from bot.answers import words
from bot.answers.access import Models
from bot.answers.completing import without_last_sentence
from bot.answers.core import Answerer
from bot.digest.digest import Digest, digest_json
from bot.digest.write import daily_digest
from bot.library.library import Library
from bot.papers.paper import make_paper
from bot.settings import load_settings
from tests.model_server import ModelServer, Reply, Request

ANIMALS = (
    "owls",
    "moles",
    "bees",
    "seals",
    "newts",
    "crows",
    "hares",
    "toads",
    "finches",
    "beavers",
    "eels",
    "wasps",
)
KEY = "sk-sentinel-0123456789"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    home: Path = tmp_path_factory.mktemp("model")
    with Library(load_settings({"PAPERS_HOME": str(home)})) as library:
        library.ingest(
            [
                (
                    name,
                    make_paper(
                        f"On {name.title()} and Networks",
                        f"Little is known of {name}. We propose {name.title()}Net, which counts {name} in pictures. "
                        f"It counts {n + 3} kinds of {name}.",
                        published="2025-08-04",
                    ),
                )
                for n, name in enumerate(ANIMALS)
            ]
        )
        yield library


def obliging(request: Request) -> str:
    """Says of each paper what it says, in other words."""
    found = re.findall(r"\[(P\d+)\] On (\w+) and Networks", request.user)
    said = [f"{name}Net counts {name.lower()} in pictures [{key}]." for key, name in found]
    if "first line" in request.user:
        return f"Networks for {found[0][1].lower()}\n{said[0]}"
    return " ".join(said[:4]) if "three to five" in request.user else said[0]


def is_gist_of(name: str) -> Callable[[Request], bool]:
    return lambda request: f"On {name} and" in request.user and "Write the gist" in request.user


def but(wanted: Callable[[Request], bool], reply: Reply | str) -> Callable[[Request], Reply | str]:
    """The obliging model, which gives `reply` to the wanted requests."""
    return lambda request: reply if wanted(request) else obliging(request)


@contextmanager
def models(library: Library, server: ModelServer, **more: str) -> Iterator[Models]:
    (library.home / "cache" / "replies.db").unlink(missing_ok=True)
    values = {"PAPERS_HOME": str(library.home), "OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": KEY, **more}
    yield Answerer(library, load_settings(values)).models


def summarise(library: Library, server: ModelServer, **more: str) -> Digest:
    with models(library, server, **more) as made:
        return asyncio.run(daily_digest(library, models=made, picture=False))


def whole(digest: Digest) -> bool:
    numbers = list(range(1, len(ANIMALS) + 1))
    told = digest_json(digest)
    listed = [p["n"] for p in told["papers_list"] if p["tldr"]]
    return listed == numbers == sorted(n for t in told["themes"] for n in t["papers"])


def test_every_part_is_the_model_s_and_a_second_summary_asks_nothing(library: Library) -> None:
    with ModelServer(obliging) as server, models(library, server) as made:
        first = asyncio.run(daily_digest(library, models=made, picture=False))
        asked = len(server.requests)
        assert asyncio.run(daily_digest(library, models=made, picture=False)) == first
        assert len(server.requests) == asked == len(ANIMALS) + len(first.themes) + 1
        assert sum(s.usage.prompt_tokens for s in made.budget.spent(made.budget._today())) == 120 * asked
    assert (first.mode, first.model, first.missing) == ("llm", "openai:scripted-model", ())
    assert whole(first)
    assert all(re.fullmatch(r"\w+Net counts \w+ in pictures\.", p.gist.text) for p in first.papers if p.gist)
    assert 3 <= len(first.overview) <= 5
    assert all(s.citations for s in first.overview)


def test_p01_p22_papers_stand_between_delimiters_and_the_key_in_no_prompt(library: Library) -> None:
    with ModelServer(obliging) as server:
        summarise(library, server)
    for request in server.requests:
        system, user = (m["content"] for m in request.messages)
        assert "Networks" not in system.replace("Spiking neural networks", "")
        (delimiter,) = set(re.findall(r"=== [0-9a-f]{12} ===", user))
        assert user.split(delimiter)[1].startswith("\n[P1] On ")
        assert KEY not in system + user


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=400, text="no"),
        Reply("", finish="content_filter"),
        Reply("I'm sorry, but I can't help with that."),
        Reply("OwlsNet cures baldness in 97% of all mice [P1]."),
        Reply("OwlsNet counts owls in pic", finish="length"),
        Reply("OwlsNet counts owls in pictures.", cut=9),
        Reply(""),
        Reply(raw=b"data: {broken\n\n"),
    ],
    ids=["400", "withheld", "refused", "invented", "cut short", "broken off", "empty", "garbage"],
)
def test_p19_one_bad_reply_costs_one_gist(library: Library, reply: Reply) -> None:
    with ModelServer(but(is_gist_of("Owls"), reply)) as server:
        digest = summarise(library, server)
    (quoted,) = [p for p in digest.papers if p.gist and p.gist.text.startswith("We propose")]
    assert quoted.title == "On Owls and Networks"
    assert digest.mode == "llm"
    assert whole(digest)
    (note,) = digest.missing
    assert note.startswith(f"quoted instead of written: 1 of {len(ANIMALS)} gists; ")


def test_p18_a_model_that_asks_for_a_moment_gets_it(library: Library) -> None:
    busy = Reply(status=429, headers={"Retry-After": "1"})
    with ModelServer(obliging) as server:
        server.enqueue(busy)
        digest = summarise(library, server)
    assert digest.missing == ()
    assert digest.mode == "llm"


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(status=401), "refused the key (401)"),
        (Reply(status=429, headers={"Retry-After": "3000"}), "no more requests for now (429)"),
        (Reply("Owls are made of cheese. They live on the moon."), "nothing that the model wrote"),
    ],
)
def test_p19_a_model_that_always_fails_leaves_the_papers_quoted(library: Library, reply: Reply, reason: str) -> None:
    with ModelServer(reply) as server:
        digest = summarise(library, server)
    assert (digest.mode, digest.model) == ("extractive", None)
    assert whole(digest)
    (note,) = digest.missing
    assert reason in note
    assert "quoting the papers instead" in note or "quoting them instead" in note
    assert KEY not in str(digest)


def test_p19_a_server_that_is_gone_leaves_the_papers_quoted(library: Library) -> None:
    with ModelServer() as server:
        pass
    digest = summarise(library, server)
    assert whole(digest)
    assert digest.missing == (words.MODEL_FAILED.format(reason="the model server cannot be reached (no connection)"),)


def test_p18_a_model_that_hangs_is_left_after_its_time(library: Library) -> None:
    with ModelServer(Reply(hang=True)) as server:
        digest = summarise(library, server, PAPERS_TIMEOUT="1", PAPERS_MODEL="openai:scripted-model")
    assert whole(digest)
    assert digest.mode == "extractive"


def test_p21_a_day_s_budget_holds_for_the_summary_too(library: Library) -> None:
    with ModelServer(obliging) as server:
        digest = summarise(library, server, PAPERS_MODEL="openai:gpt-5-mini", PAPERS_BUDGET_USD="0.000001")
        assert server.requests == []
    assert whole(digest)
    assert "the day's budget for models" in digest.missing[0]


def test_calls_run_at_the_same_time_and_no_more_than_allowed(library: Library) -> None:
    lock = threading.Lock()
    running = most = 0
    met = threading.Barrier(2)

    def counting(request: Request) -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        if is_gist_of("Owls")(request) or is_gist_of("Moles")(request):
            met.wait(30)  # two of them are here at once, or this never ends
        with lock:
            running -= 1
        return obliging(request)

    with ModelServer(counting) as server:
        assert summarise(library, server).mode == "llm"
    assert 2 <= most <= limits.DIGEST_CALLS


def test_the_cut_end_of_a_reply_goes() -> None:
    assert without_last_sentence("A name\nIt works. It also wor") == "A name\nIt works."
    assert without_last_sentence("It wor") == ""
