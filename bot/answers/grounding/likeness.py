"""How much of a claim a paper's sentences say, word by word: exact, by abbreviation, in another form or a near word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.answers.grounding.numbers import is_figure
from bot.answers.grounding.words import (
    REPORTING,
    STOP_WORDS,
    Word,
    abbreviations,
    content,
    grams,
    near_words,
    sentence_grams,
    stem,
    weight,
    words,
)

Floats = NDArray[np.float64]

_BREAK = re.compile(r"[,;:]|\s(?:while|whereas|but|and|because|although)\s")
_CLAUSE = 3  # content words
_RUN = 6
_LONG = 10  # content words from which on a sentence may hide a run that nothing says
# What a word's other form or near word is worth must reach this, else it is worth nothing.
_LEAST_CREDIT = 0.55
_LIGHT = 0.05  # weight of a stop word beside content words' 0.1–1


class PaperText:
    """A paper's title and sentences, prepared once for all claims. Row 0 is the title, row i + 1 sentence i."""

    def __init__(self, title: str, sentences: Sequence[str]) -> None:
        self.rows = (title, *sentences)
        short = abbreviations(f"{title}. {' '.join(sentences)}")
        self.stems = [_with_abbreviations(frozenset(w.stem for w in words(row)), short) for row in self.rows]
        self.grams = [sentence_grams(row) for row in self.rows]
        self.all_grams = frozenset().union(*self.grams)


def _with_abbreviations(found: frozenset[str], short: dict[str, tuple[str, ...]]) -> frozenset[str]:
    """The stems with both forms of each abbreviation of which one is there."""
    more = set(found)
    for low, expansion in short.items():
        if stem(low) in found or low in found:
            more.update(expansion)
        elif expansion and found.issuperset(expansion):
            more.update((low, stem(low)))
    return frozenset(more)


@dataclass(frozen=True, slots=True)
class Likeness:
    """A claim's content words against a paper's rows.

    `weights` has shape (words,); `credits` has shape (rows, words), each 0–1: how far a row says a word. `missing` is
    the summed weight of what the words' letters find nowhere in the paper; `figures`, shape (words,), are the words that
    numbers are checked by. `stretches` are runs of the words, (first, behind the last): clauses, and every few words in a row of a long claim.
    """

    weights: Floats
    credits: Floats
    missing: float
    figures: NDArray[np.bool_]
    stretches: tuple[tuple[int, int], ...]

    def barest(self, rows: Sequence[int]) -> float:
        """The share of its weight, figures apart, that `rows` say of the stretch of which they say least; 0–1."""
        weights = np.where(self.figures, 0.0, self.weights)
        best = self.credits[list(rows)].max(axis=0) * weights
        shares = [best[a:b].sum() / total for a, b in self.stretches if (total := weights[a:b].sum())]
        return float(min(shares, default=1.0))

    def shares(self, beside: int | None = None) -> Floats:
        """What each sentence says of the claim's weight, alone or together with row `beside`; (sentences,), 0–1."""
        rows = self.credits[1:] if beside is None else np.maximum(self.credits[1:], self.credits[beside])
        total = float(self.weights.sum())
        return rows @ self.weights / total if total else np.zeros(len(rows))

    def covered(self, rows: Sequence[int]) -> float:
        """The share of the claim's weight that the best of `rows` say, word by word; 0–1."""
        total = float(self.weights.sum())
        return float(self.credits[list(rows)].max(axis=0) @ self.weights) / total if total and rows else 0.0


def likeness(claim: str, paper: PaperText) -> Likeness:
    """Compare `claim` with every row of `paper`."""
    own = abbreviations(claim)
    chosen = tuple(w for w in content(claim) if w.low not in own) or content(claim)
    weights = np.array([weight(w.stem) for w in chosen], np.float64)
    credits = np.array([_credits(w, paper) for w in chosen], np.float64).reshape(len(chosen), len(paper.rows)).T
    figures = np.array([is_figure(w.low) for w in chosen], np.bool_)
    return Likeness(weights, credits, _missing(claim, paper.all_grams), figures, _stretches(claim, chosen))


def _stretches(claim: str, chosen: Sequence[Word]) -> tuple[tuple[int, int], ...]:
    """Every `_RUN` words in a row, and every part of at least `_CLAUSE` words between commas and the like."""
    breaks = [m.start() for m in _BREAK.finditer(claim)]
    part = [sum(b < w.start for b in breaks) for w in chosen]
    edges = [0, *(i for i in range(1, len(part)) if part[i] != part[i - 1]), len(part)]
    clauses = [(a, b) for a, b in pairwise(edges) if b - a >= _CLAUSE]
    runs = [(i, i + _RUN) for i in range(len(chosen) - _RUN + 1)] if len(chosen) >= _LONG else []
    return (*clauses, *runs)


def _credits(word: Word, paper: PaperText) -> list[float]:
    """How far each row of `paper` says `word`; 0–1."""
    near, pieces = near_words(word.stem), grams(word.low) if len(word.low) > 4 else frozenset()
    found = []
    for stems, letters in zip(paper.stems, paper.grams, strict=True):
        if word.stem in stems or word.low in stems:
            found.append(1.0)
            continue
        alike = max((near[other] for other in near.keys() & stems), default=0.0)
        best = max(alike, len(pieces & letters) / (len(pieces) or 1))
        found.append(best if best >= _LEAST_CREDIT else 0.0)
    return found


def _letters_found(low: str, letters: frozenset[str]) -> float:
    pieces = grams(low)
    return len(pieces & letters) / len(pieces)


def _missing(claim: str, letters: frozenset[str]) -> float:
    total = 0.0
    for word in words(claim):
        light = word.low in STOP_WORDS or word.low in REPORTING
        total += (_LIGHT if light else weight(word.stem)) * (1 - _letters_found(word.low, letters))
    return total
