"""Opening the library while the prompt already stands."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.errors import LibraryBusy
from bot.terminal.progress import progress_bar

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.library.library import Library
    from bot.terminal.session import Session


class Opening:
    """The library of a session, opened once: at once or in a thread, and made ready for a first question."""

    def __init__(self, session: Session, *, sample: bool) -> None:
        self._session = session
        self._sample = sample
        self._opened: Future[Library] = Future()
        self.notes: list[str] = []

    @property
    def library(self) -> Library:
        """The library; waits for it. Raises what opening it raised."""
        return self._opened.result()

    @property
    def done(self) -> bool:
        """Whether the library is open, or could not be opened."""
        return self._opened.done()

    @property
    def failed(self) -> bool:
        """Whether it could not be opened."""
        return self.done and self._opened.exception() is not None

    def now(self) -> None:
        """Open it and fill in the sample where that is asked for. Raises `PapersError`."""
        try:
            library = self._session.library
            if self._sample and not library.catalogue.count()[0]:
                self._fill(library)
        except BaseException as error:
            self._opened.set_exception(error)
            raise
        self._opened.set_result(library)

    def in_thread(self, opened: Callable[[], None]) -> None:
        """Begin to open it, unless it is open; call `opened` when that is done, then load what answers need."""

        def work() -> None:
            if not self.done:
                with suppress(Exception):  # kept for whoever asks for the library
                    self.now()
            opened()
            with suppress(Exception):  # a first question meets the same failure, and tells of it
                self.library.warm()
                self._warm_answers()

        threading.Thread(target=work, name="opening", daemon=True).start()

    def _warm_answers(self) -> None:
        """Import what answers need: for a model, LangChain, which takes seconds."""
        import bot.answers.core  # noqa: F401
        from bot.answers.models import make_chat_model, model_name

        name = model_name(self._session.settings)
        if name:
            make_chat_model(name, self._session.settings)

    def _fill(self, library: Library) -> None:
        from bot.library.intake import take_in

        try:
            with progress_bar(self._session.screen, "filling in the bundled sample") as progress:
                take_in(library, "sample", progress=progress)
        except LibraryBusy as error:  # whoever writes may be filling it in
            self.notes.append(str(error))
