"""What tests of the whole program share: a home of their own, the real command, a library already filled."""

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from bot.__main__ import run as run_command
from bot.library.library import Library
from bot.papers.paper import Paper, make_paper
from bot.settings import NAMES, load_settings

ROOT = Path(__file__).parents[1]
SEED = ROOT.parent / "shared" / "seed" / "daily-papers-2025-08-04.txt"

# No test judges by time: on a busy machine making up an example may take seconds.
hypothesis.settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("untimed")

# A runner in the background may have been started with Ctrl-C ignored, which every process here would inherit.
signal.signal(signal.SIGINT, signal.default_int_handler)

OWLS = make_paper(
    "Owls at Night: Sparse Attention for Long Audio",
    "Long audio is slow to transcribe. OwlNet is a sparse attention network that reads one hour of audio at once. "
    "On LibriLong it lowers the word error rate from 9.1% to 7.4%. Training takes two days on four GPUs.",
    published="2025-08-04",
    arxiv_id="2508.00001",
    authors=["A. Strix", "B. Bubo"],
    upvotes=12,
)
FORESTS = make_paper(
    "Pruning Forests for Tabular Data",
    "Random forests are large. LeafCut removes 60% of the trees of a random forest. "
    "Accuracy on the Adult census data set stays within 0.2 points.",
    published="2025-08-05",
)
WAVELETS = make_paper(
    "Pruning Wavelets on Graphs [bold]and[/bold] [red]Trees[/red]",
    "The authors describe wavelets on graphs. Their transform needs no eigenvectors and runs in linear time.",
    published="2025-08-05",
    kind="note",
)
PAPERS = (OWLS, FORESTS, WAVELETS)
QUESTION = "What word error rate does OwlNet reach on LibriLong?"


@dataclass(frozen=True)
class Result:
    """What a run of the command gave."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON object on standard output."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """The JSON objects on standard output, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data directory, which the settings name; no other setting, and no `.env`, is there."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    monkeypatch.setenv("PAPERS_HOME", str(home))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.chdir(tmp_path)
    return home


@pytest.fixture(scope="session")
def _filled_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("filled") / "home"
    with Library(load_settings({"PAPERS_HOME": str(home)})) as library:
        library.ingest([(f"line {n}", paper) for n, paper in enumerate(PAPERS, 1)], "made up")
    return home


@pytest.fixture
def filled(home: Path, _filled_once: Path) -> Path:
    """A data directory with the library of `PAPERS`."""
    shutil.copytree(_filled_once, home)
    return home


@pytest.fixture
def papers(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs the command in this process: `papers("ask", "…", PAPERS_LOG="debug")`."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def run(*arguments: str, **environment: str) -> Result:
        capsys.readouterr()
        with monkeypatch.context() as changed:
            for name, value in environment.items():
                changed.setenv(name, value)
            status = run_command(arguments)
        told = capsys.readouterr()
        return Result(status, told.out, told.err)

    yield run
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def _bytecode(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bytecode")


@pytest.fixture
def environment(home: Path, tmp_path: Path, _bytecode: Path) -> dict[str, str]:
    """A clean environment for processes: this program, this home, nothing of whoever runs the tests."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": str(_bytecode),
        "PAPERS_HOME": str(home),
        "NO_PROXY": "127.0.0.1",
    }


@pytest.fixture
def process(environment: dict[str, str], tmp_path: Path) -> Run:
    """Runs the command as a process of its own: `process("list", input="…", PAPERS_LOG="debug")`."""

    def run(*arguments: str, input: str | bytes = "", **more: str) -> Result:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            input=input.encode() if isinstance(input, str) else input,
            capture_output=True,
            cwd=tmp_path,
            env={**environment, **more},
            timeout=120,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def seed_page() -> Path:
    """The real Daily Papers page, where it is at hand."""
    if not SEED.exists():
        pytest.skip("needs ../shared, which is not here")
    return SEED


def write_jsonl(path: Path, *papers: Paper | dict[str, Any] | str) -> Path:
    """Write records to `path`, one a line: papers, dicts, or lines as they are."""
    lines = []
    for paper in papers:
        if isinstance(paper, Paper):
            paper = {
                "title": paper.title,
                "abstract": list(paper.sentences),
                "arxiv_id": paper.arxiv_id,
                "date": str(paper.date),
            }
        lines.append(paper if isinstance(paper, str) else json.dumps(paper))
    path.write_text("\n".join(lines) + "\n")
    return path
