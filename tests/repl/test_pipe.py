"""`papers repl` fed by a pipe: a question or command a line, plain output, status 0."""

import re
from pathlib import Path

import pytest

from tests.conftest import FORESTS, OWLS, QUESTION, ROOT, WAVELETS, Result, Run
from tests.model_server import ModelServer, Reply

CITED = re.compile(r"> |\[\d+\] ")

LINES = f"""
{QUESTION}

   \t
And on how many GPUs was it trained?
/explain
/sources
/bogus
/paprs
/papers pruning
/daily
/open 2
/daily 2025-08-04
/daily 2020-01-01
/daily soon
/papers pruning
/paper 1
/paper pruning
/paper nothing like it
/open 1
/since 2025-08-05
{QUESTION}
/since soon
/since off
/model
/model nosuch:model
/model openai:gpt-5-mini
/save talk.md
/ingest missing.txt
/ingest more.jsonl
What do moles eat?
How does it do that?
/new
How does it do that?
bad bytes: \udcff\udcfe and \x1b[31mcodes
/help
/sources
"""


@pytest.fixture(scope="module")
def told() -> dict[str, Result]:
    """The one run of this module, made by its first test."""
    return {}


@pytest.fixture
def blocks(process: Run, filled: Path, tmp_path: Path, told: dict[str, Result]) -> dict[str, str]:
    """What was answered to each line; of a line said twice, to the first as `LINE`, then `LINE (2)`."""
    if not told:
        (tmp_path / "more.jsonl").write_text('{"title": "On Moles", "abstract": "Moles eat earthworms mostly."}\n')
        told["run"] = process("repl", input=LINES.encode("utf-8", "surrogateescape"))
        told["saved"] = Result(0, (tmp_path / "talk.md").read_text(), "")
    blocks: dict[str, str] = {}
    for block in ("\n" + told["run"].out).split("\n> ")[1:]:
        line, _, answer = block.partition("\n")
        blocks[line if line not in blocks else f"{line} (2)"] = answer.strip("\n")
    return blocks


def test_it_ends_with_0_and_every_line_is_echoed_and_answered(
    blocks: dict[str, str], told: dict[str, Result]
) -> None:
    assert told["run"].status == 0
    assert len(blocks) == len([line for line in LINES.splitlines() if line.strip()])
    assert told["run"].out.startswith(f"> {QUESTION}\n")


def test_output_is_plain_and_titles_are_whole(blocks: dict[str, str], told: dict[str, Result]) -> None:
    out = told["run"].out
    assert all(c.isprintable() or c == "\n" for c in out)
    for paper in (OWLS, FORESTS, WAVELETS):
        assert paper.title in out
    assert all(mark not in out for mark in "─│╭╰━┃")
    assert "bad bytes: �� and codes" in out


def test_a_question_is_answered_with_its_sources(blocks: dict[str, str]) -> None:
    assert "from 9.1% to 7.4%. [1]" in blocks[QUESTION]
    assert f"\n[1] {OWLS.title} (2025-08-04)\n" in blocks[QUESTION]


def test_a_follow_up_knows_what_it_means_until_a_new_conversation(blocks: dict[str, str]) -> None:
    assert "two days on four GPUs" in blocks["And on how many GPUs was it trained?"]
    assert "] On Moles" in blocks["How does it do that?"]
    assert "] On Moles" not in blocks["How does it do that? (2)"]


def test_the_last_answer_is_explained(blocks: dict[str, str]) -> None:
    assert "Searched for: " in blocks["/explain"]
    assert f": {OWLS.title}; " in blocks["/explain"]


def test_sources_are_quoted(blocks: dict[str, str]) -> None:
    assert "“Training takes two days on four GPUs.”" in blocks["/sources"]
    assert blocks["/sources (2)"] == "nothing has been answered from papers yet"


def test_a_line_that_fails_is_one_line_and_the_next_is_read(blocks: dict[str, str]) -> None:
    assert blocks["/bogus"] == "there is no command /bogus; /help lists the commands"
    assert blocks["/paprs"] == "there is no command /paprs; did you mean /papers?"
    assert blocks["/since soon"] == "'soon' is no date such as 2025-08-04"
    assert blocks["/ingest missing.txt"].startswith("missing.txt: no such file")
    assert blocks["/model nosuch:model"].count("\n") == 0
    assert blocks["/model openai:gpt-5-mini"] == "openai:gpt-5-mini needs OPENAI_API_KEY"


def test_papers_are_listed_under_numbers_that_paper_and_open_take(blocks: dict[str, str]) -> None:
    assert blocks["/papers pruning"].splitlines() == [
        f"1. {FORESTS.title} (2025-08-05)",
        f"2. {WAVELETS.title} (2025-08-05)",
    ]
    assert blocks["/paper 1"].startswith(f"{FORESTS.title}\n2025-08-05 · title:")
    assert "LeafCut removes 60%" in blocks["/paper 1"]
    assert f". {OWLS.title}" in blocks["/paper 1"].partition("Related papers")[2]
    assert blocks["/paper pruning"].startswith("2 titles hold “pruning”")
    assert blocks["/paper nothing like it"].startswith("No title holds “nothing like it”; nearest are:")
    assert blocks["/open 1"].startswith(("https://arxiv.org/abs/", "no link is known for"))


def test_a_day_is_summed_up_under_numbers_that_open_takes(blocks: dict[str, str]) -> None:
    assert blocks["/daily"].startswith("Papers of Tuesday, 5 August 2025\n2 papers")
    assert f"\n2. {WAVELETS.title}" in blocks["/daily"]
    assert blocks["/open 2"] == f"no link is known for “{WAVELETS.title}”"
    assert blocks["/daily 2025-08-04"].startswith("Papers of Monday, 4 August 2025\n1 paper")
    assert blocks["/daily 2020-01-01"] == "There are no papers of 2020-01-01."
    assert blocks["/daily soon"] == "'soon' is no date such as 2025-08-04"


def test_since_limits_the_days(blocks: dict[str, str]) -> None:
    assert "2025-08-05" in blocks["/since 2025-08-05"]
    assert OWLS.title not in blocks[f"{QUESTION} (2)"]
    assert blocks["/since off"] == "Papers of all days are looked at."


def test_papers_taken_in_can_be_asked_about(blocks: dict[str, str]) -> None:
    assert blocks["/ingest more.jsonl"].startswith("more.jsonl: 1 found: 1 added")
    assert "Moles eat earthworms mostly. [1]" in blocks["What do moles eat?"]


def test_a_saved_conversation_is_markdown_with_quotes(blocks: dict[str, str], told: dict[str, Result]) -> None:
    saved = told["saved"].out
    assert saved.startswith(f"# A conversation about papers\n\n## {QUESTION}\n\n")
    assert f"1. [{OWLS.title}](<https://arxiv.org/abs/2508.00001>) (2025-08-04)\n   > On LibriLong" in saved
    assert r"\[bold\]and\[/bold\]" in saved or WAVELETS.title not in saved


def test_help_names_every_command(blocks: dict[str, str]) -> None:
    for name in [
        "daily",
        "papers",
        "paper",
        "sources",
        "open",
        "since",
        "model",
        "ingest",
        "new",
        "save",
        "help",
        "quit",
    ]:
        assert f"/{name}" in blocks["/help"]


def test_an_empty_library_says_how_to_fill_it_and_is_not_filled(process: Run, home: Path) -> None:
    result = process("repl", input="What is new?\n/papers\n")
    assert result.status == 0
    assert "There are no papers yet" in result.err
    assert "/ingest sample" in result.out
    assert "> /papers" in result.out


def test_quit_ends_it_before_the_end_of_the_input(process: Run, filled: Path) -> None:
    result = process("repl", input="/quit\nhello\n")
    assert (result.status, result.out) == (0, "> /quit\n\n")


def test_a_model_s_failure_is_said_in_the_conversation(process: Run, filled: Path) -> None:
    with ModelServer(default=Reply(status=500)) as server:
        result = process("repl", input=f"{QUESTION}\n", OPENAI_BASE_URL=server.url, PAPERS_TIMEOUT="20")
    assert result.status == 0
    assert "from 9.1% to 7.4%. [1]" in result.out
    assert "note: the model server failed (500)" in result.out


def test_a_library_that_cannot_be_opened_ends_it_with_1(process: Run, home: Path) -> None:
    home.write_text("a file")
    result = process("repl", input="hello\n")
    assert (result.status, result.out) == (1, "")
    assert "PAPERS_HOME" in result.err


def test_the_exchange_in_the_readme_is_what_the_program_says(process: Run, home: Path) -> None:
    shown = (ROOT / "README.md").read_text().split("```text\n")[1].split("```")[0]
    questions = [line.removeprefix("> ") for line in shown.splitlines() if line.startswith("> ")]
    assert len(questions) >= 3
    told = process("repl", "--sample", input="\n".join(questions).encode()).out
    # Which of two sentences fits a shade better may depend on the processor; the papers may not.
    assert [line for line in shown.splitlines() if CITED.match(line)] == [
        line for line in told.splitlines() if CITED.match(line)
    ]
    assert ("can't answer" in shown) == ("can't answer" in told)
