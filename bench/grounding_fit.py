"""Finds the coefficients and thresholds of the check on the tuning halves, and writes them to its `model.json`.

Each head is a logistic model with a ridge penalty, fitted by Newton's method on standardised features, and turned
back to plain ones. Nothing here sees the held-back halves.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import bot.answers.grounding
from bench.grounding_data import KEPT, Case, Daily, Pair, auroc, check_all, vectors_of
from bot.answers.grounding import Evidence, check, scoring
from bot.answers.grounding.claims import Naming
from bot.answers.grounding.edits import in_order
from bot.answers.grounding.likeness import PaperText
from bot.answers.grounding.objections import turned
from bot.answers.grounding.scoring import AGREEMENT, EVIDENCE, SAID, Scored
from bot.library.reader import SUPPORTS, passage, read

MODEL = Path(bot.answers.grounding.__file__).parent / "model.json"
RIDGE = 10.0
SAID_RIDGE = 1.0
POWERS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
FOLDS, ROUNDS = 5, 4  # of the cross-validation, by abstract, that chooses among the powers
KEEP = 0.81  # of the paraphrases to fit on
LEAST_SUPPORT = 0.1
LEAST_COSINE = 0.45  # of the true rewordings to fit on, one in 150 lies below it, and of the inventions one in 25
LEAST_BAREST = 0.15  # below it next to nothing of a stretch is said
LEAST_BAREST_OF_TWO = 0.33  # a second sentence covers words by chance
CHANGED = ("direction", "negation", "addition")  # the other changes are for hard checks
OTHERS, OTHER_PAPERS = 2, 0.3  # papers that a sentence is not about, and the weight of an example from one
EVERY = 3  # of the sentences to fit on, this one in so many sets the limit

Floats = NDArray[np.float64]


def fit(
    rows: Sequence[Mapping[str, float]],
    names: Sequence[str],
    labels: Sequence[bool],
    weights: Sequence[float],
    ridge: float,
) -> dict[str, Any]:
    """A logistic model of `labels` on the features `names` of `rows`."""
    features = np.array([[row[n] for n in names] for row in rows])
    mean, scale = features.mean(0), features.std(0) + 1e-9
    x = np.hstack([(features - mean) / scale, np.ones((len(rows), 1))])
    y, w = np.array(labels, float), np.array(weights, float)
    penalty = np.array([ridge] * len(names) + [1e-6])
    b = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ b))
        gradient = x.T @ (w * (p - y)) + penalty * b
        hessian = (x * (w * p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        b -= np.linalg.solve(hessian, gradient)
    plain = b[:-1] / scale
    return {
        "constant": round(float(b[-1] - plain @ mean), 4),
        "weights": {n: round(float(c), 4) for n, c in zip(names, plain, strict=True)},
    }


def tune(pairs: Sequence[Pair], scored: Sequence[Scored], daily: Daily) -> None:
    """Fit everything, and write it."""
    mine = [(p, s) for p, s in zip(pairs, scored, strict=True) if p.split == "tune"]
    found: dict[str, Any] = {
        "made_by": "python -m bench.grounding --tune",
        "evidence": _head(mine, EVIDENCE, "SUPPORT", ""),
        "agreement": _head(mine, AGREEMENT, "SUPPORT", "CONTRADICT"),
        "agreement_power": _power(mine),
        "least_support": LEAST_SUPPORT,
        "least_cosine": LEAST_COSINE,
        "least_barest": LEAST_BAREST,
        "least_barest_of_two": LEAST_BAREST_OF_TWO,
    }
    _use(found | {"least_said": 0.0})
    found["said"] = _said(daily)
    _use(found | {"least_said": 2.0})  # nothing reaches it, so that all is looked at
    supports = _supports(daily)
    least = round(float(np.quantile(supports["paraphrase"], 1 - KEEP)), 3)
    for kind, values in supports.items():
        shares = (
            f"{np.mean(np.array(values) >= limit):.1%} {limit:.2f}" for limit in (least, 0.2, 0.3, 0.4, 0.5, 0.6)
        )
        print(f"{kind}: of {len(values)} reach: {', '.join(shares)}")
    _use(found | {"least_said": least})


def _head(mine: Sequence[tuple[Pair, Scored]], names: Sequence[str], yes: str, no: str) -> dict[str, Any]:
    chosen = [(s.features, p.label == yes) for p, s in mine if p.label in (yes, no)]
    return fit([f for f, _ in chosen], names, [y for _, y in chosen], [1.0] * len(chosen), RIDGE)


def _power(mine: Sequence[tuple[Pair, Scored]]) -> float:
    """How much agreement counts in support: as much as costs nothing in telling SUPPORT from no evidence.

    Of `POWERS` the largest whose area under ROC, cross-validated, is not below that of evidence alone.
    """
    areas = {power: [0.0, 0.0] for power in POWERS}
    docs = sorted({pair.doc for pair, _ in mine})
    for seed in range(ROUNDS):
        order = np.random.default_rng(seed).permutation(docs)
        fold = {str(doc): i % FOLDS for i, doc in enumerate(order)}
        found: list[tuple[str, float, float]] = []
        for k in range(FOLDS):
            rest = [(p, s) for p, s in mine if fold[p.doc] != k]
            heads = _head(rest, EVIDENCE, "SUPPORT", ""), _head(rest, AGREEMENT, "SUPPORT", "CONTRADICT")
            for pair, one in mine:
                if fold[pair.doc] == k:
                    found.append((pair.label, *(scoring.probability(head, one.features) for head in heads)))
        for power, sums in areas.items():
            by = {
                label: [e * a**power for name, e, a in found if name == label]
                for label in ("SUPPORT", "", "CONTRADICT")
            }
            sums[0] += auroc(by["SUPPORT"], by[""]) / ROUNDS
            sums[1] += auroc(by["SUPPORT"], by["CONTRADICT"]) / ROUNDS
    for power, (first, second) in areas.items():
        print(f"power {power}: against none {first:.4f}, against contradiction {second:.4f}")
    return max(power for power, sums in areas.items() if sums[0] >= areas[0.0][0])


def _said(daily: Daily) -> dict[str, Any]:
    """Fitted on true sentences and what they were made from, against false ones and other papers' likest sentences."""
    made: list[tuple[str, Evidence, float, list[str]]] = []
    labels: list[bool] = []
    weights: list[float] = []
    cases = _tuning(daily)
    vectors = vectors_of([c.text for c in cases], "fit")
    for case, vector in zip(cases, vectors, strict=True):
        true = case.kind in KEPT
        others = [key for key in daily.around(case.arxiv_id) if key != case.arxiv_id and true]
        for key in (case.arxiv_id, *others[:OTHERS]):
            own = key == case.arxiv_id
            paper = daily.evidence[key]
            cosines = paper.vectors @ vector
            found = scoring.score(case.text, PaperText(paper.title, paper.sentences), cosines)
            chosen = sorted(case.sentences if own and case.sentences else found.order[:1])
            rows = [paper.sentences[i] for i in chosen]
            made.append((case.text, paper, max(float(cosines[i]) for i in chosen), rows))
            labels.append(own and true)
            weights.append(1.0 if own else OTHER_PAPERS)
    chances = read([(text, passage(paper.title, rows)) for text, paper, _, rows in made], SUPPORTS)
    features = []
    for (text, paper, cosine, rows), chance in zip(made, chances, strict=True):
        known = None if in_order(text, rows, Naming(paper.title, paper.sentences)) else float(chance)
        features.append(scoring.said_features(cosine, turned(text, rows), known))
    return fit(features, SAID, labels, weights, SAID_RIDGE)


def _tuning(daily: Daily) -> list[Case]:
    """True and false sentences of the tuning half, and true ones with one thing changed."""
    rewritten = [c for c in daily.rewritten() if c.split == "tune"]
    close = [c for c in (*daily.verbatim(), *daily.lighter()) if c.split == "tune"]
    changed = [c for c in daily.perturbed([*rewritten, *close]) if c.kind in CHANGED]
    return [*rewritten, *close, *changed, *daily.claimed(), *(c for c in daily.invented() if c.split == "tune")]


def _supports(daily: Daily) -> dict[str, list[float]]:
    """How well each sentence of the tuning half is supported, 0–1, where no hard check fails; by kind."""
    cases = _tuning(daily)[::EVERY]
    found: dict[str, list[float]] = defaultdict(list)
    for case, verdict, _ in check_all(cases, daily, check, "fit"):
        found[case.kind].append(verdict.support)
    return found


def _use(found: Mapping[str, Any]) -> None:
    MODEL.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    scoring.model.cache_clear()
