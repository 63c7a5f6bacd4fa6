"""The prompt at a terminal. It stands before the library is open; what is loaded is told above it, once known."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.patch_stdout import patch_stdout

from bot import __version__
from bot.papers.text import clean
from bot.repl.completion import LineCompleter
from bot.repl.loop import answer_line
from bot.repl.opening import Opening
from bot.repl.talk import Talk
from bot.terminal.screen import Screen
from bot.terminal.session import Session

_PROMPT = "> "


def at_the_prompt(session: Session, *, sample: bool) -> None:
    """Hold a conversation at the terminal. Raises `PapersError` where the library cannot be opened."""
    screen = session.screen
    screen.say(f"papers-bot {__version__}. Ask about the papers; /help lists the commands, Ctrl-D leaves.")
    opening = Opening(session, sample=sample)
    if not (session.settings.home / "catalogue.db").exists():
        opening.now()  # nothing to wait for, or a sample to fill in, whose progress is shown
    with closing(Talk(session, opening)) as talk:
        for line in _Prompt(session, opening).lines():
            try:
                answer_line(talk, line)
            except KeyboardInterrupt:
                screen.clear_status()
                screen.begin()
                screen.say("Stopped.", style="dim")
            screen.say()
            if talk.ended:
                return


class _History(FileHistory):
    """What was typed, kept in the data directory; a disk that takes no more costs only that."""

    def store_string(self, string: str) -> None:
        with suppress(OSError):
            super().store_string(string)


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("tab")
    def complete(event: KeyPressEvent) -> None:
        """Put the first completion in its place at once, then each further one."""
        buffer = event.current_buffer
        if buffer.complete_state:
            buffer.complete_next()
        else:
            buffer.start_completion(select_first=True)

    return keys


class _Prompt:
    """Reads lines, and opens the library behind the first of them."""

    def __init__(self, session: Session, opening: Opening) -> None:
        self._session = session
        self._opening = opening
        self._lock = threading.Lock()  # around what is said above the prompt
        self._standing = False
        self._greeted = False
        home: Path = session.settings.home
        with suppress(OSError):  # the library says so better
            home.mkdir(parents=True, exist_ok=True)
        self._prompt: PromptSession[str] = PromptSession(
            history=_History(str(home / "history")),
            completer=LineCompleter(opening),
            complete_in_thread=True,
            complete_while_typing=Condition(lambda: self._prompt.default_buffer.text.startswith("/")),
            key_bindings=_keys(),
        )
        self._prompt.app.after_render += self._begin

    def lines(self) -> Iterator[str]:
        """Each line typed that is not blank, cleaned, until Ctrl-D. Raises what opening the library raised."""
        while True:
            if self._opening.done:
                self._greet()
            try:
                with patch_stdout(raw=True), self._stands():
                    line = clean(self._prompt.prompt(_PROMPT))
            except KeyboardInterrupt:
                continue
            except EOFError:
                if self._opening.failed:
                    _ = self._opening.library
                return
            if line:
                yield line

    @contextmanager
    def _stands(self) -> Iterator[None]:
        with self._lock:
            self._standing = True
        try:
            yield
        finally:
            with self._lock:
                self._standing = False

    def _begin(self, app: Application[str]) -> None:
        """Open the library, once the prompt stands for the first time."""
        app.after_render -= self._begin
        self._opening.in_thread(self._opened)

    def _opened(self) -> None:
        """In the thread that opened the library: say so above the prompt, or end the prompt where it failed."""
        with self._lock:
            if not self._standing:
                return  # `lines` will do it
            if not self._opening.failed:
                self._greet()
                return
            app = self._prompt.app
            if app.loop:
                app.loop.call_soon_threadsafe(lambda: app.is_running and app.exit(exception=EOFError))

    def _greet(self) -> None:
        """Say what is loaded, once. Raises what opening the library raised."""
        from bot.repl.greeting import greeting

        lines = greeting(self._opening, self._session.settings)
        if not self._greeted:
            self._greeted = True
            screen = Screen()  # the prompt may have put something of its own in the place of standard output
            for line in lines:
                screen.say(line)
            screen.flush()
