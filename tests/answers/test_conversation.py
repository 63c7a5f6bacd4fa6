"""What a follow-up question refers to."""

from datetime import date

import pytest

from bot.answers.answer import Turn
from bot.answers.conversation import points_back, understand
from bot.library.catalogue import Stored
from bot.papers.paper import make_paper

PAPERS = {
    name: Stored(i, 1, make_paper(f"The {name} method for nets", "It works.", published=date(2025, 8, 4)), "test")
    for i, name in enumerate(("alpha", "beta"))
}
HISTORY = (Turn("Which methods train nets?", "Alpha does. [1] Beta does. [2]", ("alpha", "beta")),)


def about(question: str) -> str | None:
    understood = understand(question, HISTORY, PAPERS.get)
    return understood.about and understood.about.paper.title


@pytest.mark.parametrize(
    "question",
    ["On which data set is it tested?", "What about its limits?", "Why?", "How many parameters?", "And that paper?"],
)
def test_a_question_that_points_back_is_about_the_paper_cited_first(question: str) -> None:
    assert about(question) == "The alpha method for nets"
    assert "The alpha method for nets" in understand(question, HISTORY, PAPERS.get).search


@pytest.mark.parametrize("question", ["What does the second one report?", "And [2]?", "what about the other paper?"])
def test_a_paper_may_be_pointed_at_by_its_place(question: str) -> None:
    assert about(question) == "The beta method for nets"


@pytest.mark.parametrize(
    "question",
    [
        "How does gradient descent find flat minima?",
        "Who proposes sparse attention?",
        "What is homeostasis?",
        "Which papers are about memory?",
        "fMRI",
    ],
)
def test_a_question_of_its_own_stands_alone(question: str) -> None:
    assert about(question) is None
    assert understand(question, HISTORY, PAPERS.get).search == question


def test_without_a_turn_before_nothing_is_pointed_at() -> None:
    assert understand("What about it?", (), PAPERS.get).about is None


def test_a_paper_that_is_gone_is_not_pointed_at() -> None:
    assert understand("What about it?", HISTORY, lambda _id: None).about is None


def test_points_back_looks_at_words_and_length() -> None:
    assert points_back("Does it scale?")
    assert not points_back(
        "Is it known whether diffusion transformers trained on masked latent video patches transfer across resolutions?"
    )


@pytest.mark.parametrize(
    "question",
    [
        "thanks. Now the one on critical thinking of owls: what do those depend on?",
        "another paper that measures hearing in forests",
    ],
)
def test_a_paper_that_is_described_is_not_the_one_before(question: str) -> None:
    assert about(question) is None


def test_a_name_of_another_paper_is_not_pointed_back() -> None:
    question = "ok, and Gamma-3? what does that do?"
    assert understand(question, HISTORY, PAPERS.get, lambda name, _in_title: name == "Gamma-3").about is None
    assert understand(question, HISTORY, PAPERS.get).about is not None


def test_a_follow_up_in_part_takes_the_question_before_it_along() -> None:
    understood = understand("and those of the transformer?", HISTORY, PAPERS.get)
    assert understood.focus == "Which methods train nets? and those of the transformer?"
    assert understand("and how does it train?", HISTORY, PAPERS.get).focus == "and how does it train?"
