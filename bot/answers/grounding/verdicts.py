"""Decides on each sentence of an answer: supported, with the least that supports it, or removed with a reason."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.answers.answer import Reason
from bot.answers.grounding import claims, numbers
from bot.answers.grounding.likeness import PaperText
from bot.answers.grounding.objections import contradicts, numbers_missing
from bot.answers.grounding.scoring import Scored, model, score
from bot.answers.grounding.words import content, letters_of, weight
from bot.answers.instructions import gives_orders

Vectors = NDArray[np.float32]

_LONGEST = 1_500  # characters; no honest sentence is longer
_PAPERS = 3  # papers per sentence that are looked at closely
_LIKEST = 3  # sentences of a paper that may support a claim alone, or contradict it
_SECOND = 0.1  # what a second sentence must add to the likeness, to be cited
_SUBJECT = 5  # words at the beginning of a clause among which its subject is named
_PRONOUNS = frozenset({"it", "they", "we", "its", "their", "this", "these", "he", "she", "which", "that", "also"})
_HINT = 0.03  # what the model's own marker counts, beside a likeness of 0–2


@dataclass(frozen=True, slots=True)
class Evidence:
    """A paper that an answer may draw on: its title, the sentences of its abstract and their vectors, row by row."""

    title: str
    sentences: tuple[str, ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check found of one sentence.

    `support` is 0–1; `citations` are (paper, sentence) pairs, best first, the least that suffices, of at most two
    papers, empty unless `supported`; `reason` is given unless `supported`. `doubtful` is set where the decision
    was close and no hard check failed, so that a caller with a model may ask it.
    """

    supported: bool
    support: float
    citations: tuple[tuple[int, int], ...] = ()
    reason: Reason | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class _Claim:
    text: str
    only: int | None  # the paper whose title the sentence names
    hint: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Try:
    """One way to support a claim: sentences of one paper, how likely they say it, and what speaks against them.

    `support` is of the whole paper; `barest` is the share that they say of the claim's barest stretch; `rank` orders
    tries by how like the claim they are.
    """

    paper: int
    sentences: tuple[int, ...]
    support: float
    said: float
    barest: float
    rank: float
    against: frozenset[Reason]

    @property
    def enough(self) -> bool:
        limits = model()
        least = limits["least_barest" if len(self.sentences) == 1 else "least_barest_of_two"]
        return bool(
            self.support >= limits["least_support"] and self.said >= limits["least_said"] and self.barest >= least
        )


class _Text:
    """A paper's title and sentences, prepared once; sentences that give orders are left out."""

    def __init__(self, title: str, sentences: tuple[str, ...]) -> None:
        self.title = "" if gives_orders(title) else title
        self.kept = [i for i, s in enumerate(sentences) if not gives_orders(s)]
        self.sentences = [sentences[i] for i in self.kept]
        self.text = PaperText(self.title, self.sentences)
        self.naming = claims.Naming(self.title, self.sentences)
        self.stems = frozenset().union(*self.text.stems)
        self.keys = {letters_of(s): i for i, s in reversed(list(enumerate(self.sentences)))}
        self.stated = numbers.stated((*self.sentences, self.title))


@lru_cache(maxsize=64)
def _text(title: str, sentences: tuple[str, ...]) -> _Text:
    return _Text(title, sentences)


class _Paper:
    """A paper's number among the evidence, its prepared text, and the vectors of the sentences kept."""

    def __init__(self, number: int, evidence: Evidence) -> None:
        found = _text(evidence.title, evidence.sentences)
        self.number = number
        self.title, self.sentences, self.kept = found.title, found.sentences, found.kept
        self.text, self.naming, self.stems, self.keys = found.text, found.naming, found.stems, found.keys
        self.stated = found.stated
        self.vectors = evidence.vectors[self.kept]


def check(
    sentences: Sequence[str],
    evidence: Sequence[Evidence],
    embed: Callable[[Sequence[str]], Vectors],
    hints: Sequence[frozenset[int]] | None = None,
) -> list[Verdict]:
    """A verdict on each of `sentences` against the abstracts of `evidence`.

    `embed` gives normalised sentence vectors like those of the evidence; it is called at most twice: for the
    sentences that no abstract has word for word, and for the halves of those that join two claims. `hints` holds,
    per sentence, the papers that the model cited for it: they decide only between equals.
    """
    papers = [p for n, e in enumerate(evidence) if (p := _Paper(n, e)).sentences]
    titles = tuple(paper.title for paper in evidence)
    verdicts: dict[int, Verdict] = {}
    unread: dict[int, _Claim] = {}
    for i, sentence in enumerate(sentences):
        text, only = claims.without_title(claims.plain(sentence[:_LONGEST]), titles)
        claim = _Claim(text, only, hints[i] if hints else frozenset())
        if gives_orders(sentence):
            verdicts[i] = Verdict(False, 0.0, reason="instruction")
        elif len(sentence) > _LONGEST or not content(text):
            verdicts[i] = Verdict(False, 0.0, reason="unsupported")
        elif (same := _verbatim(claim, papers)) is not None:
            verdicts[i] = same
        elif (unknown := _unknown(claim, papers)) is not None:
            verdicts[i] = Verdict(False, 0.0, reason=unknown)
        else:
            unread[i] = claim
    verdicts |= _judged(unread, papers, embed)
    halves = {i: pair for i in unread if not verdicts[i].supported and (pair := _halves(unread[i], papers))}
    flat = {2 * i + side: pair[side] for i, pair in halves.items() for side in (0, 1)}
    judged = _judged(flat, papers, embed)
    for i, pair in halves.items():
        if (joined := _joined(pair, (judged[2 * i], judged[2 * i + 1]), papers)) is not None:
            verdicts[i] = joined
    return [verdicts[i] for i in range(len(sentences))]


def _judged(
    found: dict[int, _Claim], papers: Sequence[_Paper], embed: Callable[[Sequence[str]], Vectors]
) -> dict[int, Verdict]:
    if not found or not papers:
        return {i: Verdict(False, 0.0, reason="unsupported") for i in found}
    vectors = embed([claim.text for claim in found.values()])
    return {i: _verdict(claim, vector, papers) for (i, claim), vector in zip(found.items(), vectors, strict=True)}


def _verdict(claim: _Claim, vector: Vectors, papers: Sequence[_Paper]) -> Verdict:
    candidates = _likeliest(claim, vector, [p for p in papers if claim.only in (None, p.number)])
    tries = [t for paper in candidates for t in _tries(claim, vector, paper)]
    if not tries:
        return Verdict(False, 0.0, reason="unsupported")
    if good := [t for t in tries if t.enough and not t.against]:
        best = max(good, key=lambda t: t.rank)
        cited = tuple((best.paper, s) for s in best.sentences)
        return Verdict(True, best.support, cited, doubtful=best.said < model()["sure_said"])
    best = max(tries, key=lambda t: t.rank)
    likest = [t for t in tries if t.paper == best.paper]
    reason: Reason = "number" if all("number" in t.against for t in likest) else "unsupported"
    close = any(not t.against and t.said >= model()["doubtful_said"] for t in tries)
    return Verdict(False, best.support, reason=reason, doubtful=close)


def _verbatim(claim: _Claim, papers: Sequence[_Paper]) -> Verdict | None:
    """A verdict where the claim is a sentence of a paper, punctuation and case apart, with the same figures."""
    key = letters_of(claim.text)
    found = [(p, p.keys[key]) for p in papers if key in p.keys and claim.only in (None, p.number)]
    for paper, i in sorted(found, key=lambda pair: pair[0].number not in claim.hint):
        if claims.figures(claim.text) == claims.figures(paper.sentences[i]):
            return Verdict(True, 1.0, ((paper.number, paper.kept[i]),))
    return None


def _unknown(claim: _Claim, papers: Sequence[_Paper]) -> Reason | None:
    """Why `claim` can stand on no paper: a number that none states, or a name that none knows; None if it may."""
    if numbers.missing(numbers.numbers(claim.text), [n for p in papers for n in p.stated]):
        return "number"
    if not all(any(p.naming.knows(name) for p in papers) for name in claims.names(claim.text)):
        return "unsupported"
    return None


def _likeliest(claim: _Claim, vector: Vectors, papers: Sequence[_Paper]) -> list[_Paper]:
    """The few papers worth a close look, by best cosine and the share of the claim's words that they have."""
    wanted = {w.stem for w in content(claim.text)}
    total = sum(weight(s) for s in wanted) or 1.0

    def likeness(paper: _Paper) -> float:
        shared = sum(weight(s) for s in wanted & paper.stems) / total
        return float((paper.vectors @ vector).max()) + shared + _HINT * (paper.number in claim.hint)

    return sorted(papers, key=likeness, reverse=True)[:_PAPERS]


def _tries(claim: _Claim, vector: Vectors, paper: _Paper) -> Iterator[_Try]:
    """One sentence of the paper, or the best one with a second that says what it leaves out."""
    cosines = paper.vectors @ vector
    scored = score(claim.text, paper.text, cosines)
    found = False
    for i in scored.order[:_LIKEST]:
        made = _try(claim, paper, scored, (i,), float(cosines[i]))
        found = found or (made.enough and not made.against)
        yield made
    if not found:
        for i in scored.order[:2]:
            if (second := _complement(claim, paper, scored, i)) is not None:
                yield _try(claim, paper, scored, (i, second), max(float(cosines[i]), float(cosines[second])))


def _try(claim: _Claim, paper: _Paper, scored: Scored, chosen: tuple[int, ...], cosine: float) -> _Try:
    rank = cosine + scored.likeness.covered([i + 1 for i in chosen]) - _SECOND * (len(chosen) - 1)
    rank += _HINT * (paper.number in claim.hint)
    cited = tuple(paper.kept[i] for i in chosen)
    said = scored.said(chosen, cosine)
    rows = [paper.sentences[i] for i in chosen]
    against: set[Reason] = {"number"} if numbers_missing(claim.text, rows, paper.title) else set()
    if said >= model()["doubtful_said"]:  # what is less is not shown, whatever speaks against it
        likest = [paper.sentences[i] for i in scored.order[:_LIKEST]]
        against |= {"unsupported"} if contradicts(claim.text, paper.naming, rows, likest) else set()
    return _Try(paper.number, cited, scored.support, said, scored.barest(chosen), rank, frozenset(against))


def _complement(claim: _Claim, paper: _Paper, scored: Scored, first: int) -> int | None:
    """The sentence that says most of what `first` does not, its numbers before all."""
    lacking = numbers.missing(numbers.numbers(claim.text), numbers.stated([paper.sentences[first]]))

    together = scored.likeness.shares(beside=first + 1)

    def gain(i: int) -> float:
        still = numbers.missing(lacking, numbers.stated([paper.sentences[i]]))
        return float(together[i]) + (len(lacking) - len(still))

    others = [i for i in range(len(paper.sentences)) if i != first]
    return max(others, key=gain, default=None)


def _halves(claim: _Claim, papers: Sequence[_Paper]) -> tuple[_Claim, _Claim] | None:
    """The two claims that a sentence joins: "A does X, while B does Y", or "A and B do X" of two papers' names."""
    if (parts := claims.clauses(claim.text)) is None:
        parts = _by_names(claim.text, papers)
    return None if parts is None else (replace(claim, text=parts[0]), replace(claim, text=parts[1]))


def _by_names(text: str, papers: Sequence[_Paper]) -> tuple[str, str] | None:
    """`text` without the names that only the second paper knows, and without those that only the first does."""
    found = claims.names(text)
    known = [(p, frozenset(n for n in found if p.naming.knows(n))) for p in papers]
    for i, (_, one) in enumerate(known):
        for _, other in known[i + 1 :]:
            if one - other and other - one and one | other == set(found):
                return claims.without_names(text, other - one), claims.without_names(text, one - other)
    return None


def _joined(pair: tuple[_Claim, _Claim], judged: tuple[Verdict, Verdict], papers: Sequence[_Paper]) -> Verdict | None:
    """One verdict of two halves, where both are supported: by one paper, or by two, each the subject of its half."""
    if not all(v.supported for v in judged):
        return None
    first, second = (v.citations[0][0] for v in judged)
    namings = {p.number: p.naming for p in papers}
    if first != second and not all(
        _is_of(half.text, namings[number]) for half, number in zip(pair, (first, second), strict=True)
    ):
        return None
    cited = tuple(dict.fromkeys((*judged[0].citations, *judged[1].citations)))
    return Verdict(True, min(v.support for v in judged), cited, doubtful=any(v.doubtful for v in judged))


def _is_of(half: str, naming: claims.Naming) -> bool:
    """Whether a clause has the paper's own name for its subject, near its beginning."""
    subject = " ".join(half.split()[:_SUBJECT])
    if half.split()[0].casefold() in _PRONOUNS:
        return False
    return any(naming.names_own(name) for name in claims.names(f"x {subject}"))
