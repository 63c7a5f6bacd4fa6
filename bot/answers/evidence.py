"""Evidence: the papers that an answer may draw on, and how much each of their sentences bears on the question."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bot.answers.asked import Asked, asked_for, asks_for_several, stated
from bot.answers.instructions import gives_orders
from bot.library.lexical import STOP_WORDS, query_stems
from bot.library.library import Library
from bot.library.likeness import QuestionTerms, question_terms
from bot.library.reader import ANSWERS, passage, read
from bot.library.retriever import Hit
from bot.papers.text import main_title

_WORD = re.compile(r"\w+")

# What a sentence's bearing on a question is made of; see bench/answers.py.
COSINE, WORDS, FORM, ANSWER = 0.5, 0.5, 0.15, 1.0
READ = 6  # sentences of the first paper, the best by the rest of it, that are read beside the question
SURE = 0.7  # a chance, 0–1, that one of them answers, from which on no further one is read
# What a paper's best sentence, read beside the question, adds to its score. Papers that it can lift to the first place
# are ranked anew, RANKED of them at most.
FOUND = 0.1
RANKED = 2


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

    @property
    def text(self) -> str:
        """The title and the abstract."""
        return f"{self.title} {self.hit.stored.paper.abstract}"

    @cached_property
    def usable(self) -> tuple[int, ...]:
        """Numbers of the sentences that give no orders."""
        return tuple(i for i, s in enumerate(self.sentences) if not gives_orders(s))


class QuestionWords:
    """The content words of a question with their weight, and what it asks for: rare words of the library weigh more."""

    def __init__(self, question: str, library: Library) -> None:
        self.terms: QuestionTerms = question_terms(question, library.frequencies())
        self.asked: Asked = asked_for(question)
        self.several: bool = asks_for_several(question)

    def coverage(self, text: str) -> float:
        """The weighted share of the question's words that `text` has, 0–1; words of like meaning count in part."""
        return self.terms.coverage(self.terms.matches([text]))


def gather(library: Library, hits: Sequence[Hit]) -> list[EvidencePaper]:
    """The evidence of `hits`, in their order."""
    vectors = library.sentence_vectors([hit.stored for hit in hits])
    return [EvidencePaper(hit, rows) for hit, rows in zip(hits, vectors, strict=True)]


class Reading:
    """What the reader thinks of sentences as answers to a question; each is read once."""

    def __init__(self, question: str) -> None:
        self._question = question
        self._known: dict[tuple[str, int], float] = {}

    def chance(self, paper: EvidencePaper, sentence: int) -> float:
        """The chance, 0–1, that a sentence of a paper answers."""
        key = (paper.hit.stored.id, sentence)
        if key not in self._known:
            there = passage(paper.title, [paper.sentences[sentence]])
            self._known[key] = float(read([(self._question, there)], ANSWERS)[0])
        return self._known[key]


@dataclass(frozen=True, slots=True)
class Relevance:
    """How much each sentence of each paper bears on a question; −1 for those that may not be shown.

    `papers` are in the order of the scores. `answered` is the best chance, 0–1, that the reader gives to a sentence of
    the first paper to answer the question.
    """

    papers: list[EvidencePaper]
    scores: list[list[float]]
    answered: float


def relevance(
    question: str, evidence: Sequence[EvidencePaper], vector: NDArray[np.float32], words: QuestionWords
) -> Relevance:
    """How much the sentences of `evidence` bear on `question`, which puts the first papers in a new order.

    The best sentence of each paper that may come first is read beside the question, then more of the first.
    """
    reading = Reading(question)
    pairs = [(paper, bearing(paper, vector, words)) for paper in evidence]
    pairs = _ranked_anew(pairs, reading)
    answered = 0.0
    for paper, scores in pairs[:1]:
        highest = max(scores, default=0.0)
        for i in _best(paper, scores, READ):
            chance = reading.chance(paper, i)
            scores[i] += ANSWER * chance
            answered = max(answered, chance)
            if chance >= SURE:
                break
        scale = highest / max(scores) if highest > 0 else 1.0  # beside other papers, which are not read
        scores[:] = [score * scale if score > 0 else score for score in scores]
    return Relevance([paper for paper, _ in pairs], [scores for _, scores in pairs], answered)


def _ranked_anew(
    pairs: list[tuple[EvidencePaper, list[float]]], reading: Reading
) -> list[tuple[EvidencePaper, list[float]]]:
    """The papers and their scores, those first that the reader takes for what is looked for."""
    least = pairs[0][0].hit.score - FOUND if pairs else 0.0
    lifted = [n for n, (paper, _) in enumerate(pairs[:RANKED]) if paper.usable and paper.hit.score > least]
    if len(lifted) < 2:
        return pairs

    def found(n: int) -> float:
        paper, scores = pairs[n]
        return paper.hit.score + FOUND * reading.chance(paper, _best(paper, scores, 1)[0])

    rest = [n for n in range(len(pairs)) if n not in lifted]
    return [pairs[n] for n in (*sorted(lifted, key=found, reverse=True), *rest)]


def _best(paper: EvidencePaper, scores: Sequence[float], n: int) -> list[int]:
    return sorted(paper.usable, key=lambda i: -scores[i])[:n]


def bearing(paper: EvidencePaper, vector: NDArray[np.float32], words: QuestionWords) -> list[float]:
    """How much each sentence of `paper` bears on what is asked, as far as can be told without reading.

    That is its cosine, the words it has, and whether it has the form of what is asked for, such as a number before
    the noun that is counted. The first two find different sentences: on SciFact's claims either alone finds a gold
    sentence less often.
    """
    scores = [-1.0] * len(paper.sentences)
    if not paper.usable:
        return scores
    cosines = paper.vectors @ vector
    matches = words.terms.matches(paper.sentences)
    for i in paper.usable:
        form = stated(words.asked, paper.sentences[i])
        scores[i] = COSINE * float(cosines[i]) + WORDS * words.terms.coverage(matches[i]) + FORM * form
    return scores


def without_titles(question: str, evidence: Sequence[EvidencePaper]) -> str:
    """`question` without the titles of papers, or their main parts, in it; itself where nothing else is asked."""
    rest = question
    for paper in evidence:
        for title in (paper.title, main_title(paper.title)):
            rest = re.sub(re.escape(title), " ", rest, flags=re.IGNORECASE)
    return rest if query_stems(rest) and any(w.lower() not in STOP_WORDS for w in _WORD.findall(rest)) else question
