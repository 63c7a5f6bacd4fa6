"""How well a day's themes hold together, and how stable they are.

`python -m bench.themes`: the seed page and ten days of the daily papers, by the mean silhouette (cosine
distance of the paper vectors) and by the adjusted Rand index between the themes of a day and those of random
80 % of its papers (five draws a day), beside one theme for all (silhouette 0 by definition, and always the
same) and beside as many random themes of the same sizes.
"""

import json
import statistics
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bench.common import CACHE, DAILY, SEED, need, papers_of, report, table
from bot.digest.phrases import phrases_of
from bot.digest.themes import Labels, group, silhouette
from bot.library.embeddings import MiniLM, Vectors
from bot.library.vectors import paper_vector
from bot.papers.paper import Paper

DAYS = 10
DRAWS = 5


def main() -> None:
    """Measure, print, and keep the figures."""
    need(SEED, DAILY)
    rng = np.random.default_rng(5)
    rows = []
    for name, papers in _days():
        vectors = _vectors(name, papers)
        labels = _themes(papers, vectors)
        distance = 1 - (vectors @ vectors.T).astype(np.float64)
        stable, by_chance = [], []
        for _ in range(DRAWS):
            kept = np.sort(rng.choice(len(papers), round(0.8 * len(papers)), replace=False))
            again = _themes([papers[i] for i in kept], vectors[kept])
            stable.append(rand_index(labels[kept], again))
            by_chance.append(rand_index(labels[kept], rng.permutation(again)))
        chance = statistics.mean(silhouette(distance, rng.permutation(labels)) for _ in range(DRAWS))
        rows.append(
            (
                name,
                len(papers),
                int(labels.max()) + 1,
                silhouette(distance, labels),
                chance,
                statistics.mean(stable),
                statistics.mean(by_chance),
            )
        )
    means = [statistics.mean(float(row[i]) for row in rows) for i in range(1, 7)]
    rows.append(("mean", round(means[0]), round(means[1], 1), *means[2:]))  # type: ignore[arg-type]
    headings = ("day", "papers", "themes", "silhouette", "of random themes", "stability (ARI)", "of random themes")
    body = table(headings, rows) + "\n\nOne theme for all has silhouette 0 by definition."
    report("themes", "Themes of a day", body, [list(map(str, r)) for r in rows], "python -m bench.themes")


def _days() -> list[tuple[str, list[Paper]]]:
    daily: dict[str, list[Paper]] = {}
    for _, paper in papers_of(DAILY):
        daily.setdefault(str(paper.date), []).append(paper)
    large = sorted(day for day, papers in daily.items() if len(papers) >= 40)
    chosen = [large[i] for i in np.linspace(0, len(large) - 1, DAYS).round().astype(int)]
    return [("seed page", [p for _, p in papers_of(SEED)]), *((day, daily[day]) for day in chosen)]


def _vectors(name: str, papers: Sequence[Paper]) -> Vectors:
    """The paper vectors, kept in the bench's cache between runs."""
    file = CACHE / "themes" / f"{name.replace(' ', '-')}.npz"
    key = json.dumps([MiniLM.name, *([p.title, *p.sentences] for p in papers)])
    if file.exists() and str((held := np.load(file))["key"]) == key:
        return np.asarray(held["rows"], np.float32)
    model = MiniLM()
    texts = [t for p in papers for t in (p.title, *p.sentences)]
    ends = np.cumsum([1 + len(p.sentences) for p in papers])[:-1]
    rows = np.stack([paper_vector(part) for part in np.split(model.embed(texts), ends)])
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez(file, rows=rows, key=key)
    return rows


def _themes(papers: Sequence[Paper], vectors: Vectors) -> Labels:
    return group(vectors, phrases_of([(p.title, p.sentences) for p in papers]), [p.id for p in papers])


def rand_index(first: NDArray[np.intp], second: NDArray[np.intp]) -> float:
    """The adjusted Rand index of two groupings (Hubert and Arabie 1985): 1 for the same, 0 by chance."""
    table = np.zeros((first.max() + 1, second.max() + 1))
    np.add.at(table, (first, second), 1)

    def pairs(counts: NDArray[np.float64]) -> float:
        return float((counts * (counts - 1) / 2).sum())

    rows, columns = pairs(table.sum(1)), pairs(table.sum(0))
    expected = rows * columns / pairs(np.array([len(first)], float))
    most = (rows + columns) / 2
    return (pairs(table) - expected) / (most - expected) if most != expected else 1.0


if __name__ == "__main__":
    main()
