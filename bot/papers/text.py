"""Text at the door: cleaned once when it comes in, and cut into sentences."""

import re
import unicodedata
from functools import lru_cache

# CSI and OSC sequences of a terminal, whole, so that no "[31m" is left standing as text.
_ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)|\x1b[@-Z\\-_]"
)
# Invisible without being of category Cf: joiners, fillers and variation selectors, which can hide text.
_INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff"
_IS_INVISIBLE = re.compile(f"[{_INVISIBLE}]")
_SPACES = re.compile(r"\s+")


class _Fates(dict[int, str | None]):
    """What becomes of a character: itself, a space or nothing; each looked up once."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        category = unicodedata.category(character)
        fate: str | None = character
        if character.isspace() or category == "Cc":
            fate = " "
        elif category in ("Cf", "Cs") or _IS_INVISIBLE.match(character):
            fate = None
        return self.setdefault(code, fate)


_FATES = _Fates()


def clean(text: str) -> str:
    """`text` in Unicode NFC on one line, without characters that hide, reorder or control.

    Terminal sequences, control, zero-width, bidirectional and tag characters and lone surrogates go;
    every run of white space becomes one space. Cleaning what is clean changes nothing.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    text = _ANSI.sub("", text).translate(_FATES)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


@lru_cache(maxsize=8_192)  # each question is held against the titles of all papers that it may be about
def title_key(title: str) -> str:
    """The form of a title by which two spellings of it are the same: words in lower case, one space apart."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    words = "".join(c if c.isalnum() else " " for c in folded).split()
    return " ".join(words) or folded.strip()


_TITLE_WORDS = 3  # a shorter title may stand in a question by chance


def main_title(title: str) -> str:
    """`title` without its subtitle, where that is long enough to be known by: "A Tale of Two Nets: Why They Part"."""
    main = title.partition(":")[0]
    return main if len(title_key(main).split()) >= _TITLE_WORDS else title


def names_title(question: str, title: str) -> bool:
    """Whether `question` is `title`, or has it or its main part in it."""
    asked = f" {title_key(question)} "
    keys = {title_key(title), title_key(main_title(title))}
    return any(f" {key} " == asked or (key.count(" ") + 1 >= _TITLE_WORDS and f" {key} " in asked) for key in keys)


# Words whose dot ends no sentence; those of `_MAY_END` do before a capital letter.
_ABBREVIATION = re.compile(
    r"(?:e\.g|i\.e|vs|cf|figs?|eqs?|sec|nos?|resp|approx|ca|dr|prof|mr|ms|mrs|st|refs?|tab|ver|vol|dept|"
    r"w\.r\.t|i\.i\.d|a\.k\.a|viz|incl|esp|avg|max|min|std|pp|ch|et)\."
)
_MAY_END = frozenset({"etc.", "e.t.c.", "al.", "inc.", "ltd."})
_STOP = re.compile(r"[.!?]+[\"'”’)\]}]*\s+")
_CAPITAL = re.compile(r"[\"'“‘(\[{$\\]?[A-Z0-9À-ÖØ-ÞΑ-Ωα-ω$\\]|[a-z]\w*[A-Z0-9]|\([ivx]+\)\s")
_GOES_ON = re.compile(r"(?:and|or|but|com|org|io)\b|https?:")
_OPENER = re.compile(
    r"(?:We|Our|The|This|These|Those|It|Its|In|On|To|By|For|From|With|However|Here|There|Using|Further\w*|More\w*|"
    r"Additional\w*|Experiment\w*|Extensive|Empirical\w*|Existing|Finally|First|Then|Thus|Each|While|When|As|A|An)\b"
)
# The marker of a list: "(2)." or "a." after a colon, a comma or another sentence's end.
_MARKER = re.compile(r"(?:^|[:;,.]\s+)[(\[]?(?:\d{1,2}|[a-z]|[ivx]{1,4})[)\]]?\.$")
_YEAR = re.compile(r"[(\[]\d{4}")
_INITIALS = re.compile(r"(?:[^a-z]|^)((?:[a-z]\.)+)$")
_BRACKET = re.compile(r"[()\[\]]")
_HOLD = 400  # characters within which an open bracket must close to hold a sentence together


def split_sentences(text: str) -> list[str]:
    """The sentences of cleaned `text`, in order, each a verbatim part of it.

    A dot after an abbreviation, an initial, a list's marker or inside a number ends no sentence, and brackets
    that are open hold one together. A sentence may begin in lower case, as the names of many methods do.
    """
    sentences: list[str] = []
    start = 0
    for stop in _STOP.finditer(text):
        head = text[start : stop.end()].rstrip()
        if _ends_sentence(head, text[stop.start()] == ".", text[stop.end() : stop.end() + _HOLD]):
            sentences.append(head)
            start = stop.end()
    if tail := text[start:].strip():
        sentences.append(tail)
    return sentences


def _ends_sentence(head: str, dot: bool, rest: str) -> bool:
    capital = _CAPITAL.match(rest) is not None
    if not capital and (not dot or head[-1] != "." or _GOES_ON.match(rest)):
        return False
    if _open_brackets(head):
        bracket = _BRACKET.search(rest)
        if bracket and bracket.group() in ")]":
            return False
    if not dot:
        return True
    before, _, last = head.rpartition(" ")
    word = last.lstrip("([{\"'“‘").rstrip(")]}\"'”’").lower()
    if word in _MAY_END:
        return capital and not _YEAR.match(rest)
    if _ABBREVIATION.fullmatch(word):  # "300 ms." is no title of a person
        return word == "ms." and before[-1:].isdigit() and capital
    if initials := _INITIALS.search(word):  # or the name of a variable, at the end of a sentence
        lone = len(initials.group(1)) == 2
        return capital and lone and (last.rstrip(")]}\"'”’")[-2].islower() or _OPENER.match(rest) is not None)
    if _MARKER.search(head):
        return False
    return capital or (len(word) > 3 and "/" not in word)


def _open_brackets(text: str) -> bool:
    return text.count("(") > text.count(")") or text.count("[") > text.count("]")
