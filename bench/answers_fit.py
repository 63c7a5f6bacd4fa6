"""Fits the decision to refuse on the tuning part of the question sets, and writes it to the product's refusal.json.

Two logistic models with a ridge penalty. Their limits are found on chances that cross-validation gave, so that as few
answerable questions as `SPARED_TOPIC` and `SPARED_SAID` say fall below either. Nothing here sees the held-back part.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

import bot.answers
from bench.grounding_data import auroc
from bench.grounding_fit import fit
from bot import limits
from bot.answers import refusal
from bot.answers.evidence import QuestionWords, gather, relevance, without_titles
from bot.answers.grounding.scoring import probability
from bot.answers.refusal import SAID, TOPIC, signals
from bot.library.library import Library

MODEL = Path(bot.answers.__file__).parent / "refusal.json"
RIDGE = 3.0
FOLDS = 10
# Of the answerable questions, the most that each decision may refuse: 5 % in all, with room for other questions.
SPARED_TOPIC, SPARED_SAID = 0.02, 0.01

AWAY = ("off_topic", "absent_topic")

Row = Mapping[str, float]


def fit_refusal(asked: Mapping[str, tuple[Library, Sequence[Mapping[str, Any]]]]) -> None:
    """Fit both decisions on the questions of each library, and write them."""
    rows: list[tuple[str, Row]] = []
    for library, questions in asked.values():
        found = [(str(q["kind"]), _signals(library, q)) for q in questions if q["kind"] != "hostile"]
        rows += [(kind, row) for kind, row in found if row is not None]
    topic = [(row, kind not in AWAY) for kind, row in rows]
    said = [(row, kind != "near_miss") for kind, row in rows if kind not in AWAY]
    of_topic, of_said = _cross_validated(topic, TOPIC), _cross_validated(said, SAID)
    answerable = [c for c, (kind, _) in zip(of_topic, rows, strict=True) if kind not in (*AWAY, "near_miss")]
    found_limits = {
        "least_topic": _limit(answerable, SPARED_TOPIC),
        "least_said": _limit([c for c, (_, ok) in zip(of_said, said, strict=True) if ok], SPARED_SAID),
    }
    heads = {"topic": _fit(topic, TOPIC), "said": _fit(said, SAID)}
    MODEL.write_text(
        json.dumps({"made_by": "python -m bench.answers --tune", **heads, **found_limits}, indent=1) + "\n"
    )
    refusal.model.cache_clear()
    away = [c < found_limits["least_topic"] for c, (_, ok) in zip(of_topic, topic, strict=True) if not ok]
    by = {ok: [c for c, (_, is_ok) in zip(of_said, said, strict=True) if is_ok is ok] for ok in (True, False)}
    missed = [c < found_limits["least_said"] for c in by[False]]
    print(
        f"cross-validated: {np.mean(away):.1%} of other topics and {np.mean(missed):.1%} of near misses refused; "
        f"area under ROC of answerable questions against near misses {auroc(by[True], by[False]):.3f}"
    )


def _signals(library: Library, question: Mapping[str, Any]) -> Row | None:
    """The signals of a question, or of the first turn of a dialogue; None where it names its paper by the title."""
    text = question["turns"][0]["question"] if "turns" in question else question["question"]
    evidence = gather(library, library.search(text, limits.EVIDENCE_PAPERS))
    if without_titles(text, evidence) != text:
        return None
    vector = library.embedder.embed([text])[0]
    words = QuestionWords(text, library)
    bears = relevance(text, evidence, vector, words)
    return asdict(signals(bears.papers, vector, words, text, bears.answered))


def _cross_validated(rows: Sequence[tuple[Row, bool]], names: Sequence[str]) -> list[float]:
    """The chance of each row by a model that was fitted without it."""
    folds = np.random.default_rng(5).permutation(len(rows)) % FOLDS
    chances = [0.0] * len(rows)
    for fold in range(FOLDS):
        fitted = _fit([row for row, f in zip(rows, folds, strict=True) if f != fold], names)
        for n in np.flatnonzero(folds == fold):
            chances[n] = probability(fitted, rows[n][0])
    return chances


def _fit(rows: Sequence[tuple[Row, bool]], names: Sequence[str]) -> dict[str, Any]:
    """A model that takes both answers for equally likely, whatever their numbers in `rows`."""
    labels = [label for _, label in rows]
    yes = sum(labels) / len(labels)
    weights = [0.5 / (yes if label else 1 - yes) for label in labels]
    return fit([row for row, _ in rows], names, labels, weights, RIDGE)


def _limit(chances: Sequence[float], spared: float) -> float:
    """The highest limit below which at most `spared` of `chances` are."""
    return round(sorted(chances)[int(spared * len(chances))] - 0.0005, 3)
