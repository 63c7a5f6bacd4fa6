"""What the reader is trained on: claims and questions beside sentences of abstracts, with what is right.

The written ones stand in `train_claims.jsonl` (sentences that some sentences of an abstract support, and sentences
that they do not) and `train_questions.jsonl` (questions that look for a paper, that a sentence answers, or that the
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
from bench.grounding_perturb import KINDS, Perturb, lighter
from bot.library.embeddings import Vectors
from bot.library.reader import ANSWERS, SUPPORTS, passage
from bot.papers.text import clean, split_sentences

# Each true sentence is changed in one of these ways. Numbers, units, names and ranks are left to the product's hard
# checks: a reader that minds them doubts every sentence that has one.
CHANGES = ("direction", "negation", "addition")
LAST = 0.7  # how often an addition, which is always possible, waits for the others
BESIDE = 0.5  # share of the true sentences that are read beside another sentence of their paper, and of another paper
VERBATIM = 3  # sentences of each abstract that are paired with themselves, and with a change of themselves
RIVALS = {"find": 2, "fact": 1, "near": 1}  # other papers' sentences beside each question
# Other sentences of the same abstract; a paper that is looked for is told by more of them than were named.
OTHERS = {"find": 0, "fact": 2, "near": 1}
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
    abstracts = Abstracts()
    made = [*_claims(abstracts), *_questions(abstracts)]
    random.Random("reader").shuffle(made)
    return made


def _label(head: int, value: int) -> tuple[int | None, int | None]:
    return (value, None) if head == SUPPORTS else (None, value)


class Abstracts:
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

    def elsewhere(self, places: Sequence[int], key: str) -> list[str]:
        """All sentences of the papers that have one of these places, but not of `key`."""
        return [s for owner in dict.fromkeys(self.owners[n] for n in places) if owner != key for s in self.of[owner]]

    def passage(self, key: str, chosen: Sequence[int]) -> str:
        """The chosen sentences of an abstract, in their order, as the reader gets them."""
        return passage(self.titles[key], [self.of[key][i] for i in sorted(chosen)])

    def one(self, n: int) -> str:
        """The sentence of a place among all, as the reader gets it."""
        return self.passage(self.owners[n], [n - self.first[self.owners[n]]])


def _claims(abstracts: Abstracts) -> Iterator[Example]:
    written = rows(CLAIMS)
    drawn = random.Random("reader claims")
    claims: list[tuple[str, str, list[int]]] = []
    for row in written:
        key, evidence = row["arxiv_id"], abstracts.passage(row["arxiv_id"], row["sentences"])
        for claim in row["true"]:
            yield Example(claim, evidence, _label(SUPPORTS, 1), "true")
            claims.append((key, claim, row["sentences"]))
        for claim in row["false"]:
            yield Example(claim, evidence, _label(SUPPORTS, 0), "false")
    for key in sorted({r["arxiv_id"] for r in written}):
        own = abstracts.of[key]
        told = [(i, own[i], "verbatim") for i in drawn.sample(range(len(own)), min(VERBATIM, len(own)))]
        told += [(i, text, "lighter") for i, s in enumerate(own) for text in lighter(s, abstracts.titles[key])]
        for i, text, kind in told:
            evidence = abstracts.passage(key, [i])
            near = abstracts.elsewhere(abstracts.likest(abstracts.vectors[abstracts.first[key] + i]), key)
            yield Example(text, evidence, _label(SUPPORTS, 1), kind)
            yield from _changed(evidence, text, own, near, drawn)
        for i in drawn.sample(range(len(own)), min(VERBATIM, len(own))):  # an addition that is true, too
            for j in drawn.sample(range(len(own)), len(own)):
                given = Perturb(paper="", near=[own[j]], random=drawn)
                if i != j and (both := KINDS["addition"](own[i], given)) is not None:
                    yield Example(both, abstracts.passage(key, [i, j]), _label(SUPPORTS, 1), "both")
                    break
    vectors = vectors_of([c for _, c, _ in claims], "reader-claims")
    for (key, claim, chosen), vector in zip(claims, vectors, strict=True):
        evidence = abstracts.passage(key, chosen)
        likest = abstracts.likest(vector)
        beside = [n for n in likest if abstracts.owners[n] == key and n - abstracts.first[key] not in chosen]
        elsewhere = [n for n in likest if abstracts.owners[n] != key]
        yield from _changed(evidence, claim, abstracts.of[key], abstracts.elsewhere(likest, key), drawn)
        for found in (beside[:1], elsewhere[:1]):
            if found and drawn.random() < BESIDE:
                yield Example(claim, abstracts.one(found[0]), _label(SUPPORTS, 0), "elsewhere")
        if beside and drawn.random() < BESIDE / 2:  # what supports it may stand beside what does not
            two = [*chosen, beside[0] - abstracts.first[key]]
            yield Example(claim, abstracts.passage(key, two), _label(SUPPORTS, 1), "beside")


def _changed(
    evidence: str, true: str, paper: Sequence[str], near: Sequence[str], drawn: random.Random
) -> Iterator[Example]:
    """`true` with one thing changed, where it can be."""
    given = Perturb(paper=" ".join(paper), near=near, random=drawn)
    order = drawn.sample(CHANGES, len(CHANGES))
    for kind in sorted(order, key=lambda k: k == "addition" and drawn.random() < LAST):
        changed = KINDS[kind](true, given)
        if changed is not None and changed != true:
            yield Example(changed, evidence, _label(SUPPORTS, 0), kind)
            return


def _questions(abstracts: Abstracts) -> Iterator[Example]:
    written = rows(QUESTIONS)
    vectors = vectors_of([r["question"] for r in written], "reader-questions")
    for row, vector in zip(written, vectors, strict=True):
        key, kind, asked, chosen = row["arxiv_id"], row["kind"], row["question"], row["sentences"]
        likest = abstracts.likest(vector)
        for i in chosen:
            told = _label(ANSWERS, int(kind != "near"))
            yield Example(asked, abstracts.passage(key, [i]), told, kind)
        own = [n - abstracts.first[key] for n in likest if abstracts.owners[n] == key]
        own += [i for i in range(len(abstracts.of[key])) if i not in own]
        for i in [i for i in own if i not in chosen][: OTHERS[kind]]:
            yield Example(asked, abstracts.passage(key, [i]), _label(ANSWERS, 0), f"{kind}, other sentence")
        if len(asked.split()) < 5 and kind != "find":
            continue  # too little to tell a paper by
        seen = {key}
        for n in likest:
            if abstracts.owners[n] not in seen and len(seen) <= RIVALS[kind]:
                seen.add(abstracts.owners[n])
                yield Example(asked, abstracts.one(n), _label(ANSWERS, 0), f"{kind}, other paper")
