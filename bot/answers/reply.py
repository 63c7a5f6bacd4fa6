"""Reading a model's reply while it streams: whole sentences, without markers and markup, with their hints."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.papers.text import clean, split_sentences

# What models write for citations: [P1], [P1, P3], [1-3], (P2), 【1†source】, [Title of a paper](link).
_BRACKETED = re.compile(r"\s*[\[【(]\s*([^\[\]【】()]{0,60})\s*[\]】)]")
_KEY = re.compile(r"^(?:(?:paper|source|ref)\s*)?[Pp]?\d{1,3}$")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*\)")
_LEADING_MARKERS = re.compile(r"^(?:\s*[\[【(]\s*[^\[\]【】()]{1,60}[\]】)])+")
_OPEN_BRACKET = re.compile(r"[\[【(][^\]】)]*$")
_BULLET = re.compile(r"^\s*(?:[-*•>#]+\s+|\d{1,2}[.)]\s+|#+\s*)+")
_BLANKS = re.compile(r"[^\S\n]+")
_MARKED_END = re.compile(r"(?:(?<=[.?])|(?<=\w!))(?=[\[【])")  # "It works.[P1]", without a space
_EMPHASIS = re.compile(r"(\*\*|__|\*|`)(?=\S)(.+?)(?<=\S)\1")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a reply: its bare words, the keys that the model wrote to it, and whether it opens a line.

    `raw` is what the model wrote; `bad_keys` says whether a marker named no key that it was given.
    """

    text: str
    keys: frozenset[str]
    bad_keys: bool
    opens_line: bool
    raw: str


class SentenceReader:
    """Turns the pieces of a stream into sentences; each is given out once the next one has begun."""

    def __init__(self, keys: frozenset[str]) -> None:
        self._keys = keys
        self._buffer = ""
        self._opens = True

    def feed(self, piece: str) -> Iterator[Sentence]:
        """Add a piece of the reply; yields the sentences that are complete with it."""
        self._buffer = _MARKED_END.sub(" ", _BLANKS.sub(" ", self._buffer + piece))
        *lines, self._buffer = self._buffer.split("\n")
        for line in lines:
            yield from self._line(line)
            self._opens = True
        parts = _with_markers(split_sentences(self._buffer.strip()))
        # The last may go on, and a marker of the one before it may be half there: both wait.
        waiting = 2 if _OPEN_BRACKET.match(parts[-1] if parts else "") else 1
        for part in parts[:-waiting]:
            at = self._buffer.find(part)
            if at < 0:  # spelt in another way than it stands there: it waits for the end of its line
                break
            self._buffer = self._buffer[at + len(part) :]
            yield from self._sentence(part)

    def end(self) -> Iterator[Sentence]:
        """The rest of the reply."""
        rest, self._buffer = self._buffer, ""
        yield from self._line(rest)

    def _line(self, line: str) -> Iterator[Sentence]:
        for part in _with_markers(split_sentences(line.strip())):
            yield from self._sentence(part)

    def _sentence(self, raw: str) -> Iterator[Sentence]:
        text, named, bad = strip_markers(_BULLET.sub("", raw), self._keys)
        text = clean(_EMPHASIS.sub(r"\2", text))
        if any(c.isalnum() for c in text):
            yield Sentence(text, named, bad, self._opens, raw)
            self._opens = False


def strip_markers(text: str, keys: frozenset[str]) -> tuple[str, frozenset[str], bool]:
    """`text` without citation markers and links; the known keys in them; whether one was unknown."""
    named: set[str] = set()
    bad = False

    def take(match: re.Match[str]) -> str:
        nonlocal bad
        inside = match.group(1)
        wanted = {part for part in re.split(r"[,;&]|\band\b|\s+", inside) if part}
        if "†" in inside:
            wanted = {inside.split("†")[0].strip()}
        wanted = {w for part in wanted for w in _range(part)}
        if not wanted or not all(_KEY.match(w) for w in wanted):
            return match.group(0)
        if "(" in match.group(0) and not all(w[:1] in "Pp" for w in wanted):
            return match.group(0)  # "(3)" is more likely a number than a marker
        found = {f"P{re.sub(r'[^0-9]', '', w)}" for w in wanted}
        named.update(found & keys)
        bad = bad or not found <= keys
        return ""

    stripped = _BRACKETED.sub(take, _LINK.sub(r"\1", text))
    return re.sub(r"\s+([.,;:!?])", r"\1", stripped), frozenset(named), bad


def _range(part: str) -> list[str]:
    ends = re.fullmatch(r"[Pp]?(\d{1,3})[-–][Pp]?(\d{1,3})", part)
    if not ends:
        return [part]
    low, high = int(ends[1]), int(ends[2])
    return [f"P{n}" for n in range(low, min(high, low + 50) + 1)] or [part]


def _with_markers(parts: list[str]) -> list[str]:
    """Sentences whose markers stand behind the full stop get them back from the head of the next."""
    joined: list[str] = []
    for part in parts:
        head = _LEADING_MARKERS.match(part)
        inside = re.findall(r"[^\[\]【】(),;\s]+", head.group(0)) if head else []
        if joined and head and all(_KEY.match(word.split("†")[0]) for word in inside):
            joined[-1] += " " + head.group(0).strip()
            part = part[head.end() :].strip()
        if part:
            joined.append(part)
    return joined


def key_names(n: int) -> Mapping[str, int]:
    """The short keys under which `n` papers are shown to a model, with their position."""
    return {f"P{i + 1}": i for i in range(n)}
