"""Which model is asked, how it is reached, and when it is left alone."""

import asyncio
import socket
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from bot import limits
from bot.answers.models import (
    DEFAULT_MODEL,
    Breaker,
    ModelFailed,
    NotAsked,
    chat_model,
    explain_failure,
    make_chat_model,
    model_name,
    room_for,
    written_at_most,
)
from bot.errors import BadInput
from bot.settings import Settings, load_settings
from tests.answers.scripted import PAPERS, answerer_of, ask, filled_library
from tests.model_server import ModelServer, Reply


def settings(**values: str) -> Settings:
    return load_settings({"PAPERS_HOME": "/nonexistent", **values})


def test_without_a_key_or_a_server_there_is_no_model() -> None:
    assert model_name(settings()) is None
    assert model_name(settings(OPENAI_API_KEY="sk-x", PAPERS_MODEL="None")) is None


def test_with_a_key_alone_it_is_the_default_and_a_set_name_is_taken_as_it_is() -> None:
    assert model_name(settings(OPENAI_API_KEY="sk-x")) == DEFAULT_MODEL
    assert model_name(settings(PAPERS_MODEL="anthropic:claude-haiku-4-5")) == "anthropic:claude-haiku-4-5"


def test_with_a_server_it_is_the_first_of_its_models_and_no_key_is_needed() -> None:
    with ModelServer() as server:
        server.models = ["owl-1b", "owl-7b"]
        assert model_name(settings(OPENAI_BASE_URL=server.url)) == "openai:owl-1b"


def test_a_server_that_keeps_no_list_is_asked_for_the_default_model() -> None:
    with ModelServer() as server:
        assert model_name(settings(OPENAI_BASE_URL=f"{server.url}/elsewhere")) == DEFAULT_MODEL


def test_a_server_that_refuses_lists_nothing_or_is_not_there_is_said_without_the_key() -> None:
    with ModelServer(key="right") as server:
        with pytest.raises(ModelFailed, match="401") as refused:
            model_name(settings(OPENAI_BASE_URL=server.url, OPENAI_API_KEY="sk-wrong-one"))
        assert "sk-wrong-one" not in str(refused.value)
        server.key, server.models = None, []
        with pytest.raises(ModelFailed, match="set PAPERS_MODEL"):
            model_name(settings(OPENAI_BASE_URL=server.url))
        url = server.url
    with pytest.raises(ModelFailed, match="cannot be reached"):
        model_name(settings(OPENAI_BASE_URL=url))


def test_p18_a_list_of_models_that_trickles_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MODEL_LIST_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        closing = threading.Event()

        def trickle() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                while not closing.wait(0.1):
                    with suppress(OSError):
                        connection.sendall(b" ")

        thread = threading.Thread(target=trickle)
        thread.start()
        with pytest.raises(ModelFailed, match="cannot be reached"):
            model_name(settings(OPENAI_BASE_URL=f"http://127.0.0.1:{listening.getsockname()[1]}/v1"))
        closing.set()
        thread.join()


def test_a_server_that_does_not_list_its_models_costs_no_answer_and_is_asked_again(tmp_path: Path) -> None:
    with filled_library(tmp_path) as library, ModelServer("The papers do not say.") as server:
        answerer = answerer_of(library, server, PAPERS_MODEL="")
        server.key = "another"
        first = ask(answerer)
        assert (first.mode, first.sources[0].title) == ("extractive", PAPERS[0].title)
        assert "quoting the papers instead" in first.notes[0]
        server.key = None
        assert ask(answerer).mode == "llm"


def test_another_model_can_be_chosen_and_starts_without_the_failures_of_the_last(tmp_path: Path) -> None:
    with filled_library(tmp_path) as library, ModelServer(Reply(status=401)) as server:
        answerer = answerer_of(library, server)
        for _ in range(limits.BREAKER_FAILURES):
            ask(answerer)
        server.default = "OwlNet is a sparse attention network."
        answerer.use_model("openai:another")
        assert ask(answerer).model == "openai:another"
        answerer.use_model("none")
        assert ask(answerer).mode == "extractive"
        assert asyncio.run(answerer.model_name()) is None


@pytest.mark.parametrize("name", ["nonsense:model", "no-such-provider-at-all", "local:owl", "local:/none/x.gguf"])
def test_a_model_that_cannot_be_is_bad_input_that_names_the_setting(name: str) -> None:
    with pytest.raises(BadInput, match="PAPERS_MODEL"):
        make_chat_model(name, settings())


def test_a_model_of_openai_without_a_key_says_which_setting_is_missing() -> None:
    with pytest.raises(ModelFailed, match="needs OPENAI_API_KEY"):
        make_chat_model("openai:gpt-5-mini", settings())


def test_a_model_that_reasons_has_room_for_it_besides_the_reply() -> None:
    for name in ("openai:gpt-5-mini", "o4-mini", "openai:openai/gpt-5.4"):
        assert written_at_most(name, 700) > 2_000
        model = make_chat_model(name, settings(OPENAI_API_KEY="sk-x"))
        assert model.reasoning_effort == "low"  # type: ignore[attr-defined]
        assert model.temperature is None  # type: ignore[attr-defined]
    for name in ("openai:gpt-4.1", "gpt-4o-mini", "openai:gpt-5-chat-latest", "openai:qwen2.5"):
        assert written_at_most(name, 700) == 700
        assert make_chat_model(name, settings(OPENAI_API_KEY="sk-x")).temperature == 0  # type: ignore[attr-defined]


def test_p18_the_client_has_a_time_out_and_the_only_retries() -> None:
    model = make_chat_model("openai:gpt-4.1", settings(OPENAI_API_KEY="sk-x", PAPERS_TIMEOUT="42"))
    client = model.root_async_client  # type: ignore[attr-defined]
    assert client.max_retries == limits.MODEL_TRIES - 1
    assert (client.timeout.read, client.timeout.connect) == (42, limits.MODEL_CONNECT_SECONDS)


def test_p18_retry_after_is_kept_where_there_is_time_and_not_sat_out_where_there_is_none() -> None:
    async def call(server: ModelServer) -> str:
        async with chat_model("openai:owl", settings(OPENAI_BASE_URL=server.url), 100) as model:
            return str((await model.ainvoke("Who?")).text)

    with ModelServer("An owl.") as server:
        server.enqueue(Reply(status=429, headers={"retry-after-ms": "5"}))
        assert asyncio.run(call(server)) == "An owl."
        server.default = Reply(status=429, headers={"Retry-After": "30"})
        server.requests.clear()
        with pytest.raises(Exception, match="429") as failed:
            asyncio.run(call(server))
        assert len(server.requests) == 1
        assert explain_failure(failed.value).wait == 30


def test_questions_of_different_event_loops_share_no_connection() -> None:
    async def call(server: ModelServer) -> str:
        async with chat_model("openai:owl", settings(OPENAI_BASE_URL=server.url), 100) as model:
            return str((await model.ainvoke("Who?")).text)

    with ModelServer("An owl.") as server:
        assert [asyncio.run(call(server)) for _ in range(3)] == ["An owl."] * 3


def test_p22_an_error_is_explained_without_its_own_words() -> None:
    class RefusedError(Exception):
        status_code = 401

    for error in (RefusedError("bad key sk-secret"), RuntimeError("sk-secret"), TimeoutError("sk-secret")):
        assert "sk-secret" not in str(explain_failure(error))


def test_a_local_model_is_given_less_to_read_and_to_write() -> None:
    large, small = room_for("openai:gpt-5-mini"), room_for("local:qwen2.5-coder-1.5b-instruct")
    assert small.brief
    assert not large.brief
    assert small.evidence_tokens < large.evidence_tokens
    assert small.reply_tokens < large.reply_tokens


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_p19_the_breaker_opens_after_failures_in_a_row_and_closes_by_itself() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(limits.BREAKER_FAILURES - 1):
        breaker.failed(ModelFailed("no"))
    breaker.succeeded()
    for _ in range(limits.BREAKER_FAILURES - 1):
        breaker.failed(ModelFailed("no"))
    breaker.check()
    breaker.failed(ModelFailed("no"))
    with pytest.raises(NotAsked):
        breaker.check()
    clock.now += limits.BREAKER_SECONDS
    breaker.check()


def test_what_was_no_fault_of_the_models_does_not_open_the_breaker() -> None:
    breaker = Breaker()
    for _ in range(10):
        breaker.failed(NotAsked("busy"))
    assert not breaker.open


def test_p18_a_wait_that_a_server_asks_for_is_kept_up_to_a_limit() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    breaker.failed(ModelFailed("no", wait=120))
    clock.now += 119
    assert breaker.open
    clock.now += 2
    assert not breaker.open
    breaker.failed(ModelFailed("no", wait=1e9))
    clock.now += limits.BREAKER_LONGEST_SECONDS
    assert not breaker.open
