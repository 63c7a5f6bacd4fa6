"""Which words of a sentence are denied, and whether a claim and its evidence deny the same things."""

import re
from collections.abc import Sequence
from functools import lru_cache

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
# Negators that deny nouns, and so reach less far than those that deny verbs.
_OF_NOUNS = frozenset(
    ["no", "neither", "nor", "without", "lack", "lacks", "lacked", "lacking", "absence", "none", "non"]
)
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
    ],
)
# What "without" and "no" deny to say that something stays as good as it was: they reach no farther than these.
_HARMS = frozenset(
    stem(w)
    for w in [
        "affect",
        "loss",
        "lose",
        "sacrifice",
        "compromise",
        "degrade",
        "degradation",
        "harm",
        "hurt",
        "damage",
        "impair",
        "drop",
        "decrease",
        "decline",
        "deterioration",
    ]
)
# Words, besides negators, that deny.
_DENYING = frozenset(
    stem(w)
    for w in [
        "rather",
        "instead",
        "eliminate",
        "avoid",
        "neglect",
        "overlook",
        "ignore",
        "exclude",
        "unlike",
        "miss",
        "obviate",
        "bypass",
        "prohibit",
        "prevent",
    ]
)
_NEGATIVE_FORM = re.compile(
    r"un(?!der|i(?:fi|ver|on|que|t)|lock|veil|cover|til|less)[a-z]{4,}|non[a-z]{4,}"
    r"|in(?:accura|adequa|abil|capab|coher|comple|compat|consist|correct|direct|eff|ferior|feas|suffic|valid|visib|secur|stab)"
    r"[a-z]*|im(?:possib|perfect|precis|practic|balanc)[a-z]*|ir(?:relevan|regular)[a-z]*"
    r"|dis(?:agree|regard|miss|abl|connect|courag|joint|card|advant|parit)[a-z]*"
    r"|mis(?:match|align|class|lead|us|judg|s)[a-z]*|under(?:perform|explor|represent|estimat|fit|stud|util)[a-z]*"
    r"|(?!unless|nonetheless|regardless|wireless)[a-z]{3,}less"
)
_REACH = 4  # content words that a negated verb reaches
_NOUN_REACH = 2  # and those that "without" or "lacking" reach
_NEAR = 3  # words within which a negative word denies
_SCOPE = (3, 8)  # words before and from a negator on that say what it denies
_AROUND = 7  # words on either side of a negative word that it may deny
_SAME = 0.3  # share of what a claim denies, by weight, that evidence must deny to deny the same
_SAID = 0.5  # share of what evidence denies, by weight, that a claim must speak of to have to deny it too


def is_negator(found: Sequence[Word], i: int) -> bool:
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


@lru_cache(maxsize=4_096)
def negators(sentence: str) -> tuple[int, ...]:
    """The places of the words of `sentence` that negate."""
    found = words(sentence)
    return tuple(i for i in range(len(found)) if is_negator(found, i))


@lru_cache(maxsize=4_096)
def denials(sentence: str) -> tuple[int, ...]:
    """The places of the words of `sentence` that surely deny: negators, "instead", "avoid", "inaccurate", …."""
    found = words(sentence)
    return tuple(
        i
        for i in range(len(found))
        if is_negator(found, i)
        or found[i].stem in _DENYING
        or _NEGATIVE_FORM.fullmatch(found[i].low)
        or (found[i].low == "free" and i and sentence[found[i].start - 1] == "-")
    )


@lru_cache(maxsize=4_096)
def negated(sentence: str) -> tuple[bool, ...]:
    """For each word of `sentence`, whether an odd number of negators reach it."""
    found = words(sentence)
    flags = [False] * len(found)
    for i, word in enumerate(found):
        if word.low == "free" and i and sentence[word.start - 1] == "-":  # training-free
            flags[i - 1] = not flags[i - 1]
    for i in negators(sentence):
        for j in reached(sentence, i):
            flags[j] = not flags[j]
    return tuple(flags)


def reached(sentence: str, i: int) -> list[int]:
    """The places of the words that the negator at `i` of `sentence` reaches."""
    found = words(sentence)
    places: list[int] = []
    of_nouns = found[i].low in _OF_NOUNS
    left = _NOUN_REACH if of_nouns else _REACH
    for j in range(i + 1, len(found)):
        gap = sentence[found[j - 1].start + len(found[j - 1].text) : found[j].start]
        if not left or found[j].low in _STOPS or re.search(r"[,;:()]", gap):
            break
        places.append(j)
        left -= is_content(found[j])
        if of_nouns and found[j].stem in _HARMS:
            break
    return places


@lru_cache(maxsize=4_096)
def denied(sentence: str) -> tuple[bool, ...]:
    """For each word of `sentence`, whether it is negated or a negative word stands near it."""
    near = denials(sentence)
    return tuple(
        flag or any(i != j and abs(i - j) <= _NEAR for j in near) for i, flag in enumerate(negated(sentence))
    )


@lru_cache(maxsize=8_192)
def same_denials(claim: str, evidence: str) -> bool:
    """Whether `claim` denies as often as the sentence `evidence` does, each time about the same.

    What only the evidence denies counts where the claim speaks of it.
    """
    theirs = list(denials(evidence))
    for i in denials(claim):
        scope = _scope(claim, i)
        best = max(theirs, key=lambda j: _share_about(evidence, j, scope), default=None)
        if best is None or _share_about(evidence, best, scope) < _SAME:
            return False
        theirs.remove(best)
    said = {w.stem for w in words(claim)}
    return not any(_share_said(evidence, j, said) >= _SAID for j in theirs)


def _scope(sentence: str, i: int) -> frozenset[str]:
    """The stems around a negative word that say what it denies."""
    found = words(sentence)
    return frozenset(w.stem for w in found[max(0, i - _SCOPE[0]) : i + _SCOPE[1]] if is_content(w))


def _share_said(sentence: str, i: int, said: set[str]) -> float:
    """The share, by weight, of what the word at `i` of `sentence` denies that is among the stems `said`."""
    found = words(sentence)
    denied = {found[j].stem for j in reached(sentence, i) if is_content(found[j])}
    total = sum(weight(s) for s in denied)
    return sum(weight(s) for s in denied & said) / total if total else 0.0


def _share_about(sentence: str, i: int, scope: frozenset[str]) -> float:
    """The share, by weight, of the stems `scope` that stand near the word at `i` of `sentence`."""
    found = words(sentence)
    near = {w.stem for w in found[max(0, i - _AROUND) : i + _AROUND + 1]}
    total = sum(weight(s) for s in scope)
    return sum(weight(s) for s in scope if s in near or near_words(s).keys() & near) / total if total else 0.0
