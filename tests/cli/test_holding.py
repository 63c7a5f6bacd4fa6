"""`papers list`, `papers stats`, `papers remove`."""

from datetime import date
from pathlib import Path

from bot.answers.answer import Answer, Source
from bot.discord_app.records.conversations import Asked, Conversations
from bot.discord_app.records.people import People
from bot.library.library import Library
from bot.settings import load_settings
from tests.conftest import FORESTS, OWLS, WAVELETS, Run
from tests.schemas import LIST, STATS, check


def test_the_list_holds_every_paper_newest_day_first(papers: Run, filled: Path) -> None:
    told = papers("list", "--json").json
    check(told, LIST)
    assert [p["title"] for p in told["papers"]] == [FORESTS.title, WAVELETS.title, OWLS.title]
    assert told["papers"][2] == {
        "id": "arxiv:2508.00001",
        "title": OWLS.title,
        "date": "2025-08-04",
        "url": "https://arxiv.org/abs/2508.00001",
        "authors": ["A. Strix", "B. Bubo"],
        "upvotes": 12,
    }


def test_the_list_for_other_programs_is_lines_with_tabs(papers: Run, filled: Path) -> None:
    lines = papers("list", "--date", "2025-08-04").out.splitlines()
    assert lines == [f"2025-08-04\tarxiv:2508.00001\t{OWLS.title}"]


def test_stats_count_papers_chunks_and_days(papers: Run, filled: Path) -> None:
    told = papers("stats", "--json").json
    check(told, STATS)
    assert (told["papers"], told["chunks"]) == (3, 12)
    assert told["days"] == [["2025-08-04", 1], ["2025-08-05", 2]]
    assert told["data_dir"] == str(filled)
    plain = papers("stats").out
    assert "papers           3\n" in plain
    assert "2025-08-05 2\n" in plain


def test_an_empty_library_is_no_error(papers: Run) -> None:
    for command, empty in (("list", {"papers": []}), ("stats", None)):
        result = papers(command, "--json")
        assert result.status == 0
        assert "papers ingest sample" in result.err
        assert empty in (None, result.json)
        assert papers(command).status == 0
    check(papers("stats", "--json").json, STATS)


def test_a_removed_paper_is_gone_everywhere(papers: Run, filled: Path) -> None:
    told = papers("remove", "arxiv:2508.00001", "--json")
    assert (told.status, told.json) == (0, {"removed": {"id": "arxiv:2508.00001", "title": OWLS.title}})
    assert papers("stats", "--json").json["papers"] == 2
    found = papers("search", OWLS.title, "--json").json["results"]
    assert OWLS.title not in [r["title"] for r in found]


def test_removing_an_unknown_id_is_wrong_usage(papers: Run, filled: Path) -> None:
    result = papers("remove", "arxiv:9999.99999")
    assert (result.status, result.out) == (2, "")
    assert "arxiv:9999.99999" in result.err
    assert papers("stats", "--json").json["papers"] == 3


def test_stats_show_the_votes_with_reason_question_and_sources(papers: Run, filled: Path) -> None:
    assert papers("stats", "--feedback").err == "nobody has voted on an answer\n"
    source = Source(1, "arxiv:2508.00001", OWLS.title, None, date(2025, 8, 4), "abstract", "Owls hear well.")
    answer = Answer("Do owls\thear?", answer="They do. [1]", sources=(source,))
    with Library(load_settings({"PAPERS_HOME": str(filled)})) as library:
        number = Conversations(library.catalogue).record(Asked(5, None, 6, "Do owls\thear?", 70.0), answer)
        people = People(library.catalogue)
        people.vote(number, 5, 1, 70.0)
        people.vote(number, 7, -1, 80.0, "too short")
    votes = papers("stats", "--feedback", "--json").json["feedback"]
    assert [(v["vote"], v["reason"]) for v in votes] == [(-1, "too short"), (1, None)]
    assert all(v["sources"] == [OWLS.title] for v in votes)
    assert papers("stats", "--feedback").out.splitlines() == [
        f"1970-01-01T00:01:20+00:00\t-1\tDo owls hear?\ttoo short\t{OWLS.title}",
        f"1970-01-01T00:01:10+00:00\t+1\tDo owls hear?\t\t{OWLS.title}",
    ]
