"""Numbers of a sentence with their units, and whether evidence states the same ones."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from bot.answers.grounding.units import FOLDS, GLUED_SCALES, HALVES, SCALES, SPELT, TENS, UNITS
from bot.answers.grounding.words import STOP_WORDS, near_words, stem

Bound = Literal["", "above", "below", "about"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number that a sentence states.

    `value` has its scale multiplied in (7B is 7e9); `unit` is one of `UNITS`' classes, or "" where none is
    known; `near` holds the stems around it; `bound` says whether it is a lower or upper bound or a rough one.
    """

    value: float
    unit: str
    near: frozenset[str]
    bound: Bound
    text: str


_NO_HALF_AFTER = re.compile(r"\s+(?:an? )?(?:dozen|million|billion|hour|second)\b")
_NO_HALF_BEFORE = re.compile(r"\band an? $")
_DOUBLE_AS = re.compile(r"\s+as\b|[ -](?:blind|check|sided|edged|descent)")
_NUMBER = re.compile(
    r"""(?<![\w.])                                   # not inside a name such as GPT-4o or v2.5
    (?P<money>[$€]\s?)?
    (?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.·]\d+)?|\.\d+)
    (?:\s?[×x]\s?10\s?\^?\{?(?P<power>[-−]?\d{1,2})\}?)?
    (?P<glued>[A-Za-z%×µμ°]{0,12}\+?)(?![\w])""",
    re.VERBOSE,
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_AFTER = re.compile(r"\s?-?\s?(?P<word>%|×|°|\+|percentage[ -]points?|frames per second|[A-Za-zµμ]+)")
_NAME_BEFORE = re.compile(r"[A-Z][\w.]*[-–]$")
_BEFORE = {
    "above": r"(?:more|greater|higher|larger|longer|further) than|over|above|exceed\w*|at least|minimum of|>=?|≥",
    "below": r"(?:less|fewer|lower|smaller|shorter) than|under|below|at most|up to|within|maximum of|no more than|<=?|≤",
    "about": r"about|around|roughly|approximately|nearly|almost|some|close to|circa|~|≈",
}
_NOT_LESS = r"(?:no|not|never) (?:\w+ )?(?:less|fewer|lower|smaller|shorter|below|under)(?: than)?"
_NOT_MORE = (
    r"(?:no|not|never|nor) (?:\w+ )?(?:more|greater|higher|larger|bigger|longer|further|above)(?: than)?|"
    r"(?:not|never|without) (?:to )?exceed\w*"
)
_BOUNDS: list[tuple[Bound, re.Pattern[str]]] = [
    ("above", re.compile(rf"(?:{_NOT_LESS})\s*(?:an?\s+|the\s+)?$", re.I)),
    ("below", re.compile(rf"(?:{_NOT_MORE})\s*(?:an?\s+|the\s+)?$", re.I)),
    ("below", re.compile(rf"(?:{_BEFORE['below']})\s*(?:an?\s+|the\s+)?$", re.I)),
    ("above", re.compile(rf"(?:{_BEFORE['above']})\s*(?:an?\s+|the\s+)?$", re.I)),
    ("about", re.compile(rf"(?:{_BEFORE['about']})\s*(?:an?\s+|the\s+)?$", re.I)),
]


# LaTeX that is left in abstracts, list markers such as (2), sizes such as 512×512, which are two numbers, and ranges
# such as 5-7B, whose ends have one scale.
_SIGNS = {"leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "sim": "≈", "approx": "≈"}
_PLAINER: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [
    (re.compile(r"(?<![A-Za-z])(leq?|geq?|sim|approx)(?=\s?\d)"), lambda m: _SIGNS[m[1]]),
    (re.compile(r"(?<=\d)times\b"), "×"),
    (re.compile(r"--+"), "–"),
    (
        re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s?[-–—]\s?(\d+(?:\.\d+)?)(\s?(?:[kKMBT]|million|billion|thousand))\b"),
        lambda m: f"{m[1]}{m[3]} to {m[2]}{m[3]}" if float(m[1]) < float(m[2]) else m[0],
    ),
    (re.compile(r"\$([^$]*)\$"), r"\1"),
    (re.compile(r"\\%"), "%"),
    (re.compile(r"\\times\b"), "×"),
    (re.compile(r"(?:^|(?<=[\s,;:]))\(?\d\)(?=\s)"), " "),
    (re.compile(r"(?<=\d)\s?(?:x|×|times)\s?(?=\d)(?!10\s?[\^({])"), " by "),
]
_BETWEEN = re.compile(r"\s*(?:[-–—/]|to|and|or|vs\.?|versus)\s*")
_PAIR = re.compile(r"\b(?:both|dual|twin|a pair)\b", re.I)
_LISTED = re.compile(r"(?:^|[\s,;:])\(?(?:(\d)|([a-h])|(i{1,3}|iv|vi{0,3}))\)\s")
_ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii"]


def numbers(sentence: str) -> tuple[Number, ...]:
    """The numbers that `sentence` states, in order: digits, spelt-out ones from two, "twice", "half", "tenfold".

    Digits that belong to a name (GPT-4, H100, 3D) are not numbers here; names are checked as names. The ends of a
    range have one unit: "5-10%" is 5 % and 10 %.
    """
    return tuple(number for _, _, number in placed(sentence)[1])


@lru_cache(maxsize=4_096)
def placed(sentence: str) -> tuple[str, tuple[tuple[int, int, Number], ...]]:
    """`sentence` in plainer spelling, and its numbers with where they begin and end in that."""
    for pattern, plain in _PLAINER:
        sentence = pattern.sub(plain, sentence)
    found: list[tuple[int, int, Number]] = []
    for match in _NUMBER.finditer(sentence):
        if (made := _from_digits(sentence, match)) is not None:
            found.append((match.start(), made[1], made[0]))
    for match in _WORD.finditer(sentence):
        if any(start <= match.start() < end for start, end, _ in found):
            continue
        if (made := _from_word(sentence, match)) is not None:
            found.append((match.start(), made[1], made[0]))
    found.sort(key=lambda item: item[0])
    for i in range(len(found) - 2, -1, -1):
        (start, end, number), (after, _, following) = found[i], found[i + 1]
        if not number.unit and following.unit and _BETWEEN.fullmatch(sentence[end:after]):
            found[i] = (start, end, replace(number, unit=following.unit))
    return sentence, tuple(found)


@lru_cache(maxsize=4_096)
def counted(sentence: str) -> tuple[Number, ...]:
    """What `sentence` counts without saying a number: "both" is two, and a list (1) … (3), or a) … c), is three."""
    sizes = {2} if _PAIR.search(sentence) else set()
    for digit, letter, roman in _LISTED.findall(sentence):
        sizes.add(int(digit) if digit else "abcdefgh".index(letter) + 1 if letter else _ROMAN.index(roman) + 1)
    return tuple(Number(float(n), "", frozenset(), "", "") for n in sorted(sizes) if n > 1)


def _from_digits(sentence: str, match: re.Match[str]) -> tuple[Number, int] | None:
    if _NAME_BEFORE.search(sentence[: match.start()]):
        return None
    value = float(match["digits"].replace(",", "").replace("·", "."))
    if match["power"]:
        value *= 10.0 ** int(match["power"].replace("−", "-"))
    glued = match["glued"].removesuffix("+")
    bound: Bound = "above" if match["glued"].endswith("+") else ""
    unit, end = "", match.end()
    if match["money"]:
        unit = UNITS[match["money"].strip()]
    if glued:
        if glued in GLUED_SCALES:
            value *= SCALES[glued]
        elif glued.lower() in UNITS:
            unit = UNITS[glued.lower()]
        elif glued[0] in GLUED_SCALES and glued[1:].lower() in UNITS:
            value, unit = value * SCALES[glued[0]], UNITS[glued[1:].lower()]
        else:  # 3D, 1st, 4o, 5th: part of a name or an ordinal
            return None
    value, unit, end = _unit_after(sentence, end, value, unit)
    return _number(sentence, match.start(), end, value, unit, bound), end


def _from_word(sentence: str, match: re.Match[str]) -> tuple[Number, int] | None:
    word, end = match.group().lower(), match.end()
    if word in FOLDS and not (word.startswith("double") and _DOUBLE_AS.match(sentence, end)):
        return _number(sentence, match.start(), end, FOLDS[word], "x", ""), end
    if word in HALVES:
        if _NO_HALF_BEFORE.search(sentence[: match.start()]) or _NO_HALF_AFTER.match(sentence, end):
            return None
        return _number(sentence, match.start(), end, 50.0, "%", ""), end
    if word == "both":
        return None
    parts = word.split("-")
    if parts[0] in TENS and len(parts) > 1 and SPELT.get(parts[1], 99) < 10:
        value, rest = SPELT[parts[0]] + SPELT[parts[1]], parts[2:]
    elif parts[0] in SPELT:
        value, rest = SPELT[parts[0]], parts[1:]
    else:
        return None
    if value < 2 or (parts[0] in SCALES and _plural_scale(sentence, match)):
        return None  # "one" is a pronoun as often as a number; "a hundred ways" is no count
    unit = ""
    if rest and rest[-1] in SCALES:
        value *= SCALES[rest[-1]]
    elif rest and rest[-1] in UNITS:
        unit = UNITS[rest[-1]]
    elif rest:
        end = match.start() + len(parts[0])
    value, unit, end = _unit_after(sentence, end, value, unit)
    return _number(sentence, match.start(), end, value, unit, ""), end


def _plural_scale(sentence: str, match: re.Match[str]) -> bool:
    return bool(re.search(r"\b(?:an?|several|few|many)\s$", sentence[: match.start()]))


def _unit_after(sentence: str, end: int, value: float, unit: str) -> tuple[float, str, int]:
    """Reads a scale and a unit behind a number: "7 billion", "40 percentage points", "4 times"."""
    for _ in range(2):
        after = _AFTER.match(sentence, end)
        if after is None or unit:
            break
        word = after["word"]
        key = re.sub(r"\s+", "-", word.lower())
        if len(word) > 1 and word.lower() in SCALES:
            value, end = value * SCALES[word.lower()], after.end()
        elif word in ("K", "M", "B") and after.group()[0].isspace():
            value, end = value * SCALES[word], after.end()
        elif key in UNITS and (len(word) > 1 or word in "%×°xshgWm"):
            unit, end = UNITS[key], after.end()
            if unit == "%" and (points := re.compile(r"[ -]points?\b").match(sentence, end)):
                unit, end = "points", points.end()
        else:
            break
    return value, unit, end


def _number(sentence: str, start: int, end: int, value: float, unit: str, bound: Bound) -> Number:
    before = sentence[max(0, start - 24) : start]
    for name, pattern in _BOUNDS:
        if not bound and pattern.search(before):
            bound = name
    left = [w.lower() for w in re.findall(r"[^\W\d_]+", sentence[:start])][-5:]
    right = [w.lower() for w in re.findall(r"[^\W\d_]+", sentence[end:])][:5]
    near = frozenset(stem(w) for w in left + right if w not in STOP_WORDS)
    return Number(value, unit, near, bound, sentence[start:end])


def is_figure(word: str) -> bool:
    """Whether a word in lower case is a number, a scale or a unit: "7.4", "million", "seconds"."""
    return word[:1].isdigit() or word in SPELT or word in SCALES or (word in UNITS and len(word) > 1)


def stated(rows: Iterable[str]) -> list[Number]:
    """All that the sentences `rows` state or count."""
    return [number for row in rows for number in (*numbers(row), *counted(row))]


def missing(claimed: Iterable[Number], known: Sequence[Number]) -> list[Number]:
    """The numbers of `claimed` that none of `known` agrees with.

    A claim may count two to four things that evidence lists without counting, unless it counts them otherwise.
    """
    return [n for n in claimed if not any(agree(n, other) for other in known) and not _counts_a_list(n, known)]


def _counts_a_list(number: Number, known: Sequence[Number]) -> bool:
    if number.unit or number.bound or number.value not in _LISTS or not number.text[:1].isalpha():
        return False
    return not any(not o.unit and o.value < _COUNTS and o.near & number.near for o in known)


def agree(claimed: Number, stated: Number) -> bool:
    """Whether evidence that states one number bears out the other: value, unit, bound and neighbourhood.

    Rounding is allowed where the claim says it is rough; a known unit must be the same class. Where no unit
    is known and the number is a common one, the words around the two must share one. "Over" may mean "on".
    """
    if claimed.unit != stated.unit:
        return False
    if {claimed.bound, stated.bound} == {"above", "below"}:
        return False
    if claimed.bound == "above" and stated.bound == "" and claimed.unit and not _rounds(claimed, stated):
        return False
    if not _same_value(claimed, stated):
        return False
    telling = _is_telling(claimed.value) or (claimed.text == stated.text and "." in claimed.text)
    return bool(claimed.unit) or telling or _near(claimed, stated)


_LISTS = (2.0, 3.0, 4.0)
_COUNTS = 100  # what is counted in words is fewer


def _is_telling(value: float) -> bool:
    """Whether a number is so particular that it is hardly met twice by chance: 45.3, 1,820, but not 7 or 100."""
    return value != int(value) or (value >= 100 and value % 100 != 0)


def _near(claimed: Number, stated: Number) -> bool:
    """Whether two numbers count the same thing, by the words around them."""
    if not claimed.near or not stated.near or claimed.near & stated.near:
        return True
    return any(near_words(s).keys() & stated.near for s in claimed.near)


def _same_value(claimed: Number, stated: Number) -> bool:
    if abs(claimed.value - stated.value) <= 1e-9 * max(1.0, abs(stated.value)):
        return True
    return claimed.bound in ("about", "above", "below") and _rounds(claimed, stated)


def _rounds(claimed: Number, stated: Number) -> bool:
    """Whether the claim's rough or bounding number is the evidence's one rounded, by at most 5 %."""
    gap = claimed.value - stated.value
    if gap == 0 or abs(gap) > 0.05 * abs(stated.value):
        return False
    if claimed.bound == "above":
        return gap < 0
    if claimed.bound == "below":
        return gap > 0
    return True
