"""Themes: grouping by content."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digest.day import paper_vectors
from bot.digest.phrases import phrases_of
from bot.digest.themes import group, silhouette
from tests.digest.days import FIELDS, day_of


def labels_of(papers: list) -> np.ndarray:
    phrases = phrases_of([(p.title, p.sentences) for p in papers])
    return group(paper_vectors(papers), phrases, [p.id for p in papers])


def test_papers_of_a_field_come_together() -> None:
    papers = day_of(32)
    labels = labels_of(papers)
    assert labels.max() + 1 == len(FIELDS)
    for start in range(len(FIELDS)):
        assert len(set(labels[start :: len(FIELDS)])) == 1


def test_themes_are_numbered_by_size() -> None:
    sizes = np.bincount(labels_of(day_of(37)))
    assert list(sizes) == sorted(sizes, reverse=True)


def test_the_order_of_the_papers_does_not_matter() -> None:
    papers = day_of(40)
    turned = [papers[i] for i in np.random.default_rng(3).permutation(40)]
    first = dict(zip((p.id for p in papers), labels_of(papers), strict=True))
    second = dict(zip((p.id for p in turned), labels_of(turned), strict=True))
    partition = lambda labels: {frozenset(k for k, v in labels.items() if v == t) for t in labels.values()}  # noqa: E731
    assert partition(first) == partition(second)


def test_few_papers_are_one_theme() -> None:
    assert set(labels_of(day_of(4))) == {0}


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.integers(0, 2**32 - 1), st.booleans())
def test_any_vectors_are_grouped_each_paper_once(papers: int, seed: int, same: bool) -> None:
    vectors = np.random.default_rng(seed).standard_normal((papers, 16)).astype(np.float32)
    if same:
        vectors[:] = vectors[0]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = group(vectors, [], [str(i) for i in range(papers)])
    assert labels.shape == (papers,)
    assert set(labels) == set(range(labels.max() + 1))
    assert labels.max() + 1 <= 12


def test_a_silhouette_is_one_for_points_and_nought_for_a_single_theme() -> None:
    apart = np.array([[0, 0, 1, 1], [0, 0, 1, 1], [1, 1, 0, 0], [1, 1, 0, 0]], float)
    assert silhouette(apart, np.array([0, 0, 1, 1])) == 1.0
    assert silhouette(apart, np.zeros(4, np.intp)) == 0.0
    assert silhouette(apart, np.array([0, 1, 0, 1])) < 0
