"""What simpler checks of sentences would keep and catch, beside ours.

`python -m bench.grounding_baselines`: the model's markers trusted (everything is kept), the best cosine to a sentence
of the eight abstracts, and the best share of words, by idf, that one sentence has. The limits of the last two are set
on the tuning half where they keep as many paraphrases there as ours does; all figures are of the held-back half.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from bench.common import DAILY, need, report, table
from bench.grounding import PERTURBED, sets_of
from bench.grounding_data import KEPT, Case, Daily, Vectors, check_all, vectors_of
from bot.answers.grounding import check
from bot.answers.grounding.words import content, weight, words

Score = Callable[[Case, Vectors, Daily], float]


def main() -> None:
    """Measure, print, and keep the figures."""
    need(DAILY)
    daily = Daily()
    sets = sets_of(daily)
    paraphrases = _half(sets["paraphrase"], "tune")
    verdicts = check_all(paraphrases, daily, check, "paraphrase-tune")
    removed = sum(not v.supported for _, v, _ in verdicts) / len(verdicts)
    kept: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    limits = {}
    for name, score in {"word overlap alone": _overlap, "embedding alone": _cosine}.items():
        vectors = vectors_of([c.text for c in paraphrases], "paraphrase-tune")
        found = sorted(score(c, v, daily) for c, v in zip(paraphrases, vectors, strict=True))
        limits[name] = found[round(removed * len(found))]
        for group, cases in sets.items():
            mine = _half(cases, "held")
            for case, vector in zip(mine, vectors_of([c.text for c in mine], f"{group}-held"), strict=True):
                kept[name][_kind(case)].append(score(case, vector, daily) >= limits[name])
    for group, cases in sets.items():
        for case, verdict, _ in check_all(_half(cases, "held"), daily, check, f"{group}-held"):
            kept["ours"][_kind(case)].append(verdict.supported)
            kept["markers trusted"][_kind(case)].append(True)
    _report(kept, limits)


def _report(kept: dict[str, dict[str, list[bool]]], limits: dict[str, float]) -> None:
    names = ("markers trusted", "word overlap alone", "embedding alone", "ours")
    rows, figures = [], {}
    for kind in kept["ours"]:
        shares = {n: sum(kept[n][kind]) / len(kept[n][kind]) for n in names}
        wanted = kind in KEPT
        figures[kind] = shares
        cells = [f"{100 * (s if wanted else 1 - s):.1f} %" for s in shares.values()]
        rows.append((kind, "kept" if wanted else "caught", len(kept["ours"][kind]), *cells))
    given = ", ".join(f"{name} {limit:.2f}" for name, limit in limits.items())
    body = f"{table(('sentences', 'wanted', 'n', *names), rows)}\n\nLimits, from the tuning half: {given}."
    command = "python -m bench.grounding_baselines"
    report("grounding_baselines", "Simpler checks of sentences beside ours", body, figures, command)


def _half(cases: Sequence[Case], half: str) -> list[Case]:
    return [c for c in cases if c.split == half]


def _kind(case: Case) -> str:
    if case.kind in PERTURBED:
        return "changed: " + case.kind
    return "paraphrase, changed" if case.kind.startswith("paraphrase, ") else case.kind


def _cosine(case: Case, vector: Vectors, daily: Daily) -> float:
    return max(float((daily.evidence[k].vectors @ vector).max()) for k in daily.around(case.arxiv_id))


def _overlap(case: Case, vector: Vectors, daily: Daily) -> float:
    wanted = {w.stem for w in content(case.text)}
    total = sum(weight(s) for s in wanted) or 1.0
    rows = [{w.stem for w in words(s)} for k in daily.around(case.arxiv_id) for s in daily.evidence[k].sentences]
    return float(np.max([sum(weight(s) for s in wanted & row) for row in rows])) / total


if __name__ == "__main__":
    main()
