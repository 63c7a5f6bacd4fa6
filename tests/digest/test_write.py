"""The summary of a day of the library."""

import asyncio
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.digest.digest import digest_json
from bot.digest.write import daily_digest
from bot.library.library import Library
from bot.papers.paper import Paper, make_paper
from bot.settings import load_settings

DAYS = (date(2025, 8, 1), date(2025, 8, 4))
SUBJECTS = ("graph learning", "speech recognition", "robot grasping", "protein folding")


def papers() -> Iterator[tuple[str, Paper]]:
    for day in DAYS:
        for i in range(6):
            subject = SUBJECTS[i % len(SUBJECTS)]
            yield (
                "test",
                make_paper(
                    f"Study {i} of {subject} on {day}",
                    f"We propose variant {i} of {subject}. It is tested on real data of {day}.",
                    published=day,
                    upvotes=i,
                ),
            )


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    home: Path = tmp_path_factory.mktemp("digest")
    with Library(load_settings({"PAPERS_HOME": str(home)})) as library:
        library.ingest(list(papers()))
        yield library


def test_the_newest_day_is_summarised_by_default_with_its_picture(library: Library) -> None:
    digest = asyncio.run(daily_digest(library))
    assert digest.date == DAYS[1]
    assert len(digest.papers) == 6
    assert digest.papers[0].upvotes == 5
    assert digest.compared == 1
    assert digest.picture is not None
    json.dumps(digest_json(digest))


def test_an_earlier_day_is_compared_with_none_before_it(library: Library) -> None:
    digest = asyncio.run(daily_digest(library, DAYS[0], picture=False))
    assert digest.date == DAYS[0]
    assert digest.compared == 0
    assert digest.picture is None


def test_a_topic_takes_its_papers_alone_and_numbers_them_anew(library: Library) -> None:
    digest = asyncio.run(daily_digest(library, topic="protein folding", picture=False))
    assert [p.n for p in digest.papers] == [1]
    assert "protein folding" in digest.papers[0].title
    assert digest.topic == "protein folding"


def test_a_day_without_papers_and_a_topic_without_papers_are_empty(library: Library) -> None:
    assert asyncio.run(daily_digest(library, date(2024, 1, 1))).papers == ()
    assert asyncio.run(daily_digest(library, topic="beer brewing")).papers == ()


def test_an_empty_library_has_an_empty_summary(tmp_path: Path) -> None:
    with Library(load_settings({"PAPERS_HOME": str(tmp_path)})) as empty:
        digest = asyncio.run(daily_digest(empty))
    assert digest.date is None
    assert digest_json(digest)["papers"] == 0
