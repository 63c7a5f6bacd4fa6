"""Where things stand on the map of the day: themes as bubbles near to those like them, papers as dots inside.

Everything is computed from the vectors; nothing is random. Units are pixels of the finished picture.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.digest.themes import Labels
from bot.library.embeddings import Vectors

Points = NDArray[np.float64]

WIDTH = 1200.0
GAP = 16.0  # between neighbouring bubbles and labels
_DOT = 21.0  # radius of a dot on a day of 90 papers
_ASIDE = 0.25  # how far down a box goes rather than so far aside


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        """Whether the two have any area in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Bubble:
    """A theme on the map: its circle, the place of its label below, and its dots in the order of its papers."""

    x: float
    y: float
    radius: float
    label: Box
    dots: tuple[tuple[float, float], ...]

    @property
    def box(self) -> Box:
        """Circle and label together."""
        return Box(
            min(self.x - self.radius, self.label.left),
            self.y - self.radius,
            max(self.x + self.radius, self.label.right),
            self.label.bottom,
        )


@dataclass(frozen=True, slots=True)
class Map:
    """The bubbles, theme by theme, the radius of a dot, and the height that they need from y = 0."""

    bubbles: tuple[Bubble, ...]
    dot: float
    height: float


def lay_out(vectors: Vectors, labels: Labels, label_sizes: Sequence[tuple[float, float]], margin: float) -> Map:
    """The map of papers with `vectors` and themes `labels`; `label_sizes` is (width, height) for each theme.

    No two bubbles or labels overlap, and all stay `margin` inside the width. Dots shrink where a day has very
    many papers.
    """
    members = [np.flatnonzero(labels == t) for t in range(len(label_sizes))]
    centres = np.stack([vectors[m].mean(0) for m in members]).astype(float)
    wanted = _spread(_plane(centres))
    dot = _DOT * min(1.25, math.sqrt(90 / len(vectors)))
    radii = np.array([_radius(len(m), dot) for m in members])
    sizes = np.array([(max(2 * r, w), 2 * r + h) for r, (w, h) in zip(radii, label_sizes, strict=True)])
    room = WIDTH - 2 * margin
    width = min(room, 1.2 * float((sizes[:, 0] + GAP).sum()))
    corners = _pack(wanted, sizes + GAP, width) + np.array([margin + (room - width) / 2, margin])
    bubbles = []
    for t, m in enumerate(members):
        x, y = corners[t, 0] + sizes[t, 0] / 2, corners[t, 1] + radii[t]
        width, height = label_sizes[t]
        label = Box(x - width / 2, y + radii[t], x + width / 2, y + radii[t] + height)
        inside = _dots(vectors[m].astype(float), radii[t], dot)
        bubbles.append(Bubble(x, y, float(radii[t]), label, tuple((x + dx, y + dy) for dx, dy in inside)))
    return Map(tuple(bubbles), dot, max(b.label.bottom for b in bubbles) + margin)


def _radius(papers: int, dot: float) -> float:
    return dot * (1.35 + 1.3 * math.sqrt(papers)) if papers > 1 else 1.9 * dot


def _plane(rows: Points) -> Points:
    """`rows` in two dimensions by principal components, each within −1…1; signs are fixed by the largest entry."""
    n = len(rows)
    if n < 2:
        return np.zeros((n, 2))
    centred = rows - rows.mean(0)
    u, s, _ = np.linalg.svd(centred, full_matrices=False)
    plane = np.zeros((n, 2))
    kept = min(2, len(s))
    plane[:, :kept] = u[:, :kept] * s[:kept]
    for axis in range(2):
        largest = plane[np.abs(plane[:, axis]).argmax(), axis]
        if largest < 0:
            plane[:, axis] *= -1
    return np.asarray(plane / max(float(np.abs(plane).max()), 1e-12))


def _spread(places: Points) -> Points:
    """`places` half way to an even spread in each direction, so that the picture is filled; order is kept."""
    n = len(places)
    if n < 2:
        return places
    even = np.argsort(np.argsort(places, axis=0, kind="stable"), axis=0, kind="stable") / (n - 1) * 2 - 1
    return np.asarray(0.4 * places + 0.6 * even)


def _pack(wanted: Points, sizes: Points, width: float) -> Points:
    """The lowest packing of `_sink` among those of the map turned and mirrored, which keep all neighbours."""
    turned = [plane * (a, b) for plane in (wanted, wanted[:, ::-1]) for a in (1, -1) for b in (1, -1)]
    packed = [_sink(places, sizes, width) for places in turned]
    return min(packed, key=lambda corners: round(float((corners + sizes)[:, 1].max())))


def _sink(wanted: Points, sizes: Points, width: float) -> Points:
    """Top left corners for boxes of `sizes`, near their `wanted` places, apart from each other and in `width`.

    From the top down each box sinks to the first free height, a little aside where that is higher up.
    """
    corners = np.zeros_like(sizes)
    placed: list[int] = []
    for i in np.argsort(wanted[:, 1], kind="stable").tolist():
        room = max(width - float(sizes[i, 0]), 0.0)
        ideal = (wanted[i, 0] + 1) / 2 * room
        choices = []
        for x in [ideal, *np.linspace(0, room, 41).tolist()]:
            under = [
                float(corners[j, 1] + sizes[j, 1])
                for j in placed
                if corners[j, 0] < x + sizes[i, 0] and x < corners[j, 0] + sizes[j, 0]
            ]
            y = max(under, default=0.0)
            choices.append((y + _ASIDE * abs(x - ideal), y, x))
        _, y, x = min(choices)
        corners[i] = x, y
        placed.append(i)
    return corners


def _dots(rows: Points, radius: float, dot: float) -> Points:
    """Places of a theme's papers around its centre: by content, spread so that no two dots overlap."""
    n = len(rows)
    reach = radius - 1.25 * dot
    turn = np.arange(n) * 2.399963
    spiral = np.stack([np.cos(turn), np.sin(turn)], 1) * (np.sqrt((np.arange(n) + 0.5) / n))[:, None]
    if n < 3:
        return np.array([[0.0, 0.0]] if n == 1 else [[-0.62, 0.0], [0.62, 0.0]]) * reach
    places = (_plane(rows) * 0.9 + spiral * 0.1) * reach
    least = 2.3 * dot
    for _ in range(300):
        gaps = places[:, None] - places[None]
        lengths = np.sqrt((gaps**2).sum(-1)) + np.eye(n) * 1e9
        push = np.maximum(least - lengths, 0) / 2
        places += (gaps / lengths[..., None] * push[..., None]).sum(1) * 0.7
        far = np.sqrt((places**2).sum(1))
        places *= np.minimum(1.0, reach / np.maximum(far, 1e-9))[:, None]
        if push.max() < 0.5:
            break
    return np.asarray(places)
