"""Noun phrases of a day's papers, as the papers write them: the words from which themes are named.

No tagger and no word list of the field: a phrase is a run of up to three words between stop-words and
punctuation, and the day's own text says where phrases end, how they are spelt and what an acronym stands for.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_BREAK = re.compile(r"[.,;:!?()\[\]{}\"“”|/\\$%&*+=<>~^]|\s[-–—]+\s|--|https?://\S+")
# What a single word must look like to name a field; longer phrases need not.
_NOUN = re.compile(r"(?:tion|sion|ment|ity|ness|ing|ics|ism|ure|ence|ance|sis|graphy|ology|work|or|er|age|art)$")
_QUALIFIER = re.compile(r"^(?:level|based|driven|aware|wise|oriented|specific|free|guided|relevant|like|\d+)$")
_DEFINED = re.compile(r"\(([A-Za-z]*[A-Z][A-Za-z]*[A-Z])(s?)\)")

_STOP = frozenset(
    word
    for line in resources.files("bot.digest").joinpath("stop_words.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of the day: the words to show, their key (lower case, singular), how often each paper holds it.

    `papers` counts by the paper's index; `titled` are the papers whose titles hold the phrase.
    """

    shown: str
    words: tuple[str, ...]
    papers: dict[int, int]
    titled: frozenset[int]


def phrases_of(texts: Sequence[tuple[str, Sequence[str]]]) -> list[Phrase]:
    """The phrases of papers, each given as title and sentences, in the order of their keys.

    A phrase that nearly always stands inside one longer phrase, or nearly never ends where a phrase ends, is
    a fragment ("state art", "large language") and is left out.
    """
    aliases = _acronyms(s for title, sentences in texts for s in (title, *sentences))
    spelling = _spelling(s for _, sentences in texts for s in sentences)
    seen: defaultdict[tuple[str, ...], Counter[int]] = defaultdict(Counter)
    titled: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
    spelt: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    ends: Counter[tuple[str, ...]] = Counter()
    whole: defaultdict[tuple[str, ...], bool] = defaultdict(bool)
    heads: defaultdict[str, set[int]] = defaultdict(set)
    for paper, (title, sentences) in enumerate(texts):
        for place, text in enumerate((title, *sentences)):
            for run in _runs(text, aliases, _own_name(title)):
                heads[run[-1].key[-1]].add(paper)
                for i, j in _spans(len(run)):
                    key = tuple(k for word in run[i:j] for k in word.key)
                    if len(key) > 5 or len(" ".join(key)) < 3:
                        continue
                    seen[key][paper] += 1
                    ends[key] += j == len(run)
                    whole[key] |= j - i == len(run)
                    spelt[key][" ".join(spelling.get(w.shown.lower()) or _lowered(w.shown) for w in run[i:j])] += 1
                    if not place:
                        titled[key].add(paper)
    kept = []
    for key in sorted(seen):
        if ends[key] < 0.3 * seen[key].total() or _QUALIFIER.search(key[-1]) or key[0].isdigit():
            continue
        shown = max(sorted(spelt[key]), key=lambda s: spelt[key][s] * (3 if s.endswith("s") else 1))
        if " " not in shown and not _NOUN.search(key[-1]):
            continue
        if len(seen[key]) == 1 and (
            _coined(shown)
            or key[0].endswith("ing")
            or len(heads[key[-1]]) < min(2, len(texts) // 5)
            or not whole[key]
        ):
            continue  # one paper's words: most likely no phrase of the field's
        kept.append(Phrase(shown, key, dict(seen[key]), frozenset(titled[key])))
    return kept


@dataclass(frozen=True, slots=True)
class _Word:
    shown: str
    key: tuple[str, ...]


def _coined(shown: str) -> bool:
    """Whether a word of a phrase looks like the name of one work: digits or capitals inside it."""
    return any(re.search(r"\d|[a-z-][A-Z]|[A-Z]{2}.*-", word) for word in shown.split())


def _spans(words: int) -> list[tuple[int, int]]:
    """All runs of one to three words, and the whole where it has four."""
    spans = [(i, j) for i in range(words) for j in range(i + 1, min(i + 3, words) + 1)]
    return [*spans, (0, 4)] if words == 4 else spans


def _own_name(title: str) -> str:
    """What a paper calls its own work, "X" of "X: …": its word, not the field's."""
    name = title.partition(":")[0].strip()
    return name.lower() if len(name.split()) == 1 else ""


def _runs(text: str, aliases: dict[str, tuple[str, str]], own: str) -> Iterable[list[_Word]]:
    """The words of `text` between stop-words and punctuation; `own`, in lower case, counts as a stop-word."""
    first = True
    for part in _BREAK.split(text):
        run: list[_Word] = []
        for found in _WORD.finditer(part):
            word = found.group()
            low = word.lower()
            if low in _STOP or low == own or word.endswith(("ly", "'s", "’s")) or len(word) < 2 or word.isdigit():
                if run:
                    yield run
                run, first = [], False
                continue
            shown = _lowered(word) if first else word
            if alias := aliases.get(_singular(word)):
                shown = alias[1] if word.endswith("s") else alias[0]
            run.append(_Word(shown, tuple(_singular(k) for k in shown.lower().replace("-", " ").split())))
            first = False
        if run:
            yield run


def _acronyms(texts: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Acronyms that two or more sentences define in the same words: to the long form, singular and plural."""
    defined: Counter[tuple[str, str, str]] = Counter()
    for text in texts:
        for found in _DEFINED.finditer(text):
            short, plural = found.groups()
            before = re.findall(r"[^\W_]+", text[: found.start()])[-len(short) :]
            if [w[0].lower() for w in before] == list(short.lower()):
                words = text[: found.start()].split()
                while len(re.findall(r"[^\W_]+", " ".join(words[1:]))) >= len(short):
                    words = words[1:]
                defined[short, " ".join(_lowered(w) for w in words), plural] += 1
    forms: dict[str, tuple[str, str]] = {}
    for (short, long, plural), times in sorted(defined.items(), key=lambda item: item[1]):
        if times > 1:
            one = _singular(long) if plural else long
            forms[short] = (one, one if one.endswith(("s", "ing")) else one + "s")
    return forms


def _spelling(texts: Iterable[str]) -> dict[str, str]:
    """How sentences write each word after their first: in lower case where they sometimes do, else as mostly."""
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for found in list(_WORD.finditer(text))[1:]:
            forms[found.group().lower()][found.group()] += 1
    plain = {low for low, written in forms.items() if written[low] >= min(2, 0.2 * written.total())}
    return {
        low: low
        if low in plain or _singular(low) in plain or ("-" in low and plain.issuperset(low.split("-")))
        else max(sorted(written), key=lambda w: written[w])
        for low, written in forms.items()
    }


def _lowered(word: str) -> str:
    """`word` in lower case, unless capitals inside it say that it is a name or an acronym."""
    plain = word[1:].islower() or len(word) == 1 or re.fullmatch(r"[A-Z]{2}[a-z]{2,}", word)  # "MOtion" in a title
    return word.lower() if plain else word


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-3] + "y" if word.endswith("ies") else word[:-1]
    return word
