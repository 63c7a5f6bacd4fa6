"""A second opinion on answers, which shares no code with the program: it reads the JSON of `papers ask` alone.

Cruder than the program's own check, and made to be: what it flags is read by a person. A sentence is flagged where
the papers that it cites do not hold one of its numbers, one of its names, or three fifths of its other words, or
where it denies or says "more" or "less" and the sentences most like it do not, or say the contrary.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][\w-]*[A-Z0-9][\w-]*|\b[A-Z]{2,}\b")
_WORD = re.compile(r"[a-z]{4,}")
_NO = re.compile(r"\b(?:not|no|never|cannot|without|nor|neither|fail\w*|lack\w*|hardly|little)\b|n't\b")
_UP = re.compile(
    r"\b(?:improv|increas|rais|rise|high|boost|enhanc|better|outperform|gain|exceed|great|more|accelerat)\w*"
)
_DOWN = re.compile(r"\b(?:worse|decreas|reduc|low|drop|degrad|fewer|less|behind|declin|cut|small|sav|halv|minim)\w*")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_FILLERS = {
    "that",
    "this",
    "these",
    "those",
    "with",
    "from",
    "which",
    "their",
    "they",
    "have",
    "been",
    "also",
    "into",
}
_FILLERS |= {"such", "than", "when", "where", "while", "paper", "authors", "study", "using", "used", "uses", "does"}
_LINK = re.compile(r"https?://\S+|www\.\S+|discord\.gg\S*|<[@#]\S+>|</\w[^>]*>|<t:[^>]*>|@everyone|@here")


def faults(told: Mapping[str, Any], abstracts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(kind, text) of what is wrong with an answer in the shape of `ask --json`; `abstracts` are by paper id."""
    sources = {source["n"]: source for source in told["sources"]}
    for source in told["sources"]:
        if _flat(source["quote"]) not in _flat(abstracts[source["id"]]):
            yield "quote", source["quote"]
    for sentence in told["sentences"]:
        outside = [n for n in sentence["citations"] if n not in sources]
        if outside or not sentence["citations"]:
            yield "citation", sentence["text"]
            continue
        cited = " ".join(f"{sources[n]['title']}. {abstracts[sources[n]['id']]}" for n in sentence["citations"])
        if reason := _unsupported(sentence["text"], cited):
            yield reason, sentence["text"]
    everything = " ".join(abstracts[source["id"]] for source in told["sources"])
    for link in _LINK.findall(told["answer"]):
        if link.rstrip(").,") not in everything:
            yield "link", link


def _unsupported(sentence: str, cited: str) -> str:
    held = _flat(cited)
    if not set(_NUMBER.findall(sentence)) <= set(_NUMBER.findall(cited)):
        return "number"
    if any(_bare(name) not in held.replace("-", "") for name in _NAME.findall(sentence)):
        return "name"
    words = [w for w in _WORD.findall(sentence.lower()) if w not in _FILLERS]
    known = {w[:5] for w in _WORD.findall(held)}
    if words and sum(w[:5] in known for w in words) < 0.6 * len(words):
        return "words"
    near = _likest(words, cited)
    if _NO.search(sentence.lower()) and not _NO.search(near):
        return "denial"
    for direction, contrary in ((_UP, _DOWN), (_DOWN, _UP)):
        if direction.search(sentence.lower()) and not direction.search(near) and contrary.search(near):
            return "direction"
    return ""


def _likest(words: list[str], cited: str) -> str:
    """The two sentences that share most words with the claim."""
    sentences = [_flat(s) for s in _SENTENCE.split(cited)]
    wanted = {w[:5] for w in words}
    ranked = sorted(sentences, key=lambda s: -len(wanted & {w[:5] for w in _WORD.findall(s)}))
    return " ".join(ranked[:2])


def _bare(name: str) -> str:
    return name.lower().replace("-", "").rstrip("s")


def _flat(text: str) -> str:
    return " ".join(text.lower().split())
