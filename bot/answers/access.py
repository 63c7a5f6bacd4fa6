"""The way to the model in force: its name, its breaker, the budget, and every call of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.answers.asking import Call
from bot.answers.budget import Budget
from bot.answers.models import (
    Breaker,
    ModelFailed,
    chat_model,
    explain_failure,
    model_name,
    room_for,
    written_at_most,
)
from bot.library.catalogue import Catalogue
from bot.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


class Models:
    """The model that the settings name, or none; one object serves a whole process."""

    def __init__(self, settings: Settings, catalogue: Catalogue) -> None:
        self.budget = Budget(catalogue, settings.budget_usd)
        self._settings = settings
        self._breaker = Breaker()
        self._name: str | None = None
        self._known = False

    async def name(self) -> str | None:
        """The model that is asked; None for extractive answers. Raises `ModelFailed` where it cannot be told."""
        if not self._known:
            self._breaker.check()
            try:
                self._name = await asyncio.to_thread(model_name, self._settings)
            except ModelFailed as failure:
                self._breaker.failed(failure)
                raise
            self._known = True
        return self._name

    def use(self, name: str) -> None:
        """Ask another model from now on; "none" for extractive answers."""
        self._settings = self._settings.model_copy(update={"model": name})
        self._known = False
        self._breaker = Breaker()

    @asynccontextmanager
    async def call(
        self, name: str, deadline: float, person: str = "", reply_tokens: int | None = None
    ) -> "AsyncIterator[tuple[BaseChatModel, Call]]":
        """The model and a call of it, which is to end by `deadline`, in seconds of `time.monotonic`.

        What it used is recorded for `person`. Raises `ModelFailed` for whatever goes wrong with the model, at
        once where it is being left alone or the budget is used up; `BadInput` where the setting is wrong.
        """
        room = room_for(name)
        breaker = self._breaker
        breaker.check()
        most = reply_tokens or room.reply_tokens
        reserved = await asyncio.to_thread(
            self.budget.reserve, name, room.prompt_tokens, written_at_most(name, most), person
        )
        call = Call(name, deadline)
        try:
            async with chat_model(name, self._settings, most) as model:
                yield model, call
            breaker.succeeded()
        except ModelFailed as failure:
            breaker.failed(failure)
            raise
        except ImportError as error:
            raise explain_failure(error) from error
        finally:
            try:
                await asyncio.to_thread(self._settle, call, person)
            finally:  # not before: in between, the money would be neither held nor spent
                self.budget.release(reserved, person)

    def _settle(self, call: Call, person: str) -> None:
        call.settle()
        self.budget.record(person, call.name, call.usage)
