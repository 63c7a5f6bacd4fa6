"""Changes that make a true sentence false: a number, a unit, a name, a direction, a negation, a rank, an addition.

Written apart from the product's lexicons; each function returns the changed sentence, or None where it cannot change
it. `lighter` makes sentences that stay true.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.papers.text import main_title


@dataclass(frozen=True, slots=True)
class Perturb:
    """What a change may draw on: the paper's own text, sentences of papers near it, and a seeded generator."""

    paper: str
    near: Sequence[str]
    random: random.Random


_NUMBER = re.compile(r"(?<![\w.,-])(\d+(?:,\d{3})*(?:\.\d+)?)(?=(?:\s|%|\\%|x\b|×|[KMB]\b|-|,\s|\.\s|\.$|\)))")
_SPELT = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def number(sentence: str, given: Perturb) -> str | None:
    """Another number of the same look."""
    found = [
        m
        for m in _NUMBER.finditer(sentence)
        if not re.match(r"\)", sentence[m.end() :]) or m.start() == 0 or sentence[m.start() - 1] != "("
    ]
    words = list(re.finditer(r"\b(?:" + "|".join(_SPELT) + r")\b", sentence))
    if not found and not words:
        return None
    match = given.random.choice([*found, *words])
    old = match.group()
    if old in _SPELT:
        new = given.random.choice([w for w in _SPELT if w != old])
    else:
        new = old
        while new == old or re.search(rf"(?<![\d.]){re.escape(new)}(?![\d.])", given.paper):
            spot = given.random.choice([i for i, c in enumerate(old) if c.isdigit()])
            low = 1 if spot == 0 else 0
            new = new[:spot] + str(given.random.randint(low, 9)) + new[spot + 1 :]
            if len(old) == 1 and given.random.random() < 0.3:
                new = str(given.random.randint(2, 40))
    return sentence[: match.start()] + new + sentence[match.end() :]


_UNITS = [
    (r"(?<=\d)\s?\\?%", [" percentage points", "x", " points"]),
    (r"(?<=\d)x\b|(?<=\d)\s?×(?!\s?\d)", ["%", " points"]),
    (r"(?<=\d)\s?B\b(?! )", ["M", "K"]),
    (r"(?<=\d)B\b", ["M"]),
    (r"(?<=\d)M\b", ["B", "K"]),
    (r"(?<=\d)K\b", ["M"]),
    (r"(?<=[\d ])million\b", ["billion", "thousand"]),
    (r"(?<=[\d ])billion\b", ["million"]),
    (r"(?<=[\d ])hours?\b", ["days", "minutes"]),
    (r"(?<=[\d -])minutes?\b", ["hours", "seconds"]),
    (r"(?<=[\d -])seconds?\b", ["minutes", "milliseconds"]),
    (r"(?<=\d)\s?ms\b", [" s"]),
    (r"(?<=\d)\s?GB\b", [" MB", " TB"]),
    (r"(?<=\d)\s?FPS\b", [" ms", " GB"]),
    (r"(?<=\d )times\b", ["percent"]),
    (r"(?<=\d )points\b", ["percent"]),
    (r"(?<=\d)\s?dB\b", ["%"]),
]


def unit(sentence: str, given: Perturb) -> str | None:
    """The same number of something else."""
    options = [(m, new) for pattern, news in _UNITS for m in re.finditer(pattern, sentence) for new in news]
    if not options:
        return None
    match, new = given.random.choice(options)
    if match.group().startswith(" ") and not new.startswith(" ") and new.isalpha():
        new = " " + new
    return sentence[: match.start()] + new + sentence[match.end() :]


_NAME = re.compile(
    r"(?<![\w/.-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z\d-])[A-Z][\w-]*[A-Z\d][\w-]*|(?<![\w/.-])[A-Z]{2,6}(?![\w/.-])"
)
_COMMON = frozenset(
    [
        "LLM",
        "LLMs",
        "AI",
        "MLLM",
        "MLLMs",
        "VLM",
        "VLMs",
        "RL",
        "NLP",
        "GPU",
        "GPUs",
        "3D",
        "2D",
        "LVLM",
        "LVLMs",
        "QA",
        "SOTA",
        "SoTA",
        "LM",
        "LMs",
        "API",
        "II",
    ]
)


def name(sentence: str, given: Perturb) -> str | None:
    """A method or data set of another paper in place of this one's, everywhere in the sentence."""
    mine = [n for n in dict.fromkeys(_NAME.findall(sentence)) if n not in _COMMON]
    own = given.paper.casefold()
    theirs = [
        n for s in given.near for n in _NAME.findall(s) if n not in _COMMON and n.casefold().rstrip("s") not in own
    ]
    if not mine or not theirs:
        return None
    old = given.random.choice(mine)
    new = given.random.choice(sorted(set(theirs)))
    return re.sub(rf"(?<![\w-]){re.escape(old)}(?![\w-])", new, sentence)


_OPPOSITES = [
    *[("outperforms", "underperforms"), ("outperform", "underperform"), ("outperforming", "underperforming")],
    *[("outperformed", "underperformed"), ("surpasses", "falls behind"), ("surpassing", "falling behind")],
    *[("surpass", "fall behind"), ("improves", "degrades"), ("improve", "degrade"), ("improving", "degrading")],
    *[("improved", "degraded"), ("improvement", "degradation"), ("improvements", "losses"), ("higher", "lower")],
    *[("increases", "decreases"), ("increase", "decrease"), ("increased", "decreased"), ("increasing", "decreasing")],
    *[("reduces", "raises"), ("reduce", "raise"), ("reducing", "raising"), ("reduced", "raised")],
    *[("reduction", "increase"), ("more", "less"), ("better", "worse"), ("faster", "slower"), ("larger", "smaller")],
    *[("stronger", "weaker"), ("enhances", "weakens"), ("enhance", "weaken"), ("enhancing", "weakening")],
    *[("superior", "inferior"), ("best", "worst"), ("efficient", "inefficient"), ("positive", "negative")],
    *[("accelerates", "slows"), ("lowers", "raises"), ("gains", "losses"), ("highest", "lowest"), ("fewer", "more")],
    *[("exceeds", "falls short of"), ("boosts", "lowers"), ("boosting", "lowering"), ("enables", "prevents")],
    *[("strong", "weak"), ("effectively", "ineffectively"), ("effective", "ineffective"), ("robust", "fragile")],
    *[("significant", "negligible"), ("significantly", "hardly"), ("easy", "hard"), ("long", "short")],
    *[("simple", "complex"), ("without", "with"), ("succeed", "fail"), ("high", "low"), ("low", "high")],
    *[("lower", "higher"), ("less", "more"), ("worse", "better"), ("limited", "extensive"), ("struggle", "excel")],
    *[("challenging", "easy"), ("difficult", "easy"), ("strongly", "weakly"), ("minimal", "extensive")],
]


def direction(sentence: str, given: Perturb) -> str | None:
    """The contrary of a word of comparison or effect."""
    options = [(m, new) for old, new in _OPPOSITES for m in re.finditer(rf"(?<![\w-]){old}(?![\w-])", sentence)]
    if not options:
        return None
    match, new = given.random.choice(options)
    return sentence[: match.start()] + new + sentence[match.end() :]


_VERBS = [
    "achieves",
    "improves",
    "outperforms",
    "enables",
    "provides",
    "reduces",
    "requires",
    "supports",
    "demonstrates",
    "generalizes",
    "allows",
    "leads",
    "exhibits",
    "surpasses",
    "integrates",
    "uses",
    "employs",
    "leverages",
    "generates",
    "captures",
    "preserves",
    "maintains",
    "learns",
    "includes",
    "contains",
    "covers",
    "consists",
    "offers",
    "relies",
    "combines",
    "extends",
    "introduces",
    "eliminates",
    "addresses",
    "remains",
    "ensures",
]
_AUXILIARY = r"\b(can|is|are|was|were|has|have|could|should|will)\b(?! not\b| be\b| been\b)"


def negation(sentence: str, given: Perturb) -> str | None:
    """A "not" put in, or taken out."""
    if (match := re.search(r"\b(do|does|did) not (\w+)", sentence)) and given.random.random() < 0.9:
        return sentence[: match.start()] + f"{match[1]} {match[2]}" + sentence[match.end() :]
    if match := re.search(r"\b(can|is|are|was|were|has|have|could) ?not (?!only|just)", sentence):
        return sentence[: match.start()] + f"{match[1]} " + sentence[match.end() :]
    if match := re.search(r"\bwithout\b", sentence):
        return sentence[: match.start()] + "with" + sentence[match.end() :]
    options: list[tuple[re.Match[str], str]] = []
    for m in re.finditer(r"\b(?:" + "|".join(_VERBS) + r")\b", sentence):
        before = sentence[: m.start()].rstrip().split(" ")[-1].lower() if m.start() else ""
        if before not in {"to", "and", "or", "that", "which", ""}:
            base = m.group()
            base = base[:-2] if base in {"surpasses", "addresses"} else base[:-1]
            options.append((m, f"does not {base}"))
    options += [(m, f"{m.group()} not") for m in re.finditer(_AUXILIARY, sentence)]
    if not options:
        return None
    match, new = given.random.choice(options)
    return sentence[: match.start()] + new + sentence[match.end() :]


_RANKS = r"\b(?:first|best|only|state[- ]of[- ]the[- ]art|sota|unprecedented|pioneer\w*)\b"


def rank(sentence: str, given: Perturb) -> str | None:
    """A "first", "only", "best" or "state-of-the-art" where none was."""
    if re.search(_RANKS, sentence, re.I):
        return None
    options: list[str] = []
    for m in re.finditer(r"\b(?:a|an) (?:novel |new |simple |effective |efficient )?(?=\w+)", sentence):
        word = given.random.choice(["the first ", "the only ", "the best ", "a state-of-the-art "])
        options.append(sentence[: m.start()] + word + sentence[m.end() :])
    for m in re.finditer(r"\bour (?=method|approach|model|framework|system)", sentence):
        options.append(sentence[: m.start()] + "our state-of-the-art " + sentence[m.end() :])
    return given.random.choice(options) if options else None


def addition(sentence: str, given: Perturb) -> str | None:
    """The whole sentence, and behind it what another paper says of itself."""
    said = [m[1] for s in given.near if (m := re.match(r"(?:We|It|They|This \w+|Our \w+) (\w+ .{20,120})\.$", s))]
    if not said or not sentence.endswith("."):
        return None
    return f"{sentence[:-1]}, and it also {given.random.choice(said)}."


KINDS: dict[str, Callable[[str, Perturb], str | None]] = {
    "number": number,
    "unit": unit,
    "name": name,
    "direction": direction,
    "negation": negation,
    "rank": rank,
    "addition": addition,
}

_OURS = re.compile(
    r"^(?:(?:In this (?:paper|work|study|report)|Here|To this end|To address this|Specifically),? )?"
    r"(?:(we) (?:introduce|present|propose|develop)|our (?:proposed )?(?:method|approach|model|framework|system)|it)\b",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r",? (?:which|enabling|making|allowing|especially|particularly|demonstrating|outperforming|achieving|thereby|thus|"
    r"highlighting|including|such as|while maintaining|while preserving)\b[^;]*\.$"
)
_INSERTED = re.compile(
    r", (?:which|such as|including|called|named|a|an)\b[^,;()]*,(?= (?:is|are|has|have|can|does|\w+s)\b)"
)
_LEAST = 6  # words that a lighter sentence must have


def lighter(sentence: str, title: str) -> list[str]:
    """What `sentence` says too: with the paper's name for "our method", or without a clause at the end or inside."""
    found = [pattern.sub(end, sentence) for pattern, end in ((_TRAILING, "."), (_INSERTED, ""))]
    name = main_title(title)
    if len(name.split()) == 1 and name.lower() != name and (match := _OURS.match(sentence)):
        rest = sentence[match.end() :]
        if not match[1]:
            found.append(name + rest)
        elif (told := re.match(rf" {re.escape(name)}(?: \([^)]*\))?, (?=an? )", rest)) is not None:
            found.append(f"{name} is {rest[told.end() :]}")
    return [text for text in dict.fromkeys(found) if text != sentence and len(text.split()) >= _LEAST]
