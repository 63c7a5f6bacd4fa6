"""Which papers are on a topic, by meaning and by words together."""

import math
import re
from collections.abc import Callable, Sequence

from bot.digest.day import DayPaper
from bot.library.embeddings import Vectors
from bot.library.lexical import query_stems, stem
from bot.library.vectors import paper_vector

# Over 19 days of papers, twenty topics of other fields ("beer brewing", "organic chemistry") reach 0.52 at
# most; the papers on a topic of the field mostly pass 0.6.
LEAST = 0.6
_WORD = re.compile(r"\w+")


def on_topic(topic: str, papers: Sequence[DayPaper], embed: Callable[[Sequence[str]], Vectors]) -> list[DayPaper]:
    """Those of a day's `papers` that are on `topic`, in their order; none where nothing is."""
    return [p for p, worth in zip(papers, topic_scores(topic, papers, embed), strict=True) if worth >= LEAST]


def topic_scores(topic: str, papers: Sequence[DayPaper], embed: Callable[[Sequence[str]], Vectors]) -> list[float]:
    """How far each paper is on `topic`; `LEAST` and more is on it.

    The cosine of the topic with the paper and with its nearest sentence or title, halved, and a third for the
    topic's words in the paper, less a tenth where it has not half of them: a word weighs the more the fewer
    papers of the day have it, so that "protein language models" is about proteins.
    """
    stems = sorted(set(query_stems(topic)))
    if not papers or not topic.strip():
        return [0.0] * len(papers)
    vector = embed([topic])[0]
    held = [_stems(" ".join([p.title, *p.sentences])) for p in papers]
    weight = {s: math.log((len(papers) + 1) / (sum(s in words for words in held) + 0.5)) for s in stems}
    total = sum(weight.values())
    scores = []
    for paper, words in zip(papers, held, strict=True):
        meaning = (float((paper.vectors @ vector).max()) + float(paper_vector(paper.vectors) @ vector)) / 2
        share = sum(weight[s] for s in stems if s in words) / total if total > 0 else 0.0
        scores.append(meaning + 0.35 * share - 0.1 * (share < 0.5))
    return scores


def _stems(text: str) -> set[str]:
    return {s for word in _WORD.findall(text.lower()) for s in stem(word)}
