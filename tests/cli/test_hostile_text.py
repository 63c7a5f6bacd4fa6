"""P06 for whole commands: no paper and no model moves the cursor, colours the screen or hides text."""

import sqlite3
import sys
from pathlib import Path

import pexpect
import pytest

from tests.conftest import OWLS, QUESTION, Run, write_jsonl
from tests.model_server import ModelServer

HOSTILE = "Owls\x1b[31m at\x1b]0;you\x07 \u202eNight\u202c\u200b: Sparse\x9b1m [bold]Attention[/bold]"
CLEANED = "Owls at Night: Sparse [bold]Attention[/bold]"
COMMANDS = [
    ["list"],
    ["list", "--json"],
    ["search", "owls"],
    ["search", "owls", "--json"],
    ["ask", "What does OwlNet reach on LibriLong?"],
    ["ask", "What does OwlNet reach on LibriLong?", "--json", "--explain"],
    ["summary", "owls"],
    ["summary", "nothing like it"],
    ["remove", HOSTILE],
    ["ask", HOSTILE],
]


def printable(text: str) -> bool:
    return all(c.isprintable() or c in "\n\t" for c in text)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: " ".join(c)[:24])
def test_p06_text_is_clean_at_the_terminal_even_where_the_library_is_not(
    papers: Run, filled: Path, command: list[str]
) -> None:
    """The text stands in the catalogue as no ingestion would let it in."""
    with sqlite3.connect(filled / "catalogue.db") as database:
        database.execute("UPDATE papers SET title = ? WHERE title = ?", (HOSTILE, OWLS.title))
    database.close()
    result = papers(*command)
    assert printable(result.out + result.err)
    assert CLEANED in result.out + result.err or "--json" in command or command[0] in ("remove", "ask")


def test_p06_text_is_clean_in_the_library_too(papers: Run, home: Path, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "p.jsonl", {"title": HOSTILE, "abstract": HOSTILE + " are studied.", "id": "x\x1b[2J"})
    assert printable(papers("ingest", "p.jsonl", "--json").out)
    [paper] = papers("list", "--json").json["papers"]
    assert (paper["title"], paper["id"]) == (CLEANED, "x")


def test_p06_a_model_s_codes_are_stripped(papers: Run, filled: Path) -> None:
    reply = "\x1b[31mOwlNet is a sparse\u202e attention network\x1b]8;;http://evil.example\x07 [P1]."
    with ModelServer(default=reply) as server:
        for options in ([], ["--json"]):
            result = papers("ask", QUESTION, *options, OPENAI_BASE_URL=server.url)
            assert printable(result.out + result.err)
            assert "OwlNet is a sparse attention network" in result.out


@pytest.mark.parametrize("quiet", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["NO_COLOR", "dumb"])
def test_no_color_gives_a_terminal_no_codes_at_all(
    environment: dict[str, str], filled: Path, quiet: dict[str, str]
) -> None:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "bot", "ask", QUESTION],
        env={**environment, "TERM": "xterm", **quiet},
        encoding="utf-8",
        timeout=90,
        dimensions=(30, 60),
    )
    shown = child.read().replace("\r\n", "\n")
    child.wait()
    assert child.exitstatus == 0
    assert printable(shown)
    assert "from 9.1% to 7.4%. [1]" in shown.replace("\n", " ")
    assert all(len(line) <= 60 for line in shown.splitlines())
