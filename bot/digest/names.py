"""Names of themes in the field's words: class-based tf-idf over the day's phrases, and their vectors."""

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.digest.phrases import Phrase
from bot.library.embeddings import Vectors

NAME_CHARS = 48
_LENGTH = {1: 0.35, 2: 1.2, 3: 1.3, 4: 1.2}  # two or three words name a field; one seldom does
_TRIED = 12  # candidates a theme whose vectors are looked at


def name_themes(
    labels: Sequence[int],
    phrases: Sequence[Phrase],
    vectors: Vectors,
    embed: Callable[[Sequence[str]], Vectors],
) -> list[str]:
    """A name for each theme 0…max(labels), no two alike.

    `labels[i]` is the theme of paper i, `vectors[i]` its vector. A phrase is worth its class-based tf-idf
    times its likeness to what sets the theme's papers apart from the day's. The strongest claims are served
    first; a second phrase joins ("… and …") where the first is said by less than half of the theme's papers.
    """
    sizes = np.bincount(np.asarray(labels, int))
    claims = _claims(labels, phrases, vectors, embed, sizes)
    parts: dict[int, list[Phrase]] = {theme: [] for theme in range(len(sizes))}
    taken: list[Phrase] = []
    for _, theme, i in claims:
        if not parts[theme] and not any(_alike(phrases[i], other) for other in taken):
            parts[theme].append(phrases[i])
            taken.append(phrases[i])
    best = {theme: max((w for w, t, _ in claims if t == theme), default=0.0) for theme in parts}
    for weight, theme, i in claims:
        phrase, mine = phrases[i], parts[theme]
        if len(mine) != 1 or weight < 0.4 * best[theme] or any(_alike(phrase, other) for other in taken):
            continue
        covered = {p for p in mine[0].papers if labels[p] == theme}
        new = {p for p in phrase.papers if labels[p] == theme} - covered
        if {w[:5] for w in phrase.words} & {w[:5] for w in mine[0].words}:
            continue  # "image generation and portrait generation", "AI agents and agentic search"
        if " " not in phrase.shown and weight < 0.7 * best[theme]:
            continue
        if len(covered) < sizes[theme] / 2 and new and len(_join(*mine, phrase)) <= NAME_CHARS:
            mine.append(phrase)
            taken.append(phrase)
    names: list[str] = []
    for theme in range(len(sizes)):
        name = _join(*parts[theme]) or "Papers"
        names.append(name if name not in names else f"{name} ({theme + 1})")
    return names


def _claims(
    labels: Sequence[int],
    phrases: Sequence[Phrase],
    vectors: Vectors,
    embed: Callable[[Sequence[str]], Vectors],
    sizes: NDArray[np.intp],
) -> list[tuple[float, int, int]]:
    """What each theme might be called: (weight, theme, index of the phrase), best first."""
    likely = []
    for theme in range(len(sizes)):
        here = [
            (tf_idf(p, theme, labels, sizes), i)
            for i, p in enumerate(phrases)
            if any(labels[k] == theme for k in p.papers)
        ]
        likely += [(w, theme, i) for w, i in sorted(here, key=lambda c: (-c[0], c[1]))[:_TRIED] if w > 0]
    if not likely:
        return []
    own = np.stack([vectors[np.asarray(labels) == t].mean(0) for t in range(len(sizes))])
    apart = own - 0.5 * vectors.mean(0)
    apart /= np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-12)
    shown = sorted({phrases[i].shown for _, _, i in likely})
    rows = dict(zip(shown, embed(shown), strict=True))
    return sorted(
        ((w * max(0.05, float(rows[phrases[i].shown] @ apart[t])), t, i) for w, t, i in likely),
        key=lambda c: (-c[0], c[1], c[2]),
    )


def tf_idf(phrase: Phrase, theme: int, labels: Sequence[int], sizes: NDArray[np.intp]) -> float:
    """Class-based tf-idf: how much the theme's papers say the phrase, times how rarely the day's others do."""
    inside = {p: n for p, n in phrase.papers.items() if labels[p] == theme}
    titled = sum(p in phrase.titled for p in inside)
    if len(inside) < min(2, sizes[theme]) and not titled:
        return 0.0
    said = float(sum(min(n, 4) for n in inside.values()) / 4 + len(inside) + titled) / int(sizes[theme])
    rarity = math.log(1 + len(labels) / len(phrase.papers))
    alone = 0.4 if len(inside) == 1 and sizes[theme] > 1 else 1.0
    return said * rarity * alone * len(inside) / len(phrase.papers) * _LENGTH.get(len(phrase.shown.split()), 1.0)


def _alike(a: Phrase, b: Phrase) -> bool:
    return set(a.words) <= set(b.words) or set(b.words) <= set(a.words)


def _join(*phrases: Phrase) -> str:
    name = " and ".join(p.shown for p in phrases)
    first = name.split(" ", 1)[0]
    return name[:1].upper() + name[1:] if first.islower() or "-" in first else name
