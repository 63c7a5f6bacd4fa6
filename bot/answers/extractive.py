"""Answers without a model: the sentences of the best papers that bear most on the question, word for word."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.answers.evidence import EvidencePaper, QuestionWords
from bot.library.likeness import has_name

PER_PAPER = 3  # sentences quoted of the best paper
PER_OTHER = 2  # of each further one
PAPERS = 3
# A further paper is quoted where its score is at least this share of the first one's, and its best sentence bears on
# the question as much as that share of the best; the second row where the question is about several papers.
NEAR_BEST = (0.87, 0.8)
NEAR_BEST_OF_SEVERAL = (0.77, 0.65)
WORTH = 0.7  # and a further sentence of a paper where it bears on it as much as this share of the best


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence chosen: which paper of the evidence, which sentence of it, and how much it bears on the question."""

    paper: int
    sentence: int
    score: float


def choose(
    evidence: Sequence[EvidencePaper],
    scores: Sequence[Sequence[float]],
    words: QuestionWords,
    *,
    titled: bool = False,
) -> list[Quote]:
    """The sentences that answer best: paper by paper, the best paper first, in the order of the abstract.

    `evidence` is ranked, and `scores` tells of each sentence how much it bears on the question. The first paper is
    always quoted where it has a usable sentence, and alone where the
    question has its title (`titled`) and asks for no others.
    """
    bests = [max(s, default=-1.0) for s in scores]
    quotes: list[Quote] = []
    quoted = 0
    for number, of_paper in enumerate(scores):
        first = quoted == 0
        if bests[number] <= 0 and not (first and bests[number] > -1):
            continue
        paper = evidence[number]
        several = also_asked(evidence[0], paper, words)
        if titled and not first and not several:
            break
        score, best = NEAR_BEST_OF_SEVERAL if several else NEAR_BEST
        if not first and (paper.hit.score < score * evidence[0].hit.score or bests[number] < best * max(bests)):
            continue
        allowed = PER_PAPER if first else PER_OTHER
        distinct = {s: i for i, s in reversed(list(enumerate(paper.sentences)))}.values()
        ranked = sorted(distinct, key=lambda i: -of_paper[i])[:allowed]
        chosen = [i for i in ranked if of_paper[i] > -1 and of_paper[i] >= WORTH * bests[number]]
        quotes += [Quote(number, i, of_paper[i]) for i in sorted(chosen)]
        quoted += 1
        if quoted == PAPERS:
            break
    return quotes


def also_asked(first: EvidencePaper, paper: EvidencePaper, words: QuestionWords) -> bool:
    """Whether a question is about `paper` beside the `first`: about several papers, or by a name that the first has not."""
    names = words.terms.names
    return words.several or any(has_name(paper.text, name) and not has_name(first.text, name) for name in names)


def summarise(paper: EvidencePaper, title_vector: NDArray[np.float32]) -> list[Quote]:
    """Two or three sentences that stand for a paper: near to its title and to the rest of its abstract."""
    usable = list(paper.usable)
    if not usable:
        return []
    rows = paper.vectors[usable]
    centre = rows.mean(axis=0)
    central = rows @ (centre / max(float(np.linalg.norm(centre)), 1e-12))
    scores = (rows @ title_vector + central) / 2
    ranked = sorted(range(len(usable)), key=lambda i: -float(scores[i]))[:3]
    return [Quote(0, usable[i], float(np.clip(scores[i], 0, 1))) for i in sorted(ranked)]
