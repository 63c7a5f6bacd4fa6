"""`papers daily`."""

import html
import json
from pathlib import Path

import feedparser
import pytest

from tests.conftest import FORESTS, OWLS, WAVELETS, Run
from tests.model_server import ModelServer, Reply
from tests.schemas import DAILY, check


def test_the_newest_day_is_summed_up_with_every_paper_once(papers: Run, filled: Path) -> None:
    told = papers("daily", "--format", "json").json
    check(told, DAILY)
    assert (told["date"], told["papers"]) == ("2025-08-05", 2)
    assert {paper["title"] for paper in told["papers_list"]} == {FORESTS.title, WAVELETS.title}
    assert sorted(n for theme in told["themes"] for n in theme["papers"]) == [1, 2]


def test_a_day_may_be_named(papers: Run, filled: Path) -> None:
    result = papers("daily", "2025-08-04")
    assert "Monday, 4 August 2025" in result.out
    assert OWLS.title in result.out
    assert FORESTS.title not in result.out


@pytest.mark.parametrize(("style", "begins"), [("markdown", "# "), ("html", "<!doctype html>"), ("rss", "<?xml")])
def test_every_face_can_be_written_to_a_file(
    papers: Run, filled: Path, tmp_path: Path, style: str, begins: str
) -> None:
    to_file = papers("daily", "--format", style, "--out", "day.out")
    assert (to_file.status, to_file.out) == (0, "")
    text = (tmp_path / "day.out").read_text()
    assert text.lower().startswith(begins)
    assert papers("daily", "--format", style).out == text.rstrip("\n") + "\n"


@pytest.mark.parametrize(
    ("name", "begins"),
    [("day.md", "# Papers"), ("day.HTML", "<!doctype html>"), ("feed.xml", "<?xml"), ("day.json", "{"), ("day", "Papers")],
)  # fmt: skip
def test_the_name_of_the_file_says_what_to_write(
    papers: Run, filled: Path, tmp_path: Path, name: str, begins: str
) -> None:
    assert papers("daily", "--out", name).status == 0
    assert (tmp_path / name).read_text().startswith(begins)


def test_a_feed_has_the_last_days_and_other_programs_read_it(papers: Run, filled: Path) -> None:
    feed = feedparser.parse(papers("daily", "--format", "rss").out)
    assert not feed.bozo
    assert feed.version == "atom10"
    assert [entry.title for entry in feed.entries] == [
        "Papers of Tuesday, 5 August 2025",
        "Papers of Monday, 4 August 2025",
    ]
    assert WAVELETS.title in html.unescape(feed.entries[0].content[0].value)
    up_to = feedparser.parse(papers("daily", "2025-08-04", "--format", "rss").out)
    assert len(up_to.entries) == 1
    assert up_to.entries[0].id == feed.entries[1].id
    assert feedparser.parse(papers("daily", "2020-01-01", "--format", "rss").out).entries == []


def test_the_map_of_the_day_is_a_png(papers: Run, filled: Path, tmp_path: Path) -> None:
    papers("daily", "--picture", "day.png")
    assert (tmp_path / "day.png").read_bytes().startswith(b"\x89PNG")


def test_a_day_without_papers_is_no_error(papers: Run, filled: Path) -> None:
    result = papers("daily", "2020-01-01", "--format", "json")
    assert result.status == 0
    assert json.loads(result.out)["papers"] == 0
    assert "no papers of 2020-01-01" in result.err


def test_an_empty_library_gets_a_hint(papers: Run, home: Path) -> None:
    result = papers("daily")
    assert result.status == 0
    assert "papers ingest" in result.err


@pytest.mark.parametrize("arguments", [("yesterday",), ("--topic", " "), ("--format", "pdf")])
def test_wrong_usage_is_told(papers: Run, filled: Path, arguments: tuple[str, ...]) -> None:
    result = papers("daily", *arguments)
    assert result.status == 2
    assert len(result.err.splitlines()) == 1


def test_a_file_that_cannot_be_written_is_told(papers: Run, filled: Path) -> None:
    result = papers("daily", "--format", "html", "--out", "no/such/folder.html")
    assert result.status == 1
    assert result.err.startswith("papers: cannot write no/such/folder.html")


def test_a_model_writes_what_the_papers_support_and_is_asked_once(papers: Run, filled: Path) -> None:
    with ModelServer("LeafCut removes 60% of the trees of a random forest [P1].") as server:
        first = papers("daily", "2025-08-05", "--format", "markdown", OPENAI_BASE_URL=server.url)
        asked = len(server.requests)
        again = papers("daily", "2025-08-05", "--format", "markdown", OPENAI_BASE_URL=server.url)
        assert len(server.requests) == asked > 2
    assert again.out == first.out
    assert "Written by openai:scripted-model" in first.out
    assert "LeafCut removes 60% of the trees of a random forest." in first.out
    assert "describe wavelets" in first.out  # the other paper does not say so, and is quoted
    assert "note: quoted instead of written: 1 of 2 gists" in first.err


def test_p19_a_model_that_fails_costs_nobody_the_summary(papers: Run, filled: Path) -> None:
    with ModelServer(Reply(status=401)) as server:
        result = papers("daily", "--format", "json", OPENAI_BASE_URL=server.url)
    assert (result.status, result.json["papers"]) == (0, 2)
    assert all(paper["tldr"] for paper in result.json["papers_list"])
    assert result.err == (
        "note: the model server refused the key (401); check OPENAI_API_KEY; quoting the papers instead\n"
    )
