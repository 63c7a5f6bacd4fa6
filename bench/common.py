"""What the benches share: where the data is, libraries to measure on, and how results are printed and kept."""

import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from bot.library.library import Library
from bot.papers.paper import Paper
from bot.papers.sources import read_source
from bot.settings import Settings, load_settings

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("PAPERS_BENCH_DATA", ROOT.parent / "shared"))
SEED = SHARED / "seed" / "daily-papers-2025-08-04.txt"
DAILY = SHARED / "data" / "daily-papers-2024-2025.jsonl"
SCIFACT = SHARED / "data" / "scifact"
CACHE = ROOT / ".data"  # libraries that take minutes to fill, kept between runs
RESULTS = ROOT / "bench" / "results"


def need(*paths: Path) -> None:
    """End the bench, with a reason, where its data is not there."""
    for path in paths:
        if not path.exists():
            sys.exit(f"skipped: {path.name} is not there; set PAPERS_BENCH_DATA to the folder that holds the data")


def settings_for(home: Path, **more: str) -> Settings:
    """Settings that depend on nothing of this machine's environment."""
    return load_settings({"PAPERS_HOME": str(home), "PAPERS_MODEL": "none", **more})


def papers_of(source: Path | str) -> list[tuple[str, Paper]]:
    """The papers of a source."""
    batch = read_source(str(source), settings=settings_for(CACHE), today=date(2025, 12, 31))
    return list(batch.papers)


def library_of(name: str, papers: Iterable[tuple[str, Paper]]) -> Library:
    """A library with these papers, filled once and kept under `name`."""
    library = Library(settings_for(CACHE / name))
    entries = list(papers)
    if library.catalogue.count()[0] != len(entries):
        library.close()
        shutil.rmtree(CACHE / name)
        library = Library(settings_for(CACHE / name))
        print(f"filling the library {name} with {len(entries):,} papers ...", file=sys.stderr)
        library.ingest(entries, name)
    return library


def run(arguments: Sequence[str], home: Path, **more: str) -> tuple[float, str]:
    """Run `papers` as people do; the seconds it took, and its standard output."""
    return timed([sys.executable, "-m", "bot", *arguments], home, **more)


def timed(command: Sequence[str], home: Path, **more: str) -> tuple[float, str]:
    """Run a command with a clean environment; the seconds it took, and its standard output."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PAPERS_HOME": str(home), "PAPERS_MODEL": "none"}
    begun = time.perf_counter()
    done = subprocess.run(
        command, cwd=ROOT, env=environment | more, capture_output=True, text=True, check=False, timeout=900
    )
    spent = time.perf_counter() - begun
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    return spent, done.stdout


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [" | ".join(headings), " | ".join("---" for _ in headings)]
    lines += [" | ".join(f"{v:.3f}" if isinstance(v, float) else str(v) for v in row) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)


def report(name: str, title: str, body: str, figures: object, command: str) -> None:
    """Print a result, and keep it as Markdown and JSON in bench/results."""
    text = f"# {title}\n\n`{command}`, Python {platform.python_version()}, {os.cpu_count()} cores.\n\n{body}\n"
    print(text)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text, "utf-8")
    (RESULTS / f"{name}.json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
