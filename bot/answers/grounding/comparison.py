"""Who wins a comparison: "A outperforms B" turned into "B outperforms A"."""

import re
from collections.abc import Iterator, Sequence

from bot.answers.grounding.claims import Naming, names

_WINS = re.compile(
    r"\b(?:outperform\w*|surpass\w*|exceed(?:s|ed|ing)?|beats?|beaten|beating|outscor\w*|outdo\w*|overtak\w*|"
    r"(?:better|higher|faster|stronger|more \w+) than|superior to|ahead of)\b(?P<by>\s+by\b)?",
    re.IGNORECASE,
)
_LOSES = re.compile(
    r"\b(?:underperform\w*|trails?|trailing|(?:lag|fall)(?:s|ging|ing)? behind|loses? to|"
    r"(?:worse|lower|slower|weaker|less \w+) than|inferior to)\b",
    re.IGNORECASE,
)
_BEATEN = re.compile(r"outperformed|surpassed|exceeded|beaten|outscored|outdone|overtaken", re.IGNORECASE)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+\s+)?$", re.IGNORECASE)
_AMOUNT = re.compile(r"\s*(?:about |over |up to |an average of |more than )?[\d$]", re.IGNORECASE)
_DENIED = re.compile(r"(?:\b(?:not|no|never|nor|cannot)|n['’]t)\b[^,;]*$", re.IGNORECASE)
_CLAUSE = re.compile(r"[;:]|\b(?:while|whereas|but|although)\b", re.IGNORECASE)
_OWN_WORK = re.compile(r"\b(?:we|ours?|its?|they)\b", re.IGNORECASE)
_WHERE = re.compile(r"\b(?:on|in|at|for|under|across|over)\s+(?:the\s+)?[\w-]+", re.IGNORECASE)  # what was tested on
_OWN = "own work"  # stands for all names of it

Sides = tuple[frozenset[str], frozenset[str]]


def sides_turned(claim: str, rows: Sequence[str], paper: Naming) -> bool:
    """Whether `claim` has something win in a comparison that one of `rows` has lose, where no other side agrees."""
    for winner, loser in _comparisons(claim, paper):
        for won, lost in (pair for row in rows for pair in _comparisons(row, paper)):
            crossed = loser & won and (winner & lost or _OWN in loser & won)
            if crossed and not winner & won and not loser & lost:
                return True
    return False


def _comparisons(sentence: str, paper: Naming) -> Iterator[Sides]:
    """Who wins and who loses in each comparison of a sentence, by names; none where it is denied."""
    for pattern in (_WINS, _LOSES):
        for match in pattern.finditer(sentence):
            before, after = sentence[: match.start()], sentence[match.end() :]
            beaten = _BEATEN.match(match.group())
            by = match.groupdict().get("by")
            if _DENIED.search(before) or (beaten and not by and _PASSIVE.search(before)):
                continue
            start = max((m.end() for m in _CLAUSE.finditer(before)), default=0)
            end = _CLAUSE.search(after)
            left, right = _who(before[start:], paper), _who(after[: end.start() if end else None], paper)
            left, right = left - right, right - left
            passive = bool(beaten and by and not _AMOUNT.match(after))
            yield (left, right) if (pattern is _WINS) != passive else (right, left)


def _who(part: str, paper: Naming) -> frozenset[str]:
    part = _WHERE.sub(" ", part)
    found = names(f"x {part}")
    own = _OWN_WORK.search(part) or any(paper.names_own(name) for name in found)
    return frozenset(name.casefold() for name in found) | ({_OWN} if own else set())
