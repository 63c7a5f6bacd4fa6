"""The summary of a day without a model: gists, themes, overview and trends, all in the papers' own words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from bot.answers.answer import Statement
from bot.answers.instructions import gives_orders
from bot.digest.day import DayPaper, paper_vectors
from bot.digest.digest import Digest, ListedPaper, Theme
from bot.digest.gists import choose_gist
from bot.digest.names import name_themes
from bot.digest.overview import choose
from bot.digest.phrases import phrases_of
from bot.digest.themes import Labels, group
from bot.digest.trends import find_trends
from bot.library.embeddings import Vectors

Embed = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True, eq=False)
class Extracted:
    """A finished summary with what a model and a picture go on from: theme of each paper, and paper vectors."""

    digest: Digest
    labels: Labels
    vectors: Vectors


def extract(
    papers: Sequence[DayPaper],
    day: date | None,
    embed: Embed,
    before: Sequence[Vectors] = (),
    topic: str | None = None,
) -> Extracted:
    """The summary of `papers`, without a picture. The same papers give the same summary, in whatever order.

    `embed` gives normalised vectors like those of the papers. `before` holds the paper vectors of earlier
    days, shape (papers, dimension) each. Takes under a second for 100 papers.
    """
    if not papers:
        return Extracted(
            Digest(day, topic=topic, compared=len(before)), np.zeros(0, np.intp), np.zeros((0, 0), np.float32)
        )
    vectors = paper_vectors(papers)
    gists = [_gist(paper) for paper in papers]
    phrases = phrases_of([(p.title, [s for s in p.sentences if not gives_orders(s)]) for p in papers])
    labels = group(vectors, phrases, [p.id for p in papers])
    names = name_themes([int(t) for t in labels], phrases, vectors, embed)
    of_day, of_themes = choose(labels, vectors, gists, [p.upvotes for p in papers])
    themes = tuple(
        Theme(
            name,
            tuple(s for i in of_themes[t] if (s := gists[i]) is not None),
            tuple(p.n for p, own in zip(papers, labels, strict=True) if own == t),
        )
        for t, name in enumerate(names)
    )
    overview = tuple(s for i in of_day if (s := gists[i]) is not None)
    trends = find_trends(names, labels, vectors, before)
    listed = tuple(
        ListedPaper(p.n, p.id, p.title, p.url, g, p.upvotes, p.kind) for p, g in zip(papers, gists, strict=True)
    )
    digest = Digest(day, listed, themes, overview, trends, len(before), topic, missing=tuple(_missing(listed)))
    return Extracted(digest, labels, vectors)


def _gist(paper: DayPaper) -> Statement | None:
    gist = choose_gist(paper.title, paper.sentences, paper.vectors, gives_orders)
    return Statement(gist.text, (paper.n,), 1.0) if gist else None


def _missing(papers: Sequence[ListedPaper]) -> list[str]:
    without = [p.n for p in papers if p.gist is None]
    if not without:
        return []
    shown = ", ".join(map(str, without[:10])) + (" …" if len(without) > 10 else "")
    return [f"no sentence of the abstract can be quoted for {len(without)} of {len(papers)} papers: {shown}"]
