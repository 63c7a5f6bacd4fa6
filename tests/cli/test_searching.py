"""`papers search`."""

import json
from pathlib import Path

import pytest

from tests.conftest import FORESTS, OWLS, Run
from tests.schemas import SEARCH, check


def test_results_are_ranked_and_have_the_shape_of_the_contract(papers: Run, filled: Path) -> None:
    result = papers("search", "random forests", "--json")
    check(result.json, SEARCH)
    assert result.status == 0
    assert [r["rank"] for r in result.json["results"]] == [1, 2, 3]
    assert result.json["results"][0]["title"] == FORESTS.title


def test_elsewhere_than_in_a_terminal_a_result_is_a_line_with_tabs(papers: Run, filled: Path) -> None:
    first = papers("search", "audio", "-k", "1").out
    rank, score, *rest = first.removesuffix("\n").split("\t")
    assert rank == "1"
    assert 0 < float(score) <= 1
    assert len(score) == len("0.000")
    assert rest == ["2025-08-04", "arxiv:2508.00001", OWLS.title]


def test_days_and_k_limit_the_results(papers: Run, filled: Path) -> None:
    told = papers("search", "audio", "--since", "2025-08-05", "-k", "1", "--json").json
    assert len(told["results"]) == 1
    assert told["results"][0]["title"] != OWLS.title


def test_a_file_of_queries_gives_a_line_each(papers: Run, filled: Path, tmp_path: Path) -> None:
    queries = [{"id": "q1", "text": "owls"}, {"id": 2, "text": "forests"}, {"id": "q3", "text": ""}]
    (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, queries)) + "\n\n")
    lines = papers("search", "--queries", "q.jsonl").lines
    for line in lines:
        check(line, SEARCH)
    assert [line["id"] for line in lines] == ["q1", "2", "q3"]
    assert lines[0]["results"][0]["title"] == OWLS.title
    assert lines[2]["results"] == []


@pytest.mark.parametrize("line", ["{", '{"id": "q2"}', '["q2", "owls"]', '{"id": null, "text": "owls"}'])
def test_a_bad_query_is_named_and_nothing_is_searched(papers: Run, filled: Path, tmp_path: Path, line: str) -> None:
    (tmp_path / "q.jsonl").write_text('{"id": "q1", "text": "owls"}\n' + line + "\n")
    result = papers("search", "--queries", "q.jsonl")
    assert (result.status, result.out) == (2, "")
    assert "q.jsonl, line 2: " in result.err


def test_a_query_or_a_file_is_needed_and_not_both(papers: Run, filled: Path) -> None:
    assert papers("search").status == 2
    assert papers("search", "owls", "--queries", "q.jsonl").status == 2
    assert "no-such-file" in papers("search", "--queries", "no-such-file").err


def test_an_empty_library_gives_an_empty_result_and_a_hint(papers: Run) -> None:
    result = papers("search", "owls", "--json")
    assert (result.status, result.json["results"]) == (0, [])
    assert "papers ingest sample" in result.err
