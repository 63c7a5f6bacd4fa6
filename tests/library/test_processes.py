"""The library under several processes, and under processes that are killed. All of them are real."""

import random
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import LibraryBusy
from bot.library.library import Library
from bot.library.writing import writer_lock
from tests.library.conftest import entries, numbered

OpenLibrary = Callable[[], Library]
ROOT = Path(__file__).parents[2]
PAPERS = 24

# Ingests version after version of the same papers, telling when each is durable.
WRITER = """
    import sys
    from bot.library.library import Library
    from bot.settings import load_settings
    from bot import limits
    from tests.library.conftest import entries, numbered

    limits.INGEST_BATCH = 8
    library = Library(load_settings({"PAPERS_HOME": sys.argv[1]}))
    library.embedder.embed(["ready"])
    print("ready", flush=True)
    for version in range(int(sys.argv[2]), int(sys.argv[2]) + 500):
        library.ingest(entries([numbered(n, version) for n in range(int(sys.argv[3]))]), "page")
        print(version, flush=True)
"""


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def version_of(abstract: str) -> int:
    return int(abstract.partition("version ")[2].partition(".")[0])


def kill_and_look(open_library: OpenLibrary, times: int, seed: int) -> None:
    """Kill a writer at random moments; after each, all that was told is there, whole, and can be found."""
    chance = random.Random(seed)
    first = open_library()
    told = latest = 0
    for _ in range(times):
        writer = start(WRITER, first.home, latest + 1, PAPERS)
        try:
            assert line(writer) == "ready"
            time.sleep(chance.uniform(0, 2.5))
        finally:
            writer.send_signal(signal.SIGKILL)
        acknowledged = [int(x) for x in writer.communicate()[0].split()]
        told = max([told, *acknowledged])
        library = open_library()
        papers = library.papers()
        versions = [version_of(stored.paper.abstract) for stored in papers]
        assert len(papers) == PAPERS or told == 0
        assert all(version >= told for version in versions)
        assert library.check().sound
        for stored in papers[:: PAPERS // 4]:
            hit = library.search(stored.paper.title, 1)[0]
            assert hit.stored == stored
            assert {p.sentence for p in hit.passages} <= {-1, 0, 1}
        latest = max([latest, *versions]) + 1
        library.ingest(entries([numbered(0, latest)]), "page")  # the next writer tidies up
        assert library.check() == type(library.check())(0, 0, 0, 0)
        library.close()


def test_p25_a_killed_writer_loses_nothing_told_and_leaves_nothing_half_there(open_library: OpenLibrary) -> None:
    kill_and_look(open_library, 3, seed=20250804)


@pytest.mark.slow
def test_p25_forty_kills(open_library: OpenLibrary) -> None:
    kill_and_look(open_library, 40, seed=7)


def test_p26_a_second_writer_hears_who_is_writing(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.limits.LOCK_SECONDS", 0.1)
    holder = start(
        """
        import sys, time
        from pathlib import Path
        from bot.library.writing import writer_lock
        with writer_lock(Path(sys.argv[1])):
            print("ready", flush=True)
            time.sleep(60)
        """,
        library.home,
    )
    try:
        assert line(holder) == "ready"
        with pytest.raises(LibraryBusy, match=f"process {holder.pid} "):
            library.ingest(entries([numbered(1)]))
    finally:
        holder.kill()
        holder.wait()
    with writer_lock(library.home):  # the crash released it
        pass


def test_p26_readers_beside_a_writer_see_new_papers_and_no_errors(open_library: OpenLibrary) -> None:
    reader = open_library()
    reader.ingest(entries([numbered(0, 0)]), "page")
    writer = start(WRITER, reader.home, 1, PAPERS)
    try:
        assert line(writer) == "ready"
        for _ in range(3):
            version = int(line(writer))
            deadline = time.monotonic() + 30  # bench/speed.py shows the 2 s; a busy machine may take longer
            while True:
                hit = reader.search(numbered(3).title, 1)[0]
                if version_of(hit.stored.paper.abstract) >= version and len(hit.passages) == 3:
                    break
                assert time.monotonic() < deadline
    finally:
        writer.kill()
        writer.wait()
