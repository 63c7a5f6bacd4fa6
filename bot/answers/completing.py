"""Parts of a longer text from the model in force, a prompt and a call each, over the one way to it."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from bot import limits
from bot.answers.access import Models
from bot.answers.models import NotAsked
from bot.papers.text import split_sentences


class Completions:
    """Replies of the model `name`, each within `seconds`, its retries included. Its calls cost nobody by name."""

    def __init__(self, models: Models, name: str, seconds: float) -> None:
        self._models = models
        self._name = name
        self._seconds = seconds

    async def __call__(self, task: str, variables: Mapping[str, str], reply_tokens: int) -> str:
        """The reply to the prompt `task`, without a sentence that its limit of tokens cut off.

        A model that is to be left alone for a moment is waited for. Raises `ModelFailed` for whatever goes
        wrong with it, `BadInput` where the setting is wrong.
        """
        deadline = time.monotonic() + self._seconds
        while True:
            try:
                return await self._reply(task, variables, reply_tokens, deadline)
            except NotAsked as failure:
                left = min(deadline - time.monotonic(), limits.MODEL_PAUSE_SECONDS)
                if not 0 < failure.wait < left:
                    raise
                await asyncio.sleep(failure.wait)

    async def _reply(self, task: str, variables: Mapping[str, str], tokens: int, deadline: float) -> str:
        async with self._models.call(self._name, deadline, reply_tokens=tokens) as (model, call):
            from bot.answers.chain import messages_of  # LangChain, which takes seconds to import

            messages = messages_of(task, **variables)
            call.sent(messages)
            chain: Any = model
            reply = "".join([piece async for piece in call.stream(chain, messages)])
        return without_last_sentence(reply) if call.cut_short else reply


def without_last_sentence(text: str) -> str:
    """`text` without its last sentence, which is not whole."""
    head, newline, last = text.rstrip().rpartition("\n")
    return head + newline + " ".join(split_sentences(last)[:-1])
