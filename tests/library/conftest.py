"""Libraries for these tests: real ones, on a temporary directory."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from bot.library.library import Library
from bot.papers.paper import Paper, make_paper
from bot.settings import load_settings


def numbered(n: int, version: int = 1, **known: object) -> Paper:
    """A made-up paper, the same for the same numbers; each version has another abstract."""
    topics = ("spiking networks", "protein folding", "speech recognition", "graph search", "robot grasping")
    topic = topics[n % len(topics)]
    return make_paper(
        f"Study {n} of {topic}",
        f"Work {n} treats {topic} in version {version}. It reaches {n + version} points on benchmark {n}.",
        published=date(2025, 8, 1 + n % 28),
        **known,  # type: ignore[arg-type]
    )


def entries(papers: list[Paper]) -> list[tuple[str, Paper]]:
    """Papers as a source gives them."""
    return [(f"line {i}", paper) for i, paper in enumerate(papers, 1)]


@pytest.fixture
def open_library(tmp_path: Path) -> Iterator[Callable[[], Library]]:
    """Opens the library of this test, again and again where asked."""
    opened: list[Library] = []

    def open_again() -> Library:
        library = Library(load_settings({"PAPERS_HOME": str(tmp_path / "home")}))
        opened.append(library)
        return library

    yield open_again
    for library in opened:
        library.close()


@pytest.fixture
def library(open_library: Callable[[], Library]) -> Library:
    """An empty library."""
    return open_library()


@pytest.fixture
def chroma_server(tmp_path: Path) -> Iterator[str]:
    """The address of a real Chroma server, run for this test."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        str(Path(sys.executable).parent / "chroma"),
        "run",
        "--path",
        str(tmp_path / "server"),
        "--port",
        str(port),
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()
