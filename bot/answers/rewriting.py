"""Questions written anew by a model: a follow-up that stands on its own, a question put into English.

What a model writes is used only for the search, and only where it looks like a question and nothing else.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot import limits
from bot.answers import words
from bot.answers.access import Models
from bot.answers.answer import Question, Turn, Usage
from bot.answers.asking import Call
from bot.answers.conversation import points_back
from bot.answers.language import foreign_language
from bot.answers.models import ModelFailed, room_for
from bot.answers.trace import Trace
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


@dataclass(frozen=True, slots=True)
class Restated:
    """A question as it is answered, in English.

    `alone` is a follow-up that a model wrote so that it stands alone; `refusal` the words where it cannot be answered.
    """

    text: str
    alone: str | None = None
    refusal: str | None = None
    notes: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)


async def restate(question: Question, text: str, models: Models, seconds: float, trace: Trace) -> Restated:
    """What a model makes of `text`, the words of `question`, before the search: English, and a question of its own.

    A question that needs neither is left alone, and so is a follow-up that the model fails at, within its share of
    `seconds`. One in another language that nobody translates is refused.
    """
    language = foreign_language(text)
    follows = bool(question.history) and points_back(text)
    if language is None and not follows:
        return Restated(text)
    call: Call | None = None
    written: str | None = None
    notes: tuple[str, ...] = ()
    try:
        name = await models.name()
        # A model that reads slowly has better to do than to rewrite what is understood without it.
        if name and (language or not room_for(name).brief):
            deadline = time.monotonic() + seconds * limits.REWRITE_SHARE
            async with models.call(name, deadline, question.person, limits.REWRITE_TOKENS) as (model, call):
                if language:
                    written = await translate(text, model, call)
                else:
                    written = await rewrite(text, question.history, model, call)
    except ModelFailed as failure:
        trace.add("model failed", reason=str(failure))
        if language:
            notes = (words.NOT_TRANSLATED.format(reason=failure),)
    usage = call.usage if call else Usage()
    sent = {"prompt": call.prompt, "reply": call.text} if call else {}
    trace.add("translated" if language else "rewritten", language=language, question=written, **sent)
    if language is None:
        return Restated(text, written, usage=usage)
    if written is None:
        return Restated(text, refusal=words.IN_ENGLISH.format(language=language), notes=notes, usage=usage)
    return Restated(written, notes=(words.TRANSLATED.format(language=language, question=written),), usage=usage)


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
    return written if written and _mostly_latin(written) and foreign_language(written) is None else None


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
