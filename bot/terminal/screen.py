"""The door to the terminal: all text is cleaned here, last thing before it is shown."""

import json
import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, TextIO

from bot.errors import PapersError
from bot.papers.text import clean

Style = Literal["", "bold", "dim", "mark"]

_CODES = {"bold": "1", "dim": "2", "mark": "36"}
_MARK = re.compile(r"(?:\[\d+\])+")
_WIDEST = 100  # columns; longer lines are hard to read


class Unwritable(PapersError):
    """Standard output takes no more, on a full disk for example."""


class Screen:
    """Writes results to `out` and everything else to `err`.

    In a terminal paragraphs are wrapped and lightly styled (`NO_COLOR` and `TERM=dumb` are kept); elsewhere
    one paragraph is one line, with no codes at all.
    """

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self.out = out or sys.stdout
        self.err = err or sys.stderr
        self.live = self.out.isatty()
        self._styled = self.live and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        self._begun = False
        self._column = 0
        self._indent = 0
        self._status = False

    # Results

    def say(self, text: str = "", *, indent: int = 0, hanging: int = 0, style: Style = "") -> None:
        """One paragraph; an empty one is a blank line. `hanging` columns stand before its further lines."""
        self.begin(indent)
        self._indent = indent + hanging
        self.flow(text, style, first=indent)
        self.end()

    def row(self, *cells: object) -> None:
        """Cells with tabs between, for other programs."""
        self._put("\t".join(clean(str(cell)) for cell in cells) + "\n")

    def fact(self, name: str, value: object, width: int = 17) -> None:
        """A name in a column of `width`, and its value."""
        self._put(f"{name:<{width}}{clean(str(value))}\n")

    def begin(self, indent: int = 0) -> None:
        """Begin a paragraph, after whatever was not ended."""
        if self._begun:
            self.end()
        self._indent = indent

    def flow(self, text: str, style: Style = "", *, first: int | None = None) -> None:
        """Go on with the paragraph; words are never broken. It begins in column `first`, if given."""
        self.clear_status()
        width = self._width if self.live else 0
        paint, plain = (f"\x1b[{_CODES[style]}m", "\x1b[0m") if style and self._styled else ("", "")
        lead = paint
        for word in clean(text).split():
            size = _cells(word) if width else 1
            if not self._begun:
                self._begun = True
                self._column = self._indent if first is None else first
                self._put(" " * self._column + lead)
            elif width and self._column + 1 + size > width:
                self._column = self._indent
                self._put(("" if lead else plain) + "\n" + " " * self._column + paint)
            else:
                self._put(" " + lead)
                self._column += 1
            marked = self._styled and not style and _MARK.fullmatch(word)
            self._put(f"\x1b[{_CODES['mark']}m{word}\x1b[0m" if marked else word)
            self._column += size
            lead = ""
        if not lead:
            self._put(plain)
        if self.live:
            self.flush()

    def end(self) -> None:
        """End the paragraph."""
        self._put("\n")
        self._begun = False
        self._column = self._indent = 0
        if self.live:
            self.flush()

    def json(self, told: Any) -> None:
        """`told` as JSON on one line; characters that hide or reorder text are escaped."""
        text = json.dumps(told, ensure_ascii=not (self.out.encoding or "").lower().startswith("utf"))
        hidden = {
            c for c in set(text) if not c.isascii() and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        }
        self._put(text.translate({ord(c): json.dumps(c)[1:-1] for c in hidden}) + "\n")

    def document(self, text: str) -> None:
        """A text that has lines of its own, as it is; its maker has cleaned it."""
        self.clear_status()
        self._put(text.rstrip("\n") + "\n")

    # Besides

    def tell(self, text: str) -> None:
        """One line on standard error."""
        self.clear_status()
        if self._begun:
            self.end()
        self.flush()  # so that the two streams stand in the order in which they were written
        self.err.write(clean(text) + "\n")
        self.err.flush()

    def status(self, text: str) -> None:
        """A passing word of what is going on, in a terminal only; the next output takes its place."""
        if self._styled and self.err.isatty():
            self.clear_status()
            self.err.write(f"\x1b[2m{clean(text)[: self._width - 1]}\x1b[0m")
            self.err.flush()
            self._status = True

    def clear_status(self) -> None:
        """Take the passing word away."""
        if self._status:
            self.err.write("\r\x1b[K")
            self.err.flush()
            self._status = False

    def flush(self) -> None:
        """Write what is still held back. Raises `Unwritable`, or `BrokenPipeError` where nobody reads on."""
        with _writing():
            self.out.flush()

    def _put(self, text: str) -> None:
        with _writing():
            self.out.write(text)

    @property
    def _width(self) -> int:
        return min(shutil.get_terminal_size().columns, _WIDEST)


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Unwritable(f"cannot write the output: {error.strerror}") from None


def _cells(word: str) -> int:
    """How many columns `word` takes."""
    if word.isascii():
        return len(word)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in word)
    return len(word) + wide - sum(unicodedata.combining(c) > 0 for c in word)
