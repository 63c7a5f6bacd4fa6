"""What a summary is made from: the papers of a day, numbered, with the vectors of their sentences."""

from __future__ import annotations  # the field `date` hides the type while the class is made

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from bot.library.catalogue import Stored
from bot.library.embeddings import Vectors
from bot.library.vectors import paper_vector
from bot.papers.paper import Kind
from bot.papers.text import title_key


@dataclass(frozen=True, slots=True, eq=False)
class DayPaper:
    """A paper of the day. `n` is its number in the summary, from 1, by which sentences cite it.

    `vectors` has shape (1 + len(sentences), dimension), rows of length 1: row 0 the title, row i + 1 the
    sentence i.
    """

    n: int
    id: str
    title: str
    sentences: tuple[str, ...]
    vectors: Vectors
    url: str | None = None
    date: date | None = None
    upvotes: int | None = None
    kind: Kind = "abstract"
    keywords: tuple[str, ...] = field(default=())


def number_papers(stored: Sequence[Stored], vectors: Sequence[Vectors]) -> list[DayPaper]:
    """`stored` in the order of the list, by upvotes where they are known, then by title, and numbered so.

    `vectors` are those of `Library.chunk_vectors(stored)`.
    """
    order = sorted(
        range(len(stored)),
        key=lambda i: (-(stored[i].paper.upvotes or 0), title_key(stored[i].paper.title), stored[i].id),
    )
    return [
        DayPaper(
            n=n,
            id=stored[i].id,
            title=stored[i].paper.title,
            sentences=stored[i].paper.sentences,
            vectors=vectors[i],
            url=stored[i].paper.link,
            date=stored[i].paper.date,
            upvotes=stored[i].paper.upvotes,
            kind=stored[i].paper.kind,
            keywords=stored[i].paper.keywords,
        )
        for n, i in enumerate(order, 1)
    ]


def paper_vectors(papers: Sequence[DayPaper]) -> Vectors:
    """The vectors of `papers`, shape (len(papers), dimension)."""
    return np.stack([paper_vector(p.vectors) for p in papers])
