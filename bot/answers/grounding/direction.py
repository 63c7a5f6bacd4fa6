"""Direction of a sentence: negation and its reach, words with opposites; and where a claim and evidence disagree."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from bot.answers.grounding.lexicon import effect, is_broad, places
from bot.answers.grounding.words import Word, is_content, near_words, stem, weight, words

_NEGATORS = frozenset(
    [
        "not",
        "no",
        "never",
        "neither",
        "nor",
        "without",
        "cannot",
        "lack",
        "lacks",
        "lacked",
        "lacking",
        "fail",
        "fails",
        "failed",
        "failing",
        "absence",
        "unable",
        "hardly",
        "rarely",
        "seldom",
        "none",
        "nothing",
        "nobody",
        "nowhere",
        "non",
        "cant",
        "dont",
        "doesnt",
        "isnt",
        "arent",
        "wasnt",
        "werent",
    ]
)
_LACKING = frozenset(["lack", "lacks", "lacked", "lacking", "absence"])  # effects in the lexicon already
# Words that end a negation's reach, with commas, semicolons and brackets.
_STOPS = frozenset(
    [
        "but",
        "while",
        "whereas",
        "although",
        "though",
        "however",
        "yet",
        "because",
        "since",
        "unless",
        "until",
        "despite",
        "and",
    ]
)
_REACH = 4  # content words that a negated verb reaches
_NOUN_REACH = 2  # and those that "without" or "lacking" reach
_OF_NOUNS = frozenset(
    ["no", "neither", "nor", "without", "lack", "lacks", "lacked", "lacking", "absence", "none", "non"]
)
# Two words that point down where neither does, and the passive that turns a comparison round.
_FALLING = frozenset({("fall", "behind"), ("fall", "short"), ("lag", "behind"), ("lose", "to")})
_BEHIND = (("beat", -1), ("~quality", -1), ("~amount", -1))
_REGULATED = {"up": (("rise", 1), ("~effect", 1)), "down": (("rise", -1), ("~effect", -1))}
_BEATEN = frozenset(["outperformed", "surpassed", "exceeded", "beaten", "outdone"])
_CONTEXT = 7  # words on either side by which two uses of a word are likened
_NEAR = 3  # words within which a negative word denies
_ASIDE = 0.3  # weight of a contradiction in a sentence that is not cited
_TIGHT = 2  # content words on either side that count most
_TIGHTNESS = 0.3
_BARE = 0.1  # likeness of two uses that share no context


@dataclass(frozen=True, slots=True)
class Mark:
    """A word with its place and direction.

    `negated` says whether a negation reaches it, `denied` whether any negative word stands near; `signs` are its
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
    negated = _negated(sentence, found)
    negative = [i for i in range(len(found)) if _is_negative(found, i)]
    made = []
    for i, word in enumerate(found):
        after = found[i + 1].low if i + 1 < len(found) else ""
        signs = _BEHIND if (word.stem, after) in _FALLING else places(word.low, word.stem)
        if word.low in _REGULATED and after.startswith("regulat"):
            signs = _REGULATED[word.low]
        turn = -1 if negated[i] or (after == "by" and word.low in _BEATEN) else 1
        turned = tuple((axis, turn * sign) for axis, sign in signs)
        denied = any(abs(i - j) <= _NEAR and j != i for j in negative)
        made.append(Mark(word, i, negated[i], denied, turned, effect(word.low, word.stem)))
    return tuple(made)


def _is_negator(found: Sequence[Word], i: int) -> bool:
    """Whether the word at `i` negates what follows; "not only", "no less than" and "or not" do not."""
    low = found[i].low
    if low.endswith(("n't", "n’t")):
        return True
    if low not in _NEGATORS:
        return False
    if low not in ("not", "no"):
        return True
    after = found[i + 1].low if i + 1 < len(found) else ""
    before = found[i - 1].low if i else ""
    return after not in ("only", "just", "merely", "least", "less", "doubt", "matter") and before != "or"


def negators(sentence: str) -> int:
    """How many words of `sentence` negate."""
    found = words(sentence)
    return sum(_is_negator(found, i) for i in range(len(found)))


def _negated(sentence: str, found: Sequence[Word]) -> list[bool]:
    flags = [False] * len(found)
    for i, word in enumerate(found):
        if word.low == "free" and i and sentence[word.start - 1] == "-":  # training-free
            flags[i - 1] = not flags[i - 1]
        if not _is_negator(found, i):
            continue
        reached, reach = 0, _NOUN_REACH if word.low in _OF_NOUNS else _REACH
        for j in range(i + 1, len(found)):
            gap = sentence[found[j - 1].start + len(found[j - 1].text) : found[j].start]
            if found[j].low in _STOPS or re.search(r"[,;:()]", gap) or reached == reach:
                break
            flags[j] = not flags[j]
            reached += is_content(found[j])
    return flags


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
def compare(claim: str, evidence: tuple[str, ...], aside: tuple[str, ...] = ()) -> Direction:
    """The direction of `claim` against that of the sentences of `evidence` taken together.

    Sentences of `aside` may contradict too, with less weight: they may speak of something else.
    """
    ours = marks(claim)
    sources = [(marks(row), 1.0) for row in evidence] + [(marks(row), _ASIDE) for row in aside]
    theirs = [(m, row, trust) for row, trust in sources for m in row]
    contexts: dict[int, _Context] = {}

    def close(context: _Context, at: int) -> float:
        if at not in contexts:
            mark, row, _ = theirs[at]
            contexts[at] = _context(row, mark.index)
        return _closeness(context, contexts[at])

    agree = conflict = worst = total = wrong = 0.0
    for mark in ours:
        same = opposite = contrary = kept = turned = 0.0
        context: _Context | None = None
        alike = is_content(mark.word)
        for at, (other, _, trust) in enumerate(theirs):
            is_same_word = alike and other.word.stem == mark.word.stem
            shared = _shared_axes(mark, other) if mark.signs and other.signs else (False, False)
            if not is_same_word and not any(shared):
                continue
            context = _context(ours, mark.index) if context is None else context
            closeness = close(context, at)
            if shared[0]:
                same = max(same, closeness)
            if shared[1]:
                opposite = max(opposite, closeness * trust)
                if _is_contrary(mark, other):
                    contrary = max(contrary, closeness * trust)
            if is_same_word and (other.negated == mark.negated or (mark.denied and other.denied)):
                kept = max(kept, closeness)
            elif is_same_word:
                turned = max(turned, closeness * trust)
        agree += max(0.0, same - opposite)
        conflict += max(0.0, opposite - same)
        if kept or turned:
            w = weight(mark.word.stem)
            total += w
            wrong += w if not kept else 0.0
        worst = max(worst, contrary - same, turned - kept)
    return Direction(agree, conflict, wrong / total if total else 0.0, worst)


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
        if mark.word.low not in _LACKING and _is_negator(all_words, mark.index):
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


# Words, besides negators, in which evidence may say that something is not so.
_NEGATIVE = frozenset(
    [
        "free",
        "rather",
        "instead",
        "eliminate",
        "avoid",
        "remove",
        "limit",
        "short",
        "neglect",
        "overlook",
        "ignore",
        "exclude",
        "unlike",
        "only",
        "beyond",
        "drop",
        "struggle",
        "difficult",
        "hard",
        "challenge",
        "few",
        "little",
        "less",
        "low",
        "lower",
        "reduce",
        "prevent",
        "restrict",
        "insufficient",
        "poor",
        "overlooked",
        "miss",
        "missing",
        "open",
        "prohibit",
        "hinder",
        "hamper",
        "obviate",
        "bypass",
        "alleviate",
        "resist",
        "scarce",
        "degrade",
        "suffer",
        "worse",
        "weak",
        "decline",
    ]
)
_NEGATIVE_PREFIX = re.compile(r"(?:un|in|im|ir|il|non|dis|mis|under)[a-z]{4,}|[a-z]{3,}less")


@cache
def _negative_stems() -> frozenset[str]:
    return frozenset(stem(w) for w in _NEGATIVE)


def _is_negative(found: Sequence[Word], i: int) -> bool:
    low = found[i].low
    return (
        low in _NEGATORS
        or low.endswith(("n't", "n’t"))
        or found[i].stem in _negative_stems()
        or _NEGATIVE_PREFIX.fullmatch(low) is not None
    )


def unfounded_negation(claim: str, evidence: Sequence[str]) -> bool:
    """Whether `claim` says "not" of something of which no sentence of `evidence` says anything negative."""
    found = words(claim)
    ours = marks(claim)
    for i in range(len(found)):
        if not _is_negator(found, i):
            continue
        scope = frozenset(m.word.stem for m in ours[max(0, i - 3) : i + _CONTEXT] if is_content(m.word))
        if scope and not any(_denies(row, scope) for row in evidence):
            return True
    return False


def _denies(sentence: str, scope: frozenset[str]) -> bool:
    """Whether `sentence` has a negative word near a word of `scope`, or one like it."""
    found = words(sentence)
    for i in range(len(found)):
        if not _is_negative(found, i):
            continue
        near = {w.stem for w in found[max(0, i - _CONTEXT) : i + _CONTEXT + 1]}
        if any(s in near or near_words(s).keys() & near for s in scope):
            return True
    return False
