"""What stands out against the days before."""

import numpy as np

from bot.digest.day import paper_vectors
from bot.digest.extract import extract
from bot.digest.trends import find_trends
from tests.digest.days import FIELDS, day_of, embed


def test_nothing_is_said_without_days_before() -> None:
    digest = extract(day_of(40), None, embed).digest
    assert digest.trends == ()
    assert digest.compared == 0


def test_a_field_that_no_day_before_had_is_new() -> None:
    before = [paper_vectors(day_of(30, FIELDS[:3])) for _ in range(7)]
    digest = extract(day_of(40), None, embed, before).digest
    assert digest.compared == 7
    assert [(t.theme, t.kind) for t in digest.trends] == [("Speech recognition", "new")]


def test_days_like_those_before_bring_no_trend() -> None:
    before = [paper_vectors(day_of(40)) for _ in range(7)]
    assert extract(day_of(40), None, embed, before).digest.trends == ()


def test_a_field_that_takes_a_larger_share_grows() -> None:
    mostly = [*FIELDS[:3] * 5, FIELDS[3]]
    before = [paper_vectors(day_of(64, mostly)) for _ in range(7)]
    digest = extract(day_of(48, [*FIELDS, FIELDS[3], FIELDS[3]]), None, embed, before).digest
    growing = [t for t in digest.trends if t.kind == "growing"]
    assert growing
    assert {t.theme for t in growing} <= {"Speech recognition", "Raw audio"}
    assert growing[0].now > 1.5 * growing[0].before > 0


def test_empty_days_before_are_no_days() -> None:
    vectors = paper_vectors(day_of(12))
    labels = np.zeros(12, np.intp)
    assert find_trends(["All"], labels, vectors, [np.zeros((0, 64), np.float32)]) == ()
