"""Completion: commands after a slash, titles elsewhere."""

import re
from collections.abc import Iterable, Iterator

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from bot.errors import PapersError
from bot.papers.text import clean
from bot.repl.commands import COMMANDS
from bot.repl.opening import Opening

_TITLES = 20
_SHORTEST = 3  # letters of a title in a question before it is completed
_LONGEST = 8  # words of it


class LineCompleter(Completer):
    """Completes command names, the titles that a command takes, and titles inside a question.

    Asked in a thread; before the library is open there are no titles.
    """

    def __init__(self, opening: Opening) -> None:
        self._opening = opening

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """What may stand in the place of the last words before the cursor."""
        line = document.text_before_cursor
        if not line.startswith("/"):
            return self._in_question(line)
        name, space, argument = line[1:].partition(" ")
        if not space:
            return (
                Completion(f"/{c.name}", -len(line), display=c.usage, display_meta=c.help)
                for c in COMMANDS
                if c.name.startswith(name.lower())
            )
        takes_titles = any(c.titles for c in COMMANDS if c.name == name.lower())
        return self._titles(argument) if takes_titles else ()

    def _in_question(self, line: str) -> Iterator[Completion]:
        starts = [match.start() for match in re.finditer(r"\S+", line)][-_LONGEST:]
        for start in starts:  # the most words first: they leave the fewest titles
            part = line[start:]
            if len(part) < _SHORTEST:
                return
            found = [c for c in self._titles(part) if c.text.casefold().startswith(part.casefold())]
            if found:
                yield from found
                return

    def _titles(self, part: str) -> list[Completion]:
        if not self._opening.done or not part.strip():
            return []
        try:
            titles = self._opening.library.catalogue.titles(part, _TITLES)
        except PapersError:  # a completion is no place to say so
            return []
        return [Completion(clean(title), -len(part)) for title in titles]
