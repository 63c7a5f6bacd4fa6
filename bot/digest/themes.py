"""Themes: a day's papers grouped by content, each paper in exactly one group.

Average-linkage clustering of the papers' likeness, refined paper by paper; the number of themes is the one
whose silhouette is best within what a reader can take in. Nothing is random, and the order of the papers
does not matter. Numpy alone: scikit-learn and SciPy would add 45 MB and a second of import for what is
thirty lines here at this size (a day has at most some hundred papers).
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.digest.phrases import Phrase
from bot.library.embeddings import Vectors

Labels = NDArray[np.intp]
Matrix = NDArray[np.float64]

# Shares of the likeness of two papers. Vectors alone give a slightly better silhouette (0.113 against 0.105 over
# the days of bench/themes), words beside them give themes that more of their papers call by the theme's name
# (47 % against 44 %). All papers of a day are somewhat alike; half of that is taken out.
_WORDS = 0.2
_COMMON = 0.5
_PAPERS_A_THEME = (6, 10)  # on average, at least and at most
_MOST_THEMES = 12


def group(vectors: Vectors, phrases: Sequence[Phrase], ids: Sequence[str]) -> Labels:
    """The theme of each paper, shape (papers,), numbered from 0 by size, largest first.

    `vectors`: one row a paper; `phrases` of the same papers (see `bot.digest.phrases`); `ids` settle ties, so
    that the papers' order does not matter.
    """
    n = len(vectors)
    if n < 5:
        return np.zeros(n, np.intp)
    order = np.array(sorted(range(n), key=lambda i: ids[i]))
    like = likeness(vectors, phrases)[np.ix_(order, order)]
    joined = linkage(like)
    least = max(1, round(n / _PAPERS_A_THEME[1]))
    most = max(least, min(_MOST_THEMES, round(n / _PAPERS_A_THEME[0])))
    smallest = 2 if n < 30 else 3
    best, best_value = np.zeros(n, np.intp), -1.0
    for themes in range(max(2, least), min(most + 4, n) + 1):
        labels = refine(like, cut(joined, n, themes), smallest)
        value = silhouette(1 - like, labels)
        if least <= labels.max() + 1 <= most and value > best_value + 1e-9:
            best, best_value = labels, value
    sizes = np.bincount(best)
    rank = np.argsort(np.argsort(-sizes, kind="stable"), kind="stable")
    labels = np.empty(n, np.intp)
    labels[order] = rank[best]
    return labels


def likeness(vectors: Vectors, phrases: Sequence[Phrase]) -> Matrix:
    """How alike two papers are, by meaning and by words, both in standard deviations of the day's pairs / 10."""
    n = len(vectors)
    apart = vectors - _COMMON * vectors.mean(0)
    apart /= np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-12)
    pairs = np.triu_indices(n, 1)
    mixed = np.zeros((n, n))
    for share, one in ((1 - _WORDS, apart.astype(float)), (_WORDS, _phrase_vectors(n, phrases))):
        cosine = one @ one.T
        spread = float(cosine[pairs].std())
        if spread > 1e-6:
            mixed += share * (cosine - cosine[pairs].mean()) / spread
    mixed = (mixed + mixed.T) / 20
    np.fill_diagonal(mixed, 1.0)
    return mixed


def _phrase_vectors(n: int, phrases: Sequence[Phrase]) -> Matrix:
    """Papers by the phrases they share with others, tf-idf, rows of length 1 (0 where nothing is shared)."""
    shared = [p for p in phrases if 1 < len(p.papers) <= n / 2]
    table = np.zeros((n, max(1, len(shared))))
    for column, phrase in enumerate(shared):
        for paper, times in phrase.papers.items():
            table[paper, column] = (1 + math.log(times)) * math.log(n / len(phrase.papers))
    return np.asarray(table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-12))


def linkage(like: Matrix) -> list[tuple[int, int]]:
    """Average linkage: the pairs of groups in the order in which they are joined; (i, j) joins j to i."""
    n = len(like)
    distance = 1 - like
    np.fill_diagonal(distance, np.inf)
    size = np.ones(n)
    joined = []
    for _ in range(n - 1):
        i, j = sorted(divmod(int(distance.argmin()), n))
        joined.append((i, j))
        mean = (size[i] * distance[i] + size[j] * distance[j]) / (size[i] + size[j])
        distance[i, :] = distance[:, i] = mean
        distance[i, i] = distance[j, :] = distance[:, j] = np.inf
        size[i] += size[j]
    return joined


def cut(joined: Sequence[tuple[int, int]], n: int, themes: int) -> Labels:
    """The groups of `n` papers after as many joins as leave `themes` of them."""
    labels = np.arange(n)
    for i, j in joined[: n - themes]:
        labels[labels == labels[j]] = labels[i]
    return np.unique(labels, return_inverse=True)[1]


def refine(like: Matrix, labels: Labels, smallest: int) -> Labels:
    """`labels` with each paper in the theme it is most alike to on average, and none under `smallest` papers."""
    like = like - np.diag(np.diag(like))
    labels = labels.copy()
    while True:
        _settle(like, labels)
        labels = np.unique(labels, return_inverse=True)[1]
        sizes = np.bincount(labels)
        if len(sizes) == 1 or sizes.min() >= smallest:
            return labels
        least = int(sizes.argmin())
        means = _means(like, labels)
        means[:, least] = -np.inf
        labels[labels == least] = means[labels == least].argmax(1)


def _means(like: Matrix, labels: Labels) -> Matrix:
    """The mean likeness of each paper to each theme's other papers, shape (papers, themes)."""
    member = np.eye(labels.max() + 1)[labels]
    return np.asarray((like @ member) / np.maximum(member.sum(0) - member, 1))


def _settle(like: Matrix, labels: Labels) -> None:
    for _ in range(10):
        moved = False
        for paper in range(len(labels)):
            own = labels[paper]
            if (labels == own).sum() == 1:
                continue
            member = np.eye(labels.max() + 1)[labels]
            member[paper] = 0
            sizes = member.sum(0)
            means = np.where(sizes > 0, like[paper] @ member / np.maximum(sizes, 1), -np.inf)
            best = int(means.argmax())
            if means[best] > means[own] + 1e-9:
                labels[paper], moved = best, True
        if not moved:
            return


def silhouette(distance: Matrix, labels: Labels) -> float:
    """The mean silhouette of `labels` (Rousseeuw 1987), from −1 to 1; 0 by definition for a single theme."""
    sizes = np.bincount(labels)
    if len(sizes) < 2:
        return 0.0
    rows = np.arange(len(labels))
    distance = distance - np.diag(np.diag(distance))
    sums = distance @ np.eye(len(sizes))[labels]
    inner = sums[rows, labels] / np.maximum(sizes[labels] - 1, 1)
    outer = sums / sizes
    outer[rows, labels] = np.inf
    nearest = outer.min(1)
    scale = np.maximum(np.maximum(inner, nearest), 1e-12)
    return float(np.where(sizes[labels] > 1, (nearest - inner) / scale, 0).mean())
