"""Sentences of an answer that frame it and claim nothing of a paper: "The papers do not say how …"."""

import re

from bot.answers.grounding.claims import names, plain
from bot.answers.grounding.numbers import numbers

_WHAT = (
    r"(?:papers?|abstracts?|sources?|studies|documents?|evidence|texts?|context|excerpts?|passages?|summar(?:y|ies)|"
    r"information|sentences?|articles?)"
)
_WHICH = r"(?:provided|retrieved|given|available|listed|cited|supplied|above|these|those|selected|other)"
_SUBJECT = rf"(?:(?:none|neither|no(?:ne)?\s+one|any)\s+of\s+)?(?:the|these|this|those|that|no|neither|any)?\s*(?:{_WHICH}\s+)?{_WHAT}(?:\s+(?:here|above|{_WHICH}))?"
_TELL = (
    r"(?:say|says|said|mention|mentions|mentioned|state|states|stated|discuss|discusses|report|reports|reported|address|"
    r"addresses|describe|describes|contain|contains|provide|provides|cover|covers|specify|specifies|specified|include|"
    r"includes|answer|answers|give|gives|tell|tells|explain|explains|indicate|indicates|disclose|discloses|detail|details)"
)
_NEVER = r"(?:do|does|did|can|could)\s*(?:not|n['’]t)|never|cannot|don['’]t|doesn['’]t|didn['’]t"
_REFUSALS = [
    re.compile(rf"^(?:however\s*,\s*|unfortunately\s*,\s*|but\s+)?{_SUBJECT}\s+(?:{_NEVER})\s+(?:explicitly\s+|directly\s+)?{_TELL}\b(?P<rest>.*)$", re.I),
    re.compile(rf"^(?:however\s*,\s*|unfortunately\s*,\s*|but\s+)?(?:no|none|neither)\b\s*(?:one\s+)?(?:of\s+)?(?:the|these|those)?\s*(?:{_WHICH}\s+)?{_WHAT}?\s*(?:here\s+|above\s+)?{_TELL}\b(?P<rest>.*)$", re.I),
    re.compile(r"^(?:i['’]?m\s+sorry\s*,\s*(?:but\s+)?)?(?:unfortunately\s*,\s*)?(?:i|we)\s+(?:can(?:not|['’]t)|could\s*(?:not|n['’]t)|(?:do|am|was|did|are)\s*(?:not|n['’]t)?\s*(?:unable\s+to|able\s+to)?)\s*(?:answer|find|tell|determine|say|know|see)\b(?P<rest>.*)$", re.I),
    re.compile(rf"^(?:this|that|it)\s+is\s+not\s+(?:mentioned|stated|discussed|reported|addressed|described|covered|specified|answered)\b(?P<rest>(?:\s+in\s+(?:{_SUBJECT}))?\W*)$", re.I),
    re.compile(r"^there\s+is\s+no\s+(?:information|mention|evidence|answer)\b(?P<rest>.*)$", re.I),
]  # fmt: skip
_FRAMES = re.compile(
    rf"^(?:the\s+closest\s+(?:papers?|matches)\s+(?:is|are|say|says|here)?|here\s+(?:is|are)\s+(?:what\s+)?{_SUBJECT}(?:\s+says?)?"
    rf"|(?:here\s+is\s+a\s+(?:short\s+)?summary|based\s+on\s+{_SUBJECT})|in\s+summary|sources?)\s*[:.,]?$",
    re.I,
)
# A second claim may ride on any of these.
_JOINTS = re.compile(
    r"\b(?:but|although|though|while|whereas|however|because|since|which|and\s+that|except|despite|so)\b|[;:—]|\.\s+\S",
    re.I,
)
_LONGEST = 30  # words


def is_framing(sentence: str, question: str = "") -> bool:
    """Whether `sentence` says only that the papers do not say something, or announces what follows.

    Strict, so that no claim slips through unchecked: no second clause, no number and no name, save those of the
    `question` that it repeats.
    """
    text = plain(sentence)
    if _FRAMES.match(text):
        return True
    for pattern in _REFUSALS:
        if (match := pattern.match(text)) is not None:
            rest = match["rest"]
            return (
                len(text.split()) <= _LONGEST
                and not _JOINTS.search(rest)
                and {n.value for n in numbers(rest)} <= {n.value for n in numbers(question)}
                and all(name.casefold() in question.casefold() for name in names("x " + rest))
            )
    return False
