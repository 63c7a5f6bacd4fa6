"""One call of a model: its reply, streamed and whole, or a failure that says why; and what it used."""

import asyncio
import re
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from bot import limits
from bot.answers import tokens, words
from bot.answers.answer import Usage
from bot.answers.models import LOCAL, ModelFailed, explain_failure, is_openai
from bot.answers.prices import cost

if TYPE_CHECKING:
    from langchain_core.messages import AnyMessage, BaseMessage
    from langchain_core.runnables import Runnable

_CUT_SHORT = frozenset({"length", "max_tokens", "MAX_TOKENS", "incomplete"})
_WITHHELD = frozenset({"content_filter", "refusal", "SAFETY"})
_MESSAGE_TOKENS = 4  # of what stands around each message
_SENTENCE_END = re.compile(r"[.!?][\])}\"'”’]*(?:\s*\[[^\]]*\])*\s*$")


class Call:
    """A call of the model `name`, to end by `deadline`, in seconds of `time.monotonic`.

    `text` is what came so far, `messages` what was sent; `usage` is known once `settle` was called.
    """

    def __init__(self, name: str, deadline: float) -> None:
        self.name = name
        self.deadline = deadline
        self.text = ""
        self.messages: Sequence[AnyMessage] = ()
        self.usage = Usage()
        self._told = (0, 0)
        self._ended: str | None = None
        self._reached = False

    @property
    def prompt(self) -> list[dict[str, str]]:
        """What was sent, message by message."""
        return [{"role": m.type, "content": str(m.text)} for m in self.messages]

    def sent(self, messages: "Sequence[AnyMessage]") -> None:
        """Take note of what the model is given."""
        self.messages = messages

    async def stream(self, chain: "Runnable[Any, Any]", inputs: Any) -> AsyncGenerator[str, None]:
        """The pieces of the reply, without what a model thinks aloud before it.

        Raises `ModelFailed`, for whatever goes wrong, also where the reply breaks off, is empty, or does not end.
        """
        thoughts = _Thoughts()
        try:
            async with aclosing(chain.astream(inputs)) as messages:  # type: ignore[type-var]
                while (message := await self._next(messages)) is not None:
                    self._note(message)
                    if piece := thoughts.without(str(message.text)):
                        yield piece
        except ModelFailed:
            raise
        except Exception as error:  # clients raise what they please; it is explained without their words
            timed_out = isinstance(error, TimeoutError)
            broke_off = self._reached and not timed_out
            self._reached = self._reached or (timed_out and bool(self.messages))
            raise (ModelFailed(words.BROKE_OFF) if broke_off else explain_failure(error)) from error
        self._check(thoughts)

    async def _next(self, messages: "AsyncIterator[BaseMessage]") -> "BaseMessage | None":
        """The next piece; None at the end. The limit is around this alone: what the reader does has its own."""
        left = max(0.01, self.deadline - time.monotonic())
        async with asyncio.timeout(left):
            return await anext(messages, None)

    @property
    def cut_short(self) -> bool:
        """Whether the reply ended in the middle of a sentence, because it reached its limit of tokens."""
        return self._ended in _CUT_SHORT and not _SENTENCE_END.search(self.text)

    def settle(self) -> None:
        """Work out what the call used: as the server told it, else counted, which may take a moment.

        Nothing where the model was not reached.
        """
        if not self._reached:
            return
        prompt, completion = self._told
        if not (prompt or completion):
            prompt = sum(tokens.count(str(m.text), self.name) + _MESSAGE_TOKENS for m in self.messages)
            completion = tokens.count(self.text, self.name)
        self.usage = Usage(prompt, completion, cost(self.name, prompt, completion))

    def _note(self, message: "BaseMessage") -> None:
        self._reached = True
        self.text += str(message.text)
        if len(self.text) > limits.REPLY_CHARS:
            raise ModelFailed(words.ENDLESS)
        told = getattr(message, "usage_metadata", None) or {}
        prompt, completion = self._told
        self._told = (
            max(prompt, int(told.get("input_tokens", 0))),
            max(completion, int(told.get("output_tokens", 0))),
        )
        about = message.response_metadata
        for key in ("finish_reason", "stop_reason", "done_reason", "status"):
            if isinstance(about.get(key), str):
                self._ended = about[key]

    def _check(self, thoughts: "_Thoughts") -> None:
        if self._ended in _WITHHELD:
            raise ModelFailed(words.WITHHELD)
        # Other providers' clients raise where a stream breaks; this interface just ends without a reason.
        if self._ended is None and (is_openai(self.name) or self.name.startswith(LOCAL)):
            raise ModelFailed(words.BROKE_OFF)
        if not thoughts.anything_else:
            raise ModelFailed(words.NO_REPLY)


class _Thoughts:
    """Takes `<think>…</think>` off the head of a reply, where some models think aloud."""

    def __init__(self) -> None:
        self.anything_else = False
        self._held: str | None = ""

    def without(self, piece: str) -> str:
        if self._held is not None:
            self._held += piece
            piece = self._rest(self._held.lstrip())
        self.anything_else = self.anything_else or bool(piece.strip())
        return piece

    def _rest(self, held: str) -> str:
        """What of the beginning may be shown; empty while that is open."""
        if held.startswith("<think>"):
            _, closed, rest = held.partition("</think>")
            if not closed:
                return ""
            held = rest
        elif "<think>".startswith(held):
            return ""
        self._held = None
        return held
