"""Sentences that give orders to a reader's model: they are neither evidence nor quoted, nor let through."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from bot.answers.orders import ENGLISH, FOREIGN, FOREIGN_WORD, HOSTILE, OTHER_LETTERS, Order

WINDOW = 1_000  # characters that the patterns see at once, so that no text takes them more than linear time
_OVERLAP = 250  # characters that two windows share; no order is longer
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SPACED = re.compile(r"(?<!\w)(?:[^\W\d_][ \t.*_-]){3,40}[^\W\d_](?!\w)")
# Letters that look like Latin ones, and figures that stand for letters inside a word.
_LOOKS = str.maketrans(
    "аеорсухіјѕԁһӏԛԝАВЕКМНОРСТХІЈЅαοικνρτυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeopcyxijsdhlqwABEKMHOPCTXIJSaoikvptuABEZHIKMNOPTYX"
)
_FIGURES = str.maketrans("013457@$", "oieastas")
_FIGURED = re.compile(r"(?<!\w)(?=\w*[^\W\d_])(?=\w*[013457])[\w@$]{4,}(?!\w)")
_LATIN = re.compile(r"[a-zA-Z]")


@lru_cache(maxsize=8_192)
def gives_orders(sentence: str) -> bool:
    """Whether `sentence` tells a reader's model what to do: to reply, ignore, cite or print; or poses as its system.

    Looks through invisible characters, letters that look alike, figures for letters and spaced-out words.
    """
    return any(_matches(ENGLISH, form) for window in windows(sentence) for form in _forms(window))


def overrides_rules(question: str) -> bool:
    """Whether a user's `question` would have the rules dropped, secrets told or people pinged, or poses as the system.

    Laxer than `gives_orders`: people may ask for an answer in one sentence.
    """
    return any(_matches(HOSTILE, form) for window in windows(question) for form in _forms(window))


def windows(text: str) -> Iterator[str]:
    """`text` in pieces of at most `WINDOW` characters that overlap, without invisible characters."""
    seen = text
    if not (text.isascii() and text.isprintable()):
        seen = "".join(c for c in unicodedata.normalize("NFKC", text) if c.isspace() or not _is_invisible(c))
    for start in range(0, max(1, len(seen) - _OVERLAP), WINDOW - _OVERLAP):
        yield seen[start : start + WINDOW]


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) in ("Cf", "Cc") or "\u0300" <= char <= "\u036f"


def _forms(text: str) -> Iterator[str]:
    """`text`, and what it reads as where it is disguised."""
    yield text
    if _LATIN.search(text) and (latin := text.translate(_LOOKS)) != text:
        yield latin
    if (plain := _FIGURED.sub(lambda m: m.group().translate(_FIGURES), text)) != text:
        yield plain
    if (joined := _SPACED.sub(lambda m: re.sub(r"[ \t.*_-]", "", m.group()), text)) != text:
        yield joined


def _matches(orders: tuple[Order, ...], text: str) -> bool:
    low = {w.replace("’", "'") for w in _WORD.findall(text.lower())}
    if any((not order.words or not order.words.isdisjoint(low)) and order.pattern.search(text) for order in orders):
        return True
    if FOREIGN_WORD.search(text) and FOREIGN.search(text):
        return True
    return not text.isascii() and OTHER_LETTERS.search(text) is not None
