"""Models in this process, with a stand-in for llama.cpp; the real one is in `tests/llm`."""

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bot import limits
from bot.answers import local_engine, words
from bot.answers.core import Answerer
from bot.answers.local import LocalChatModel, local_chat_model
from bot.answers.local_models import PINNED, model_file
from bot.answers.models import ModelFailed, NotAsked
from bot.errors import BadInput
from bot.library.library import Library
from bot.settings import Settings, load_settings
from tests.answers.scripted import PAPERS, TRUE, ask, assert_sound, filled_library, settings_of

MODEL = PINNED["qwen2.5-coder-0.5b-instruct"]


class FakeLlama(ModuleType):
    """The part of `xllamacpp` that is used. `writes` are the pieces of each reply; `hold` keeps it before them."""

    def __init__(self) -> None:
        super().__init__("xllamacpp")
        self.__spec__ = None
        self.writes = TRUE
        self.finish: str | None = "stop"
        self.error: dict[str, Any] | None = None
        self.broken = False
        self.hold = threading.Event()
        self.hold.set()
        self.loads: list[str] = []
        self.requests: list[dict[str, Any]] = []
        self.pieces_given = 0
        self.at_once = self.most_at_once = 0
        fake = self

        class CommonParams:
            def __init__(self) -> None:
                self.model = type("Model", (), {"path": ""})()
                self.cpuparams = type("Cpu", (), {})()
                self.cpuparams_batch = type("Cpu", (), {})()

        class Server:
            def __init__(self, params: Any) -> None:
                if fake.broken:
                    raise RuntimeError("Failed to init server")
                fake.loads.append(params.model.path)

            def handle_chat_completions(self, request: dict[str, Any], callback: Callable[[Any], bool]) -> None:
                fake.serve(request, callback)

        self.CommonParams = CommonParams
        self.Server = Server

    def serve(self, request: dict[str, Any], callback: Callable[[Any], bool]) -> None:
        self.requests.append(request)
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        try:
            while not self.hold.wait(0.02):
                if callback({"choices": [{"delta": {"content": None}}], "prompt_progress": {"processed": 1}}):
                    return
            if self.error:
                callback({"error": self.error})
                return
            for word in self.writes.split(" "):
                self.pieces_given += 1
                if callback({"choices": [{"delta": {"content": f"{word} "}, "finish_reason": None}]}):
                    return
                time.sleep(0.001)
            callback({"choices": [{"delta": {}, "finish_reason": self.finish}]})
            callback({"choices": [], "usage": {"prompt_tokens": 200, "completion_tokens": 9}})
        finally:
            self.at_once -= 1


@pytest.fixture
def llama(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLlama]:
    fake = FakeLlama()
    monkeypatch.setitem(sys.modules, "xllamacpp", fake)
    monkeypatch.setattr(local_engine, "find_spec", lambda name: fake)
    local_engine._engine.cache_clear()
    yield fake
    fake.hold.set()
    local_engine._engine.cache_clear()


@pytest.fixture
def model(tmp_path: Path, llama: FakeLlama) -> LocalChatModel:
    path = tmp_path / "owl.gguf"
    path.write_bytes(b"GGUF")
    return local_chat_model(f"local:{path}", settings(tmp_path), 99)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with filled_library(tmp_path_factory.mktemp("home")) as library:
        yield library


def settings(home: Path) -> Settings:
    return load_settings({"PAPERS_HOME": str(home)})


async def text_of(model: LocalChatModel) -> str:
    return "".join([str(message.text) async for message in model.astream("Who?")])


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_reply_streams_with_what_it_used_and_why_it_ended(model: LocalChatModel, llama: FakeLlama) -> None:
    whole = model.invoke([("system", "Be short."), ("human", "Who?")])
    assert whole.text.strip() == TRUE
    assert whole.usage_metadata
    assert whole.usage_metadata["input_tokens"] == 200
    assert whole.response_metadata["finish_reason"] == "stop"
    assert len([m for m in model.stream("Who?") if m.text]) == len(TRUE.split(" "))
    request = llama.requests[0]
    assert request["messages"] == [{"role": "system", "content": "Be short."}, {"role": "user", "content": "Who?"}]
    assert request["max_tokens"] == 99
    assert request["stream"] is True


def test_the_file_is_loaded_once_by_the_first_question(model: LocalChatModel, llama: FakeLlama) -> None:
    assert llama.loads == []
    for _ in range(3):
        assert asyncio.run(text_of(model)).strip() == TRUE
    assert llama.loads == [str(model.path)]


def test_replies_are_written_one_at_a_time(model: LocalChatModel, llama: FakeLlama) -> None:
    async def several() -> list[str]:
        return list(await asyncio.gather(*(text_of(model) for _ in range(4))))

    assert [text.strip() for text in asyncio.run(several())] == [TRUE] * 4
    assert llama.most_at_once == 1


def test_more_than_can_come_in_time_are_refused_at_once(model: LocalChatModel, llama: FakeLlama) -> None:
    async def crowd() -> list[BaseException | str]:
        waiting = [asyncio.create_task(text_of(model)) for _ in range(limits.LOCAL_QUEUE + 4)]
        await asyncio.sleep(0.1)
        llama.hold.set()
        return list(await asyncio.gather(*waiting, return_exceptions=True))

    llama.hold.clear()
    told = asyncio.run(crowd())
    refused = [t for t in told if isinstance(t, NotAsked)]
    assert len(refused) == 3
    assert str(refused[0]) == words.MODEL_BUSY


@pytest.mark.parametrize("reading", [True, False], ids=["while it reads", "while it writes"])
def test_a_reply_that_is_not_wanted_any_more_stops(model: LocalChatModel, llama: FakeLlama, reading: bool) -> None:
    llama.writes = "owl " * 100_000
    if reading:
        llama.hold.clear()

    async def cancelled() -> None:
        task = asyncio.create_task(text_of(model))
        while not (llama.requests if reading else llama.pieces_given > 3):
            await asyncio.sleep(0.005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    wait_for(lambda: llama.at_once == 0)
    assert llama.pieces_given < 50_000
    llama.hold.set()
    llama.writes = TRUE
    assert asyncio.run(text_of(model)).strip() == TRUE


def test_p09_the_event_loop_goes_on_while_a_model_reads(model: LocalChatModel, llama: FakeLlama) -> None:
    llama.hold.clear()

    async def beats() -> int:
        task = asyncio.create_task(text_of(model))
        count = 0
        while count < 20:
            await asyncio.sleep(0.005)
            count += 1
        assert not task.done()
        llama.hold.set()
        await task
        return count

    assert asyncio.run(beats()) == 20


def test_what_llama_cpp_refuses_is_a_failure_of_the_model(model: LocalChatModel, llama: FakeLlama) -> None:
    llama.error = {"code": 400, "type": "exceed_context_size_error", "message": "request (9000 tokens) exceeds"}
    with pytest.raises(ModelFailed, match="cannot read so much"):
        asyncio.run(text_of(model))
    llama.error = {"code": 500, "message": "out of owls"}
    with pytest.raises(ModelFailed, match="the local model failed"):
        model.invoke("Who?")


def test_a_file_that_is_no_model_is_a_failure_and_is_tried_again(model: LocalChatModel, llama: FakeLlama) -> None:
    llama.broken = True
    with pytest.raises(ModelFailed, match=r"owl\.gguf cannot be loaded"):
        asyncio.run(text_of(model))
    llama.broken = False
    assert asyncio.run(text_of(model)).strip() == TRUE


def test_another_file_takes_the_place_of_the_first(model: LocalChatModel, llama: FakeLlama, tmp_path: Path) -> None:
    other = tmp_path / "lark.gguf"
    other.write_bytes(b"GGUF")
    model.invoke("Who?")
    local_chat_model(f"local:{other}", settings(tmp_path), 99).invoke("Who?")
    assert llama.loads == [str(model.path), str(other)]


# Names


def test_without_the_extra_the_message_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_engine, "find_spec", lambda name: None)
    path = tmp_path / "owl.gguf"
    path.write_bytes(b"GGUF")
    with pytest.raises(BadInput, match=r"pip install 'papers-bot\[local\]'"):
        local_chat_model(f"local:{path}", settings(tmp_path), 99)


def test_a_pinned_name_stands_for_its_file_in_the_data_directory(tmp_path: Path) -> None:
    name = f"local:{MODEL.name}"
    with pytest.raises(BadInput, match=f"papers model get {MODEL.name}"):
        model_file(name, settings(tmp_path))
    MODEL.path(tmp_path).parent.mkdir()
    MODEL.path(tmp_path).write_bytes(b"GGUF")
    assert model_file(name, settings(tmp_path)) == tmp_path / "models" / MODEL.file


@pytest.mark.parametrize(
    ("name", "problem"),
    [("local:owl", "no such model; there are qwen"), ("local:/none/owl.gguf", "no such file"), ("local:", "no such")],
)
def test_a_name_that_stands_for_nothing_is_bad_input(tmp_path: Path, name: str, problem: str) -> None:
    with pytest.raises(BadInput, match=problem):
        model_file(name, settings(tmp_path))


# Answers


@pytest.fixture
def answerer(library: Library, llama: FakeLlama) -> Answerer:
    path = library.home / "owl.gguf"
    path.write_bytes(b"GGUF")
    return Answerer(library, settings_of(library.home, PAPERS_MODEL=f"local:{path}"))


def test_the_same_chain_answers_with_a_model_in_this_process(answerer: Answerer, llama: FakeLlama) -> None:
    answer = ask(answerer)
    assert (answer.mode, answer.model) == ("llm", "local:owl")  # the path stays on this machine
    assert (answer.usage.prompt_tokens, answer.usage.cost_usd) == (200, 0.0)
    assert_sound(answer)
    system, user = (message["content"] for message in llama.requests[0]["messages"])
    assert len(system) + len(user) < 2_500


def test_what_a_small_model_leaves_out_is_quoted_behind_it(answerer: Answerer, llama: FakeLlama) -> None:
    llama.writes = part = "OwlNet reads one hour of audio at once."
    answer = ask(answerer)
    error_rate = PAPERS[0].sentences[2]
    assert answer.answer == f"{part} [1]\n{words.QUOTED_ONE}\n{error_rate} [1]"
    assert (answer.mode, [source.title for source in answer.sources]) == ("llm", [PAPERS[0].title])
    assert_sound(answer)
    llama.writes = f"{part} The word error rate of OwlNet on LibriLong is 7.4%."
    assert words.QUOTED_ONE not in ask(answerer).answer


def test_what_a_small_model_says_of_other_papers_comes_behind_the_first(answerer: Answerer, llama: FakeLlama) -> None:
    fact, other = (
        "The word error rate of OwlNet on LibriLong is 7.4%.",
        "Whisper Budgets skips silent frames with a small gate.",
    )
    llama.writes = f"{other} {fact}"
    assert ask(answerer).answer == f"{fact} [1]\n{other} [2]"
    llama.writes = other
    answer = ask(answerer)
    assert answer.answer.startswith(f"{words.QUOTED_ONE}\n")
    assert PAPERS[0].sentences[2] in answer.answer
    assert answer.answer.endswith(f"[1]\n{other} [2]")
    assert_sound(answer)


def test_p20_a_local_reply_without_an_end_is_not_shown_as_whole(answerer: Answerer, llama: FakeLlama) -> None:
    llama.finish = None
    answer = ask(answerer)
    assert answer.mode == "extractive"
    assert words.BROKE_OFF in answer.notes[0]
