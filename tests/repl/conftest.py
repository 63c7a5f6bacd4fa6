"""A conversation at a pseudo-terminal."""

import re
import sys
from collections.abc import Callable, Iterator

import pexpect
import pytest

# What a terminal is told besides text: colours, cursor, modes.
CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")
PROMPT = r"\x1b\[\?2004h"  # the prompt takes pasted text from here on


class Terminal:
    """`papers repl` at a pseudo-terminal of 30 × 100 characters."""

    def __init__(self, child: "pexpect.spawn[str]") -> None:
        self.child = child
        self.seen = ""

    def until(self, pattern: str) -> str:
        """What is shown up to `pattern`, without codes."""
        self.child.expect(pattern)
        shown = CODES.sub("", f"{self.child.before}{self.child.after}").replace("\r\n", "\n")
        self.seen += shown
        return shown

    def ready(self) -> None:
        """Wait until what is loaded has been told, and the prompt stands below it."""
        self.until(r"\d papers? ")
        self.prompt()

    def prompt(self) -> str:
        """What is shown until the prompt stands."""
        return self.until(PROMPT)

    def type(self, text: str) -> None:
        """Press the keys of `text`, and Enter."""
        self.child.send(f"{text}\r")

    def say(self, text: str) -> str:
        """What is shown from entering `text` to the next prompt."""
        self.type(text)
        return self.prompt()

    def end(self) -> int:
        """The exit status, after what is left to be shown."""
        self.seen += CODES.sub("", self.child.read())
        self.child.wait()
        return int(self.child.exitstatus if self.child.exitstatus is not None else -1)


Open = Callable[..., Terminal]


@pytest.fixture
def terminal(environment: dict[str, str]) -> Iterator[Open]:
    """Opens `papers repl` at a pseudo-terminal; arguments are its options, keywords its environment."""
    opened: list[Terminal] = []

    def open_terminal(*options: str, **more: str) -> Terminal:
        child = pexpect.spawn(
            sys.executable,
            ["-m", "bot", "repl", *options],
            env={**environment, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", **more},
            encoding="utf-8",
            timeout=90,
            dimensions=(30, 100),
            cwd=environment["HOME"],
        )
        opened.append(Terminal(child))
        return opened[-1]

    yield open_terminal
    for one in opened:
        one.child.close(force=True)
