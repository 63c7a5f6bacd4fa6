"""What the reader is trained on: claims and questions beside sentences of abstracts, with what is right.

The written ones stand in `reader_claims.jsonl` (sentences that some sentences of an abstract support, and sentences
that they do not) and `reader_questions.jsonl` (questions that look for a paper, that a sentence answers, or that the
abstract does not answer). The rest is made: changes that make a true sentence false, and true sentences and
questions beside the wrong abstracts. No paper that is asked about in the held-back questions or measured on by the
grounding benches is among them, and nothing of SciFact.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bench.common import DAILY
from bench.grounding_data import CLAIMS, QUESTIONS, rows, vectors_of
from bench.grounding_perturb import KINDS, Perturb
from bot.library.embeddings import Vectors
from bot.library.reader import ANSWERS, SUPPORTS, passage
from bot.papers.text import clean, split_sentences

CHANGES = ("direction", "negation", "rank", "name", "number", "unit")
CHANGED = 0.5  # share of the true sentences that are changed, each in one way
VERBATIM = 3  # sentences of each abstract that are paired with themselves, and with a change of themselves
RIVALS = 2  # other papers' sentences beside each question
OTHERS = 3  # other sentences of the same abstract
LIKEST = 40


@dataclass(frozen=True, slots=True)
class Example:
    """Two texts read together, and what the heads should say of them: 1, 0 or None for what is not known."""

    text: str
    passage: str
    labels: tuple[int | None, int | None]
    kind: str


def examples() -> list[Example]:
    """Every pair, in a fixed random order."""
    abstracts = _Abstracts()
    made = [*_claims(abstracts), *_questions(abstracts)]
    random.Random("reader").shuffle(made)
    return made


def _label(head: int, value: int) -> tuple[int | None, int | None]:
    return (value, None) if head == SUPPORTS else (None, value)


class _Abstracts:
    """The sentences of the abstracts that something was written about, with their vectors and owners."""

    def __init__(self) -> None:
        everything = {r["arxiv_id"]: r for r in rows(DAILY)}
        keys = sorted({r["arxiv_id"] for r in (*rows(CLAIMS), *rows(QUESTIONS))})
        self.titles = {k: clean(everything[k]["title"]) for k in keys}
        self.of = {k: split_sentences(clean(everything[k]["abstract"])) for k in keys}
        self.owners = [k for k in keys for _ in self.of[k]]
        self.sentences = [s for k in keys for s in self.of[k]]
        self.first = {k: i for i, k in reversed(list(enumerate(self.owners)))}
        self.vectors = vectors_of(self.sentences, "reader-sentences")

    def likest(self, vector: Vectors) -> list[int]:
        """Places of the sentences most like a vector."""
        return [int(n) for n in np.argsort(-(self.vectors @ vector))[:LIKEST]]

    def joined(self, key: str, chosen: Sequence[int]) -> str:
        """The chosen sentences of an abstract, in their order."""
        return " ".join(self.of[key][i] for i in sorted(chosen))


def _claims(abstracts: _Abstracts) -> Iterator[Example]:
    written = rows(CLAIMS)
    drawn = random.Random("reader claims")
    claims: list[tuple[str, str, list[int]]] = []
    for row in written:
        key, evidence = row["arxiv_id"], abstracts.joined(row["arxiv_id"], row["sentences"])
        for claim in row["true"]:
            yield Example(claim, evidence, _label(SUPPORTS, 1), "true")
            claims.append((key, claim, row["sentences"]))
        for claim in row["false"]:
            yield Example(claim, evidence, _label(SUPPORTS, 0), "false")
    for key in sorted({r["arxiv_id"] for r in written}):
        own = abstracts.of[key]
        for i in drawn.sample(range(len(own)), min(VERBATIM, len(own))):
            yield Example(own[i], own[i], _label(SUPPORTS, 1), "verbatim")
            yield from _changed(own[i], own[i], own, drawn, 1.0)
    vectors = vectors_of([c for _, c, _ in claims], "reader-claims")
    for (key, claim, chosen), vector in zip(claims, vectors, strict=True):
        evidence = abstracts.joined(key, chosen)
        yield from _changed(evidence, claim, abstracts.of[key], drawn, CHANGED)
        likest = abstracts.likest(vector)
        beside = [n for n in likest if abstracts.owners[n] == key and n - abstracts.first[key] not in chosen]
        elsewhere = [n for n in likest if abstracts.owners[n] != key]
        for found in (beside[:1], elsewhere[:1]):
            if found and drawn.random() < CHANGED:
                yield Example(claim, abstracts.sentences[found[0]], _label(SUPPORTS, 0), "elsewhere")
        if beside and drawn.random() < CHANGED / 2:  # what supports it may stand beside what does not
            two = [evidence, abstracts.sentences[beside[0]]]
            drawn.shuffle(two)
            yield Example(claim, " ".join(two), _label(SUPPORTS, 1), "beside")


def _changed(evidence: str, true: str, paper: Sequence[str], drawn: random.Random, share: float) -> Iterator[Example]:
    """`true` with one thing changed, in a share of all cases."""
    if drawn.random() >= share:
        return
    given = Perturb(paper=" ".join(paper), near=paper, random=drawn)
    kinds = list(CHANGES)
    drawn.shuffle(kinds)
    for kind in sorted(kinds, key=lambda k: k not in ("direction", "negation")):
        changed = KINDS[kind](true, given)
        if changed is not None and changed != true:
            yield Example(changed, evidence, _label(SUPPORTS, 0), kind)
            return


def _questions(abstracts: _Abstracts) -> Iterator[Example]:
    written = rows(QUESTIONS)
    vectors = vectors_of([r["question"] for r in written], "reader-questions")
    for row, vector in zip(written, vectors, strict=True):
        key, kind, asked, chosen = row["arxiv_id"], row["kind"], row["question"], row["sentences"]
        title, likest = abstracts.titles[key], abstracts.likest(vector)
        for i in chosen:
            told = _label(ANSWERS, int(kind != "near"))
            yield Example(asked, passage(title, [abstracts.of[key][i]]), told, kind)
        own = [n - abstracts.first[key] for n in likest if abstracts.owners[n] == key]
        own += [i for i in range(len(abstracts.of[key])) if i not in own]
        if kind != "find":  # a paper that is looked for is told by more of its sentences than were named
            for i in [i for i in own if i not in chosen][:OTHERS]:
                yield Example(
                    asked, passage(title, [abstracts.of[key][i]]), _label(ANSWERS, 0), f"{kind}, other sentence"
                )
        if len(asked.split()) < 5 and kind != "find":
            continue  # too little to tell a paper by
        seen = {key}
        for n in likest:
            if abstracts.owners[n] not in seen and len(seen) <= RIVALS:
                seen.add(abstracts.owners[n])
                text = passage(abstracts.titles[abstracts.owners[n]], [abstracts.sentences[n]])
                yield Example(asked, text, _label(ANSWERS, 0), f"{kind}, other paper")
