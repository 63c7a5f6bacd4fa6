"""The command as a process: help, errors, exit statuses, signals, closed pipes, odd terminals."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import OWLS, QUESTION, ROOT, Run
from tests.schemas import ANSWER, check

COMMANDS = ("ingest", "ask", "search", "summary", "repl", "list", "stats", "remove", "doctor")


def test_help_names_every_command_with_a_sentence(papers: Run) -> None:
    for arguments in ([], ["--help"], ["-h"]):
        result = papers(*arguments)
        assert result.status == 0
        for command in COMMANDS:
            assert f"\n  {command} " in result.out


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(papers: Run, command: str) -> None:
    result = papers(command, "--help")
    assert (result.status, result.err) == (0, "")
    assert result.out.startswith(f"Usage: papers {command} ")


def test_help_loads_nothing_heavy() -> None:
    heavy = ("chromadb", "langchain", "numpy", "onnxruntime", "pydantic", "rich", "prompt_toolkit", "sqlalchemy")
    script = "import sys; from bot.__main__ import run; run(['--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert not {name.partition(".")[0] for name in done.stderr.split()} & set(heavy)


def test_the_command_as_a_process_answers_and_exits_with_0(process: Run, filled: Path) -> None:
    result = process("ask", QUESTION, "--json")
    check(result.json, ANSWER)
    assert (result.status, result.err) == (0, "")
    assert result.json["sources"][0]["title"] == OWLS.title


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bogus"], "papers: No such command 'bogus'. See `papers --help`."),
        (["ask"], "papers ask: Missing argument 'QUESTION'. See `papers ask --help`."),
        (["list", "--bogus"], "papers list: No such option: --bogus. See `papers list --help`."),
        (["remove", "nosuch"], "papers: no paper has the id 'nosuch'; `papers list` shows them"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(papers: Run, filled: Path, arguments: list[str], said: str) -> None:
    result = papers(*arguments)
    assert (result.status, result.out, result.err) == (2, "", f"{said}\n")


def test_debug_shows_the_traceback_wherever_it_stands(papers: Run, filled: Path) -> None:
    for arguments in (["--debug", "remove", "nosuch"], ["remove", "nosuch", "--debug"]):
        result = papers(*arguments)
        assert result.status == 2
        assert result.err.startswith("Traceback (most recent call last):")
        assert result.err.endswith("papers: no paper has the id 'nosuch'; `papers list` shows them\n")
    assert papers("ask", "--json", "--", "--debug").json["question"] == "--debug"


def test_an_unreadable_env_file_is_named(papers: Run, filled: Path, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"PAPERS_MODEL=\xff\xfe")
    result = papers("list")
    assert (result.status, result.out) == (2, "")
    assert result.err == "papers: cannot read .env: not UTF-8 text; mend it or move it away\n"


def test_a_reader_that_has_had_enough_ends_it_quietly(environment: dict[str, str], filled: Path) -> None:
    script = f"{sys.executable} -m bot list | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "0"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_told(environment: dict[str, str], filled: Path) -> None:
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "bot", "list"]
        done = subprocess.run(command, env=environment, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr == "papers: cannot write the output: No space left on device\n"


def test_a_terminal_without_the_characters_still_gets_an_answer(process: Run, filled: Path) -> None:
    result = process("summary", "owls", PYTHONIOENCODING="ascii")
    assert result.status == 0
    assert "2025-08-04 ? https://arxiv.org/abs/2508.00001" in result.out


def test_ctrl_c_ends_a_command_with_130_and_no_traceback(environment: dict[str, str], filled: Path) -> None:
    from tests.model_server import ModelServer, Reply

    with ModelServer(default=Reply(hang=True)) as server:
        child = subprocess.Popen(
            [sys.executable, "-m", "bot", "ask", QUESTION],
            env={**environment, "OPENAI_BASE_URL": server.url},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            deadline = time.monotonic() + 60
            while not server.requests and time.monotonic() < deadline:
                time.sleep(0.05)
            child.send_signal(signal.SIGINT)
            out, err = child.communicate(timeout=60)
        finally:
            child.kill()
    assert (child.returncode, out, err) == (130, "", "stopped\n")


def test_nothing_is_aborted_when_a_command_ends_before_all_is_loaded(process: Run) -> None:
    """The embedding model is loaded in a thread; an answer that needs none must not be ended by its abortion."""
    result = process("search", "anything", "--json")
    assert (result.status, result.json["results"]) == (0, [])


def test_python_m_bot_and_papers_are_the_same() -> None:
    import tomllib

    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert scripts["papers"] == "bot.__main__:main"
    assert os.access(ROOT / "bot" / "__main__.py", os.R_OK)
