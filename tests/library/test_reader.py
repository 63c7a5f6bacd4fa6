"""The reader: two texts read together."""

import json
from pathlib import Path

import numpy as np

from bot.library.reader import ANSWERS, SUPPORTS, passage, read

BENCH = Path(__file__).parents[2] / "bench"
EVIDENCE = "OwlNet lowers the word error rate on noisy speech, and it does so without any retraining."


def test_other_words_for_the_same_are_told_from_the_contrary() -> None:
    true, turned = read(
        [
            ("With OwlNet fewer words of noisy speech are misheard, and nothing has to be retrained.", EVIDENCE),
            ("With OwlNet more words of noisy speech are misheard unless it is retrained first.", EVIDENCE),
        ],
        SUPPORTS,
    )
    assert true > 0.5 > turned


def test_a_sentence_that_answers_is_told_from_its_neighbour() -> None:
    title, asked = "OwlNet: Hearing Speech in Noise", "which kind of speech does OwlNet hear better?"
    said, beside = read(
        [
            (asked, passage(title, ["OwlNet lowers the word error rate on noisy speech."])),
            (asked, passage(title, ["Code and weights are released."])),
        ],
        ANSWERS,
    )
    assert said > beside


def test_pairs_of_any_length_are_read_and_each_for_itself() -> None:
    pairs = [("owl " * n, "night " * m) for n, m in ((1, 1), (400, 3), (3, 400), (0, 0), (9, 9))]
    together = read(pairs * 3, SUPPORTS)
    assert together.shape == (15,)
    assert np.all((together >= 0) & (together <= 1))
    assert np.allclose(together[:5], read(pairs, SUPPORTS), atol=0.1)
    assert read([], SUPPORTS).shape == (0,)


def test_what_it_was_trained_on_is_not_what_the_check_is_measured_on() -> None:
    trained, measured = (
        {json.loads(line)["arxiv_id"] for name in names for line in (BENCH / name).read_text("utf-8").splitlines()}
        for names in (("reader_claims.jsonl", "reader_questions.jsonl"), ("paraphrases.jsonl", "unfaithful.jsonl"))
    )
    assert trained
    assert not trained & measured
