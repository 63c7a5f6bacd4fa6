"""Questions written anew by a model: a follow-up that stands on its own, a question put into English.

What a model writes is used only for the search, and only where it looks like a question and nothing else.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot import limits
from bot.answers.answer import Turn
from bot.answers.asking import Call
from bot.papers.text import clean

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AnyMessage

_LABEL = re.compile(
    r"^\s*(?:(?:rewritten|translated|standalone|last)\s+)?(?:question|translation|query)\s*:\s*", re.I
)
_QUOTES = "\"'“”‘’«»`*"
_NEVER = re.compile(
    r"https?:|www\.|\w\.(?:com|org|net|io|gg)\b|[<>{}\[\]|\\]|@\w|={2,}"  # links, mentions, markup, delimiters
    r"|\b(?:as an ai|i (?:can(?:no|')t|am unable|am sorry)|i'm sorry|the (?:papers?|conversation) (?:does|do) not)\b",
    re.IGNORECASE,
)


async def rewrite(question: str, history: Sequence[Turn], model: "BaseChatModel", call: Call) -> str | None:
    """`question` so that it is understood without the conversation; None where the model wrote anything else.

    `call` holds afterwards what was sent and used. Raises what a model raises.
    """
    from bot.answers.chain import messages_of, new_delimiter, safe, transcript

    said = transcript(history, limits.HISTORY_TOKENS)
    messages = messages_of("rewrite", delimiter=new_delimiter(), history=said, question=safe(question))
    return question_in(await _reply(messages, model, call))


async def translate(question: str, model: "BaseChatModel", call: Call) -> str | None:
    """`question` in English; None where the model wrote anything else than one line of English.

    `call` holds afterwards what was sent and used. Raises what a model raises.
    """
    from bot.answers.chain import messages_of, new_delimiter, safe

    messages = messages_of("translate", delimiter=new_delimiter(), question=safe(question))
    written = question_in(await _reply(messages, model, call))
    return written if written and _mostly_latin(written) else None


def question_in(reply: str) -> str | None:
    """The question that a reply consists of; None where it is anything more, or anything else.

    One line of at most `limits.REWRITE_CHARS` characters, without links, mentions, markup and delimiters.
    """
    lines = [line for line in reply.strip().splitlines() if line.strip()]
    if len(lines) != 1:
        return None
    text = clean(_LABEL.sub("", lines[0]).strip().strip(_QUOTES))
    if not 3 <= len(text) <= limits.REWRITE_CHARS or _NEVER.search(text):
        return None
    return text if any(c.isalpha() for c in text) else None


async def _reply(messages: "list[AnyMessage]", model: "BaseChatModel", call: Call) -> str:
    call.sent(messages)
    stream: Any = call.stream(model, messages)
    return "".join([piece async for piece in stream])


def _mostly_latin(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return sum(c.isascii() for c in letters) >= 0.8 * len(letters)
