"""What a question asks for: a number of something, an amount, a thing of a kind, a person, a place of publication.

A paper may be the right one and still not say it. So what is asked for is looked for in the abstract: a number
before the noun that is counted, a percentage where the measure stands, a word of the kind of thing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from bot.answers.grounding.units import SPELT
from bot.library.lexical import STOP_WORDS, stem
from bot.library.likeness import ALIASES, ASKING, names_in
from bot.library.word_vectors import words_of


class Kind(Enum):
    """The kind of answer that a question calls for."""

    COUNT = "count"  # how many
    AMOUNT = "amount"  # how much, what percentage, which score
    THING = "thing"  # which data set, what licence
    MAKER = "maker"  # who wrote or paid
    VENUE = "venue"  # which conference or journal
    TIME = "time"  # when published
    DATA = "data"  # which data set or benchmark
    ORIGIN = "origin"  # where something comes from
    OPEN = "open"  # anything else: how, why, whether, which paper


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, and the nouns that name it, in lower case."""

    kind: Kind
    nouns: tuple[str, ...] = ()


# Words that end the noun after "how many" or "which".
_ENDS = frozenset(
    """
    do does did is are was were be been has have had can could will would should may might must of in on at for from
    with by to into onto over between among across against as than through during per about under within without and
    or but that which who whom whose it its they their them we you i he she the a an this these those there if when
    where how what so because not no out up down off together exactly according besides altogether here
    """.split()  # noqa: SIM905
)
_DETERMINERS = frozenset("the a an this these those its their of".split())  # noqa: SIM905
# Papers give the names of these without saying what they are.
_DATA = frozenset("data set sets dataset datasets corpus corpora benchmark benchmarks".split())  # noqa: SIM905
# Nouns behind "which" that ask for the paper itself, or for whatever it is about.
_ANY = (
    frozenset(
        """
    paper papers article articles study studies work works method methods approach approaches technique techniques one
    ones way ways thing things kind kinds sort sorts type types model models system systems framework frameworks idea
    ideas project author authors people group team researchers line research publication publications research name
    names other others two three both
    """.split()  # noqa: SIM905
    )
    | _DATA
)
_PRONOUNS = frozenset("one ones thing things goes happens happened makes made causes caused keeps changes".split())  # noqa: SIM905
_MEASURES = frozenset(
    """
    percentage percent share fraction proportion ratio rate rates factor factors accuracy accuracies score scores f1
    auc auroc map bleu rouge wer cer fid psnr ssim perplexity error errors recall precision dice iou miou latency speed
    speedup throughput time memory size cost price number value values amount gain gains improvement improvements drop
    reduction increase level threshold epsilon temperature coefficient correlation degree degrees resolution frequency
    duration length width depth budget win
    """.split()  # noqa: SIM905
)
# Measures so general that a number alone states them: nobody writes "percentage" beside one.
_ANY_MEASURE = frozenset(
    """
    percentage percentages percent share fraction proportion factor factors amount number value values point points
    margin extent gain gains improvement improvements drop reduction increase time times size degree degrees score scores
    """.split()  # noqa: SIM905
)
# Details of experiments that an abstract tells seldom: named or not, it must say them in these words.
DETAILS = re.compile(
    r"\b(?:learning[ -]rates?|batch[ -]sizes?|optimi[sz]ers?|epochs?|drop-?out|random seeds?|weight decay|hyper-?"
    r"parameters?|gpu[ -]?(?:hours?|days?)|gpus?|tpus?|vram|hardware|chip|flops|licen[cs]es?|pytorch|tensorflow|jax|"
    r"programming language|version|sampling rate|frame ?rate|sampling temperature|context length|vocabulary|p-?values?|"
    r"error bars?|standard deviations?|kappa|annotators?|participants?|subjects?|volunteers?|electrodes?|cit(?:ed|ations)"
    r"|dollars?|euros?|cost|price|watts?|joules?|kilowatt|carbon|url|address|e-?mail|phone|country|university|"
    r"universit(?:y|ies)|compan(?:y|ies)|institut(?:e|ion)s?|lab|funding|funded|sponsor(?:ed)?|paid|grant|conference|"
    r"journal|venue|workshop|published|reviewers?)\b",
    re.IGNORECASE,
)
_MAKERS = re.compile(
    r"\bwho (?:wrote|write|writes|is the author|are the authors|authored|funded|paid|sponsored|financed|supervised|"
    r"reviewed|published|made it|built it)\b|\bnames? of the (?:first |last )?authors?\b|\bauthors'? names?\b|"
    r"\bwritten by whom\b|\bby whom\b|\b(?:which|what) (?:university|universities|compan(?:y|ies)|institut\w+|lab\w*|"
    r"countr(?:y|ies)|authors?|funding|grant)\b|\bfrom wh(?:ich|at) (?:university|company|institut\w+|lab|country)\b",
    re.IGNORECASE,
)
_WRITERS = re.compile(
    r"\bwho (?:wrote|writes|is the (?:\w+ )?author|are the (?:\w+ )?authors|authored|published)\b|"
    r"\bnames? of the (?:first |last )?authors?\b|\bauthors'? names?\b|\bby whom\b|\b(?:list|give|show|name) (?:me )?"
    r"(?:all )?(?:the )?authors\b|\bauthors of\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:papers|studies|articles|both|each|respectively|compar(?:e|es|ed|ison)|versus|vs|differs?|differences?|"
    r"(?:two|three|several|many) (?:works|methods|approaches|models))\b",
    re.IGNORECASE,
)
_ORIGIN = re.compile(
    r"\bwhere (?:do|does|did|is|are|was|were)\b.{0,60}\b(?:from|taken|collected|gathered)\b", re.IGNORECASE
)
_FROM = re.compile(
    r"\b(?:from|collected|gathered|derived|obtained|drawn|sourced|scraped|using|based on|publicly available)\b",
    re.IGNORECASE,
)
_OF_DATA = re.compile(r"\b(?:data ?sets?|corpus|corpora|benchmarks?|suites?|collections?)\b", re.IGNORECASE)
_VENUES = re.compile(
    r"\b(?:which|what) (?:conference|journal|venue|workshop|proceedings|publisher|track)\b|\bwhere (?:was|were|is|has|did)"
    r"\b.{0,60}\b(?:published|presented|accepted|appear(?:ed)?|submitted)\b",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"\b(?:when|what year|which year|what date|on which day|what month)\b.{0,60}\b(?:published|presented|accepted|appear"
    r"(?:ed)?|submitted|released|written|posted|uploaded)\b|\b(?:which|what) (?:year|date|month)\b",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(r"\bhow many\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_HOW_MUCH = re.compile(
    r"\bhow (?P<how>much|large|big|long|fast|tall|sparse|dense|accurate|often|far|deep|high|low|old|small|expensive|wide|"
    r"strong|heavy|many times)\b(?P<rest>.*)|\b(?:by|to|at|of) (?:what|which) (?P<margin>margin|amount|extent|factors?)\b",
    re.IGNORECASE | re.DOTALL,
)
# At the head of a clause, or behind a preposition; elsewhere "which" and "what" only join clauses.
_WHICH = re.compile(
    r"(?:^|[.?!,:;]|\b(?:and|but|or|so|on|in|at|to|for|with|from|by|under|of|as|about))\s*"
    r"\b(?:which|what|whose)(?P<is>'s|’s| is| are| was| were)?\s+(?:(?P<the>the )|an? |of the |exact |precise |(?P<name>(?:short |full )?"
    r"names? of (?:the )?)|(?:kinds?|types?|sorts?) of (?:an? )?)*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_OPENS_CLAUSE = re.compile(r"(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should)\b", re.I)
# "One" is seldom a number of things.
_NUMBER_WORDS = frozenset(SPELT) - {"one"} | {
    *(f"{many}s" for many in ("dozen", "hundred", "thousand", "million", "billion")),
    *("double", "twice", "triple", "half", "both", "pair", "single"),
}
_TOKEN = re.compile(r"\d[\d.,]*\d|\d|[^\W\d_]+|[%×]", re.UNICODE)
_DIGITS = re.compile(r"\d")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_VENUE_NAMES = re.compile(
    r"\b(?:NeurIPS|NIPS|ICML|ICLR|CVPR|ICCV|ECCV|ACL|EMNLP|NAACL|AAAI|IJCAI|SIGGRAPH|KDD|Interspeech|ICASSP|WACV|CoRL|"
    r"ICRA|IROS|RSS|COLING|MICCAI|conference|journal|workshop|proceedings|accepted|presented at|published in)\b"
)
_NEAR = 6  # words between a number and the noun that it counts


def asked_for(question: str) -> Asked:
    """What `question` asks for."""
    if _MAKERS.search(question):
        return Asked(Kind.MAKER)
    if _VENUES.search(question):
        return Asked(Kind.VENUE)
    if _TIMES.search(question):
        return Asked(Kind.TIME)
    if many := _HOW_MANY.search(question):
        counted_nouns = _nouns(many["rest"], 4)
        if counted_nouns and counted_nouns[0] in _ANY_MEASURE:
            return Asked(Kind.AMOUNT)
        return Asked(Kind.COUNT, counted_nouns)
    if much := _HOW_MUCH.search(question):
        bare = (much["how"] or "much").lower() in ("much", "often")  # by how much does X ...: no noun is measured
        return Asked(Kind.AMOUNT, () if bare else _measured(much["rest"] or ""))
    if (which := _WHICH.search(question)) and not _OPENS_CLAUSE.match(which["rest"]):
        explains = which["is"] and not which["name"]  # "What is X?" asks for what is said of it
        nouns = () if _is_pronoun(which["rest"]) or (explains and not which["the"]) else _nouns(which["rest"], 4)
        if any(n in _MEASURES or n.removesuffix("s") in _MEASURES for n in nouns):
            return Asked(Kind.AMOUNT, tuple(n for n in nouns if n not in _ANY_MEASURE))
        named = tuple(n for n in nouns if n not in _ANY)
        if named and not explains and nouns[0] not in _ANY - _DATA:
            return Asked(Kind.THING, named)
        if any(n in _DATA for n in nouns):
            return Asked(Kind.DATA)
    return Asked(Kind.ORIGIN if _ORIGIN.search(question) else Kind.OPEN)


def asks_for_several(question: str) -> bool:
    """Whether `question` is about several papers: it compares, or asks which papers there are."""
    return bool(_SEVERAL.search(question))


def asks_who_wrote(question: str) -> bool:
    """Whether `question` asks for the authors of a paper."""
    return bool(_WRITERS.search(question))


def stated(asked: Asked, sentence: str) -> float:
    """How far `sentence` has the form of what is asked for, 0–1: 1 too where the form says nothing."""
    match asked.kind:
        case Kind.COUNT:
            return counted(asked.nouns, sentence)
        case Kind.AMOUNT:
            return 1.0 if has_number(sentence) else 0.0
        case Kind.VENUE:
            return 1.0 if _VENUE_NAMES.search(sentence) else 0.0
        case Kind.TIME:
            return 1.0 if _YEAR.search(sentence) else 0.0
        case Kind.MAKER:
            return 0.0
        case Kind.DATA:
            return 1.0 if _OF_DATA.search(sentence) else 0.4 if names_in(sentence) else 0.0
        case Kind.ORIGIN:
            return 1.0 if _FROM.search(sentence) else 0.0
    return 1.0


def counted(nouns: Sequence[str], sentence: str) -> float:
    """1 where a number stands close before one of `nouns`, 0.4 where there is a number at all, else 0."""
    tokens = [t.lower() for t in _TOKEN.findall(sentence)]
    numbers = [i for i, t in enumerate(tokens) if _is_number(t)]
    if not numbers:
        return 0.0
    wanted = {s for noun in nouns for s in (*stem(noun), *stem(ALIASES.get(noun, noun)))}
    places = [i for i, t in enumerate(tokens) if wanted.intersection(stem(t))]
    close = any(0 < place - number <= _NEAR or 0 < number - place <= 2 for place in places for number in numbers)
    return 1.0 if close else 0.4


def has_number(sentence: str) -> bool:
    """Whether a number, in figures or in words, stands in `sentence`."""
    return any(_is_number(t.lower()) for t in _TOKEN.findall(sentence))


def _measured(rest: str) -> tuple[str, ...]:
    """The nouns of "how large is the overlap of …": those before the first word that is none."""
    return tuple(n for n in _nouns(rest, 3) if n not in _ANY_MEASURE)


def _is_pronoun(rest: str) -> bool:
    """Whether no noun follows "which" or "what", of which `rest` is what follows: a verb, or "one", "of them"."""
    first = next(iter(words_of(rest)), "")
    return first in _ENDS or first in _PRONOUNS


def _is_number(token: str) -> bool:
    return bool(_DIGITS.search(token)) or token in _NUMBER_WORDS


def _nouns(rest: str, most: int) -> tuple[str, ...]:
    """The content words at the beginning of `rest`, `most` of them, before the first word that ends a noun."""
    found: list[str] = []
    begun = False
    for word in words_of(re.split(r"[,;:?!()]", rest, maxsplit=1)[0]):
        if word in _ENDS and (begun or word not in _DETERMINERS):
            break
        begun = begun or word not in _DETERMINERS
        if word in _ENDS or word in STOP_WORDS or word in ASKING or (len(word) == 1 and not word.isdigit()):
            continue
        found.append(word)
        if len(found) == most:
            break
    return tuple(found)
