"""How good answers without a model are: the right paper, the asked fact, what is refused, follow-ups.

`python -m bench.answers` asks the held-back third of every set in bench/questions. `--tune` first fits the decision
to refuse on the other two thirds, writes it where the product reads it, and asks those. `--model NAME` fits nothing,
and asks a local model a third of the held-back part, or with `--tune` a sixth of the other.
"""

import argparse
import asyncio
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from bench.common import DAILY, ROOT, SEED, library_of, need, papers_of, report, settings_for, table
from bot.answers.core import Answerer
from bot.answers.evaluation import Asked, ask_all, read_questions, scores
from bot.library.library import Library

QUESTIONS = ROOT / "bench" / "questions"
# File, and the library that its questions are about where they do not say.
FILES = (
    ("seed", "seed"),
    ("daily", "daily"),
    ("unanswerable", "seed"),
    ("unanswerable-daily", "daily"),
    ("dialogues", ""),
    ("multi", ""),
)
REFUSED = ("off_topic", "absent_topic", "hostile")


@dataclass(frozen=True)
class Figure:
    """A share to reach, of the questions of some kinds; `least` is False where it is the most that may be."""

    what: str
    kinds: tuple[str, ...]
    of: Callable[[Sequence[Asked]], float | None]
    limit: float | None = None
    least: bool = True


def _right(asked: Sequence[Asked]) -> float | None:
    return scores(asked).right_citation


def _shows(asked: Sequence[Asked]) -> float | None:
    return scores(asked).shows_fact


def _refused(asked: Sequence[Asked]) -> float | None:
    return scores(asked).rightly_refused


def _wrongly_refused(asked: Sequence[Asked]) -> float | None:
    answered = scores(asked).answered
    return None if answered is None else 1 - answered


def _supported(asked: Sequence[Asked]) -> float | None:
    return scores(asked).supported


def _second_turn(asked: Sequence[Asked]) -> float | None:
    """Right where the right paper is cited first, and the fact shown where one is asked for."""
    right = [bool(a.right_citation) and a.shows_fact is not False for a in asked]
    return sum(right) / len(right) if right else None


ANSWERABLE = ("paraphrase", "fact", "dialogue", "several")
FIGURES = (
    Figure("paraphrase: right paper first", ("paraphrase",), _right, 0.90),
    Figure("fact: right paper first", ("fact",), _right, 0.98),
    Figure("fact: the asked fact shown", ("fact",), _shows, 0.85),
    Figure("second turn: right paper first and the asked fact shown", ("dialogue",), _second_turn, 0.80),
    Figure("several papers: all of them cited", ("several",), _right),
    Figure("answerable: refused", ANSWERABLE, _wrongly_refused, 0.05, least=False),
    Figure("off-topic, absent and hostile: refused", REFUSED, _refused, 0.95),
    *(Figure(f"– {kind.replace('_', ' ')}: refused", (kind,), _refused) for kind in REFUSED),
    Figure("near miss: refused", ("near_miss",), _refused, 0.50),
    Figure("sentences shown that the check supports", (*ANSWERABLE, *REFUSED, "near_miss"), _supported),
)


def main() -> None:
    """Measure, after fitting if it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--tune", action="store_true", help="fit on the tuning part, and measure there")
    part.add_argument("--held", action="store_true", help="measure on the held-back part (the default)")
    parser.add_argument("--model", help="measure a fixed random share, with this local model and without")
    given = parser.parse_args()
    need(SEED, DAILY)
    split = "tune" if given.tune else "held"
    with ExitStack() as opened:
        libraries = {name: opened.enter_context(library) for name, library in open_libraries()}
        if given.model:
            measure_model(given.model, split, libraries)
            return
        if given.tune:
            from bench.answers_fit import fit_refusal

            fit_refusal({name: (library, questions(split, name)) for name, library in libraries.items()})
        measure(split, libraries)


def open_libraries() -> Iterator[tuple[str, Library]]:
    """The page of one day, and two years of daily papers; filled at the first use."""
    yield "seed", library_of("page", papers_of(SEED))
    yield "daily", library_of("daily", papers_of(DAILY))


def questions(split: str, library: str) -> list[dict[str, Any]]:
    """The questions of one part that are about one library, each with its `kind`."""
    found = []
    for name, about in FILES:
        for record in read_questions(QUESTIONS / f"{name}.jsonl"):
            if record["split"] == split and record.get("library", about) == library:
                kind = "dialogue" if "turns" in record else "several" if "titles" in record else record["kind"]
                found.append({**record, "kind": kind})
    return found


def measure(split: str, libraries: dict[str, Library]) -> None:
    """Ask everything, print the table, and keep it."""
    asked: dict[str, list[Asked]] = {}
    begun = time.process_time()
    for name, library in libraries.items():
        answerer = Answerer(library, settings_for(library.home))
        asked[name] = asyncio.run(ask_all(answerer, library, questions(split, name)))
    number = sum(map(len, asked.values()))
    spent = (time.process_time() - begun) / number
    asked["both"] = [a for part in asked.values() for a in part]
    figures = {f.what: {name: _share(f, part) for name, part in asked.items()} for f in FIGURES}
    rows = [(f.what, *(shown(v) for v in figures[f.what].values()), limit(f)) for f in FIGURES]
    body = table(("what", *asked, "limit"), rows)
    body += (
        f"\n\nWithout a model; {number} questions of the {'held-back' if split == 'held' else 'tuning'} part, over the page "
        f"of one day (seed) and two years of papers (daily); {spent * 1000:.0f} ms of processor time a question, the check "
        "of its sentences included."
    )
    kept: dict[str, object] = {"figures": figures}
    if split == "tune":  # which of the held-back ones went wrong is better not known
        kept["wrong"] = {name: [a.id for a in part if _is_wrong(a)] for name, part in asked.items() if name != "both"}
    title = "Answers without a model" + (", tuning part" if split == "tune" else "")
    command = "python -m bench.answers" + (" --tune" if split == "tune" else "")
    report("answers-tune" if split == "tune" else "answers", title, body, kept, command)


def measure_model(name: str, split: str, libraries: dict[str, Library]) -> None:
    """Ask some hundred questions of one part, always the same, with a local model and without; keep the table."""
    from bench.llm import model_file

    if (path := model_file(name)) is None:
        return
    asked: dict[str, list[Asked]] = {}
    seconds: list[float] = []
    for model, way in (("none", "no model"), (f"local:{path}", name)):
        asked[way] = []
        for about, library in libraries.items():
            answerer = Answerer(library, settings_for(library.home, PAPERS_MODEL=model, PAPERS_TIMEOUT="600"))
            part = questions(split, about)
            some = random.Random("third").sample(part, len(part) // (3 if split == "held" else 6))
            asked[way] += asyncio.run(ask_all(answerer, library, some))
        seconds.append(statistics.median(a.answer.timings_ms.total / 1000 for a in asked[way]))
    figures = {f.what: {way: _share(f, part) for way, part in asked.items()} for f in FIGURES}
    body = table(("what", *asked), [(f.what, *(shown(v) for v in figures[f.what].values())) for f in FIGURES])
    written = sum(a.answer.mode == "llm" for a in asked[name])
    share = "third of the held-back part" if split == "held" else "sixth of the tuning part"
    body += (
        f"\n\n{len(asked[name])} questions, a fixed random {share}. {name} wrote {written} of the answers; the median "
        f"answer took {seconds[1]:.1f} s with it, and {seconds[0]:.2f} s without."
    )
    kept: dict[str, object] = {"figures": figures}
    if split == "tune":
        kept["wrong"] = {way: [a.id for a in part if _is_wrong(a)] for way, part in asked.items()}
    file, tune = ("answers-model", "") if split == "held" else ("answers-model-tune", " --tune")
    report(file, f"Answers with {name}", body, kept, f"python -m bench.answers{tune} --model {name}")


def _share(figure: Figure, asked: Sequence[Asked]) -> float | None:
    share = figure.of([a for a in asked if a.kind in figure.kinds])
    return None if share is None else round(share, 4)


def shown(share: float | None) -> str:
    """A share as a cell of a table."""
    return "–" if share is None else f"{share * 100:.1f} %"


def limit(figure: Figure) -> str:
    """What is to be reached, as a cell of a table."""
    return "–" if figure.limit is None else f"{'≥' if figure.least else '≤'} {figure.limit * 100:.0f} %"


def _is_wrong(asked: Asked) -> bool:
    if asked.should_refuse:
        return not asked.answer.abstained
    return asked.right_citation is False or asked.shows_fact is False


if __name__ == "__main__":
    main()
