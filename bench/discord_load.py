"""200 people ask at the same time: how soon each is acknowledged and answered, and what it costs the bot.

The bot runs as a process of its own, over the bundled sample, against a Discord and a model server on loopback
(`tests/discord_app/loopback.py`, `tests/model_server.py`). The model takes two seconds for each answer.

    python -m bench.discord_load [--people 200] [--seconds 2] [--json FILE]

Prints the times from the moment an interaction is sent to its acknowledgement and to its finished answer, the
event loop's lag (how much later than asked a task is woken), and the largest resident memory.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from bot.library.library import Library
from bot.papers.sources import read_source
from bot.settings import load_settings
from tests.discord_app.loopback import TOKEN, Interaction, Loopback
from tests.model_server import ModelServer, Reply

ROOT = Path(__file__).parents[1]
REPLY = (
    "The locomotion circuits of C. elegans are turned into an artificial neural network that controls a simulated "
    "Swimmer agent. The authors test what a biologically inspired architecture brings to motor control."
)
QUESTIONS = (
    "Which paper is about the locomotion circuits of C. elegans?",
    "What does the worm's neural network control?",
    "Which architecture is inspired by a nervous system?",
    "How does a simulated swimmer learn motor control?",
)
GIVE_UP = 300.0
LIMITS = {"acknowledged_p99_s": 1.0, "lag_p99_ms": 100.0, "memory_mb": 600.0}


def fill(home: Path) -> None:
    settings = load_settings({"PAPERS_HOME": str(home)})
    with Library(settings) as library:
        batch = read_source("sample", settings=settings, today=date(2025, 8, 5))
        library.ingest(batch.papers, batch.source)


def start(home: Path, server: Loopback, model: ModelServer, report: Path) -> subprocess.Popen[bytes]:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PAPERS_HOME": str(home),
        "PAPERS_SOURCES": "none",
        "PAPERS_MODEL": "openai:scripted-model",
        "OPENAI_BASE_URL": model.url,
        "DISCORD_TOKEN": TOKEN,
    }
    command = [sys.executable, "-m", "tests.discord_app.bot_process", server.base, str(report)]
    process = subprocess.Popen(command, env=environment, cwd=home, stderr=subprocess.DEVNULL)
    if not server.ready.wait(120):
        raise SystemExit("the bot did not start")
    return process


def finished(asked: list[Interaction]) -> int:
    return sum(one.finished is not None for one in asked)


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


def measure(people: int, seconds: float) -> dict[str, float]:
    pieces = len(REPLY) // 20 + 1
    with tempfile.TemporaryDirectory() as folder, Loopback(heartbeat=5) as server:
        home, report = Path(folder) / "home", Path(folder) / "report.json"
        fill(home)
        with ModelServer(Reply(REPLY, piece=20, pause=seconds / pieces)) as model:
            bot = start(home, server, model, report)
            began = time.monotonic()
            asked = [
                server.slash("ask", person=10_000 + n, question=QUESTIONS[n % len(QUESTIONS)]) for n in range(people)
            ]
            while finished(asked) < people and time.monotonic() - began < GIVE_UP:
                time.sleep(0.05)
            took = time.monotonic() - began
            bot.send_signal(signal.SIGTERM)
            status = bot.wait(30)
            calls = len(model.requests)
        told = json.loads(report.read_text())
    answers = [one.finished - one.sent for one in asked if one.finished]
    acknowledged = [one.acknowledged - one.sent for one in asked if one.acknowledged]
    return {
        "people": people,
        "model_s": seconds,
        "answered": len(answers),
        "answered_twice": sum(sum(bool(b.get("components")) for _, b in one.shown) > 1 for one in asked),
        "cited": sum("[1]" in one.text for one in asked),
        "model_calls": calls,
        "acknowledged_median_s": statistics.median(acknowledged),
        "acknowledged_p99_s": percentile(acknowledged, 0.99),
        "answered_median_s": statistics.median(answers),
        "answered_p99_s": percentile(answers, 0.99),
        "all_s": took,
        **told,
        "exit_status": status,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=2.0, help="what the model takes for an answer")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args()
    figures = measure(options.people, options.seconds)
    for name, value in figures.items():
        limit = f"   (at most {LIMITS[name]:g})" if name in LIMITS else ""
        print(f"{name:24} {value:10.3f}{limit}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    missed = [name for name, limit in LIMITS.items() if figures[name] > limit]
    lost = figures["answered"] < figures["people"] or figures["answered_twice"]
    return 1 if missed or lost else 0


if __name__ == "__main__":
    sys.exit(main())
