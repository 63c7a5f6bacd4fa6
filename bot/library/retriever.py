"""Retrieval: papers by BM25, by vectors and by single words, in one score, with their best passages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

from bot.library.catalogue import Catalogue, Stored
from bot.library.dates import DateRange
from bot.library.embeddings import Embedder, Vectors
from bot.library.lexical import LexicalIndex
from bot.library.likeness import named_share, question_terms
from bot.library.spelling import corrected
from bot.library.vectors import ChunkId, VectorIndex
from bot.papers.paper import Paper
from bot.papers.text import names_title

Pair = tuple[int, int]

# What a paper's score is made of: its BM25 as a share of the best, the cosine of its best passage and of its vector,
# the share of the query's words that it has, and the share of the names. Found on questions about daily papers
# (bench/fit_questions.jsonl); on SciFact's training queries, which had no part in it, nDCG@10 is 0.75
# (bench/retrieval.py). One of the five alone is 0.70 at best.
WEIGHTS = {"bm25": 0.05, "passage": 0.4, "paper": 0.2, "words": 0.3, "names": 0.05}
DEPTHS = (200, 200, 100)  # of the first three, how many are looked at; a paper beyond has what the last of them has
# Of what is found, the first POOL by BM25 and best passage are scored.
POOL = 30
TITLE_BONUS = 1.0  # for a paper whose title, or its main part, stands in the query: it is what was asked for


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of an abstract (`sentence` counts from 0; -1 is the title) and its cosine with the query."""

    sentence: int
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper found: its score in 0–1, and what that was made of."""

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
        chunks = self.vectors.passages(vector, DEPTHS[1], dates)
        cosine = dict(self.vectors.papers(vector, max(k, DEPTHS[2]), dates))
        best: dict[Pair, float] = {}
        for chunk, score in chunks:
            best.setdefault((chunk.key, chunk.rev), score)
        highest = max(bm25.values(), default=0.0) or 1.0
        found = {pair: bm25.get(pair, 0.0) / highest for pair in {*bm25, *best, *cosine}}
        parts = {"bm25": found, "passage": _filled(best, found), "paper": _filled(cosine, found)}
        order = sorted(found, key=lambda pair: (-parts["bm25"][pair] - parts["passage"][pair], pair))
        held = self._held(order, max(k, POOL))
        scores = self._scores(query, parts, held)
        order = sorted(held, key=lambda pair: (-scores[pair], pair))
        return [
            Hit(
                held[pair],
                min(1.0, max(0.0, scores[pair])),
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

    def _scores(
        self, query: str, parts: Mapping[str, Mapping[Pair, float]], held: Mapping[Pair, Stored]
    ) -> dict[Pair, float]:
        """The score of each paper of `held`."""
        papers = {pair: stored.paper for pair, stored in held.items()}
        words, names = self._words(query, papers)
        parts = {**parts, "words": words, "names": names}
        return {
            pair: sum(weight * parts[part].get(pair, 0.0) for part, weight in WEIGHTS.items())
            + (TITLE_BONUS if names_title(query, paper.title) else 0.0)
            for pair, paper in papers.items()
        }

    def _words(self, query: str, papers: Mapping[Pair, Paper]) -> tuple[dict[Pair, float], dict[Pair, float]]:
        """The shares of the query's words, and of its names, that each paper has."""
        terms = question_terms(query, self.lexical.document_frequency)
        if not terms.words:
            return {}, {}
        rows = [(paper.title, *paper.sentences) for paper in papers.values()]
        matches = terms.matches(list(chain.from_iterable(rows)))  # all in one: papers share most of their words
        ends = list(accumulate(map(len, rows)))
        named = named_share(terms.names, {i: (p.title, p.abstract) for i, p in enumerate(papers.values())})
        return (
            {
                pair: terms.coverage(matches[end - len(own) : end])
                for pair, own, end in zip(papers, rows, ends, strict=True)
            },
            {pair: named[i] for i, pair in enumerate(papers)},
        )


def _filled(scores: Mapping[Pair, float], pairs: Iterable[Pair]) -> dict[Pair, float]:
    """`scores` of all `pairs`: the least of them for those that have none."""
    least = min(scores.values(), default=0.0)
    return {pair: scores.get(pair, least) for pair in pairs}


def _passages(stored: Stored, chunks: Sequence[tuple[ChunkId, float]]) -> tuple[Passage, ...]:
    paper = stored.paper
    return tuple(
        Passage(chunk.place - 1, paper.sentences[chunk.place - 1] if chunk.place else paper.title, score)
        for chunk, score in chunks
        if chunk.key == stored.key and chunk.rev == stored.rev
    )
