"""What the commands of one run share: settings, library, the door to the terminal; each made when asked for."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, cast

from bot.terminal.screen import Screen

if TYPE_CHECKING:
    import typer

    from bot.answers.core import Answerer
    from bot.library.embeddings import Embedder
    from bot.library.library import Library
    from bot.settings import Settings

EMPTY_HINT = "no papers yet: try `papers ingest sample`, or `papers ingest hf` for today's"


class Session:
    """One run of the program. `close` it at the end."""

    def __init__(self) -> None:
        self.screen = Screen()
        self.log_default = "warning"
        self._library: Library | None = None
        self._embedder: Embedder | None = None
        self._loading: threading.Thread | None = None

    @cached_property
    def settings(self) -> Settings:
        """The settings in force; logging is set up with them. Raises `BadInput`."""
        from bot import logs
        from bot.settings import load_settings

        settings = load_settings()
        logs.set_up(settings, self.log_default)
        return settings

    @property
    def library(self) -> Library:
        """The library, opened at the first use. Raises `PapersError`."""
        if self._library is None:
            from bot.library.library import Library

            self._library = Library(self.settings, self._embedder)
        return self._library

    def expect_search(self) -> None:
        """Load the embedding model in a thread, while the rest is still being imported. Raises `BadInput`."""
        from bot.library.embeddings import make_embedder

        self._embedder = embedder = make_embedder(self.settings)

        def load() -> None:
            with suppress(Exception):  # the search meets the same failure, and tells of it
                embedder.load()

        self._loading = threading.Thread(target=load, name="embedder")
        self._loading.start()

    @cached_property
    def answerer(self) -> Answerer:
        """What answers questions from the library."""
        from bot.answers.core import Answerer

        return Answerer(self.library, self.settings)

    def hint_if_empty(self) -> bool:
        """Say on standard error how to get papers, where there are none; whether there are none."""
        empty = not self.library.catalogue.count()[0]
        if empty:
            self.screen.tell(EMPTY_HINT)
        return empty

    def redact(self, text: str) -> str:
        """`text` without secrets."""
        if "settings" not in self.__dict__:  # none were read, and reading them may be what failed
            return text
        from bot.logs import redactor

        return redactor(self.settings)(text)

    def close(self) -> None:
        """Let go of the library, and wait for what is still being loaded."""
        if self._loading is not None:
            self._loading.join()
        if self._library is not None:
            self._library.close()
            self._library = None


def session_of(context: typer.Context) -> Session:
    """The session of a command's context."""
    return cast(Session, context.obj)
