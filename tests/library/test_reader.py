"""The reader: two texts read together."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.common import DAILY
from bench.grounding_data import auroc, rows
from bot.library.reader import ANSWERS, SUPPORTS, passage, read
from bot.papers.text import clean, split_sentences

BENCH = Path(__file__).parents[2] / "bench"
LINES = 30  # of each file


@pytest.fixture(scope="module")
def abstracts() -> dict[str, tuple[str, list[str]]]:
    """Title and sentences of the daily papers, by arXiv id."""
    if not DAILY.exists():
        pytest.skip("the real abstracts are not there")
    return {r["arxiv_id"]: (clean(r["title"]), split_sentences(clean(r["abstract"]))) for r in rows(DAILY)}


def written(name: str, abstracts: dict[str, tuple[str, list[str]]]) -> list[tuple[dict[str, Any], str]]:
    """The first lines of a file, each with the passage that it is about."""
    lines = rows(BENCH / name)[:LINES]
    found = [(line, *abstracts[line["arxiv_id"]]) for line in lines]
    return [(line, passage(title, [sentences[i] for i in line["sentences"]])) for line, title, sentences in found]


def test_true_sentences_are_told_from_false_ones(abstracts: dict[str, tuple[str, list[str]]]) -> None:
    lines = written("fit_claims.jsonl", abstracts)
    true, false = (
        [float(c) for c in read([(claim, there) for line, there in lines for claim in line[kind]], SUPPORTS)]
        for kind in ("true", "false")
    )
    assert auroc(true, false) > 0.8


def test_what_answers_a_question_is_told_from_what_does_not(abstracts: dict[str, tuple[str, list[str]]]) -> None:
    lines = written("fit_questions.jsonl", abstracts)
    chances = read([(line["question"], there) for line, there in lines], ANSWERS)
    fact, near = (
        [float(c) for (line, _), c in zip(lines, chances, strict=True) if line["kind"] == kind]
        for kind in ("fact", "near")
    )
    assert auroc(fact, near) > 0.7


def test_what_is_about_something_else_says_nothing() -> None:
    title, sentence = "Owls at Night: Sparse Attention for Long Audio", "It reads one hour of audio at once."
    other = passage("Pruning Forests for Tabular Data", ["LeafCut removes 60% of the trees of a random forest."])
    for head, text in (
        (SUPPORTS, "The network reads a whole hour of audio at once."),
        (ANSWERS, "How much is read?"),
    ):
        own, beside = read([(text, passage(title, [sentence])), (text, other)], head)
        assert own > beside


def test_pairs_of_any_length_are_read_and_each_for_itself() -> None:
    pairs = [("owl " * n, "night " * m) for n, m in ((1, 1), (400, 3), (3, 400), (0, 0), (9, 9))]
    together = read(pairs * 3, SUPPORTS)
    assert together.shape == (15,)
    assert np.all((together >= 0) & (together <= 1))
    assert np.allclose(together[:5], read(pairs, SUPPORTS), atol=0.1)
    assert read([], SUPPORTS).shape == (0,)


def test_what_is_trained_on_is_not_what_is_fitted_or_measured_on() -> None:
    trained, fitted, measured = (
        {json.loads(line)["arxiv_id"] for name in names for line in (BENCH / name).read_text("utf-8").splitlines()}
        for names in (
            ("train_claims.jsonl", "train_questions.jsonl"),
            ("fit_claims.jsonl", "fit_questions.jsonl"),
            ("paraphrases.jsonl", "unfaithful.jsonl"),
        )
    )
    assert trained
    assert fitted
    assert not trained & fitted
    assert not (trained | fitted) & measured
