"""The measured part of the check: what a claim and a paper have in common, and how likely that makes support.

Three logistic models stand behind it: evidence (does the paper speak of this at all?), agreement (does it say so,
or the contrary?) and said (do these very sentences say it?), which knows what the reader thinks. Their coefficients are in `model.json`, written by
`python -m bench.grounding --tune`.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answers.grounding import direction
from bot.answers.grounding.likeness import Likeness, PaperText, likeness

EVIDENCE = ("cosine", "second_cosine", "missing", "missing_share", "conflict", "chain_sum")
AGREEMENT = ("conflict", "chain_plain", "negation", "chain_title")
SAID = ("cosine", "covered", "turned", "read")
_TITLE = 0.2  # what a word counts that stands in the title alone, beside one in the sentences cited
_SURE = 15.0  # logarithm of the odds of what the reader is certain of
_TOP = 4  # sentences whose direction is looked at
_SHARPNESS = 6.0  # how much the likest of them count beside the others


@dataclass(frozen=True, slots=True)
class Scored:
    """A claim beside a paper: its likeness word by word, the order of the sentences, best first, and the features."""

    likeness: Likeness
    order: tuple[int, ...]
    features: Mapping[str, float]

    def said(self, chosen: Sequence[int], cosine: float, turned: float, read: float) -> float:
        """How likely the sentences `chosen`, of which the likest has this cosine, say what is claimed; 0–1.

        `turned` says how surely they say an opposite, `read` is the chance that the reader gives.
        """
        return probability(model()["said"], self.said_features(chosen, cosine, turned, read))

    def said_features(self, chosen: Sequence[int], cosine: float, turned: float, read: float) -> dict[str, float]:
        """What `said` looks at; names are left out of the words covered, for they are all over their paper."""
        rows = [i + 1 for i in chosen]
        inside, beside = (self.likeness.covered(r, names=False) for r in (rows, [0, *rows]))
        return {
            "cosine": cosine,
            "covered": (1 - _TITLE) * inside + _TITLE * beside,
            "turned": turned,
            "read": math.log(read / (1 - read)) if 0 < read < 1 else math.copysign(_SURE, read - 0.5),
        }

    def barest(self, chosen: Sequence[int]) -> float:
        """The share that the sentences `chosen`, or the title, say of the stretch that they say least of; 0–1."""
        return self.likeness.barest([0, *(i + 1 for i in chosen)])

    @property
    def evidence(self) -> float:
        """How likely it is that the paper speaks of what is claimed; 0–1."""
        return probability(model()["evidence"], self.features)

    @property
    def agreement(self) -> float:
        """How likely it is that the paper does not say the contrary; 0–1."""
        return probability(model()["agreement"], self.features)

    @property
    def support(self) -> float:
        """Both together; 0–1."""
        return float(self.evidence * self.agreement ** float(model()["agreement_power"]))


def score(claim: str, paper: PaperText, cosines: NDArray[np.float32]) -> Scored:
    """Score `claim` against a paper; `cosines` has a value for each sentence of the paper, in order."""
    found = likeness(claim, paper)
    joint = cosines + found.shares()
    order = np.argsort(-joint, kind="stable")
    top = order[:_TOP]
    ranked = np.sort(cosines)[::-1]
    features = {
        "cosine": float(ranked[0]),
        "second_cosine": float(ranked[min(1, len(ranked) - 1)]),
        "missing": found.missing,
        "missing_share": found.missing / (float(found.weights.sum()) or 1.0),
        **_direction(claim, paper.rows, joint, order, top),
    }
    return Scored(found, tuple(int(i) for i in order), features)


def _direction(
    claim: str, rows: Sequence[str], joint: NDArray[Any], order: NDArray[Any], top: NDArray[Any]
) -> dict[str, float]:
    found = [direction.compare(claim, (rows[i + 1],)) for i in top]
    share = np.exp(_SHARPNESS * (joint[top] - joint[top[0]]))
    share /= share.sum()
    chains = [direction.chain(claim, rows[i + 1]) for i in order]
    signs = np.array([c.sign for c in chains], float)
    covered = np.array([c.covered for c in chains])
    title = direction.chain(claim, rows[0])
    return {
        "conflict": float(np.array([d.conflict for d in found]) @ share),
        "negation": float(np.array([d.negation for d in found]) @ share),
        "chain_plain": float(signs[: len(top)] @ share),
        "chain_sum": float(signs @ covered**3),
        "chain_title": title.sign * title.covered**2,
    }


@cache
def model() -> dict[str, Any]:
    """The coefficients and thresholds that were found by tuning."""
    found: dict[str, Any] = json.loads(files("bot.answers.grounding").joinpath("model.json").read_text("utf-8"))
    return found


def probability(fitted: Mapping[str, Any], features: Mapping[str, float]) -> float:
    """The chance that a logistic model with these coefficients gives to `features`; 0–1."""
    value = fitted["constant"] + sum(c * features[name] for name, c in fitted["weights"].items())
    return float(1 / (1 + np.exp(-value)))
