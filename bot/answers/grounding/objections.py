"""Hard checks: what a sentence must not do, however like its evidence it is."""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.answers.grounding import claims, direction, edits, negation, numbers
from bot.answers.grounding.claims import Naming
from bot.answers.grounding.comparison import sides_turned
from bot.answers.grounding.exchanged import exchanged
from bot.answers.grounding.words import content, near_words, weight

# Words of rank and of all-or-nothing; evidence must say them in one of these ways, else they are an invention.
_RANKS = {
    r"first": r"first|pioneer\w*|unprecedented|no (?:prior|previous)|1st|earliest|initial\w*|preliminary|no\.? ?1",
    r"state of the art|sota": r"state of the art|sota|best|new records?|leading",
    r"best": r"best|optimal\w*|optimum|state of the art|sota|highest|top|largest|most|lowest|outperform\w*|record|strongest",
    r"only|solely|exclusively": r"only|sole\w*|just|simpl[ey]|mere\w*|alone|exclusive\w*|single|unique\w*|purely|limit\w*|"
    r"narrow\w*|entirely|few\w*|minimal",
    r"all|every|always": r"all|every\w*|each|any|both|whole|entire\w*|across|consistent\w*|full\w*|universal\w*|always|"
    r"never|invariably|overall|complete\w*|various|wide range|no|only|sole\w*|100|per",
    r"never|none": r"never|no|not|none|without|cannot|\w+n't|fail\w*|lack\w*",
    r"largest|biggest": r"largest|biggest|most",
    r"smallest": r"smallest|least|fewest|tiniest",
    r"fastest": r"fastest|quickest",
    r"highest": r"highest|best|most|top\w*|maxim\w*|state of the art",
    r"lowest": r"lowest|least|minim\w*|fewest",
    r"most(?= \w)": r"most|mainly|majority|largely|highest|best|primar\w+|predominant\w*|mostly|top|largest|state of the art|"
    r"main|key|often|generally|typically|usually|especially|particularly",
    r"unique\w*": r"unique\w*|only|sole\w*|distinct\w*",
    r"guarantee\w*|provabl\w*|prove[sdn]? that": r"guarantee\w*|prov\w+|proof\w*|theor\w+|certif\w+|ensur\w+|demonstrat\w*",
}
_RANK_PATTERNS = [(re.compile(rf"\b(?:{k})\b"), re.compile(rf"\b(?:{v})\b")) for k, v in _RANKS.items()]
_ANY_RANK = re.compile("|".join(rf"\b(?:{k})\b" for k in _RANKS))
# "First, we …", "the first stage", "first … then", "not only": order and framing, not rank.
_NO_RANK = re.compile(
    r"\bnot only\b|\bnot just\b|\bat first\b|\bfirst(?=,|ly| (?:and|or|then|stages?|steps?|phases?|frames?|tokens?|"
    r"layers?|half|time|pass|row|column|part|author|principles|two|three|few|attempts? to))|\ball in one\b|"
    r"\b(?:after|above) all\b|\ball to all\b|\bonly if\b|\bread only\b|\b(?:encoder|decoder|text) only\b|\bfirst (?:order|person)\b|"
    r"\bat most\b|\bonly (?:an? )?(?:fraction|few|handful|little|small|minor|slight\w*|negligible)\b|"
    r"\b(?:are|is|were|become) all\b|\bfor all\b|\bmake\w* the (?:most|best) of\b|\bmost (?:of all|notably)\b|\bbest of n\b|"
    r"\bbest practices?\b|^first\b|\bfirst(?= an? )"
)
_RANK_SHARE = 0.3
_RANK_CONTEXT = 5  # words after a word of rank, and half as many before it, that say of what it is the rank


def numbers_missing(text: str, chosen: Sequence[str], title: str) -> bool:
    """Whether `text` states a number that stands neither in the sentences `chosen` nor in the title."""
    claimed = numbers.numbers(text)
    return bool(claimed and numbers.missing(claimed, numbers.stated((*chosen, title))))


def contradicts(text: str, paper: Naming, chosen: Sequence[str], likest: Sequence[str]) -> bool:
    """Whether `text` cannot stand on the sentences `chosen` of a paper, whatever the likeness.

    Names must stand there or be the paper's own, quotations in the paper, ranks in the sentences, and figures beside
    what they are of; who wins a comparison wins it there, too. `text` may be none of these sentences, nor of `likest`, with a word changed.
    """
    return (
        any(exchanged(text, row) for row in chosen)
        or not all(paper.knows(name, chosen) for name in claims.names(text))
        or not all(paper.says(quoted) for quoted in claims.quotations(text))
        or sides_turned(text, chosen, paper)
        or _invented_rank(text, chosen)
        or any(_tampered(text, row) for row in dict.fromkeys((*chosen, *likest)))
    )


def turned(text: str, chosen: Sequence[str]) -> float:
    """How surely `text` says the opposite of something in the sentences `chosen`, by its closest opposites; 0–1."""
    return direction.compare(text, tuple(chosen)).worst


def _tampered(text: str, row: str) -> bool:
    """Whether `text` is the sentence `row` with a word or number put in the place of another, or a rank or "not" put in."""
    if edits.swapped(text, row):
        return True
    if not edits.is_almost(text, row):
        return False
    claimed, stated = ([n.value for n in numbers.numbers(s)] for s in (text, row))
    if len(claimed) == len(stated) and claimed != stated:
        return True
    shared = edits.shared(text, row)
    denied = [i for i in negation.negators(row) if i in shared or shared.intersection(negation.reached(row, i))]
    return _invented_rank(text, [row]) or len(negation.negators(text)) != len(denied)


def _invented_rank(text: str, evidence: Sequence[str]) -> bool:
    """Whether `text` ranks something ("first", "best", "all") that the evidence does not rank."""
    claimed = _plain(text)
    if not _ANY_RANK.search(claimed):
        return False
    for claim_pattern, evidence_pattern in _RANK_PATTERNS:
        for match in claim_pattern.finditer(claimed):
            ranked = _ranked(claimed, match)
            uses = [_ranked(_plain(row), m) for row in evidence for m in evidence_pattern.finditer(_plain(row))]
            if not any(_same_thing(ranked, used) for used in uses):
                return True
    return False


def _ranked(text: str, match: re.Match[str]) -> frozenset[str]:
    """The stems around a word of rank: what is ranked."""
    before = [w.stem for w in content(text[: match.start()])][-3:]
    after = [w.stem for w in content(text[match.end() :])][:_RANK_CONTEXT]
    return frozenset((*before, *after))


def _same_thing(ranked: frozenset[str], used: frozenset[str]) -> bool:
    """Whether enough of what is ranked in one place, by weight, is ranked in the other."""
    total = sum(weight(s) for s in ranked)
    shared = sum(weight(s) for s in ranked if s in used or near_words(s).keys() & used)
    return total == 0 or shared >= _RANK_SHARE * total


@lru_cache(maxsize=4_096)
def _plain(text: str) -> str:
    lowered = re.sub(r"[-–]", " ", text.casefold().replace("’", "'"))
    return _NO_RANK.sub(" ", lowered)
