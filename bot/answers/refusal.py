"""Whether the evidence can answer the question: two calibrated decisions over signals that a person can read.

The first: does the best paper treat what is asked about at all? The second: does it say what is asked for, such as a
number of something, a data set, a licence? Each is a logistic model over some of the `Signals` below. Its
coefficients stand in refusal.json, which `python -m bench.answers --tune` writes from questions whose right answers
are known.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answers.asked import DETAILS, Kind, stated
from bot.answers.evidence import EvidencePaper, QuestionWords
from bot.answers.grounding import words as general
from bot.answers.grounding.scoring import probability
from bot.library.lexical import stem
from bot.library.likeness import ALIASES, has_name
from bot.library.word_vectors import words_of

TOPIC = ("cosine", "covered", "told", "lacking", "names_lacking", "answered")
SAID = (
    "answered", "placed", "noun", "noun_of_thing", "form", "detail", "lacking", "count", "amount", "thing", "outside"
)  # fmt: skip
# The reader's "no" counts no more than this chance: it learnt that abstracts seldom tell what training costs, and would
# refuse where one does.
LEAST_ANSWERED = 0.15
TREATED = 0.85  # a paper that has this share of the question's words treats its topic, however short the question is


@dataclass(frozen=True, slots=True)
class Signals:
    """What the best paper says of a question. Shares and cosines lie in 0–1."""

    cosine: float  # of its best sentence with the question
    covered: float  # share of the question's words that it has, weighted by their rarity in abstracts at large
    told: float  # logarithm of the weight of all of the question's words
    lacking: float  # weight of the weightiest word that it has not
    names_lacking: float  # names in the question that it has not, 2 at most
    placed: float  # how far a sentence has both the nouns and the form of what is asked for
    form: float  # how far the sentences that bear on the question have that form
    noun: float  # how much it has of the nouns that a number is asked of
    noun_of_thing: float  # how much it has of the nouns that name what is asked for
    detail: float  # 1 where a detail of experiments is asked for of which it has no word
    count: float  # 1 where a number of things is asked for, and so on
    amount: float
    thing: float
    answered: float  # logarithm of the odds that the reader gives to its best sentence to answer
    outside: float  # authors, venue or date, of which abstracts do not tell


@dataclass(frozen=True, slots=True)
class Decision:
    """The chances, 0–1, that the best paper treats the question's topic, and that it says what is asked for."""

    topic: float
    said: float

    @property
    def off_topic(self) -> bool:
        """Whether the topic is too unlikely."""
        return self.topic < float(model()["least_topic"])

    @property
    def unsaid(self) -> bool:
        """Whether it is too unlikely that what is asked for is said."""
        return self.said < float(model()["least_said"])


def decide(found: Signals) -> Decision:
    """The two chances for `found`."""
    values = asdict(found)
    topic = 1.0 if found.covered >= TREATED else probability(model()["topic"], values)
    return Decision(topic, probability(model()["said"], values))


def signals(
    evidence: Sequence[EvidencePaper],
    vector: NDArray[np.float32],
    words: QuestionWords,
    question: str,
    answered: float,
) -> Signals:
    """The signals of the first paper of `evidence`, which is ranked; `vector` is the question's.

    `answered` is the best chance that the reader gives to a sentence of it to answer.

    A question about several papers is not held against the first one alone: names that stand in the titles of the
    others count as if it had them.
    """
    odds = min(max(answered, LEAST_ANSWERED), 0.999)
    best = evidence[0]
    usable = list(best.usable)
    sentences = [best.sentences[i] for i in usable]
    terms, asked = words.terms, words.asked
    matches = terms.matches([best.title, *sentences])
    whole = matches.max(axis=0, initial=0.0)
    others = [name for name in terms.names if any(has_name(paper.title, name) for paper in evidence[1:])]
    elsewhere = {word for name in others for word in words_of(name)}
    whole[[word in elsewhere for word in terms.words]] = 1.0
    weights = np.array([_weight(word) for word in terms.words], np.float32)
    total = float(weights.sum()) or 1.0
    text = f"{best.title} {' '.join(sentences)}"
    shares = [float(row @ weights) / total for row in matches[1:]]
    top = max(shares, default=0.0) or 1.0
    forms = [stated(asked, sentence) for sentence in sentences]
    nouns = [n for n, word in enumerate(terms.words) if _is_one_of(word, asked.nouns)]
    of_nouns = [float(row[nouns].mean()) if nouns else 1.0 for row in matches[1:]]
    noun = float(whole[nouns].mean()) if nouns else 1.0
    return Signals(
        cosine=float((best.vectors[usable] @ vector).max(initial=-1.0)),
        covered=float(whole @ weights) / total,
        told=math.log(float(weights.sum()) + 0.1),
        lacking=float((weights * (1 - whole)).max(initial=0.0)),
        names_lacking=float(min(2, sum(not has_name(text, name) for name in terms.names if name not in others))),
        placed=max((f * n for f, n in zip(forms, of_nouns, strict=True)), default=0.0),
        form=max((f * share / top for f, share in zip(forms, shares, strict=True)), default=0.0),
        noun=noun if asked.kind in (Kind.COUNT, Kind.AMOUNT) else 1.0,
        noun_of_thing=noun if asked.kind is Kind.THING else 1.0,
        detail=_lacks_detail(question, text),
        count=float(asked.kind is Kind.COUNT),
        amount=float(asked.kind is Kind.AMOUNT),
        thing=float(asked.kind is Kind.THING),
        answered=math.log(odds / (1 - odds)),
        outside=float(asked.kind in (Kind.MAKER, Kind.VENUE, Kind.TIME)),
    )


@cache
def model() -> dict[str, Any]:
    """The coefficients and limits that were fitted."""
    found: dict[str, Any] = json.loads(files("bot.answers").joinpath("refusal.json").read_text("utf-8"))
    return found


def _is_one_of(word: str, nouns: Sequence[str]) -> bool:
    stems = {s for noun in nouns for s in stem(noun)}
    return bool(stems.intersection(stem(word)))


def _lacks_detail(question: str, text: str) -> float:
    """1 where a detail is asked for of which `text` has not a word."""
    has = {s for word in words_of(text) for s in stem(word)}
    for detail in DETAILS.findall(question):
        if not all(has.intersection(stem(ALIASES.get(word, word))) for word in words_of(detail)):
            return 1.0
    return 0.0


def _weight(word: str) -> float:
    """The rarity of a word in abstracts at large, 0–1; a number alone says nothing of a topic."""
    if word.isdigit():
        return 0.0
    return max((general.weight(s) for s in stem(word)), default=1.0)
