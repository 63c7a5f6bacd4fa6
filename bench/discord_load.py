"""200 people ask at the same time: how soon each is acknowledged and answered, and what it costs the bot.

    python -m bench.discord_load [--people 200] [--seconds 2]

The bot runs as a process of its own, over the bundled sample, against a Discord and a model server on loopback
(`tests/discord_app/loopback.py`, `tests/model_server.py`). The model takes two seconds for each answer. Times are
from the moment an interaction is sent to its acknowledgement and to its finished answer; the lag is how much later
than asked the event loop wakes a task; the memory is the largest that was resident.
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
from dataclasses import dataclass
from pathlib import Path

from bench.common import ROOT, papers_of, report, settings_for, table
from bot.library.library import Library
from tests.discord_app.loopback import TOKEN, Interaction, Loopback
from tests.model_server import ModelServer, Reply

REPLY = (
    "The locomotion circuits of C. elegans are turned into an artificial neural network that controls a simulated "
    "Swimmer agent. The authors test what a biologically inspired architecture brings to motor control."
)
QUESTIONS = (
    "Which paper is about the locomotion circuits of C. elegans?",
    "What is made of the locomotion circuits of C. elegans?",
    "Which paper has a simulated Swimmer agent?",
    "How does a simulated swimmer learn motor control?",
)
PIECE = 20  # characters of the reply in a chunk
GIVE_UP = 300.0


@dataclass(frozen=True)
class Load:
    """What was sent, and what the bot's process reported of itself."""

    asked: list[Interaction]
    seconds: float
    calls: int
    status: int
    lag_p99_ms: float
    lag_max_ms: float
    memory_mb: float


def start(home: Path, server: Loopback, model: ModelServer, told: Path) -> subprocess.Popen[bytes]:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PAPERS_HOME": str(home),
        "PAPERS_SOURCES": "none",
        "PAPERS_MODEL": "openai:scripted-model",
        "OPENAI_BASE_URL": model.url,
        "DISCORD_TOKEN": TOKEN,
    }
    command = [sys.executable, "-m", "tests.discord_app.bot_process", server.base, str(told)]
    process = subprocess.Popen(command, env=environment, cwd=home, stderr=subprocess.DEVNULL)
    if not server.ready.wait(120):
        raise SystemExit("the bot did not start")
    return process


def measure(people: int, seconds: float) -> Load:
    reply = Reply(REPLY, piece=PIECE, pause=seconds / (len(REPLY) // PIECE + 1))
    with tempfile.TemporaryDirectory() as folder, Loopback(heartbeat=5) as server, ModelServer(reply) as model:
        home, told = Path(folder) / "home", Path(folder) / "told.json"
        with Library(settings_for(home)) as library:
            library.ingest(papers_of("sample"), "sample")
        bot = start(home, server, model, told)
        began = time.monotonic()
        asked = [
            server.slash("ask", person=10_000 + n, question=QUESTIONS[n % len(QUESTIONS)]) for n in range(people)
        ]
        while any(one.finished is None for one in asked) and time.monotonic() - began < GIVE_UP:
            time.sleep(0.05)
        took = time.monotonic() - began
        bot.send_signal(signal.SIGTERM)
        status = bot.wait(30)
        return Load(asked, took, len(model.requests), status, **json.loads(told.read_text()))


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else float("inf")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=2.0, help="what the model takes for an answer")
    options = parser.parse_args()
    load = measure(options.people, options.seconds)
    answers = [one.finished - one.sent for one in load.asked if one.finished]
    acknowledged = [one.acknowledged - one.sent for one in load.asked if one.acknowledged]
    twice = sum(sum(bool(body.get("components")) for _, body in one.shown) > 1 for one in load.asked)
    rows: list[tuple[str, float, float | None, str]] = [
        ("questions at the same time", options.people, None, ""),
        ("answered", len(answers), options.people, ""),
        ("answered twice", twice, 0, ""),
        ("with a citation", sum("[1]" in one.text for one in load.asked), options.people, ""),
        ("model calls", load.calls, options.people, ""),
        ("acknowledged, median", round(statistics.median(acknowledged), 3), None, "s"),
        ("acknowledged, p99", round(percentile(acknowledged, 0.99), 3), 1.0, "s"),
        ("answered, median", round(statistics.median(answers), 1), None, "s"),
        ("answered, p99", round(percentile(answers, 0.99), 1), None, "s"),
        ("all answered", round(load.seconds, 1), None, "s"),
        ("event-loop lag, p99", round(load.lag_p99_ms, 1), 100, "ms"),
        ("event-loop lag, longest", round(load.lag_max_ms, 1), None, "ms"),
        ("resident memory, largest", round(load.memory_mb), 600, "MB"),
        ("exit status after SIGTERM", load.status, 0, ""),
    ]
    shown = [(what, value, "–" if limit is None else limit, unit) for what, value, limit, unit in rows]
    report(
        "discord_load",
        "200 questions at the same time through the Discord bot",
        table(("what", "figure", "limit", "unit"), shown),
        [{"what": what, "figure": value, "limit": limit, "unit": unit} for what, value, limit, unit in rows],
        "python -m bench.discord_load",
    )
    exact = {"answered", "with a citation"}
    missed = [w for w, v, limit, _ in rows if limit is not None and (v < limit if w in exact else v > limit)]
    for what in missed:
        print(f"missed: {what}", file=sys.stderr)
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
