"""Asking a model for parts of a summary: many at a time but bounded, each at most once, none fatal."""

import asyncio
import hashlib
import json
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot import limits
from bot.digest.cache import Replies
from bot.digest.day import DayPaper

Complete = Callable[[str, dict[str, str], int], Awaitable[str]]
"""Asks a model: the task (the name of a file in prompts/), its variables, the most tokens; gives the reply.

Time-outs and retries are its own; it may raise anything.
"""

_PROMPTS = 1  # part of every key: to be raised when the words of the prompts change
_GIVE_UP = 5  # failures in a row


@dataclass(frozen=True, slots=True)
class Item:
    """A paper as a model sees it: title, and the text below it."""

    n: int
    title: str
    text: str


@dataclass
class Asker:
    """Asks `complete` within a number of seconds in all, and remembers replies.

    After five failures in a row the model is asked no more; `failed` counts the parts it did not give.
    """

    complete: Complete
    model: str
    replies: Replies | None = None
    seconds: float = limits.DIGEST_SECONDS
    asked: int = 0
    failed: int = 0
    _gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(limits.DIGEST_CALLS))
    _ends: float = 0.0
    _row: int = 0

    def __post_init__(self) -> None:
        self._ends = time.monotonic() + self.seconds

    async def ask(self, task: str, items: Sequence[Item], tokens: int) -> str | None:
        """The reply to `task` about `items`; None where the model fails, refuses to answer, or is out of time."""
        key = self._key(task, items)
        if self.replies and (kept := await asyncio.to_thread(self.replies.get, key)) is not None:
            return kept
        async with self._gate:
            left = self._ends - time.monotonic()
            if self._row >= _GIVE_UP or left <= 0:
                self.failed += 1
                return None
            self.asked += 1
            try:
                reply = (await asyncio.wait_for(self.complete(task, _variables(items), tokens), left)).strip()
            except Exception:  # whatever a model raises costs this one part; the papers stand in for it
                reply = ""
        if not reply:
            self._row += 1
            self.failed += 1
            return None
        self._row = 0
        reply = reply[: limits.REPLY_CHARS]
        if self.replies:
            await asyncio.to_thread(self.replies.put, key, reply)
        return reply

    def _key(self, task: str, items: Sequence[Item]) -> str:
        said = json.dumps([_PROMPTS, task, self.model, [[i.n, i.title, i.text] for i in items]])
        return hashlib.sha256(said.encode()).hexdigest()


def abstract_item(paper: DayPaper, usable: Sequence[str]) -> Item:
    """A paper with what of its abstract may be shown to a model, cut to what a prompt holds."""
    return Item(paper.n, paper.title, " ".join(usable)[: limits.PROMPT_TOKENS * 2])


def within_budget(items: Sequence[Item]) -> list[Item]:
    """As many of `items`, in their order, as a prompt holds."""
    room = limits.PROMPT_TOKENS * 3  # characters: a token has more than three of them in English
    kept = []
    for item in items:
        room -= len(item.title) + len(item.text) + 60
        if room < 0:
            break
        kept.append(item)
    return kept


def _variables(items: Sequence[Item]) -> dict[str, str]:
    """The variables of a prompt: all untrusted text between delimiters that it cannot know."""
    delimiter = f"=== {secrets.token_hex(6)} ==="
    blocks = [f"{delimiter}\n[P{i.n}] {_safe(i.title)}\n{_safe(i.text)}\n{delimiter}" for i in items]
    return {
        "today": date.today().isoformat(),  # noqa: DTZ011 - the reader's own day
        "delimiter": delimiter,
        "evidence": "\n\n".join(blocks),
        "keys": ", ".join(f"[P{i.n}]" for i in items),
    }


def _safe(text: str) -> str:
    """`text` without anything that could be taken for a delimiter or a key."""
    return text.replace("===", "= = =").replace("[P", "[ P")
