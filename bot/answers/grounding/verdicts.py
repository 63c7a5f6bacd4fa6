"""Decides on each sentence of an answer: supported, with the least that supports it, or removed with a reason."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.answers.answer import Reason
from bot.answers.grounding import claims, numbers
from bot.answers.grounding.edits import in_order
from bot.answers.grounding.likeness import PaperText
from bot.answers.grounding.objections import contradicts, numbers_missing, turned
from bot.answers.grounding.scoring import Scored, model, said, score
from bot.answers.grounding.words import content, letters_of, weight
from bot.answers.instructions import gives_orders
from bot.library.reader import SUPPORTS, passage, read

Vectors = NDArray[np.float32]

_LONGEST = 1_500  # characters; no honest sentence is longer
_PAPERS = 3  # papers per sentence that are looked at closely
_LIKEST = 3  # sentences of a paper that may support a claim alone, or be the one it was changed from
_CHECKED = 5  # ways to support a claim, the likest, that are looked at
_SECOND = 0.1  # what a second sentence must add to the likeness, to be cited before one alone
# And to the share of words said, where one alone was read and given less than this chance: beside any second sentence
# the reader doubts less.
_LEAST_ALONE = 0.15
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
    papers, empty unless `supported`; `reason` is given unless `supported`.
    """

    supported: bool
    support: float
    citations: tuple[tuple[int, int], ...] = ()
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class _Claim:
    text: str
    only: int | None  # the paper whose title the sentence names
    hint: frozenset[int]


@dataclass(frozen=True)
class _Try:
    """One way to support a claim: one sentence of a paper, or two, which are numbers among those kept.

    `rank` orders tries by how like the claim they are.
    """

    claim: _Claim
    paper: "_Paper"
    scored: Scored
    chosen: tuple[int, ...]
    cosine: float

    @cached_property
    def rank(self) -> float:
        likeness = self.cosine + self.scored.likeness.covered([i + 1 for i in self.chosen])
        return likeness - _SECOND * (len(self.chosen) - 1) + _HINT * (self.paper.number in self.claim.hint)

    @property
    def gain(self) -> float:
        """What its second sentence adds to the share of the claim's words that are said; 1 where it has none."""
        covered = self.scored.likeness.covered
        return covered([i + 1 for i in self.chosen]) - covered([self.chosen[0] + 1]) if len(self.chosen) > 1 else 1.0

    @property
    def rows(self) -> list[str]:
        """The sentences themselves, in the abstract's order."""
        return [self.paper.sentences[i] for i in sorted(self.chosen)]

    @property
    def cited(self) -> tuple[tuple[int, int], ...]:
        """(paper, sentence) pairs as the evidence counts them."""
        return tuple((self.paper.number, self.paper.kept[i]) for i in self.chosen)

    @cached_property
    def in_order(self) -> bool:
        """Whether it has the claim's words in their order."""
        return in_order(self.claim.text, self.rows, self.paper.naming)

    @cached_property
    def against(self) -> Reason | None:
        """What speaks against it, whatever it says otherwise."""
        if numbers_missing(self.claim.text, self.rows, self.paper.title):
            return "number"
        if self.cosine < model()["least_cosine"] and not self.in_order:
            return "unsupported"
        least = model()["least_barest" if len(self.chosen) == 1 else "least_barest_of_two"]
        if self.scored.barest(self.chosen) < least or self.scored.support < model()["least_support"]:
            return "unsupported"
        likest = [self.paper.sentences[i] for i in self.scored.order[:_LIKEST]]
        return "unsupported" if contradicts(self.claim.text, self.paper.naming, self.rows, likest) else None

    @cached_property
    def support(self) -> float:
        """How likely it says what is claimed, 0–1; it is read, unless it has the claim's words in their order."""
        chance = None
        if not self.in_order:
            chance = float(read([(self.claim.text, passage(self.paper.title, self.rows))], SUPPORTS)[0])
        return said(self.cosine, turned(self.claim.text, self.rows), chance)


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
        elif text.rstrip(" \"”’'*_").endswith("?"):  # a model that says the question again: it states nothing
            verdicts[i] = Verdict(False, 0.0, reason="unsupported")
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
    limits, best = model(), 0.0
    looked_at: list[_Try] = []
    scored = [(p, cosines := p.vectors @ vector, score(claim.text, p.text, cosines)) for p in candidates]
    for ways in (_alone, _together):
        tries = sorted((t for found in scored for t in ways(claim, *found)), key=lambda t: -t.rank)[:_CHECKED]
        looked_at += tries
        fit = (t for t in tries if t.against is None and (best >= _LEAST_ALONE or t.gain >= _SECOND))
        if (one := next(fit, None)) is not None:  # the next is hardly ever right
            if one.support >= limits["least_said"]:
                return Verdict(True, one.support, one.cited)
            best = max(best, one.support)
    by_number = bool(looked_at) and all(t.against == "number" for t in looked_at if t.paper is looked_at[0].paper)
    reason: Reason = "number" if by_number else "unsupported"
    return Verdict(False, best, reason=reason)


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


def _alone(claim: _Claim, paper: _Paper, cosines: Vectors, scored: Scored) -> Iterator[_Try]:
    """The sentences of the paper that are most like the claim."""
    for i in scored.order[:_LIKEST]:
        yield _Try(claim, paper, scored, (i,), float(cosines[i]))


def _together(claim: _Claim, paper: _Paper, cosines: Vectors, scored: Scored) -> Iterator[_Try]:
    """The best two, each with a second sentence that says what it leaves out."""
    for i in scored.order[:2]:
        if (second := _complement(claim, paper, scored, i)) is not None:
            yield _Try(claim, paper, scored, (i, second), max(float(cosines[i]), float(cosines[second])))


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
    return Verdict(True, min(v.support for v in judged), cited)


def _is_of(half: str, naming: claims.Naming) -> bool:
    """Whether a clause has the paper's own name for its subject, near its beginning."""
    subject = " ".join(half.split()[:_SUBJECT])
    if half.split()[0].casefold() in _PRONOUNS:
        return False
    return any(naming.names_own(name) for name in claims.names(f"x {subject}"))
