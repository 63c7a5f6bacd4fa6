"""The map of the day."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.digest.digest import Digest
from bot.digest.extract import extract
from bot.digest.layout import WIDTH, Map, lay_out
from bot.digest.picture import draw_map
from tests.digest.days import HOSTILE, day_of, embed, paper

MARGIN = 44.0


def map_of(seed: int, sizes: list[int], widths: list[float]) -> Map:
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(sizes)), sizes)
    vectors = rng.standard_normal((len(labels), 12)).astype(np.float32) + 2 * np.eye(len(sizes), 12)[labels]
    return lay_out(vectors.astype(np.float32), labels, [(w, 100.0) for w in widths], MARGIN)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.tuples(st.integers(1, 25), st.floats(60, 420)), min_size=1, max_size=12))
def test_labels_and_bubbles_never_overlap_and_stay_inside(seed: int, themes: list[tuple[int, float]]) -> None:
    made = map_of(seed, [n for n, _ in themes], [w for _, w in themes])
    boxes = [b.box for b in made.bubbles]
    for i, box in enumerate(boxes):
        assert box.left >= MARGIN - 1
        assert box.right <= WIDTH - MARGIN + 1
        assert box.top >= 0
        assert box.bottom <= made.height
        assert not any(box.overlaps(other) for other in boxes[:i])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.integers(1, 30), min_size=1, max_size=10))
def test_dots_lie_in_their_bubble_and_apart(seed: int, sizes: list[int]) -> None:
    made = map_of(seed, sizes, [200.0] * len(sizes))
    for bubble, papers in zip(made.bubbles, sizes, strict=True):
        dots = np.array(bubble.dots)
        assert len(dots) == papers
        assert (np.hypot(dots[:, 0] - bubble.x, dots[:, 1] - bubble.y) + made.dot <= bubble.radius + 0.5).all()
        gaps = np.hypot(*(dots[:, None] - dots[None]).transpose(2, 0, 1)) + np.eye(papers) * 1e9
        assert gaps.min() > 1.7 * made.dot


@pytest.mark.parametrize("papers", [1, 2, 7, 40, 120, 200])
def test_the_picture_is_a_png_of_a_fixed_width(papers: int) -> None:
    made = extract(day_of(papers), None, embed)
    png = draw_map(made.digest, made.labels, made.vectors)
    assert png is not None
    image = Image.open(io.BytesIO(png))
    assert image.format == "PNG"
    assert image.width == 1200
    assert 300 <= image.height <= 3000
    assert len(png) < 1_000_000


def test_the_same_day_gives_the_same_picture() -> None:
    made = extract(day_of(30), None, embed)
    assert draw_map(made.digest, made.labels, made.vectors) == draw_map(made.digest, made.labels, made.vectors)


def test_a_day_without_papers_has_no_picture() -> None:
    assert draw_map(Digest(None), np.zeros(0, np.intp), np.zeros((0, 4), np.float32)) is None


def test_hostile_titles_and_identical_papers_are_drawn() -> None:
    papers = [paper(n, text, text) for n, text in enumerate(HOSTILE * 3, 1)]
    made = extract(papers, None, embed)
    assert draw_map(made.digest, made.labels, made.vectors)
