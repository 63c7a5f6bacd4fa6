"""Retrieval: dense and lexical search fused, then ranked anew by single words, into papers with their best passages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import TypeVar

from bot.library.catalogue import Catalogue, Stored
from bot.library.dates import DateRange
from bot.library.embeddings import Embedder, Vectors
from bot.library.lexical import LexicalIndex
from bot.library.likeness import named_share, question_terms
from bot.library.spelling import corrected
from bot.library.vectors import ChunkId, VectorIndex
from bot.papers.text import names_title

K = TypeVar("K")
Pair = tuple[int, int]

# Measured on SciFact's training queries (bench/retrieval.py): nDCG@10 0.748; each of the three alone is below
# 0.71, other weights within 0.1 of these are within 0.01.
WEIGHTS = (0.5, 0.25, 0.25)  # BM25, paper vectors, best passage
DEPTHS = (200, 100, 200)  # how many of each are looked at; a paper that one does not find gets 0 from it
# The first POOL papers are ranked anew: their fused score, and the share of the query's words that they have.
POOL = 60
FUSED, WORDS = 0.6, 0.4
NAME_BONUS = 0.3  # for a paper whose title has a name that the query gives, and no other has
TITLE_BONUS = 1.0  # for a paper whose title, or its main part, stands in the query: it is what was asked for


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of an abstract (`sentence` counts from 0; -1 is the title) and its cosine with the query."""

    sentence: int
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper found: its score in 0–1 (relative to this query), and what that was made of."""

    stored: Stored
    score: float
    bm25: float
    cosine: float  # of the paper's vector with the query's; 0 where it was not among the nearest
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Retriever:
    """Searches one state of the library's indexes."""

    catalogue: Catalogue
    vectors: VectorIndex
    lexical: LexicalIndex
    embedder: Embedder

    def search(self, query: str, k: int, dates: DateRange, vector: Vectors | None = None) -> list[Hit]:
        """The `k` best papers for `query` within `dates`, best first; fewer where fewer have anything of it.

        `vector` is the query's, where it is known already.
        """
        return self._ranked(query, self.embedder.embed([query])[0] if vector is None else vector, k, dates)

    def near(self, vector: Vectors, k: int, dates: DateRange) -> list[Hit]:
        """The `k` papers nearest to a vector, by meaning alone."""
        return self._ranked("", vector, k, dates)

    def _ranked(self, query: str, vector: Vectors, k: int, dates: DateRange) -> list[Hit]:
        spelt = corrected(query, self.lexical.document_frequency)
        bm25 = dict(self.lexical.search(spelt, DEPTHS[0], dates)) if query else {}
        cosine = dict(self.vectors.papers(vector, max(k, DEPTHS[1]), dates))
        chunks = self.vectors.passages(vector, DEPTHS[2], dates)
        best: dict[Pair, float] = {}
        for chunk, score in chunks:
            best.setdefault((chunk.key, chunk.rev), score)
        parts = [_scaled(part) for part in (bm25, cosine, best)]
        fused = {
            pair: sum(weight * part.get(pair, 0.0) for weight, part in zip(WEIGHTS, parts, strict=True))
            for pair in {*bm25, *cosine, *best}
        }
        order = sorted(fused, key=lambda pair: (-fused[pair], pair))
        held = self._held(order, max(k, POOL))
        scores = self._scores(query, fused, held)
        order = sorted(held, key=lambda pair: (-scores[pair], pair))
        return [
            Hit(
                held[pair],
                min(1.0, scores[pair]),
                bm25.get(pair, 0.0),
                cosine.get(pair, 0.0),
                _passages(held[pair], chunks),
            )
            for pair in order[:k]
        ]

    def _held(self, order: Sequence[Pair], n: int) -> dict[Pair, Stored]:
        """The first `n` papers of `order` that the catalogue holds; chunks of unfinished or replaced ones end here."""
        held: dict[Pair, Stored] = {}
        for start in range(0, len(order), n):
            found = self.catalogue.get(order[start : start + n])
            held |= {pair: found[pair] for pair in order[start : start + n] if pair in found}
            if len(held) >= n:
                break
        return dict(list(held.items())[:n])

    def _scores(self, query: str, fused: Mapping[Pair, float], held: Mapping[Pair, Stored]) -> dict[Pair, float]:
        """The final score of each paper of `held`, which is in the order of `fused`."""
        terms = question_terms(query, self.lexical.document_frequency)
        if not terms.words:
            return {pair: fused[pair] for pair in held}
        pool = list(held)[:POOL]
        texts = {i: (held[pair].paper.title, held[pair].paper.abstract) for i, pair in enumerate(pool)}
        named = named_share(terms.names, texts)
        scores: dict[Pair, float] = {}
        rows = [(held[pair].paper.title, *held[pair].paper.sentences) for pair in pool]
        matches = terms.matches(list(chain.from_iterable(rows)))  # all in one: papers share most of their words
        ends = list(accumulate(map(len, rows)))
        for i, pair in enumerate(pool):
            paper = held[pair].paper
            words = terms.coverage(matches[ends[i] - len(rows[i]) : ends[i]])
            score = FUSED * fused[pair] + WORDS * words + NAME_BONUS * named[i]
            scores[pair] = score + (TITLE_BONUS if names_title(query, paper.title) else 0.0)
        last = min(scores.values(), default=0.0)
        return scores | {pair: min(last, FUSED * fused[pair]) for pair in list(held)[POOL:]}


def _scaled(scores: Mapping[K, float]) -> dict[K, float]:
    """`scores` moved and stretched to 0–1."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    return {key: (score - low) / (high - low) if high > low else 1.0 for key, score in scores.items()}


def _passages(stored: Stored, chunks: Sequence[tuple[ChunkId, float]]) -> tuple[Passage, ...]:
    paper = stored.paper
    return tuple(
        Passage(chunk.place - 1, paper.sentences[chunk.place - 1] if chunk.place else paper.title, score)
        for chunk, score in chunks
        if chunk.key == stored.key and chunk.rev == stored.rev
    )
