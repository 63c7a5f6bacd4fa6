"""The measured part of the check: what a claim and a paper have in common, and how likely that makes support.

Three logistic models stand behind it: evidence (does the paper speak of this at all?), agreement (does it say so,
or the contrary?) and said (do these very sentences say it?), which knows what the reader thinks. Their coefficients
are in `model.json`, written by `python -m bench.grounding --tune`.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answers.grounding import direction
from bot.answers.grounding.likeness import Likeness, PaperText, likeness

EVIDENCE = ("cosine", "second_cosine", "missing", "missing_share", "conflict", "chain_sum")
AGREEMENT = ("conflict", "chain_plain", "negation", "chain_title")
SAID = ("cosine", "turned", "read", "in_order")
_DOUBT = 1e-6  # the least chance that the reader may be wrong
_TOP = 4  # sentences whose direction is looked at
_SHARPNESS = 6.0  # how much the likest of them count beside the others


@dataclass(frozen=True)
class Scored:
    """A claim beside a paper: its likeness word by word, and, at the first use, what else there is to compare.

    `cosines` has a value for each sentence of the paper, in order.
    """

    claim: str
    paper: PaperText
    likeness: Likeness
    cosines: NDArray[np.float32]

    @cached_property
    def joint(self) -> NDArray[Any]:
        """How like the claim each sentence is, by vector and by words; 0–2."""
        return self.cosines + self.likeness.shares()

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The sentences, the likest first."""
        return tuple(int(i) for i in np.argsort(-self.joint, kind="stable"))

    @cached_property
    def features(self) -> Mapping[str, float]:
        """What evidence and agreement look at."""
        ranked = np.sort(self.cosines)[::-1]
        missing = self.likeness.missing
        return {
            "cosine": float(ranked[0]),
            "second_cosine": float(ranked[min(1, len(ranked) - 1)]),
            "missing": missing,
            "missing_share": missing / (float(self.likeness.weights.sum()) or 1.0),
            **_direction(self.claim, self.paper.rows, self.joint, self.order),
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


def said(cosine: float, turned: float, read: float | None) -> float:
    """How likely some sentences, of which the likest has this cosine, say what is claimed; 0–1.

    `turned` says how surely they say an opposite; `read` is the chance that the reader gives, None where nothing need
    be read, for they have the claim's words in their order.
    """
    return probability(model()["said"], said_features(cosine, turned, read))


def said_features(cosine: float, turned: float, read: float | None) -> dict[str, float]:
    """What `said` looks at."""
    chance = min(max(0.5 if read is None else read, _DOUBT), 1 - _DOUBT)
    odds = math.log(chance / (1 - chance))
    return {"cosine": cosine, "turned": turned, "read": odds, "in_order": float(read is None)}


def score(claim: str, paper: PaperText, cosines: NDArray[np.float32]) -> Scored:
    """Score `claim` against a paper; `cosines` has a value for each sentence of the paper, in order."""
    return Scored(claim, paper, likeness(claim, paper), cosines)


def _direction(claim: str, rows: Sequence[str], joint: NDArray[Any], order: Sequence[int]) -> dict[str, float]:
    top = list(order[:_TOP])
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
