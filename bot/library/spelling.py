"""Slips of the keyboard in questions: a word that nobody knows, one letter away from one that the papers use.

An unknown word finds nothing by itself, so that little is lost where it was no slip.
"""

import re
from collections.abc import Callable, Iterator

from bot.library.lexical import stem
from bot.library.word_vectors import word_vectors

Frequency = Callable[[str], tuple[int, int]]
"""Tells of a stem how many papers hold it, and how many papers there are."""

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 5  # letters; shorter words are near to too many others
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def corrected(text: str, frequency: Frequency) -> str:
    """`text` with its slips mended. A word that the papers or an English vocabulary have, or a name, stays."""
    return _WORD.sub(lambda match: _corrected(match.group(), frequency), text)


def _corrected(word: str, frequency: Frequency) -> str:
    if len(word) < _SHORTEST or not word.isascii() or any(c.isupper() for c in word[1:]):
        return word
    lower = word.lower()
    if word_vectors().is_word(lower) or _papers(lower, frequency):
        return word
    known = {other for other in _one_slip(lower) if word_vectors().is_word(other)}
    best = max(sorted(known), key=lambda other: _papers(other, frequency), default="")
    if not best or not _papers(best, frequency):
        return word
    return best.capitalize() if word[0].isupper() else best


def _papers(word: str, frequency: Frequency) -> int:
    return max((frequency(one)[0] for one in stem(word)), default=0)


def _one_slip(word: str) -> Iterator[str]:
    """The words that lack or have one letter more, have another one, or two neighbours changed.

    The first letter and the last stay: slips are mostly inside, and endings make other words.
    """
    for i in range(1, len(word)):
        head, tail = word[:i], word[i:]
        inside = i < len(word) - 1
        if inside:
            yield head + tail[1:]
        if inside and i < len(word) - 2:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in _LETTERS:
            yield head + letter + tail
            if inside:
                yield head + letter + tail[1:]
