"""`papers eval`."""

import json
import math
from pathlib import Path

import pytest

from tests.conftest import FORESTS, OWLS, QUESTION, Run

QUERIES = '{"_id": "1", "text": "owls that hear long audio"}\n{"id": 2, "text": "trees of a random forest"}\n'
QRELS = "query-id\tcorpus-id\tscore\n1\tarxiv:2508.00001\t1\n2\tarxiv:2508.00001\t1\n2\tno-such-paper\t0\n"
QUESTIONS = [
    {"id": "right", "question": QUESTION, "title": OWLS.title, "must_any": ["7.4%"]},
    {"id": "wrong", "question": QUESTION, "title": FORESTS.title, "must_any": ["BANANA"]},
    {"id": "none", "question": "hello there", "unanswerable": True},
]


def test_retrieval_is_measured(papers: Run, filled: Path, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text(QUERIES)
    (tmp_path / "qrels.tsv").write_text(QRELS)
    result = papers("eval", "retrieval", "--queries", "q.jsonl", "--qrels", "qrels.tsv", "--json")
    assert result.status == 0
    assert set(result.json) == {"queries", "ndcg@10", "recall@5", "r@1", "mrr"}
    assert result.json["queries"] == 2
    assert result.json["r@1"] == 0.5
    assert result.json["recall@5"] == 1.0
    assert 0.5 < result.json["ndcg@10"] < 1
    plain = papers("eval", "retrieval", "--queries", "q.jsonl", "--qrels", "qrels.tsv").out
    assert "ndcg@10" in plain


def test_grades_are_gains_and_recall_is_of_all_that_are_relevant(papers: Run, filled: Path, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text(json.dumps({"_id": "1", "text": OWLS.title}))
    others = "".join(f"1\tarxiv:2401.{n:05}\t1\n" for n in range(5))
    (tmp_path / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n1\tarxiv:2508.00001\t2\n{others}")
    told = papers("eval", "retrieval", "--queries", "q.jsonl", "--qrels", "qrels.tsv", "--json").json
    assert told["recall@5"] == pytest.approx(1 / 6, abs=0.001)
    best = 2 + sum(1 / math.log2(place + 1) for place in range(2, 7))
    assert told["ndcg@10"] == pytest.approx(2 / best, abs=0.001)


def test_answers_are_measured(papers: Run, filled: Path, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, QUESTIONS)))
    result = papers("eval", "answers", "--questions", "q.jsonl", "--json")
    assert result.status == 0
    assert result.json == {
        "questions": 3,
        "right_citation": 0.5,
        "answered": 1.0,
        "rightly_refused": 1.0,
        "shows_fact": 0.5,
        "supported": 1.0,
    }


def test_a_share_that_nothing_asks_for_is_null(papers: Run, filled: Path, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text(json.dumps(QUESTIONS[2]))
    assert papers("eval", "answers", "--questions", "q.jsonl", "--json").json["right_citation"] is None
    assert "right citation" in papers("eval", "answers", "--questions", "q.jsonl").out


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"id": "x"}',
        '{"id": "x", "question": 3}',
        '{"id": "x", "question": "q", "title": ["t"]}',
        '{"id": "x", "question": "q", "titles": "t"}',
        '{"id": "x", "question": "q", "must_any": "t"}',
        '{"id": "x", "question": "q", "unanswerable": "yes"}',
        '{"id": "x", "turns": [3]}',
        "[" * 5_000,
    ],
    ids=lambda line: line[:40],
)
def test_a_bad_question_is_named_with_its_line(papers: Run, filled: Path, tmp_path: Path, line: str) -> None:
    (tmp_path / "q.jsonl").write_text(json.dumps(QUESTIONS[0]) + "\n\n" + line + "\n")
    result = papers("eval", "answers", "--questions", "q.jsonl")
    assert (result.status, result.out) == (2, "")
    assert "q.jsonl, line 3: " in result.err


@pytest.mark.parametrize(
    ("queries", "qrels", "problem"),
    [
        ("{", QRELS, "q.jsonl, line 1: "),
        ('{"_id": "1"}', QRELS, "q.jsonl, line 1: "),
        (QUERIES, "1\t2\n", "qrels.tsv, line 1: "),
        (QUERIES, QRELS + "1\tx\tmany\n", "qrels.tsv, line 5: "),
        (QUERIES, "7\tx\t1\n", "no query has a relevant paper"),
    ],
)
def test_bad_queries_and_judgements_are_named(
    papers: Run, filled: Path, tmp_path: Path, queries: str, qrels: str, problem: str
) -> None:
    (tmp_path / "q.jsonl").write_text(queries)
    (tmp_path / "qrels.tsv").write_text(qrels)
    result = papers("eval", "retrieval", "--queries", "q.jsonl", "--qrels", "qrels.tsv")
    assert (result.status, result.out) == (2, "")
    assert problem in result.err


def test_files_that_cannot_be_read_are_named(papers: Run, filled: Path, tmp_path: Path) -> None:
    missing = papers("eval", "answers", "--questions", "gone.jsonl")
    assert (missing.status, "gone.jsonl" in missing.err) == (2, True)
    (tmp_path / "q.jsonl").write_bytes(b"\xff\xfe\xfa")
    assert "not UTF-8" in papers("eval", "answers", "--questions", "q.jsonl").err
    (tmp_path / "q.jsonl").write_text("\n")
    assert "holds no question" in papers("eval", "answers", "--questions", "q.jsonl").err
