"""The gist of a paper without a model: the sentence of its abstract that says what it proposes or finds.

A small scorer that can be read: each sentence gets points for the words by which abstracts announce their
contribution, loses some for those of background, evaluation and afterthoughts, and the vectors decide among
the rest. `bench/gists.py` measures it against a marking by hand.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.library.embeddings import Vectors
from bot.library.vectors import paper_vector

LONG = 300  # characters; a longer gist is cut at a clause, where one ends in time

_ADVERBS = r"(?:\w+ly |also |further |then |first |here |hence |thus |therefore |next |instead |now )*"
_WORK = r"(?:this|our|the present|the) (?:\w+ )?(?:paper|work|study|article|research|report|survey|review|thesis)"
_PROPOSE = (
    "propos|introduc|present|develop|design|build|built|releas|describ|formulat|devis|construct|creat|deriv|"
    "unveil|open-sourc|compil|put forward|curat|collect|translat"
)
_GIVE = "contribut|offer|provid|establish|highlight|underscor|lay"  # as often said of the merits as of the thing
_FIND = (
    "show|find|found|demonstrat|prove|discover|observ|reveal|identif|argu|conjectur|uncover|conclud|provide evidence"
)
_STUDY = "stud|investigat|explor|analy|examin|revisit|compar|evaluat|ask|conduct|seek|aim|address|employ|consider"

_MAY = r"(?:will |can |aims to |seeks to )?"

# What a sentence holds, and its points. Every entry counts once a sentence.
_CUES: tuple[tuple[re.Pattern[str], float], ...] = tuple(
    (re.compile(pattern, re.I), points)
    for pattern, points in (
        # It says what is new, found or studied here.
        (rf"\bwe {_ADVERBS}(?:have |can |will )?{_ADVERBS}(?:{_PROPOSE})", 3.0),
        (rf"\b{_WORK} {_ADVERBS}{_MAY}(?:{_PROPOSE}|argu|show)", 3.0),
        (rf"\bwe {_ADVERBS}(?:can )?(?:{_FIND})", 2.0),
        (rf"\b{_WORK} {_ADVERBS}{_MAY}(?:{_STUDY})", 1.5),
        (rf"\bwe {_ADVERBS}(?:{_STUDY})", 1.2),
        (rf"\b(?:results|findings|analys[ie]s|experiments)\b.{{0,60}}? (?:{_FIND}|suggest|indicat)", 1.2),
        (rf"\b(?:we|{_WORK}) {_ADVERBS}{_MAY}(?:{_GIVE})", 1.0),
        (r"^(?:in this (?:paper|work|study|article|report)|here\b|this (?:paper|work|study|article)\b)", 1.0),
        (
            (
                r"\b(?:to (?:address|bridge|overcome|tackle|solve|fill|mitigate|alleviate|remedy|this end)"
                r"|motivated by|inspired by)\b"
            ),
            0.7,
        ),
        (r"\b(?:novel|new|first|a (?:\w+ )?(?:framework|method|approach|benchmark|dataset|model|algorithm)) ", 0.5),
        # It asks, or says where the code is.
        (r"\?[\"'”’)]*$", -4.0),
        (
            (
                r"\b(?:codes?|data|demos?|models?|weights|project page|materials|implementation)\b.{0,60}"
                r"\b(?:available|released|accessible|found|accessed)\b|https?://"
            ),
            -3.0,
        ),
        # It comes after the main thing.
        (
            (
                r"^(?:furthermore|additionally|then\b(?=,)|moreover|in addition|finally|also|besides|second|third"
                r"|lastly|notably|in contrast|similarly|conversely|subsequently|further)\b"
            ),
            -1.8,
        ),
        (
            (
                r"^(?:its?|they|their|these|such|both|this (?:approach|method|technique|framework|model)|each|all"
                r"|the (?:model|method|framework|score|approach|system)|our (?:framework|approach|method|model))\b"
            ),
            -0.8,
        ),
        # It is background.
        (
            (
                r"^(?:however|but|yet|although|while|despite|though|nevertheless|unfortunately|recent|recently|existing"
                r"|previous|prior|traditional|current|past|most|many|typically)\b"
            ),
            -1.0,
        ),
        (
            (
                r"\b(?:remains?|is|are) (?:still )?(?:an? )?(?:significant |major |key |open |largely )?"
                r"(?:challeng\w+|unclear|unknown|underexplored|understudied|limited|difficult|costly|problem)\b"
            ),
            -1.0,
        ),
        # It tells of experiments in general, or of what the work may be good for.
        (
            (
                r"\b(?:extensive|comprehensive|empirical|experimental|experiments?|evaluat(?:ions?|ed|ing)|ablations?"
                r"|benchmarks?)\b.{0,80}\b(?:show|demonstrat|outperform|achiev|superior|validat|confirm|effective)"
            ),
            -1.0,
        ),
        (
            (
                r"\b(?:these|our) (?:results|findings|insights)\b.{0,40}"
                r"\b(?:highlight|provide|support|contribute|position|establish|offer|shed|pave)"
            ),
            -0.8,
        ),
        (r"\b(?:insights?|implications|understanding|foundation|promise|direction|avenue|step towards?)\b", -0.6),
        (r"\bwe (?:hope|believe|thank|release)\b|\bfuture (?:work|research)\b", -1.0),
    )
)
_ANNOUNCED = re.compile(
    rf"\b(?:we|{_WORK}) {_ADVERBS}(?:have |can |will |aims to |seeks to )?{_ADVERBS}"
    rf"(?:{_PROPOSE}|{_GIVE}|{_FIND}|{_STUDY})",
    re.I,
)
_NAME = re.compile(r"^[“\"']?([^\s:]{2,30})(?: [\d.]+)?:")
_CLAUSE = re.compile(r"[,;](?= )|(?= -- )|(?= – )|(?=—)")


@dataclass(frozen=True, slots=True)
class Gist:
    """A sentence of an abstract, by its place there, and the words of it to show (see `shorten`)."""

    sentence: int
    text: str
    score: float


def choose_gist(
    title: str, sentences: Sequence[str], vectors: Vectors, unfit: Callable[[str], bool] = lambda _: False
) -> Gist | None:
    """The sentence that best says what the paper contributes; None where every sentence is `unfit` to quote.

    `vectors`: row 0 the title, row i + 1 sentence i, shape (1 + len(sentences), dimension).
    """
    fit = [i for i, s in enumerate(sentences) if not unfit(s)]
    if not fit:
        return None
    scores = score_sentences(title, sentences, vectors)
    best = max(fit, key=lambda i: (scores[i], -i))
    return Gist(best, shorten(sentences[best]), float(scores[best]))


def score_sentences(title: str, sentences: Sequence[str], vectors: Vectors) -> Vectors:
    """The points of each sentence, shape (len(sentences),): cues, name, length, place and likeness."""
    whole = paper_vector(vectors)
    likeness = vectors[1:] @ (whole + vectors[0])
    spread = float(likeness.std()) or 1.0
    points = (likeness - likeness.mean()) / spread * 0.5
    name = _NAME.match(title)
    for i, sentence in enumerate(sentences):
        points[i] += sum(worth for pattern, worth in _CUES if pattern.search(sentence))
        if name and name[1].lower() in sentence.lower():
            points[i] += 0.8
        words = len(sentence.split())
        points[i] -= 1.5 * (words < 8) + 0.5 * (words > 60)
        points[i] -= 0.1 * i  # the first announcement is the main one
    return np.asarray(points, np.float32)


def shorten(sentence: str, limit: int = LONG) -> str:
    """`sentence`, or its first clauses and "…" where it is longer than `limit` and a clause ends in time.

    What stays is verbatim, at least half of `limit`, and holds the words that announce the contribution;
    brackets are not cut open. A sentence without such a place stays whole.
    """
    if len(sentence) <= limit:
        return sentence
    announced = _ANNOUNCED.search(sentence)
    start = max(limit // 2, announced.end() + 40 if announced else 0)
    for found in reversed(list(_CLAUSE.finditer(sentence, start, limit))):
        head = sentence[: found.start()].rstrip()
        whole = all(head.count(a) == head.count(b) for a, b in ("()", "[]", "{}")) and head.count('"') % 2 == 0
        if whole and len(_CLAUSE.split(head)[-1].split()) > 3:  # no ", third …"
            return f"{head} …"
    return sentence
