"""Follow-up questions: what "it" and "that paper" mean, from the turns before."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.answers.answer import Turn
from bot.library.catalogue import Stored
from bot.library.lexical import query_stems

_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|theirs|this|that|these|those|the (?:paper|papers|authors?|method|model|approach|"
    r"results?|first|second|third|other|same|latter|former)|which of)\b",
    re.IGNORECASE,
)
_OPENS_FOLLOW_UP = re.compile(
    r"^\s*(?:and|but|so|also|what about|how about|why|more|go on|tell me more|really)\b", re.I
)
_NTH = re.compile(r"\b(?:the )?(first|second|third|other|last) (?:one|paper|source)\b|\[(\d)\]", re.IGNORECASE)
_NTH_INDEX = {"first": 0, "second": 1, "other": 1, "third": 2, "last": -1}


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it is searched for: `search` names what it refers to; `about` is that paper, if any."""

    search: str
    about: Stored | None = None


def understand(question: str, history: Sequence[Turn], get: Callable[[str], Stored | None]) -> Understood:
    """`question` with the paper that it points back to, found by its words and the last turn with sources.

    A question that does not point back, or that has enough words of its own, is searched for as it stands.
    """
    cited = next((turn.paper_ids for turn in reversed(history) if turn.paper_ids), ())
    if not cited or not points_back(question):
        return Understood(question)
    which = _NTH.search(question)
    index = 0
    if which:
        index = int(which[2]) - 1 if which[2] else _NTH_INDEX[which[1].lower()]
    stored = get(cited[index] if -len(cited) <= index < len(cited) else cited[0])
    if stored is None:
        return Understood(question)
    return Understood(f"{question} ({stored.paper.title})", stored)


def points_back(question: str) -> bool:
    """Whether a question seems to lean on the turn before it."""
    content = len(query_stems(question))
    if _POINTS_BACK.search(question) or _NTH.search(question):
        return content <= 8
    return (bool(_OPENS_FOLLOW_UP.match(question)) and content <= 4) or content <= 1
