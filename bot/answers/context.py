"""What of the evidence a model is given to read: as much as it has room for, the best first."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers import tokens
from bot.answers.evidence import EvidencePaper
from bot.answers.instructions import gives_orders
from bot.answers.models import Room

_HEAD_TOKENS = 40  # of what stands around a paper's text beside its title: delimiters, key, date
_BRIEF_HEAD_TOKENS = 6
_WORTH = 0.5  # a sentence is given to a brief model where it bears on the question as this share of the best


@dataclass(frozen=True, slots=True)
class Given:
    """A paper as a model is given it: the text of some of its sentences, in the order of the abstract."""

    paper: EvidencePaper
    text: str

    @property
    def title(self) -> str:
        """The title; empty where it gives orders to a reader's model."""
        return "" if gives_orders(self.paper.title) else self.paper.title


def give(evidence: Sequence[EvidencePaper], scores: Sequence[Sequence[float]], room: Room, model: str) -> list[Given]:
    """What fits into `room`; sentences that give orders are left out, and papers that have no other.

    `scores` tells of each paper's sentences how much they bear on the question. A large model is given whole
    abstracts, paper by paper as they are ranked; a brief one the sentences of the first papers that bear most on the question.
    """
    kept = [n for n, p in enumerate(evidence) if p.usable][: room.papers]
    papers, scores = [evidence[n] for n in kept], [scores[n] for n in kept]
    if not papers:
        return []
    if room.brief:
        return _best_sentences(papers, scores, room, model) or [_first(papers[0], room, model)]
    return _abstracts(papers, room, model) or [_first(papers[0], room, model)]


def _abstracts(papers: Sequence[EvidencePaper], room: Room, model: str) -> list[Given]:
    """Whole abstracts while there is room: a part of one could mislead."""
    given: list[Given] = []
    left = room.evidence_tokens
    for paper in papers:
        text = " ".join(paper.sentences[i] for i in paper.usable)
        left -= tokens.count(paper.title, model) + _HEAD_TOKENS + tokens.count(text, model)
        if left < 0:
            break
        given.append(Given(paper, text))
    return given


def _first(paper: EvidencePaper, room: Room, model: str) -> Given:
    """As much of a paper's beginning as there is room for, where even one is too long."""
    text = " ".join(paper.sentences[i] for i in paper.usable)
    while tokens.count(text, model) + tokens.count(paper.title, model) + _HEAD_TOKENS > room.evidence_tokens:
        text = text[: len(text) * 3 // 4]
        if not text:
            break
    return Given(paper, text)


def _best_sentences(
    papers: Sequence[EvidencePaper], scores: Sequence[Sequence[float]], room: Room, model: str
) -> list[Given]:
    """Sentences in the order of how much they bear on the question; the first paper's best two come before all."""
    ranked = sorted(
        ((score, n, i) for n, paper in enumerate(papers) for i, score in enumerate(scores[n]) if i in paper.usable),
        key=lambda found: -found[0],
    )
    of_first = [found for found in ranked if found[1] == 0][:2]
    taken: dict[int, list[int]] = {}
    left = room.evidence_tokens
    for score, n, i in of_first + [found for found in ranked if found not in of_first]:
        size = tokens.count(papers[n].sentences[i], model) + 1
        if n not in taken:
            size += tokens.count(papers[n].title, model) + _BRIEF_HEAD_TOKENS
        if size <= left and (n == 0 or score >= _WORTH * ranked[0][0]):
            taken.setdefault(n, []).append(i)
            left -= size
    return [
        Given(papers[n], " ".join(papers[n].sentences[i] for i in sorted(chosen)))
        for n, chosen in sorted(taken.items())
    ]
