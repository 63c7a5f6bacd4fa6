"""The bot as a process of its own: start, refusals, signals, and an event loop that nothing blocks."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import discord
import pytest
from yarl import URL

from bot.discord_app import run, words
from bot.discord_app.records.posts import Posts
from bot.discord_app.records.servers import DigestPlan, Servers, ServerSettings
from bot.discord_app.running import INVITE_PERMISSIONS, one_process
from bot.errors import BadInput, PapersError
from bot.library.library import Library
from tests.discord_app.conftest import settings_for
from tests.discord_app.loopback import BOT, CHANNEL, SERVER, TOKEN, Loopback
from tests.model_server import ModelServer, Reply

QUESTION = "Which paper is about the locomotion circuits of C. elegans?"
SENTENCE = "The locomotion circuits of C. elegans are turned into a network that controls a simulated Swimmer agent. "
INVENTED = "It holds 12 claims of 99 pigs. "
ROOT = Path(__file__).parents[2]
WAIT = 60.0  # a limit for a test that fails, not a measurement

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def home(library: Library, tmp_path: Path) -> Path:
    """A data directory of its own, with the sample."""
    return Path(shutil.copytree(library.home, tmp_path / "home"))


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Starts bots and waits until they listen; those that still run are killed in the end."""
    started: list[subprocess.Popen[str]] = []

    def begin(server: Loopback, model: ModelServer | None = None, **values: str) -> subprocess.Popen[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home.parent),
            "PYTHONPATH": str(ROOT),
            "PAPERS_HOME": str(home),
            "PAPERS_MODEL": "openai:scripted-model" if model else "none",
            "PAPERS_SOURCES": "none",
            "DISCORD_TOKEN": TOKEN,
            **({"OPENAI_BASE_URL": model.url} if model else {}),
            **values,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.discord_app.bot_process", server.base],
            cwd=home.parent,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        until(lambda: server.identified.is_set() or process.poll() is not None)
        assert process.poll() is None, process.communicate()[1]
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def until(what: Callable[[], object]) -> None:
    """Wait for something to become true."""
    ends = time.monotonic() + WAIT
    while not what():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.02)


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, log = process.communicate(timeout=WAIT)
    return process.returncode, log


def test_p10_p16_it_answers_each_question_once_and_ends_by_sigterm_with_status_0(start: Start):
    with Loopback() as server:
        bot = start(server)
        assert server.intents == (1 << 0) | (1 << 9) | (1 << 12)  # servers, messages there, direct messages
        asked = server.slash("ask", question=QUESTION)
        server.slash("ask", question=QUESTION, number=asked.id)
        number = server.mention(QUESTION, person=9001)
        server.mention(QUESTION, person=9001, number=number)
        until(lambda: asked.finished and any("[1]" in str(m["embeds"]) for m in server.messages))
        assert "[1]" in asked.text
        last = server.slash("ask", person=9001, question=QUESTION)  # waits for what came before
        until(lambda: last.finished)
        assert len([m for m in server.messages if m["method"] == "POST"]) == 1
        bot.send_signal(signal.SIGTERM)
        status, log = ended(bot)
        assert status == 0
        assert server.closed.wait(5)
        assert server.close_code == 1000
        assert server.wrong_requests == []
        assert TOKEN not in log  # P22


def test_p09_a_slow_embedding_or_index_stops_neither_heartbeat_nor_other_commands(start: Start):
    with Loopback(heartbeat=0.2) as server:
        start(server, PAPERS_TEST_SLOW="embed:1.5 chroma:1.5")
        asked = server.slash("ask", question=QUESTION)
        until(lambda: asked.acknowledged)
        before = len(server.heartbeats)
        helped = server.slash("help", person=9001)
        until(lambda: helped.finished and len(server.heartbeats) >= before + 3)
        assert not asked.finished  # the others did not wait for it
        until(lambda: asked.finished)
        assert "[1]" in asked.text


def test_p09_p20_p16_streaming_from_a_slow_model_and_stopping_in_the_middle(start: Start):
    with Loopback(heartbeat=0.2) as server, ModelServer() as model:
        bot = start(server, model)

        # Sentence by sentence, each after its check, at most one edit a second; nothing else waits (P09).
        model.enqueue(Reply(SENTENCE + INVENTED + SENTENCE.replace("turned", "made"), pause=0.08))
        asked = server.slash("ask", question=QUESTION)
        until(lambda: len(model.requests) == 1)
        before = len(server.heartbeats)
        other = server.slash("search", person=9001, query="robots")
        until(lambda: other.shown and len(server.heartbeats) >= before + 3)
        assert not asked.finished
        until(lambda: asked.finished)
        texts = [body["embeds"][0]["description"] for _, body in asked.shown]
        assert any("Swimmer" in text and words.WRITING in text for text in texts[:-1])
        assert not any("pigs" in text for text in texts)
        assert min(b - a for a, b in pairwise(at for at, _ in asked.shown)) > 0.9

        # A stream that breaks is taken back (P20).
        model.enqueue(*[Reply(SENTENCE * 2 + "And then", pause=0.02, cut=150)] * 9)
        asked = server.slash("ask", question=QUESTION)
        until(lambda: asked.finished)
        assert "no model" in asked.last["embeds"][0]["footer"]["text"]
        assert words.WRITING not in asked.text

        # A stop lets the answer under way finish, and takes no new question (P16).
        model.enqueue(*[Reply(SENTENCE, pause=0.1)] * 9)
        asked = server.slash("ask", question=QUESTION)
        until(lambda: asked.acknowledged)
        bot.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        late = server.slash("ask", person=9001, question=QUESTION)
        assert ended(bot)[0] == 0
        assert asked.finished
        assert "Swimmer" in asked.text
        assert late.text == words.STOPPING


def test_p16_a_stop_tells_those_whose_answer_cannot_be_finished(start: Start):
    with Loopback() as server, ModelServer(Reply(hang=True)) as model:
        bot = start(server, model)
        asked = server.slash("ask", question=QUESTION)
        until(lambda: model.requests)
        bot.send_signal(signal.SIGINT)
        # The model would hang for longer than `ended` waits; that the stop takes 10 s at most, the load bench shows.
        assert ended(bot)[0] == 0
        assert asked.text == words.INTERRUPTED


# What stands against a start


def start_here(
    home: Path, monkeypatch: pytest.MonkeyPatch, base: str, token: str = TOKEN, invite: bool = False, **values: str
) -> int:
    monkeypatch.setattr(discord.http.Route, "BASE", base)
    port = URL(base).port
    gateway = URL.build(scheme="ws", host="127.0.0.1", port=port, path="/gateway/")
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
    settings = settings_for(home, **values, **({"DISCORD_TOKEN": token} if token else {}))
    return run(settings, invite)


def test_a_missing_token_is_named(home: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(BadInput, match=r"DISCORD_TOKEN is missing.*developers/applications"):
        start_here(home, monkeypatch, "http://127.0.0.1:1", token="")


def test_p22_a_token_that_discord_refuses_is_said_to_be_refused_and_not_shown(home: Path, monkeypatch, caplog):
    with Loopback() as server, pytest.raises(BadInput, match="Discord refuses the token") as refused:
        start_here(home, monkeypatch, server.base, token="wrong.token.of-someone")
    assert "wrong.token" not in str(refused.value) + caplog.text


def test_an_intent_that_was_not_granted_is_named(home: Path, monkeypatch: pytest.MonkeyPatch):
    with Loopback() as server, pytest.raises(BadInput, match=r"PAPERS_MESSAGE_CONTENT=1.*switch it on"):
        start_here(home, monkeypatch, server.base, PAPERS_MESSAGE_CONTENT="1")


def test_discord_out_of_reach_is_said(home: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(PapersError, match="Discord cannot be reached"):
        start_here(home, monkeypatch, "http://127.0.0.1:1")


def test_an_empty_library_is_told_how_to_be_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    with pytest.raises(PapersError):
        start_here(tmp_path / "empty", monkeypatch, "http://127.0.0.1:1")
    assert words.LIBRARY_EMPTY_HINT in capsys.readouterr().err


def test_the_invite_link_is_made_from_what_discord_says_of_the_application(home: Path, monkeypatch, capsys):
    with Loopback() as server:
        assert start_here(home, monkeypatch, server.base, invite=True) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("https://discord.com/oauth2/authorize?")
    assert f"client_id={BOT}" in line
    assert f"permissions={INVITE_PERMISSIONS.value}" in line
    assert "scope=bot+applications.commands" in line


def test_one_token_runs_once_on_a_data_directory_and_a_crash_releases_it(tmp_path: Path):
    code = (
        "import sys, time; from pathlib import Path; from bot.discord_app.running import one_process\n"
        "with one_process(Path(sys.argv[1]), 'token'): print('held', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    first = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert first.stdout.readline() == "held\n"
    with pytest.raises(PapersError, match=f"already runs.*process {first.pid}"), one_process(tmp_path, "token"):
        pass
    with one_process(tmp_path, "another token"):
        pass
    first.kill()
    first.communicate()
    with one_process(tmp_path, "token"):
        assert not any("token" in path.name for path in tmp_path.iterdir())


def test_p17_a_process_killed_between_sending_and_recording_posts_no_second_summary(home: Path, start: Start):
    """A real process and a real kill: the message has arrived, the bot never hears of it."""
    with Library(settings_for(home)) as library:
        plan = DigestPlan(CHANNEL, datetime.now(UTC).strftime("%H:%M"), "UTC", 0.0)
        Servers(library.catalogue).change(SERVER, ServerSettings(digest=plan))
    with Loopback() as discord_server:
        bots: list[subprocess.Popen[str]] = []
        discord_server.on_message = lambda: bots[0].kill()
        bots.append(start(discord_server))
        until(lambda: bots[0].poll() is not None)
        assert len(discord_server.messages) == 1
        discord_server.on_message = lambda: None
    with Library(settings_for(home)) as library:
        assert Posts(library.catalogue).last(SERVER).state == "claimed"
    with Loopback() as again:
        again.messages += discord_server.messages
        start(again)
        with Library(settings_for(home)) as library:
            until(lambda: Posts(library.catalogue).last(SERVER).state == "posted")
        assert len(again.messages) == 1
