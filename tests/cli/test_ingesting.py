"""`papers ingest`: what goes in, what is rejected and named, and what the exit status says."""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from bot import limits
from bot.answers.answer import Question
from bot.answers.core import Answerer, collect
from bot.library.library import Library
from bot.library.writing import writer_lock
from bot.settings import load_settings
from tests.conftest import FORESTS, OWLS, Run, write_jsonl
from tests.schemas import INGEST, check

PAGE = """Daily Papers

Aug 4

A First Paper about Owls

We study owls at night, and find that they see more than we thought. The study has forty owls.

A Second Paper about Moles

We study moles by day, and find that they see less than we thought. The study has ninety moles.
"""


def test_the_real_page_goes_in_whole_and_each_paper_answers_to_its_title(
    papers: Run, home: Path, seed_page: Path
) -> None:
    first = papers("ingest", str(seed_page), "--json")
    check(first.json, INGEST)
    assert first.status == 0
    assert first.json | {"source": ""} == {
        "source": "",
        "found": 68,
        "added": 68,
        "updated": 0,
        "unchanged": 0,
        "rejected": [],
        "date": "2025-08-04",
    }
    assert "date: 2025-08-04 from the file's name" in first.err
    again = papers("ingest", str(seed_page), "--json").json
    assert (again["added"], again["updated"], again["unchanged"]) == (0, 0, 68)
    titles = [paper["title"] for paper in papers("list", "--json").json["papers"]]
    assert len(titles) == len(set(titles)) == 68
    assert papers("ask", titles[0], "--json").json["sources"][0]["title"] == titles[0]
    settings = load_settings({"PAPERS_HOME": str(home), "PAPERS_MODEL": "none"})
    with Library(settings) as library:
        answerer = Answerer(library, settings)
        answers = [asyncio.run(collect(answerer.ask(Question(title)))) for title in titles]
    assert [answer.sources[0].title for answer in answers] == titles


def test_the_date_of_a_page_is_told_and_may_be_given(papers: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(PAGE)
    told = papers("ingest", "page.txt", "--date", "2024-08-04")
    assert (told.status, told.err) == (0, "")
    assert told.out == (
        "page.txt: 2 found: 2 added, 0 updated, 0 unchanged, 0 rejected\n  date: 2024-08-04 as given\n"
    )
    known = papers("ingest", "page.txt", "--json")  # "Aug 4" of the year in which its papers are known
    assert known.json["date"] == "2024-08-04"
    assert "already known" in known.err


def test_a_page_of_unknown_papers_is_of_the_latest_such_day(papers: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(PAGE)
    told = papers("ingest", "page.txt", "--json")
    day = date.fromisoformat(told.json["date"])
    assert (day.month, day.day) == (8, 4)
    assert "this is the latest that is past" in told.err


def test_p24_a_changed_text_is_updated(papers: Run, filled: Path, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "p.jsonl", {"title": OWLS.title, "arxiv_id": "2508.00001", "abstract": "Owls sleep."})
    told = papers("ingest", "p.jsonl", "--json").json
    assert (told["added"], told["updated"]) == (0, 1)
    assert papers("summary", "2508.00001", "--json").json["sentences"][0]["text"] == "Owls sleep."


def test_what_cannot_be_taken_is_named_with_line_and_reason(papers: Run, home: Path, tmp_path: Path) -> None:
    bad = {"title": "No abstract here"}
    write_jsonl(tmp_path / "p.jsonl", OWLS, bad, "no json", FORESTS, OWLS)
    result = papers("ingest", "p.jsonl", "--json")
    check(result.json, INGEST)
    assert result.status == 0
    assert (result.json["found"], result.json["added"]) == (5, 2)
    assert [r["where"] for r in result.json["rejected"]] == ["line 2", "line 3", "line 5"]
    for rejected in result.json["rejected"]:
        assert f"p.jsonl, {rejected['where']}: {rejected['reason']}\n" in result.err


def test_several_sources_are_a_line_each_and_a_failed_one_costs_only_itself(
    papers: Run, home: Path, tmp_path: Path
) -> None:
    write_jsonl(tmp_path / "a.jsonl", OWLS)
    write_jsonl(tmp_path / "b.jsonl", FORESTS)
    result = papers("ingest", "a.jsonl", "missing.txt", "b.jsonl", "--json")
    assert result.status == 1
    for line in result.lines:
        check(line, INGEST)
    assert [(line["source"], line["added"]) for line in result.lines] == [
        ("a.jsonl", 1),
        ("missing.txt", 0),
        ("b.jsonl", 1),
    ]
    assert "papers: missing.txt: no such file" in result.err
    assert papers("stats", "--json").json["papers"] == 2


P28 = {
    "empty": (b"", "the file is empty"),
    "blank": (b" \n\n\t\n", "the file is empty"),
    "no papers": (b"Hello.\n", "none of its papers"),
    "a title without abstract": (b"Daily Papers\n\nAug 4\n\nA Lonely Title\n", "none of its papers"),
    "html without papers": (b"<!doctype html><html><body><p>Nothing here</p></body></html>", "no papers"),
    "nul bytes": (b"\0" * 5000, "not text"),
    "utf-16": (PAGE.encode("utf-16"), None),
    "latin-1": ("A Title on Müller\n\nWe study Müller. It is good and long.\n".encode("latin-1"), "UTF-8"),
}


@pytest.mark.parametrize("name", P28)
def test_p28_a_bad_file_is_refused_in_one_clear_line(papers: Run, home: Path, tmp_path: Path, name: str) -> None:
    data, reason = P28[name]
    (tmp_path / "page.txt").write_bytes(data)
    result = papers("ingest", "page.txt")
    if reason is None:
        assert result.status == 0
        return
    assert result.status == 2
    assert "page.txt" in result.err
    assert reason in result.err
    assert "Traceback" not in result.err
    assert papers("stats", "--json").json["papers"] == 0


def test_p28_the_good_part_is_taken(papers: Run, home: Path, tmp_path: Path) -> None:
    huge = {"title": "A huge one", "abstract": "word " * 20_000}
    hidden = {"title": "A title\u0000 with NUL", "abstract": "An abstract\u0000 with NUL. It is short."}
    many = [{"title": f"Paper {n}", "abstract": f"Paper {n} is about the number {n}."} for n in range(70)]
    write_jsonl(tmp_path / "p.jsonl", huge, hidden, *many)
    result = papers("ingest", "p.jsonl", "--json")
    assert result.status == 0
    assert (result.json["found"], result.json["added"]) == (72, 71)
    assert "the limit is" in result.json["rejected"][0]["reason"]
    assert papers("list").out.count("A title with NUL") == 1


@pytest.mark.parametrize("source", ["", "missing.txt", ".", "hf:2025-13", "arxiv:", "sample2", "no\0path"])
def test_a_source_that_is_none_is_wrong_usage(papers: Run, home: Path, source: str) -> None:
    result = papers("ingest", source)
    assert (result.status, result.out) == (2, "")
    assert len(result.err.splitlines()) == 1


def test_a_wrong_date_is_told_before_anything_is_read(papers: Run, home: Path) -> None:
    result = papers("ingest", "missing.txt", "--date", "4.8.2025")
    assert (result.status, result.err) == (2, "papers: --date: '4.8.2025' is no date such as 2025-08-04\n")


def test_p26_a_second_writer_hears_who_is_writing(
    papers: Run, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LOCK_SECONDS", 0.1)
    write_jsonl(tmp_path / "p.jsonl", OWLS)
    with writer_lock(filled):
        result = papers("ingest", "p.jsonl")
        assert result.status == 1
        assert "is being written by process" in result.err
        assert papers("ask", "owls").status == 0
        doctor = papers("doctor")
        assert doctor.status == 0
        assert "being written by process" in doctor.out
        assert papers("doctor", "--repair").status == 0  # nothing is to be mended, so nothing is written
    assert papers("ingest", "p.jsonl").status == 0
