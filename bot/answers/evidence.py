"""Evidence: the papers that an answer may draw on, and how well they fit the question."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bot.answers.instructions import gives_orders
from bot.library.lexical import STOP_WORDS, query_stems, stem
from bot.library.library import Library
from bot.library.retriever import Hit

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class EvidencePaper:
    """A retrieved paper with the vectors of its sentences, shape (sentences, dimension).

    `usable` are the numbers of the sentences that may be shown or may support anything: those that give
    orders to a reader's model may not.
    """

    hit: Hit
    vectors: NDArray[np.float32]

    @property
    def title(self) -> str:
        """The paper's title."""
        return self.hit.stored.paper.title

    @property
    def sentences(self) -> tuple[str, ...]:
        """The sentences of its abstract."""
        return self.hit.stored.paper.sentences

    @cached_property
    def usable(self) -> tuple[int, ...]:
        """Numbers of the sentences that give no orders."""
        return tuple(i for i, s in enumerate(self.sentences) if not gives_orders(s))


@dataclass(frozen=True)
class Fit:
    """How well evidence fits a question: the best sentence's cosine, and the share of its weighty words found."""

    cosine: float
    coverage: float


class QuestionWords:
    """The content words of a question with their weight: rare words of the library weigh more."""

    def __init__(self, question: str, library: Library) -> None:
        self.weights: dict[str, float] = {}
        for word in query_stems(question):
            seen, total = library.document_frequency(word)
            self.weights[word] = math.log((total + 1) / (seen + 0.5)) if total else 1.0

    def coverage(self, text: str) -> float:
        """The weighted share of the question's words that `text` has, 0–1."""
        total = sum(self.weights.values())
        if total <= 0:
            return 0.0
        words = {s for word in _WORD.findall(text.lower()) for s in stem(word)}
        return sum(weight for word, weight in self.weights.items() if word in words) / total


def gather(library: Library, hits: Sequence[Hit]) -> list[EvidencePaper]:
    """The evidence of `hits`, in their order."""
    vectors = library.sentence_vectors([hit.stored for hit in hits])
    return [EvidencePaper(hit, rows) for hit, rows in zip(hits, vectors, strict=True)]


def relevance(paper: EvidencePaper, vector: NDArray[np.float32], words: QuestionWords) -> list[float]:
    """How much each sentence of `paper` bears on the question: cosine plus word coverage, halved; unusable −1.

    The two find different sentences: on SciFact's claims either alone finds a gold sentence less often.
    """
    cosines = paper.vectors @ vector if len(paper.vectors) else np.zeros(0, np.float32)
    scores = [-1.0] * len(paper.sentences)
    for i in paper.usable:
        scores[i] = (float(cosines[i]) + words.coverage(paper.sentences[i])) / 2
    return scores


def fit(evidence: Sequence[EvidencePaper], vector: NDArray[np.float32], words: QuestionWords) -> Fit:
    """How well the best of `evidence` fits the question."""
    cosine = coverage = 0.0
    for paper in evidence:
        usable = list(paper.usable)
        if usable:
            cosine = max(cosine, float((paper.vectors[usable] @ vector).max()))
        text = " ".join([paper.title, *(paper.sentences[i] for i in usable)])
        coverage = max(coverage, words.coverage(text))
    return Fit(cosine, coverage)


def without_titles(question: str, evidence: Sequence[EvidencePaper]) -> str:
    """`question` without the titles of papers that stand in it whole; itself where nothing else is asked."""
    rest = question
    for paper in evidence:
        rest = re.sub(re.escape(paper.title), " ", rest, flags=re.IGNORECASE)
    return rest if query_stems(rest) and any(w.lower() not in STOP_WORDS for w in _WORD.findall(rest)) else question
