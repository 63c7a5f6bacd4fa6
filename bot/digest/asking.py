"""Asking a model for parts of a summary: many at a time but bounded, each at most once, none fatal."""

import asyncio
import hashlib
import json
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot import limits
from bot.answers import tokens
from bot.answers.models import ModelFailed, room_for
from bot.answers.words import MODEL_RESTING
from bot.digest.cache import Replies
from bot.errors import PapersError

Complete = Callable[[str, dict[str, str], int], Awaitable[str]]
"""Asks a model: the task (the name of a file in prompts/), its variables, the most tokens; gives the reply.

Time-outs and retries are its own; it may raise anything.
"""

_log = logging.getLogger(__name__)

_PROMPTS = 2  # part of every key: to be raised when the words of the prompts change
_GIVE_UP = 5  # failures in a row
_BLOCK_TOKENS = 30  # of delimiters and key around each item

NO_TIME = "there was no time left for the model"
TOO_MANY = "the model failed too often"
FAILED = "the model failed"


@dataclass(frozen=True, slots=True)
class Item:
    """A paper as a model sees it: title, and the text below it."""

    title: str
    text: str


@dataclass
class Asker:
    """Asks `complete` within a number of seconds in all, and remembers replies.

    After five failures in a row the model is asked no more; `failures` counts the parts it did not give, by
    the reason, in words for a reader.
    """

    complete: Complete
    model: str
    replies: Replies | None = None
    seconds: float = limits.DIGEST_SECONDS
    asked: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    _begun: float = field(default_factory=time.monotonic)
    _row: int = 0

    def __post_init__(self) -> None:
        room = room_for(self.model)
        self.tokens = room.evidence_tokens
        # A model in this process writes one reply after the other.
        self._gate = asyncio.Semaphore(1 if room.brief else limits.DIGEST_CALLS)

    async def ask(self, task: str, items: Sequence[Item], tokens: int, share: float = 1.0) -> str | None:
        """The reply to `task` about `items`, which are under the keys P1, P2 and so on.

        None where the model fails, gives nothing, or this `share` of the time is over.
        """
        key = self._key(task, items)
        if self.replies and (kept := await asyncio.to_thread(self.replies.get, key)) is not None:
            return kept
        async with self._gate:
            left = self._begun + share * self.seconds - time.monotonic()
            if self._row >= _GIVE_UP or left <= 0:
                return self._without(task, TOO_MANY if self._row >= _GIVE_UP else NO_TIME)
            self.asked += 1
            reply = ""
            try:
                async with asyncio.timeout(left) as limit:
                    variables = await asyncio.to_thread(variables_of, items)
                    reply = (await self.complete(task, variables, tokens)).strip()
            except Exception as error:  # whatever a model raises costs this one part; the papers stand in for it
                if limit.expired():
                    return self._without(task, NO_TIME)
                self._row += 1
                return self._without(task, _reason(error))
        if not reply:
            self._row += 1
            return self._without(task, FAILED)
        self._row = 0
        reply = reply[: limits.REPLY_CHARS]
        if self.replies:
            await asyncio.to_thread(self.replies.put, key, reply)
        return reply

    def _without(self, task: str, reason: str) -> str | None:
        """No reply, for this reason."""
        _log.info("a part of the daily summary (%s) is not written: %s", task, reason)
        self.failures[reason] += 1
        return None

    @property
    def reason(self) -> str:
        """Why the model did not give most of the parts that it did not give."""
        reasons = [reason for reason, _ in self.failures.most_common()]
        return next((r for r in reasons if r not in (TOO_MANY, FAILED, MODEL_RESTING)), (reasons or [FAILED])[0])

    def abstract(self, title: str, sentences: Sequence[str]) -> Item:
        """A paper with as many of the `sentences` of its abstract as a prompt holds."""
        return Item(title, " ".join(sentences[: self._fitting(sentences)]))

    def fitting(self, items: Sequence[Item]) -> int:
        """How many of `items`, in their order, a prompt holds."""
        return self._fitting([f"{i.title}\n{i.text}" for i in items], _BLOCK_TOKENS)

    def _fitting(self, texts: Sequence[str], more: int = 0) -> int:
        room = self.tokens
        for n, text in enumerate(texts):
            room -= tokens.count(text, self.model) + more
            if room < 0:
                return n
        return len(texts)

    def _key(self, task: str, items: Sequence[Item]) -> str:
        said = json.dumps([_PROMPTS, task, self.model, [[i.title, i.text] for i in items]])
        return hashlib.sha256(said.encode()).hexdigest()


def _reason(error: Exception) -> str:
    if isinstance(error, ModelFailed | PapersError):
        return str(error)
    return "the model did not answer in time" if isinstance(error, TimeoutError) else FAILED


def variables_of(items: Sequence[Item]) -> dict[str, str]:
    """The variables of a prompt but the date: all untrusted text between delimiters that it cannot know."""
    from bot.answers.chain import new_delimiter, safe  # LangChain, which takes seconds to import

    delimiter = new_delimiter()
    blocks = [f"{delimiter}\n[P{n}] {safe(i.title)}\n{safe(i.text)}\n{delimiter}" for n, i in enumerate(items, 1)]
    return {
        "delimiter": delimiter,
        "evidence": "\n\n".join(blocks),
        "keys": ", ".join(f"[P{n}]" for n in range(1, len(items) + 1)),
    }
