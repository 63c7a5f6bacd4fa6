"""What a day brings against the days before it: themes that are new, and themes that grow."""

from collections.abc import Sequence

import numpy as np

from bot.digest.digest import Trend
from bot.digest.themes import Labels
from bot.library.embeddings import Vectors

# A theme grows where its share is half as large again and the difference has this z-score (two proportions).
# Lower ones are common between days of the same field: with the days' papers shuffled, 2 of 100 themes pass.
_Z = 3.0
_GROWN = 1.5
_NEW = 10.0


def find_trends(
    names: Sequence[str], labels: Labels, vectors: Vectors, before: Sequence[Vectors]
) -> tuple[Trend, ...]:
    """The themes that stand out against `before`, the paper vectors of each earlier day, the most marked first.

    `labels[i]` is the theme of paper i with vector `vectors[i]`, `names[t]` the name of theme t.
    """
    past = np.concatenate([day for day in before if len(day)]) if any(len(day) for day in before) else None
    if past is None or len(vectors) < 5:
        return ()
    found = []
    for theme, name in enumerate(names):
        members = np.flatnonzero(labels == theme)
        if len(members) < 3:
            continue
        now, then = _shares(members, vectors, past)
        z = _z_score(now, len(vectors), then, len(past))
        if z >= _Z and now >= _GROWN * then:
            found.append((-z, theme, Trend(name, "new" if now >= _NEW * then else "growing", now, then)))
    return tuple(trend for _, _, trend in sorted(found, key=lambda f: f[:2]))


def _shares(members: Labels, vectors: Vectors, past: Vectors) -> tuple[float, float]:
    """The share of the day's and of earlier papers that are near a theme.

    Near is a paper whose mean cosine with the two nearest members, itself left out, is no less than that of
    the theme's middle member; nor do more papers of the day count than half as many again as belong to it.
    """
    cosine = vectors @ vectors[members].T
    cosine[members, np.arange(len(members))] = -1.0
    today = np.sort(cosine, axis=1)[:, -2:].mean(1)
    most = min(len(vectors), round(1.5 * len(members)))
    least = max(float(np.median(today[members])), float(np.sort(today)[-most]))
    earlier = np.sort(past @ vectors[members].T, axis=1)[:, -2:].mean(1)
    return float((today >= least).mean()), float((earlier >= least).mean())


def _z_score(p: float, n: int, q: float, m: int) -> float:
    pooled = (p * n + q * m) / (n + m)
    return float((p - q) / max((pooled * (1 - pooled) * (1 / n + 1 / m)) ** 0.5, 1e-9))
