"""Papers on a topic."""

import pytest

from bot.digest.day import DayPaper
from bot.digest.topics import on_topic
from bot.library.embeddings import MiniLM

TEXTS = (
    ("Predicting Protein Structures with Language Models", "We train a language model on protein sequences."),
    ("A Better Optimiser for Language Models", "We propose an optimiser that trains language models faster."),
    ("Robot Arms that Learn to Grasp", "We show that a robot learns grasping from a few demonstrations."),
    ("Speech Recognition from Raw Audio", "We release recordings for automatic speech recognition."),
)


@pytest.fixture(scope="module")
def model() -> MiniLM:
    return MiniLM()


@pytest.fixture(scope="module")
def papers(model: MiniLM) -> list[DayPaper]:
    return [DayPaper(n, f"i{n}", t, (s,), model.embed([t, s])) for n, (t, s) in enumerate(TEXTS, 1)]


@pytest.mark.parametrize(
    ("topic", "wanted"),
    [
        ("protein structures", [1]),
        ("robot grasping", [3]),
        ("speech recognition", [4]),
        ("Language Models", [1, 2]),
    ],
)
def test_the_papers_on_a_topic_are_found(
    model: MiniLM, papers: list[DayPaper], topic: str, wanted: list[int]
) -> None:
    assert [p.n for p in on_topic(topic, papers, model.embed)] == wanted


@pytest.mark.parametrize("topic", ["beer brewing", "tax law in Germany", "football results", "", "  ", "?!", "the"])
def test_a_day_of_unrelated_papers_gives_none(model: MiniLM, papers: list[DayPaper], topic: str) -> None:
    assert on_topic(topic, papers, model.embed) == []


def test_no_papers_give_none(model: MiniLM) -> None:
    assert on_topic("speech", [], model.embed) == []
