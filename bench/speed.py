"""Speed and memory of the program as people run it, each beside what it is compared with, in one run.

`python -m bench.speed`: ingestion of the real page, `papers ask` against importing chromadb, `papers --help`,
a question inside the REPL, the REPL's second start, memory.
"""

import asyncio
import json
import resource
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.common import ROOT, SEED, need, report, run, settings_for, table, timed
from bot.answers.answer import Question
from bot.answers.core import Answerer, collect
from bot.library.library import Library

QUESTIONS = (
    "What is the reversal curse?",
    "Which papers use fMRI?",
    "How sparse are the activations of T5?",
    "How accurate is HiSTN?",
    "What did they find about metacognitive monitoring?",
    "Is there work on spiking neural networks and continual learning?",
)
RUNS = 5


def main() -> None:
    """Measure, print, and keep the figures."""
    need(SEED)
    with tempfile.TemporaryDirectory() as folder:
        rows = _commands(Path(folder))
        rows += _in_process(Path(folder) / "filled")
    body = table(("what", "median", "limit", "unit"), rows)
    report("speed", "Speed and memory", body, {str(r[0]): r[1] for r in rows}, "python -m bench.speed")


def _commands(folder: Path) -> list[tuple[object, ...]]:
    python = [sys.executable, "-c", "import chromadb"]
    ingest = []
    for number in range(3):
        home = folder / f"home-{number}"
        home.mkdir()
        ingest.append(run(["ingest", str(SEED)], home)[0])
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    shutil.move(folder / "home-0", folder / "filled")
    home = folder / "filled"
    asks, imports, helps = [], [], []
    for number in range(RUNS + 1):  # the first round only warms the disk cache
        imports.append(timed(python, home)[0])
        asks.append(run(["ask", QUESTIONS[number % len(QUESTIONS)]], home)[0])
        helps.append(run(["--help"], home)[0])
    beyond = [ask - base for ask, base in zip(asks[1:], imports[1:], strict=True)]
    return [
        ("ingesting the page of 68 papers", statistics.median(ingest), 10, "s"),
        ("the same, peak resident memory", memory, 500, "MB"),
        ("importing chromadb", statistics.median(imports[1:]), "–", "s"),
        ("papers ask, extractive", statistics.median(asks[1:]), "–", "s"),
        ("papers ask beyond importing chromadb", statistics.median(beyond), 1, "s"),
        ("papers --help", statistics.median(helps[1:]), 0.5, "s"),
        ("REPL prompt, second start", _prompt(home), 1.5, "s"),
        ("a reader's lag behind another process's ingestion, longest", _lag(home, folder), 2, "s"),
    ]


def _prompt(home: Path) -> float:
    import pexpect

    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        environment = {"PAPERS_HOME": str(home), "PAPERS_MODEL": "none", "TERM": "xterm", "HOME": str(home)}
        environment["PROMPT_TOOLKIT_NO_CPR"] = "1"  # this terminal answers no question about its cursor
        child = pexpect.spawn(sys.executable, ["-m", "bot", "repl"], cwd=str(ROOT), env=environment, timeout=60)
        child.expect(">")
        times.append(time.perf_counter() - begun)
        child.sendeof()
        child.expect(pexpect.EOF)
    return statistics.median(times)


def _lag(home: Path, folder: Path) -> float:
    """Seconds from the end of an ingestion by another process to a reader's first answer with what it brought."""
    news = folder / "news.jsonl"
    lags = []
    with Library(settings_for(home)) as reader:
        reader.search("warm", 1)
        for number in range(3):
            title = f"Bench paper number {number} on lagging readers"
            news.write_text(json.dumps({"title": title, "abstract": "It is only there to be found."}))
            run(["ingest", str(news)], home)
            begun = time.perf_counter()
            while reader.search(title, 1)[0].stored.paper.title != title:
                pass
            lags.append(time.perf_counter() - begun)
            reader.remove(reader.find(title)[0].id)
    return max(lags)


def _in_process(home: Path) -> list[tuple[object, ...]]:
    settings = settings_for(home)
    with Library(settings) as library:
        answerer = Answerer(library, settings)
        library.warm()
        times = []
        for number in range(60):
            begun = time.perf_counter()
            asyncio.run(collect(answerer.ask(Question(QUESTIONS[number % len(QUESTIONS)]))))
            times.append((time.perf_counter() - begun) * 1000)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        ("a question inside the REPL, retrieval and extractive answer", statistics.median(times), 50, "ms"),
        ("the same, peak resident memory", memory, 500, "MB"),
    ]


if __name__ == "__main__":
    main()
