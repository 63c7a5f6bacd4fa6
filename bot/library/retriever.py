"""Retrieval: dense and lexical search fused into ranked papers with their best passages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.library.catalogue import Catalogue, Stored
from bot.library.dates import DateRange
from bot.library.embeddings import Embedder, Vectors
from bot.library.lexical import LexicalIndex
from bot.library.vectors import ChunkId, VectorIndex
from bot.papers.text import title_key

K = TypeVar("K")
Pair = tuple[int, int]

# Measured on SciFact's training queries (bench/retrieval.py): nDCG@10 0.748; each of the three alone is below
# 0.71, other weights within 0.1 of these are within 0.01.
WEIGHTS = (0.5, 0.25, 0.25)  # BM25, paper vectors, best passage
DEPTHS = (200, 100, 200)  # how many of each are looked at; a paper that one does not find gets 0 from it
TITLE_BONUS = 1.0  # for a paper whose whole title stands in the query: it is what was asked for
TITLE_WORDS = 3  # a shorter title may stand in a question by chance


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of an abstract (`sentence` counts from 0; -1 is the title) and its cosine with the query."""

    sentence: int
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper found: its fused score in 0–1 (relative to this query), and what that was made of."""

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

    def search(self, query: str, k: int, dates: DateRange) -> list[Hit]:
        """The `k` best papers for `query` within `dates`, best first; fewer where fewer have anything of it."""
        return self._ranked(query, self.embedder.embed([query])[0], k, dates)

    def near(self, vector: Vectors, k: int, dates: DateRange) -> list[Hit]:
        """The `k` papers nearest to a vector, by meaning alone."""
        return self._ranked("", vector, k, dates)

    def _ranked(self, query: str, vector: Vectors, k: int, dates: DateRange) -> list[Hit]:
        bm25 = dict(self.lexical.search(query, DEPTHS[0], dates)) if query else {}
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
        # The catalogue decides what exists; chunks of unfinished or replaced papers end here.
        held = self.catalogue.get(fused)
        named = _named_titles(query, held)
        order = sorted(held, key=lambda pair: (-(fused[pair] + TITLE_BONUS * (pair in named)), pair))
        return [
            Hit(
                held[pair],
                1.0 if pair in named else fused[pair],
                bm25.get(pair, 0.0),
                cosine.get(pair, 0.0),
                _passages(held[pair], chunks),
            )
            for pair in order[:k]
        ]


def _scaled(scores: Mapping[K, float]) -> dict[K, float]:
    """`scores` moved and stretched to 0–1."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    return {key: (score - low) / (high - low) if high > low else 1.0 for key, score in scores.items()}


def _named_titles(query: str, held: Mapping[Pair, Stored]) -> set[Pair]:
    """The papers whose title is the query, or stands in it in full."""
    asked = title_key(query)
    if not asked:
        return set()
    found = set()
    for pair, stored in held.items():
        title = title_key(stored.paper.title)
        if title == asked or (title.count(" ") + 1 >= TITLE_WORDS and f" {title} " in f" {asked} "):
            found.add(pair)
    return found


def _passages(stored: Stored, chunks: Sequence[tuple[ChunkId, float]]) -> tuple[Passage, ...]:
    paper = stored.paper
    return tuple(
        Passage(chunk.place - 1, paper.sentences[chunk.place - 1] if chunk.place else paper.title, score)
        for chunk, score in chunks
        if chunk.key == stored.key and chunk.rev == stored.rev
    )
