"""A sentence that is almost one of the evidence, or a part of one: which of its words stand in the place of others."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from bot.answers.grounding.claims import Naming, names
from bot.answers.grounding.lexicon import effect, opposed, places
from bot.answers.grounding.words import Word, content, grams, is_content, near_words, stem, words

_ALIKE = 0.6  # share of the claim's words found in the same order, from which on replaced names and opposites count
_ALMOST = 0.9  # and from which on any replaced word counts
_FEWEST = 2  # content words; fewer say too little
_LONGEST = 4  # words on one side of a replacement; longer ones are rewording


# Words in whose place a name may stand that the paper gives its own work.
_REFERRING = frozenset(
    """
    it its we our this they their these such those the existing approach framework method methods model models system
    systems
    """.split()  # noqa: SIM905
)

# Words so general that one may stand for many others.
_NEUTRAL = frozenset(
    stem(w)
    for w in [
        "make",
        "turn",
        "mean",
        "design",
        "use",
        "give",
        "take",
        "get",
        "do",
        "have",
        "allow",
        "help",
        "call",
        "see",
        "include",
        "contain",
        "provide",
        "offer",
        "aim",
        "intend",
        "serve",
        "act",
        "work",
        "go",
        "come",
        "bring",
        "keep",
        "let",
        "need",
        "want",
        "try",
        "build",
        "create",
        "obtain",
        "achieve",
        "reach",
        "attain",
        "apply",
        "employ",
        "utilize",
        "leverage",
        "consider",
        "regard",
        "treat",
        "view",
        "set",
        "put",
        "look",
        "seek",
        "deliver",
        "yield",
        "form",
        "develop",
        "devise",
        "establish",
        "carry",
        "perform",
        "conduct",
        "handle",
        "address",
        "tackle",
        "deal",
        "exist",
        "become",
        "remain",
        "happen",
        "occur",
        "follow",
        "currently",
        "today",
        "recently",
        "made",
        "meant",
        "given",
        "gave",
        "taken",
        "took",
        "got",
        "kept",
        "brought",
        "built",
        "sought",
        "held",
        "led",
        "ran",
        "put",
        "method",
        "approach",
        "technique",
        "system",
        "way",
        "thing",
        "kind",
        "type",
        "sort",
        "various",
        "different",
        "several",
        "many",
        "number",
        "set",
    ]
)


def in_order(claim: str, rows: Sequence[str], paper: Naming) -> bool:
    """Whether `rows` have all the content words of `claim` in their order, but that its last ones may come first.

    "The error on LibriLong falls to 7%" is said by "On LibriLong, the error falls to 7%"; who does what to whom cannot
    change places by that. Numbers are in an order of their own. The names of the paper's own work are left out: an
    abstract says "it" for them.
    """
    own = {name.casefold() for name in names(claim) if paper.names_own(name)}
    every = content(claim)
    there = [w.stem for row in rows for w in words(row)]
    figures = [w.stem for w in every if w.low[0].isdigit()]
    wanted = [w.stem for w in every if not w.low[0].isdigit() and w.low not in own]
    if len(every) < _FEWEST or not wanted or not set(wanted).issubset(there) or not _follow(figures, there):
        return False
    return any(_follow([*wanted[at:], *wanted[:at]], there) for at in range(len(wanted)))


def _follow(wanted: Sequence[str], there: Sequence[str]) -> bool:
    rest = iter(there)
    return all(stem in rest for stem in wanted)


@lru_cache(maxsize=8_192)
def sameness(claim: str, evidence: str) -> float:
    """The share of the words of `claim` that stand in `evidence` in the same order; 0–1."""
    matching = _matcher(claim, evidence).get_matching_blocks()
    return sum(block.size for block in matching) / max(1, len(words(claim)))


def shared(claim: str, evidence: str) -> frozenset[int]:
    """The places of the words of `evidence` that `claim` shares with it, in the same order."""
    blocks = _matcher(claim, evidence).get_matching_blocks()
    return frozenset(place for block in blocks for place in range(block.b, block.b + block.size))


def is_almost(claim: str, evidence: str) -> bool:
    """Whether `claim` is `evidence` but for a few words, so that each of these few counts."""
    return sameness(claim, evidence) >= _ALMOST


@lru_cache(maxsize=8_192)
def swapped(claim: str, evidence: str) -> bool:
    """Whether `claim` is the `evidence` sentence with a name, or a word that matters, put in place of another."""
    same = sameness(claim, evidence)
    if same < _ALIKE:
        return False
    ours, theirs = words(claim), words(evidence)
    known = {w.stem for w in theirs}
    named = {part.casefold() for name in names(claim) for part in (name, *name.replace("-", " ").split())}
    for kind, a, b, c, d in _matcher(claim, evidence).get_opcodes():
        if kind == "replace" and b - a <= _LONGEST and d - c <= _LONGEST:
            strict = same >= _ALMOST
            if any(_is_swap(w, theirs[c:d], w.low in named, strict) for w in ours[a:b] if w.stem not in known):
                return True
    return False


def _matcher(claim: str, evidence: str) -> "SequenceMatcher[str]":
    ours, theirs = ([w.stem for w in words(s)] for s in (claim, evidence))
    return SequenceMatcher(None, ours, theirs, autojunk=False)


def _is_swap(put: Word, taken: Sequence[Word], is_name: bool, strict: bool) -> bool:
    """Whether `put`, which stands in the place of `taken`, says another thing."""
    if not is_content(put):
        return False
    said = [w for w in taken if is_content(w)]
    if any(opposed(put.stem, other.stem) for other in said):
        return True
    if is_name and (any(w.low in _REFERRING for w in taken) or not any(_looks_named(w) for w in taken)):
        return False
    if is_name and not any(_alike(put, other) for other in taken):
        return True
    return strict and bool(said) and put.stem not in _NEUTRAL and not any(_means(put, other) for other in said)


def _looks_named(word: Word) -> bool:
    return word.text[:1].isupper() or any(c.isdigit() for c in word.text)


def _alike(word: Word, other: Word) -> bool:
    """Whether a name may stand for `other`: another form, an abbreviation, or a like word."""
    if other.stem in near_words(word.stem) or (word.low[:1] == other.low[:1] and len(word.low) <= 5):
        return True
    shared = grams(word.low) & grams(other.low)
    return len(shared) >= 0.5 * min(len(grams(word.low)), len(grams(other.low)))


def _means(word: Word, other: Word) -> bool:
    """Whether two words may mean the same: like words, forms of one, or on one side of an axis."""
    sides = dict(places(other.low, other.stem))
    if any(sides.get(axis) == sign for axis, sign in places(word.low, word.stem)):
        return True
    return _alike(word, other) or effect(word.low, word.stem) * effect(other.low, other.stem) > 0
