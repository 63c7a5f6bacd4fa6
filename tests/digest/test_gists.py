"""Gists without a model."""

import pytest

from bot.digest.gists import choose_gist, shorten
from tests.digest.days import embed, paper


def gist_of(title: str, *sentences: str) -> str:
    made = paper(1, title, *sentences)
    gist = choose_gist(made.title, made.sentences, made.vectors)
    assert gist is not None
    assert gist.sentence == sentences.index(gist.text) if "…" not in gist.text else True
    return gist.text


def test_the_sentence_that_proposes_is_chosen_over_background_and_results() -> None:
    proposal = "To address this, we introduce RouteNet, a router that learns which expert to ask."
    assert (
        gist_of(
            "RouteNet: Learning Which Expert to Ask",
            "Mixtures of experts have become popular in recent years.",
            "However, their routers remain a challenging problem.",
            proposal,
            "Extensive experiments show that RouteNet outperforms strong baselines.",
            "Code is available at https://example.org/routenet.",
        )
        == proposal
    )


def test_a_finding_is_chosen_where_nothing_is_proposed() -> None:
    finding = "We find that larger models forget names that they saw only once."
    assert (
        gist_of(
            "What Do Models Forget?",
            "Forgetting is a long-standing problem of learning systems.",
            "How does it depend on size?",
            finding,
            "Future work will look at other causes.",
        )
        == finding
    )


def test_a_single_sentence_is_the_gist() -> None:
    assert gist_of("A Title", "It is so.") == "It is so."


def test_a_question_or_a_code_link_is_never_the_gist_of_an_abstract_that_has_more() -> None:
    text = gist_of("T", "Can models count?", "They count up to ten.", "The code is available at https://x.example/y.")
    assert text == "They count up to ten."


def test_unfit_sentences_are_passed_over_and_none_left_gives_no_gist() -> None:
    made = paper(1, "T", "We propose X, a method.", "It works well enough on data.")
    first = choose_gist(made.title, made.sentences, made.vectors, lambda s: s.startswith("We"))
    assert first is not None
    assert first.sentence == 1
    assert choose_gist(made.title, made.sentences, made.vectors, lambda _: True) is None


def test_a_paper_without_sentences_has_no_gist() -> None:
    assert choose_gist("T", (), embed(["T"])) is None


LONG = (
    "We propose LongNet, a network that reads "
    + "very " * 30
    + "long texts, which it cuts into pieces of equal length, "
    "and which it then reads again from the end to the beginning, until nothing changes in what it has stored, "
    "so that every piece is seen at least twice."
)


def test_a_long_sentence_is_cut_at_a_clause_and_what_stays_is_verbatim() -> None:
    short = shorten(LONG)
    assert short.endswith(" …")
    assert LONG.startswith(short.removesuffix(" …"))
    assert LONG[len(short.removesuffix(" …"))] == ","
    assert 150 <= len(short) <= 302


def test_the_words_that_announce_the_contribution_are_not_cut_off() -> None:
    sentence = "Recognising that " + "the world is large, " * 16 + "we propose a small model of it."
    assert shorten(sentence) == sentence


@pytest.mark.parametrize("text", ["Short enough.", "x" * 900, "(" + "a, b, " * 100 + ")"])
def test_a_sentence_without_a_place_to_cut_stays_whole(text: str) -> None:
    assert shorten(text) == text
