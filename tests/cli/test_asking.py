"""`papers ask` and `papers summary`."""

import json
from pathlib import Path

import pytest

from bot.answers import words
from tests.conftest import FORESTS, OWLS, QUESTION, WAVELETS, Run
from tests.schemas import ANSWER, check


def test_an_answer_for_a_machine_has_the_shape_of_the_contract(papers: Run, filled: Path) -> None:
    result = papers("ask", QUESTION, "--json")
    told = result.json
    check(told, ANSWER)
    assert (result.status, result.err) == (0, "")
    assert (told["question"], told["mode"], told["model"]) == (QUESTION, "extractive", None)
    assert told["sources"][0]["title"] == OWLS.title
    assert told["sources"][0]["url"] == "https://arxiv.org/abs/2508.00001"
    assert told["sources"][0]["quote"] in OWLS.abstract


def test_an_answer_for_people_ends_with_its_sources(papers: Run, filled: Path) -> None:
    out = papers("ask", QUESTION).out
    answer, _, sources = out.partition("\n\n")
    assert "On LibriLong it lowers the word error rate from 9.1% to 7.4%. [1]" in answer
    assert sources.splitlines() == [
        "Sources (extractive: quoted word for word, no model)",
        f"[1] {OWLS.title} (2025-08-04)",
        "    https://arxiv.org/abs/2508.00001",
    ]


def test_a_note_is_shown_as_a_note(papers: Run, filled: Path) -> None:
    out = papers("ask", "Which wavelet transform needs no eigenvectors?").out
    assert out.startswith(words.QUOTED_NOTE)
    assert f"[1] {WAVELETS.title} (2025-08-05; note on the paper, not its abstract)" in out


def test_a_question_may_be_several_words_without_quotation_marks(papers: Run, filled: Path) -> None:
    told = papers("ask", "--json", "How", "many", "trees", "does", "LeafCut", "remove?").json
    assert told["question"] == "How many trees does LeafCut remove?"
    assert told["sources"][0]["title"] == FORESTS.title


def test_what_no_paper_answers_is_refused_with_the_closest(papers: Run, filled: Path) -> None:
    result = papers("ask", "What is the boiling point of ethanol?")
    assert result.status == 0
    assert result.out.startswith(f"{words.ABSTAIN}\n{words.CLOSEST}\n")
    told = papers("ask", "What is the boiling point of ethanol?", "--json").json
    check(told, ANSWER)
    assert told["abstained"]
    assert told["closest"]


def test_an_empty_library_abstains_and_says_how_to_fill_it(papers: Run) -> None:
    result = papers("ask", "What is new?", "--json")
    check(result.json, ANSWER)
    assert (result.status, result.json["answer"]) == (0, words.EMPTY_LIBRARY)
    assert "papers ingest sample" in result.err


def test_days_limit_what_is_looked_at(papers: Run, filled: Path) -> None:
    late = papers("ask", QUESTION, "--since", "2025-08-05", "--json").json
    assert OWLS.title not in [source["title"] for source in late["sources"]]
    on = papers("ask", QUESTION, "--date", "2025-08-04", "--json").json
    assert on["sources"][0]["title"] == OWLS.title
    none = papers("ask", QUESTION, "--until", "2025-08-03", "--json").json
    assert none["answer"].startswith(words.NO_PAPERS_THEN)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--since", "yesterday"], "--since: 'yesterday' is no date"),
        (["--until", "2025-02-30"], "--until: '2025-02-30' is no date"),
        (["--date", "20250804"], "--date: '20250804' is no date"),
        (["--since", "2025-08-05", "--until", "2025-08-04"], "is after"),
        (["--date", "2025-08-05", "--until", "2025-08-04"], "goes with neither"),
    ],
)
def test_days_that_are_none_are_wrong_usage(papers: Run, filled: Path, options: list[str], reason: str) -> None:
    result = papers("ask", QUESTION, *options)
    assert (result.status, result.out) == (2, "")
    assert reason in result.err
    assert len(result.err.splitlines()) == 1


@pytest.mark.parametrize("k", ["0", "-3", "51", "many"])
def test_a_number_of_papers_out_of_range_is_wrong_usage(papers: Run, filled: Path, k: str) -> None:
    result = papers("ask", QUESTION, "-k", k)
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("papers ask: ")
    assert len(result.err.splitlines()) == 1


def test_k_is_how_many_papers_are_read(papers: Run, filled: Path) -> None:
    out = papers("ask", QUESTION, "-k", "2", "--explain").out
    assert len([line for line in out.split("Evidence")[1].splitlines() if line.startswith("- ")]) == 2


def test_explain_shows_the_search_and_the_scores(papers: Run, filled: Path) -> None:
    out = papers("ask", QUESTION, "--explain").out
    assert f"Searched for: {QUESTION}" in out
    assert f": {OWLS.title}; " in out
    aside = papers("ask", QUESTION, "--explain", "--json")
    check(aside.json, ANSWER)
    assert f"Searched for: {QUESTION}" in aside.err


def test_a_trace_is_written_where_asked(papers: Run, filled: Path, tmp_path: Path) -> None:
    assert papers("ask", QUESTION, "--trace", "trace.json").status == 0
    steps = json.loads((tmp_path / "trace.json").read_text())["steps"]
    assert [step["step"] for step in steps] == ["question", "search", "evidence", "answer", "settings"]
    failed = papers("ask", QUESTION, "--trace", "no/such/folder/trace.json")
    assert failed.status == 1
    assert "cannot write no/such/folder/trace.json" in failed.err


def test_a_summary_is_of_the_one_paper_that_a_part_of_a_title_names(papers: Run, filled: Path) -> None:
    result = papers("summary", "owls", "at", "night")
    assert result.status == 0
    assert result.out.startswith(f"{OWLS.title}\n2025-08-04 · https://arxiv.org/abs/2508.00001 · arxiv:2508.00001\n")
    told = papers("summary", "2508.00001", "--json").json
    check(told, ANSWER)
    assert 2 <= len(told["sentences"]) <= 3
    assert {source["title"] for source in told["sources"]} == {OWLS.title}


def test_an_ambiguous_title_lists_the_candidates(papers: Run, filled: Path) -> None:
    result = papers("summary", "pruning")
    assert (result.status, result.out) == (2, "")
    assert FORESTS.title in result.err
    assert WAVELETS.title in result.err


def test_an_unknown_title_lists_the_nearest(papers: Run, filled: Path) -> None:
    result = papers("summary", "transcription of sound")
    assert (result.status, result.out) == (2, "")
    assert OWLS.title in result.err
