"""Follow-up questions: what "it" and "that paper" mean, from the turns before."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.answers.answer import Turn
from bot.answers.asked import Kind, asked_for, asks_for_several
from bot.library.catalogue import Stored
from bot.library.lexical import query_stems
from bot.library.likeness import has_name, names_in
from bot.library.word_vectors import words_of

_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|theirs|this|these|those|the (?:paper|papers|authors?|method|model|approach|"
    r"results?|first|second|third|other|same|latter|former)|which of|that (?:paper|one|method|model|work|study|approach|"
    r"dataset|data|result|idea|network|system)|(?:about|of|on|in|with|for|does|is|do|did|was|like|than|to) that)\b|"
    r"\bthat\s*[?.!]*$",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:it|its|they|them|their)\b", re.IGNORECASE)
_OPENS_FOLLOW_UP = re.compile(
    r"^\s*(?:and|but|so|also|what about|how about|why|more|go on|tell me more|really)\b", re.I
)
# "The one on sparse attention", "another paper that …": these say themselves which paper they mean.
_DESCRIBES = re.compile(
    r"\b(?:the|that|an?other|a|any|some) (?:\w+ )?(?:one|ones|paper|papers|work|works|study|studies|article)\s+(?:on|about|"
    r"that|which|with|where|called|titled|named|proposing|showing)\s+(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NTH = re.compile(r"\b(?:the )?(first|second|third|other|last) (?:one|paper|source)\b|\[(\d)\]", re.IGNORECASE)
_NTH_INDEX = {"first": 0, "second": 1, "other": 1, "third": 2, "last": -1}
# "And how much exactly?" asks for more of what was asked before.
_HOW_MUCH = re.compile(
    r"^\s*(?:(?:and|but|so|ok|well)\b[\s,]*)?(?:by\s+)?how\s+(?:much|many|often|long|large|big|fast)"
    r"(?:\s+(?:exactly|precisely|in total|roughly|about|then))?\s*[?.!]*\s*$",
    re.IGNORECASE,
)
_PARTIAL = 4  # content words at most of a follow-up that is no whole question
_ASKS = frozenset(
    """
    how what which who whom whose why when where is are was were do does did can could has have
    """.split()  # noqa: SIM905
)
_DESCRIBED = 3  # content words that tell a paper apart


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it is searched for: `search` names what it refers to; `about` is that paper, if any.

    `focus` is what chooses among its sentences: the question, with the one before it where it is no whole question.
    """

    search: str
    focus: str
    about: Stored | None = None


def understand(
    question: str,
    history: Sequence[Turn],
    get: Callable[[str], Stored | None],
    elsewhere: Callable[[str, bool], bool] = lambda name, in_title: False,
) -> Understood:
    """`question` with the paper that it points back to, found by its words and the last turn with sources.

    A question that does not point back, that names another paper, or that has enough words of its own, is searched
    for as it stands. `elsewhere` says of a name whether a paper is known by it; where the question leans on "it", in
    its title: else it may as well be what "it" is compared with.
    """
    cited = next((turn.paper_ids for turn in reversed(history) if turn.paper_ids), ())
    if not cited or not points_back(question):
        return Understood(question, question)
    which = _NTH.search(question)
    index = 0
    if which:
        index = int(which[2]) - 1 if which[2] else _NTH_INDEX[which[1].lower()]
    stored = get(cited[index] if -len(cited) <= index < len(cited) else cited[0])
    if stored is None or _names_another(question, stored, elsewhere):
        return Understood(question, question)
    partial = _is_partial(question)
    focus = f"{history[-1].question} {question}" if partial else question
    return Understood(f"{question} ({stored.paper.title})", focus, stored)


def points_back(question: str) -> bool:
    """Whether a question seems to lean on the turn before it."""
    content = len(query_stems(question))
    described = _DESCRIBES.search(question)
    if described and len(query_stems(described["rest"])) >= _DESCRIBED:
        return False
    if _POINTS_BACK.search(question) or _NTH.search(question):
        return content <= 8
    if _OPENS_FOLLOW_UP.match(question):
        return content <= 4
    # "How many parameters?" asks for something of a paper; "What is homeostasis?" or "fMRI" for papers.
    asked = asked_for(question).kind is not Kind.OPEN and not asks_for_several(question)
    return content == 0 or (content <= 2 and asked)


def _is_partial(question: str) -> bool:
    """Whether a follow-up asks again what was asked before it, of something else: "And those of X?", or how much."""
    if _HOW_MUCH.match(question):
        return True
    asks = any(word in _ASKS for word in words_of(question.partition(" about ")[2] or question))
    return bool(_OPENS_FOLLOW_UP.match(question)) and not asks and 1 <= len(query_stems(question)) <= _PARTIAL


def _names_another(question: str, stored: Stored, elsewhere: Callable[[str, bool], bool]) -> bool:
    """Whether a name in `question` is not of the paper `stored`, and is of another."""
    text = f"{stored.paper.title} {stored.paper.abstract}"
    leans = bool(_PRONOUN.search(question))
    return any(not has_name(text, name) and elsewhere(name, leans) for name in names_in(question))
