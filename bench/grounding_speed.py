"""How long the check of an answer takes: ten sentences against eight abstracts, as `papers ask` does it.

`python -m bench.grounding_speed`: with everything that the check keeps between sentences thrown away before each
answer ("cold"), and with the eight abstracts prepared a moment before ("warm"). The words' tables are read once
before; sentence vectors of the abstracts come from the library, those of the answer are made within the time.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable

from bench.common import DAILY, need, report, table
from bench.grounding_data import Case, Daily, embedder
from bot.answers.grounding import Evidence, check

ANSWERS, SENTENCES = 30, 10
LIMIT = 150  # milliseconds
_ROOMS = ("bot.answers.grounding", "bot.answers.instructions")
_TABLES = {"_frequencies", "_near_words", "_analyzer", "model"}  # read from files once in a process


def main() -> None:
    """Measure, print, and keep the figures."""
    need(DAILY)
    daily = Daily()
    cases = [c for c in daily.rewritten() if c.split == "tune"]
    answers = [_answer(daily, cases, seed) for seed in range(ANSWERS)]
    _check(*answers[0])
    found = {"cold": [_timed(a, forget=True) for a in answers], "warm": [_timed(a, forget=False) for a in answers]}
    rows = []
    for name, both in found.items():
        for kind, values in zip(("clock", "processor"), zip(*both, strict=True), strict=True):
            ranked = sorted(values)
            rows.append(
                (name, kind, f"{statistics.median(ranked):.0f}", f"{ranked[len(ranked) * 9 // 10]:.0f}", LIMIT)
            )
    body = table(("caches", "time", "median, ms", "slowest tenth, ms", "limit, ms"), rows)
    intro = (
        f"{ANSWERS} answers of {SENTENCES} sentences (paraphrases of the papers' own, half of them with a change that "
        "makes them false), each checked against eight abstracts, the embedding of the sentences included."
    )
    figures = {
        f"{name} {kind}": {"median_ms": float(median), "slowest_tenth_ms": float(tenth)}
        for name, kind, median, tenth, _ in rows
    }
    report(
        "grounding_speed",
        "How long checking an answer takes",
        f"{intro}\n\n{body}",
        figures,
        "python -m bench.grounding_speed",
    )


def _answer(daily: Daily, cases: list[Case], seed: int) -> tuple[list[str], list[Evidence]]:
    """Sentences about one paper and its seven neighbours, as far as there are any, else about others."""
    drawn = random.Random(seed)
    paper = drawn.choice(cases).arxiv_id
    near = daily.around(paper)
    mine = [c for c in cases if c.arxiv_id in near]
    others = [c for c in cases if c.arxiv_id not in near]
    chosen = [*mine, *drawn.sample(others, SENTENCES)][:SENTENCES]
    changed = {c.arxiv_id + str(c.sentences): c.text for c in daily.perturbed(chosen)}
    texts = [changed.get(c.arxiv_id + str(c.sentences), c.text) if i % 2 else c.text for i, c in enumerate(chosen)]
    return texts, [daily.evidence[key] for key in near]


def _check(sentences: list[str], evidence: list[Evidence]) -> None:
    for sentence in sentences:  # one by one, as they stream in
        check([sentence], evidence, embedder().embed)


def _timed(answer: tuple[list[str], list[Evidence]], *, forget: bool) -> tuple[float, float]:
    """Milliseconds by the clock and of the processor."""
    _forget()
    if not forget:
        check(["A sentence that no abstract has."], answer[1], embedder().embed)
    clock, processor = time.perf_counter(), time.process_time()
    _check(*answer)
    return 1_000 * (time.perf_counter() - clock), 1_000 * (time.process_time() - processor)


def _forget() -> None:
    """Empty what the check keeps of texts that it saw."""
    for module in [module for name, module in sys.modules.items() if name.startswith(_ROOMS)]:
        for name, value in vars(module).items():
            empty: Callable[[], None] | None = getattr(value, "cache_clear", None)
            if empty is not None and name not in _TABLES:
                empty()


if __name__ == "__main__":
    main()
