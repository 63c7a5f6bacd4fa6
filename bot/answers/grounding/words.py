"""Words of a sentence as the checks compare them: stems with weights, and abbreviations with what they stand for."""

import json
import math
import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import tantivy

from bot.library.stop_words import ENGLISH

# A word: letters and digits, with inner apostrophes, dots and plus signs as in "don't", "2.5", "GPT-4.1", "C++".
# Hyphens and slashes part words, so that "self-supervised" and "self supervised" are the same.
_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*\+*", re.UNICODE)

STOP_WORDS = ENGLISH | frozenset(
    """
    's am among based either et etc hence however may might moreover must one onto per shall since thereby
    therefore thus upon use used using via whereas whether whose within yet
    """.split()  # noqa: SIM905
)
# What an author does in a paper, rather than what the paper is about: present in one of two ways of saying a thing.
REPORTING = frozenset(
    """
    abstract according argue argued argues article author authors called demonstrate demonstrated demonstrates
    describe described describes find finding findings finds found indicate indicated indicates introduce
    introduced introduces named note noted notes observe observed observes paper papers present presented
    presents propose proposed proposes report reported reports researcher researchers result results reveal
    revealed reveals show showed shown shows studies study suggest suggested suggests titled work
    """.split()  # noqa: SIM905
)


class Word(NamedTuple):
    """A word of a sentence: as written, in lower case, its stem, and where it starts."""

    text: str
    low: str
    stem: str
    start: int


@cache
def _analyzer() -> tantivy.TextAnalyzer:
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.stemmer("english")).build()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The Snowball English stem of a lower-case `word`; a possessive ending is dropped first."""
    word = word.replace("’", "'").removesuffix("'s")
    stems = _analyzer().analyze(word)
    return stems[0] if stems else word


@lru_cache(maxsize=4_096)
def words(sentence: str) -> tuple[Word, ...]:
    """The words of `sentence`, in order."""
    found = []
    for match in _WORD.finditer(sentence):
        low = match.group().casefold()
        found.append(Word(match.group(), low, stem(low), match.start()))
    return tuple(found)


_SIGNS = re.compile(r"[\W_]+")


@lru_cache(maxsize=8_192)
def letters_of(sentence: str) -> str:
    """`sentence` as its words alone, in lower case and one space apart, by which two spellings are the same."""
    return _SIGNS.sub(" ", unicodedata.normalize("NFKC", sentence).casefold()).strip()


def is_content(word: Word) -> bool:
    """Whether `word` says something of its own: neither a stop word nor one of reporting, nor a lone letter."""
    return word.low not in STOP_WORDS and word.low not in REPORTING and (len(word.low) > 1 or word.text.isupper())


@lru_cache(maxsize=4_096)
def content(sentence: str) -> tuple[Word, ...]:
    """The words of `sentence` that say something of their own."""
    return tuple(word for word in words(sentence) if is_content(word))


@cache
def _frequencies() -> tuple[int, dict[str, int], dict[str, int]]:
    """Abstracts counted, and in how many each stem occurs: ordinary words, and words mostly written as names."""
    stored = json.loads(files("bot.answers.grounding").joinpath("word_counts.json").read_text("utf-8"))
    return stored["abstracts"], stored["stems"], stored["names"]


@lru_cache(maxsize=50_000)
def weight(stemmed: str) -> float:
    """Inverse document frequency of a stem over abstracts of several fields, 0–1; a stem unheard of weighs 1."""
    total, ordinary, names = _frequencies()
    return 1 - math.log(ordinary.get(stemmed) or names.get(stemmed, 1)) / math.log(total)


def is_common(stemmed: str) -> bool:
    """Whether the stem occurs, in lower case, often enough in abstracts to be an ordinary word."""
    return stemmed in _frequencies()[1]


_EXPANSION = 400  # characters before a bracket among which the long form stands
_BRACKETED = re.compile(r"\(([^()]{2,12})\)")


@lru_cache(maxsize=1_024)
def abbreviations(text: str) -> dict[str, tuple[str, ...]]:
    """Abbreviations that `text` defines, as in "induction head (IH)": short form in lower case to stems.

    The letters of the short form must be the first letters of the words before the bracket, small words
    left out or not (Schwartz and Hearst's rule, for initials alone).
    """
    found: dict[str, tuple[str, ...]] = {}
    for match in _BRACKETED.finditer(text):
        short = match.group(1).strip()
        letters = re.sub(r"[^A-Za-z]", "", short)
        letters = letters.removesuffix("s") if len(letters) > 2 and letters[:-1].isupper() else letters
        if not 2 <= len(letters) <= 8 or not any(c.isupper() for c in letters):
            continue
        before = words(text[max(0, match.start() - _EXPANSION) : match.start()])[-2 * len(letters) - 2 :]
        expansion = _expansion(letters.lower(), before)
        if expansion:
            found[short.casefold()] = tuple(w.stem for w in expansion if w.low not in STOP_WORDS)
    return found


def _expansion(letters: str, before: Sequence[Word]) -> Sequence[Word]:
    """The shortest run of words at the end of `before` whose initials are `letters`; empty if there is none."""
    for length in range(len(letters), len(before) + 1):
        run = before[-length:]
        for chosen in (run, [w for w in run if w.low not in STOP_WORDS]):
            if [w.low[0] for w in chosen] == list(letters):
                return run
    return ()


@lru_cache(maxsize=256)
def initials(sentence: str) -> frozenset[str]:
    """Every run of two to five neighbouring words' initials in `sentence`, in lower case: "rl", "llm", …."""
    letters = [w.low[0] for w in words(sentence)]
    return frozenset("".join(letters[i : i + n]) for n in range(2, 6) for i in range(len(letters) - n + 1))


@cache
def _near_words() -> dict[str, dict[str, float]]:
    stored = json.loads(files("bot.answers.grounding").joinpath("near_words.json").read_text("utf-8"))
    both: dict[str, dict[str, float]] = {}
    for one, others in stored.items():
        for other, percent in others.items():
            both.setdefault(one, {})[other] = both.setdefault(other, {})[one] = percent / 100
    return both


def near_words(stemmed: str) -> dict[str, float]:
    """Stems of like meaning, with the likeness in 0–1 that the embedding model sees; opposites are left out."""
    return _near_words().get(stemmed, {})


@lru_cache(maxsize=50_000)
def grams(word: str) -> frozenset[str]:
    """The four-letter pieces of a lower-case word with a space on either side, by which its forms are known."""
    spaced = f" {word} "
    return frozenset(spaced[i : i + 4] for i in range(max(1, len(spaced) - 3)))


@lru_cache(maxsize=4_096)
def sentence_grams(sentence: str) -> frozenset[str]:
    """The four-letter pieces of all words of `sentence`."""
    return frozenset().union(*(grams(part) for w in words(sentence) for part in _PARTS.findall(w.low)))


_PARTS = re.compile(r"[^\W_]+")
