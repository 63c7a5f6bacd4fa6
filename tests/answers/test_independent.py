"""The independent script finds nothing wrong with what is shown, whoever the model is, and finds what is wrong."""

from collections.abc import Iterator
from typing import Any

import pytest

from bench.adversaries import ADVERSARIES
from bench.independent import faults
from bot.answers.answer import answer_json
from bot.library.library import Library
from tests.answers.scripted import QUESTION, answerer_of, ask, assert_sound, filled_library
from tests.model_server import ModelServer

QUESTIONS = (QUESTION, "How many trees does LeafCut remove?", "How much energy does Whisper Budgets save?")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with filled_library(tmp_path_factory.mktemp("home")) as library:
        yield library


@pytest.mark.parametrize("name", ADVERSARIES)
def test_p02_p03_nothing_that_an_adversary_has_shown_is_unsupported(library: Library, name: str) -> None:
    abstracts = {stored.id: stored.paper.abstract for stored in library.papers()}
    with ModelServer(ADVERSARIES[name]) as server:
        for question in QUESTIONS:
            answer = ask(answerer_of(library, server), question)
            assert list(faults(answer_json(answer), abstracts)) == []
            assert_sound(answer)
        assert server.requests


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("number", "OwlNet reads two hours of audio and lowers the error rate to 6.4%."),
        ("name", "OwlNet beats HawkFormer on one hour of audio."),
        ("words", "OwlNet predicts tomorrow's weather from satellite pictures of clouds."),
        ("denial", "OwlNet cannot read one hour of audio at once."),
        ("citation", ""),
    ],
)
def test_the_independent_script_finds_what_is_wrong(kind: str, text: str) -> None:
    abstract = (
        "OwlNet is a sparse attention network that reads one hour of audio at once. Its word error rate is 7.4%."
    )
    told: dict[str, Any] = {
        "answer": text,
        "sentences": [{"text": text or "OwlNet reads audio.", "citations": [1] if text else [9]}],
        "sources": [{"n": 1, "id": "a", "title": "Owls", "quote": "OwlNet is a sparse attention network"}],
    }
    assert [found for found, _ in faults(told, {"a": abstract})] == [kind]


def test_the_independent_script_leaves_a_true_sentence_alone() -> None:
    told: dict[str, Any] = {
        "answer": "OwlNet has a word error rate of 7.4% [1].",
        "sentences": [{"text": "OwlNet has a word error rate of 7.4%.", "citations": [1]}],
        "sources": [{"n": 1, "id": "a", "title": "Owls", "quote": "Its word error rate is 7.4%."}],
    }
    assert list(faults(told, {"a": "OwlNet reads audio. Its word error rate is 7.4%."})) == []
