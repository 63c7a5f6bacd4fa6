"""Slips in questions."""

import pytest

from bot.library.lexical import stem
from bot.library.spelling import corrected

HELD = {s: 3 for word in ("network", "accuracy", "pruning", "separate", "accurate") for s in stem(word)}


def frequency(stemmed: str) -> tuple[int, int]:
    return HELD.get(stemmed, 0), 10


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Which netowrk has the best acuracy?", "Which network has the best accuracy?"),
        ("a seperate one", "a separate one"),
        ("Netwrok", "Network"),
    ],
)
def test_a_slip_is_mended_to_a_word_of_the_papers(written: str, meant: str) -> None:
    assert corrected(written, frequency) == meant


@pytest.mark.parametrize(
    "text",
    [
        "GPT-4 and OwlNte",  # names
        "kettle",  # an English word that no paper has
        "krning",  # two slips away
        "nets",  # too short to tell
        "prüning",
        "",
    ],
)
def test_other_words_stay(text: str) -> None:
    assert corrected(text, frequency) == text
