"""Direction of a sentence: negation and its reach, words with opposites; and where a claim and evidence disagree."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.answers.grounding import negation
from bot.answers.grounding.lexicon import effect, is_broad, places
from bot.answers.grounding.words import Word, is_content, weight, words

_LACKING = frozenset(["lack", "lacks", "lacked", "lacking", "absence"])  # effects in the lexicon already
# Two words that point down where neither does, and the passive that turns a comparison round.
_FALLING = frozenset({("fall", "behind"), ("fall", "short"), ("lag", "behind"), ("lose", "to")})
_BEHIND = (("beat", -1), ("~quality", -1), ("~amount", -1))
_REGULATED = {"up": (("rise", 1), ("~effect", 1)), "down": (("rise", -1), ("~effect", -1))}
_BEATEN = frozenset(["outperformed", "surpassed", "exceeded", "beaten", "outdone"])
_CONTEXT = 7  # words on either side by which two uses of a word are likened
_TIGHT = 2  # content words on either side that count most
_TIGHTNESS = 0.3
_BARE = 0.1  # likeness of two uses that share no context


@dataclass(frozen=True, slots=True)
class Mark:
    """A word with its place and direction.

    `negated` says whether a negation reaches it, `denied` whether that or any negative word stands near; `signs` are its
    places on the axes after negation, `effect` is that of the lexicon.
    """

    word: Word
    index: int
    negated: bool
    denied: bool
    signs: tuple[tuple[str, int], ...]
    effect: int


@dataclass(frozen=True, slots=True)
class Direction:
    """A claim's direction beside evidence's.

    `agree` and `conflict` sum, over the claim's words with opposites, by how much closer the evidence's uses of
    the same side (or of the other side) are; `negation` is the share of the common words that only one of the
    two negates; `worst` is the closest single conflict of either sort, 0–1.
    """

    agree: float
    conflict: float
    negation: float
    worst: float


@lru_cache(maxsize=4_096)
def marks(sentence: str) -> tuple[Mark, ...]:
    """The words of `sentence` with negation and direction."""
    found = words(sentence)
    negated, denied = negation.negated(sentence), negation.denied(sentence)
    made = []
    for i, word in enumerate(found):
        after = found[i + 1].low if i + 1 < len(found) else ""
        signs = _BEHIND if (word.stem, after) in _FALLING else places(word.low, word.stem)
        if word.low in _REGULATED and after.startswith("regulat"):
            signs = _REGULATED[word.low]
        turn = -1 if negated[i] or (after == "by" and word.low in _BEATEN) else 1
        turned = tuple((axis, turn * sign) for axis, sign in signs)
        made.append(Mark(word, i, negated[i], denied[i], turned, effect(word.low, word.stem)))
    return tuple(made)


_Context = tuple[frozenset[str], frozenset[str]]


def _context(found: Sequence[Mark], index: int) -> _Context:
    """The stems close by, and the stems farther around: what a use of a word is about."""
    words_of = [m for m in found[max(0, index - _CONTEXT) : index + _CONTEXT + 1] if is_content(m.word)]
    before = [m.word.stem for m in words_of if m.index < index]
    after = [m.word.stem for m in words_of if m.index > index]
    return frozenset((*before[-_TIGHT:], *after[:_TIGHT])), frozenset((*before, *after))


def _closeness(one: _Context, other: _Context) -> float:
    """How far two uses of a word are about the same, by the weight of the stems that they share; `_BARE` to 1."""
    tight, wide = (_share(mine, theirs) for mine, theirs in zip(one, (other[1], other[1]), strict=True))
    return _BARE + (1 - _BARE) * (_TIGHTNESS * tight + (1 - _TIGHTNESS) * wide)


def _share(mine: frozenset[str], theirs: frozenset[str]) -> float:
    total = sum(weight(s) for s in mine)
    return sum(weight(s) for s in mine & theirs) / total if total else 0.0


@lru_cache(maxsize=8_192)
def compare(claim: str, evidence: tuple[str, ...]) -> Direction:
    """The direction of `claim` against that of the sentences of `evidence` taken together."""
    ours = marks(claim)
    sources = [(_indexed(row), negation.same_denials(claim, row)) for row in evidence]
    agree = conflict = worst = total = wrong = 0.0
    for mark in ours:
        same = opposite = contrary = kept = turned = 0.0
        context: _Context | None = None
        alike = is_content(mark.word)
        for row, denied_alike, at in _comparable(mark, sources):
            other = row.marks[at]
            is_same_word = alike and other.word.stem == mark.word.stem
            shared = _shared_axes(mark, other) if mark.signs and other.signs else (False, False)
            if not is_same_word and not any(shared):
                continue
            context = _context(ours, mark.index) if context is None else context
            closeness = _closeness(context, row.context(at))
            if shared[0]:
                same = max(same, closeness)
            if shared[1]:
                opposite = max(opposite, closeness)
                if not is_same_word and _is_contrary(mark, other):
                    contrary = max(contrary, closeness)
            if is_same_word and (other.negated == mark.negated or (mark.denied and other.denied)):
                kept = max(kept, closeness)
            elif is_same_word and not denied_alike:
                turned = max(turned, closeness)
        agree += max(0.0, same - opposite)
        conflict += max(0.0, opposite - same)
        if kept or turned:
            w = weight(mark.word.stem)
            total += w
            wrong += w if not kept else 0.0
        worst = max(worst, contrary - same, turned - kept)
    return Direction(agree, conflict, wrong / total if total else 0.0, worst)


class _Indexed:
    """A sentence's marks, with their places by stem and by axis, and their contexts as far as they were asked for."""

    def __init__(self, sentence: str) -> None:
        self.marks = marks(sentence)
        self.places: dict[str, list[int]] = {}
        self._contexts: dict[int, _Context] = {}
        for i, mark in enumerate(self.marks):
            for key in (mark.word.stem, *(f"axis {axis}" for axis, _ in mark.signs)):
                self.places.setdefault(key, []).append(i)

    def context(self, at: int) -> _Context:
        """What the word at this place is about."""
        if at not in self._contexts:
            self._contexts[at] = _context(self.marks, at)
        return self._contexts[at]


@lru_cache(maxsize=2_048)
def _indexed(sentence: str) -> _Indexed:
    return _Indexed(sentence)


def _comparable(mark: Mark, sources: Sequence[tuple[_Indexed, bool]]) -> Iterator[tuple[_Indexed, bool, int]]:
    """The places in `sources` that have the mark's word, or lie on one of its axes."""
    keys = (mark.word.stem, *(f"axis {axis}" for axis, _ in mark.signs))
    for row, denied_alike in sources:
        for at in {at for key in keys for at in row.places.get(key, ())}:
            yield row, denied_alike, at


def _shared_axes(mark: Mark, other: Mark) -> tuple[bool, bool]:
    """Whether two words lie on the same side of an axis, and whether on opposite sides of one."""
    signs = dict(mark.signs)
    found = [signs[axis] == sign for axis, sign in other.signs if axis in signs]
    return any(found), not all(found)


def _is_contrary(mark: Mark, other: Mark) -> bool:
    """Whether two words lie on opposite sides of a narrow axis."""
    signs = dict(mark.signs)
    return any(signs.get(axis) == -sign for axis, sign in other.signs if not is_broad(axis))


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain of effects: `sign` is +1 where claim and evidence agree, -1 where they do not, 0 where unknown.

    `covered` is the share of the claim's other words, by weight, between which the evidence's chain was read.
    """

    sign: int
    covered: float


@lru_cache(maxsize=8_192)
def chain(claim: str, evidence: str) -> Chain:
    """The product of the claim's effects against that of the evidence's, between the words that both have."""
    ours, theirs = marks(claim), marks(evidence)
    anchors = {m.word.stem for m in ours if is_content(m.word) and not m.effect}
    total = sum(weight(s) for s in anchors)
    places_of: dict[str, list[int]] = {}
    for mark in theirs:
        if mark.word.stem in anchors:
            places_of.setdefault(mark.word.stem, []).append(mark.index)
    covered = sum(weight(s) for s in places_of) / total if total else 0.0
    if len(places_of) < 2:
        return Chain(0, covered)
    first, last = _tightest(list(places_of.values()))
    sign = _product(ours, 0, len(ours)) * _product(theirs, first - 3, last + 3)
    return Chain(sign, covered)


def _product(found: Sequence[Mark], first: int, last: int) -> int:
    sign = 1
    all_words = [m.word for m in found]
    for mark in found[max(0, first) : last + 1]:
        if mark.effect:
            sign *= mark.effect
        if mark.word.low not in _LACKING and negation.is_negator(all_words, mark.index):
            sign = -sign
    return sign


def _tightest(groups: Sequence[Sequence[int]]) -> tuple[int, int]:
    """The shortest stretch that holds a place of each group."""
    points = sorted((place, g) for g, group in enumerate(groups) for place in group)
    best = (points[0][0], points[-1][0])
    inside: Counter[int] = Counter()
    left = 0
    for place, group in points:
        inside[group] += 1
        while len(inside) == len(groups):
            if place - points[left][0] < best[1] - best[0]:
                best = (points[left][0], place)
            gone = points[left][1]
            inside[gone] -= 1
            if not inside[gone]:
                del inside[gone]
            left += 1
    return best
