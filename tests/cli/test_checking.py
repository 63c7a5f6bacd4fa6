"""`papers doctor`, and P27: whatever happens to the data directory is told clearly, and made no worse."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot import limits
from bot.library.writing import writer_lock
from tests.conftest import OWLS, QUESTION, Run, write_jsonl
from tests.model_server import ModelServer


def test_an_empty_home_without_model_and_token_is_in_order(papers: Run, home: Path) -> None:
    result = papers("doctor")
    assert (result.status, result.err) == (0, "")
    assert [line.split()[0] for line in result.out.splitlines()] == ["ok", "ok", "note", "ok", "note", "note"]


def test_unknown_files_in_the_data_directory_are_ignored(papers: Run, filled: Path) -> None:
    (filled / "notes-of-mine.txt").write_text("hello")
    (filled / "index-77").mkdir()
    assert papers("doctor").status == 0


def test_a_wrong_setting_is_named(papers: Run, filled: Path) -> None:
    result = papers("doctor", PAPERS_TIMEOUT="soon")
    assert result.status == 1
    assert "WRONG  settings: PAPERS_TIMEOUT='soon'" in result.out
    assert papers("ask", QUESTION, PAPERS_TIMEOUT="soon").status == 2
    unknown = papers("doctor", PAPERS_MODEL="nosuch:model")
    assert unknown.status == 1
    assert "WRONG  model: " in unknown.out


def test_a_set_model_is_looked_for(papers: Run, filled: Path) -> None:
    with ModelServer(key="sk-the-right-key") as server:
        right = papers("doctor", OPENAI_BASE_URL=server.url, OPENAI_API_KEY="sk-the-right-key")
        wrong = papers("doctor", OPENAI_BASE_URL=server.url, OPENAI_API_KEY="sk-another-key")
    gone = papers("doctor", OPENAI_BASE_URL=server.url)
    assert (right.status, wrong.status, gone.status) == (0, 1, 1)
    assert "ok     model: openai:scripted-model, at 127.0.0.1" in right.out
    assert "refuses the key; check OPENAI_API_KEY" in wrong.out
    assert "cannot be reached; check OPENAI_BASE_URL" in gone.out


def test_a_token_is_not_guessed_at(papers: Run, filled: Path) -> None:
    result = papers("doctor", DISCORD_TOKEN="any shape will do")
    assert result.status == 0
    assert "ok     Discord token: set" in result.out


def garbage(path: Path) -> None:
    """Overwrite the middle of a file, or of every file in a folder."""
    files = [f for f in path.rglob("*") if f.is_file()] if path.is_dir() else [path]
    for file in files:
        size = max(file.stat().st_size, 4096)
        file.write_bytes(b"\xde\xad\xbe\xef" * (size // 4))


@pytest.mark.parametrize("part", ["chroma", "lexical"])
@pytest.mark.parametrize("harm", [garbage, shutil.rmtree], ids=["overwritten", "deleted"])
def test_p27_a_damaged_index_is_told_and_mended_from_the_catalogue(
    papers: Run, filled: Path, part: str, harm: object
) -> None:
    [folder] = filled.glob("index-*")
    harm(folder / part)  # type: ignore[operator]
    result = papers("doctor")
    assert result.status == 1
    assert "papers doctor --repair" in result.out
    mended = papers("doctor", "--repair")
    assert mended.status == 0, mended.out
    assert "were built anew from the catalogue" in mended.out
    assert papers("doctor").status == 0
    assert papers("ask", QUESTION, "--json").json["sources"][0]["title"] == OWLS.title


@pytest.mark.parametrize("part", ["chroma", "lexical"])
def test_p27_asking_a_damaged_index_is_one_line_and_status_1(papers: Run, filled: Path, part: str) -> None:
    [folder] = filled.glob("index-*")
    garbage(folder / part)
    result = papers("ask", QUESTION)
    assert (result.status, result.out) == (1, "")
    assert "papers doctor --repair" in result.err
    assert len(result.err.splitlines()) == 1


@pytest.mark.parametrize("command", [["ask", QUESTION], ["list"], ["doctor"], ["doctor", "--repair"]])
def test_p27_a_damaged_catalogue_is_told_and_left_alone(papers: Run, filled: Path, command: list[str]) -> None:
    for file in filled.glob("catalogue.db-*"):
        file.unlink()
    garbage(filled / "catalogue.db")
    before = (filled / "catalogue.db").read_bytes()
    result = papers(*command)
    assert result.status == 1
    assert "is damaged" in result.out + result.err
    assert (filled / "catalogue.db").read_bytes() == before
    assert list(filled.glob("index-*"))


def test_p27_a_damaged_page_of_the_catalogue_is_found(papers: Run, filled: Path) -> None:
    with sqlite3.connect(filled / "catalogue.db") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    data = bytearray((filled / "catalogue.db").read_bytes())
    data[4096:] = b"\xde\xad" * (len(data[4096:]) // 2)
    (filled / "catalogue.db").write_bytes(data)
    result = papers("doctor")
    assert result.status == 1
    assert "WRONG  catalogue: " in result.out


@pytest.mark.parametrize("command", [["ask", QUESTION], ["ingest", "p.jsonl"], ["doctor", "--repair"]])
def test_p27_a_directory_of_a_newer_version_is_left_alone(
    papers: Run, filled: Path, tmp_path: Path, command: list[str]
) -> None:
    write_jsonl(tmp_path / "p.jsonl", OWLS)
    with sqlite3.connect(filled / "catalogue.db") as database:
        database.execute("INSERT INTO migrations VALUES ('m999_from_the_future', '2030-01-01')")
    database.close()
    result = papers(*command)
    assert result.status == 1
    assert "newer version of papers-bot" in result.out + result.err


@pytest.mark.parametrize("command", ["ask", "ingest", "list", "doctor"])
def test_p27_a_file_in_the_place_of_the_directory_is_one_line(papers: Run, home: Path, command: str) -> None:
    home.write_text("I am a file")
    result = papers(command, *(["sample"] if command in ("ask", "ingest") else []))
    assert result.status == 1
    assert "PAPERS_HOME" in result.out + result.err
    assert "Traceback" not in result.err
    assert home.read_text() == "I am a file"


FULL_DISK = """
import resource, signal, sys
from bot.__main__ import run
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.exit(run(sys.argv[2:]))
"""


def test_p27_a_full_disk_costs_only_what_it_could_not_take(
    papers: Run, filled: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    """No file may grow beyond 300 kB: what a full disk says, too."""
    many = [{"title": f"Paper {n}", "abstract": f"Paper {n}: " + f"Word{n} " * 2500} for n in range(40)]
    write_jsonl(tmp_path / "p.jsonl", *many)
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, "300000", "ingest", "p.jsonl"],
        env={**environment, "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    told = papers("ask", QUESTION, "--json")
    assert told.json["sources"][0]["title"] == OWLS.title
    assert papers("doctor").status == 0
    assert papers("ingest", "p.jsonl", "--json").json["found"] == 40  # with room again it goes on
    assert papers("doctor").status == 0


def test_p26_a_repair_waits_for_no_other_writer(papers: Run, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LOCK_SECONDS", 0.1)
    [folder] = filled.glob("index-*")
    shutil.rmtree(folder / "lexical")
    with writer_lock(filled):
        result = papers("doctor", "--repair")
    assert result.status == 1
    assert "WRONG  indexes: not mended: " in result.out
    assert "is being written by process" in result.out
    assert papers("doctor", "--repair").status == 0


@pytest.mark.parametrize("command", [["ask", QUESTION], ["ingest", "sample"], ["doctor"]])
def test_p27_a_read_only_directory_is_one_clear_line(
    environment: dict[str, str], filled: Path, command: list[str]
) -> None:
    humble: list[str] = []
    if os.geteuid() == 0:  # root may write anywhere, unless it gives that up
        if not shutil.which("setpriv"):
            pytest.skip("as root this needs setpriv")
        humble = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    folders = [filled, *(f for f in filled.rglob("*") if f.is_dir())]
    for path in [*filled.rglob("*"), filled]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        done = subprocess.run(
            [*humble, sys.executable, "-m", "bot", *command],
            env=environment,
            cwd=environment["HOME"],
            capture_output=True,
            text=True,
            timeout=120,
        )
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert done.returncode == 1
    told = done.stdout if command == ["doctor"] else done.stderr
    assert f"cannot write to {filled}" in told
    assert "PAPERS_HOME" in told
    assert command == ["doctor"] or (done.stdout, len(told.splitlines())) == ("", 1)
