"""How good the check of sentences is, beside plain baselines; and, with --tune, where its numbers come from.

`python -m bench.grounding` measures on the held-back half of every set. `--tune` first fits the coefficients and
thresholds on the other half and writes them where the product reads them; `--half tune` shows that half instead.
"""

import argparse
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from bench.common import DAILY, SCIFACT, need, report, table
from bench.grounding_data import KEPT, Case, Daily, Pair, auroc, check_all, scifact
from bench.grounding_fit import tune
from bot.answers.grounding import Evidence, check
from bot.answers.grounding.likeness import PaperText
from bot.answers.grounding.scoring import Scored, model, score
from bot.answers.grounding.words import content, weight, words

PERTURBED = ("number", "unit", "name", "direction", "negation", "rank")


def spread(positive: Sequence[float], negative: Sequence[float], rounds: int = 400) -> float:
    """The standard error of `auroc` by resampling."""
    generator = np.random.default_rng(0)
    one, other = np.array(positive), np.array(negative)
    found = [auroc(generator.choice(one, len(one)), generator.choice(other, len(other))) for _ in range(rounds)]
    return float(np.std(found))


def main() -> None:
    """Measure, after tuning if it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tune", action="store_true", help="find coefficients and thresholds anew, and write them")
    parser.add_argument("--half", choices=("held", "tune"), default="held")
    given = parser.parse_args()
    need(DAILY, SCIFACT)
    evidence, pairs = scifact()
    texts = {doc: PaperText(e.title, e.sentences) for doc, e in evidence.items()}
    scored = [score(p.claim, texts[p.doc], evidence[p.doc].vectors @ p.vector) for p in pairs]
    daily = Daily()
    if given.tune:
        tune(pairs, scored, daily)
    measure(given.half, evidence, pairs, scored, daily)


def measure(half: str, evidence: dict[str, Evidence], pairs: list[Pair], scored: list[Scored], daily: Daily) -> None:
    """Print and keep the tables."""
    claims, figures = _claims(half, evidence, pairs, scored)
    sentences, more = _sentences(half, daily)
    chosen = {k: v for k, v in model().items() if not isinstance(v, dict)}
    body = "\n\n".join(
        [
            f"SciFact claims beside the abstracts they cite, {half} half (by abstract), each pair once.",
            claims,
            f"Sentences of daily papers ({half} half, by paper), each checked against its own abstract and those of "
            "the seven papers most like it.",
            sentences,
            f"Thresholds in use: {', '.join(f'{k} {v:.3g}' for k, v in chosen.items() if isinstance(v, float))}.",
        ]
    )
    name = "grounding" if half == "held" else "grounding-tune"
    command = "python -m bench.grounding" + ("" if half == "held" else " --half tune")
    report(name, "Grounding: is what a sentence claims in the abstracts?", body, figures | more, command)


def _claims(
    half: str, evidence: dict[str, Evidence], pairs: list[Pair], scored: list[Scored]
) -> tuple[str, dict[str, Any]]:
    baselines: dict[str, Callable[[Pair, Scored], float]] = {
        "best cosine": lambda p, s: s.features["cosine"],
        "idf overlap, best sentence": lambda p, s: _overlap(p.claim, evidence[p.doc], whole=False),
        "idf overlap, whole abstract": lambda p, s: _overlap(p.claim, evidence[p.doc], whole=True),
        "their plain sum (cosine + best sentence)": lambda p, s: (
            s.features["cosine"] + _overlap(p.claim, evidence[p.doc], whole=False)
        ),
        "their plain sum (cosine + whole abstract)": lambda p, s: (
            s.features["cosine"] + _overlap(p.claim, evidence[p.doc], whole=True)
        ),
        "ours: evidence alone": lambda p, s: s.evidence,
        "ours: agreement alone": lambda p, s: s.agreement,
        "ours: support": lambda p, s: s.support,
    }
    lines, figures = [], {}
    for name, value in baselines.items():
        by: dict[str, list[float]] = defaultdict(list)
        for pair, found in zip(pairs, scored, strict=True):
            if pair.split == half:
                by[pair.label].append(value(pair, found))
        row = {
            "support_vs_none": auroc(by["SUPPORT"], by[""]),
            "support_vs_none_se": spread(by["SUPPORT"], by[""]),
            "support_vs_contradict": auroc(by["SUPPORT"], by["CONTRADICT"]),
            "support_vs_contradict_se": spread(by["SUPPORT"], by["CONTRADICT"]),
        }
        figures[name] = row
        counts = {label or "NONE": len(v) for label, v in by.items()}
        first = f"{row['support_vs_none']:.3f} ± {row['support_vs_none_se']:.3f}"
        lines.append((name, first, f"{row['support_vs_contradict']:.3f} ± {row['support_vs_contradict_se']:.3f}"))
    headings = ("score", "AUROC SUPPORT against no evidence", "AUROC SUPPORT against CONTRADICT")
    return table(headings, lines) + f"\n\n{counts} pairs.", {"scifact": figures, "pairs": counts}


def _overlap(claim: str, paper: Evidence, *, whole: bool) -> float:
    wanted = content(claim)
    total = sum(weight(w.stem) for w in wanted) or 1.0
    rows = [{w.stem for w in words(s)} for s in paper.sentences]
    sets = [set().union(*rows, {w.stem for w in words(paper.title)})] if whole else rows
    return max(sum(weight(w.stem) for w in wanted if w.stem in found) for found in sets) / total


def sets_of(daily: Daily) -> dict[str, list[Case]]:
    """Every set of sentences, by the name under which its vectors are kept."""
    verbatim, rewritten = daily.verbatim(), daily.rewritten()
    again = daily.perturbed(rewritten)
    return {
        "verbatim": verbatim,
        "perturbed": daily.perturbed(verbatim),
        "lighter": daily.lighter(),
        "paraphrase": rewritten,
        "paraphrase-perturbed": [
            Case(f"paraphrase, {c.kind}", c.text, c.arxiv_id, c.sentences, c.split) for c in again
        ],
        "unfaithful": daily.invented(),
    }


def _sentences(half: str, daily: Daily) -> tuple[str, dict[str, Any]]:
    counted: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for name, cases in sets_of(daily).items():
        mine = [c for c in cases if c.split == half]
        for case, verdict, keys in check_all(mine, daily, check, f"{name}-{half}"):
            right = verdict.supported and keys[verdict.citations[0][0]] == case.arxiv_id
            counted[case.kind].append((verdict.supported, right))
    lines, figures = [], {}
    total = [v for kind in PERTURBED for v in counted[kind]]
    counted["all six changes above"] = total
    again = [v for kind, found in counted.items() if kind.startswith("paraphrase, ") for v in found]
    counted["paraphrase, all changes"] = again
    for kind, found in counted.items():
        kept = sum(s for s, _ in found) / len(found)
        right = sum(r for _, r in found) / max(1, sum(s for s, _ in found))
        wanted = kind in KEPT
        figures[kind] = {"n": len(found), "kept": kept, "cites_right_paper": right}
        share = f"{100 * (kept if wanted else 1 - kept):.1f} % {'kept' if wanted else 'caught'}"
        lines.append((kind, len(found), share, f"{100 * right:.1f} %" if wanted else ""))
    return table(("sentences", "n", "result", "citing the right paper"), lines), {"sentences": figures}


if __name__ == "__main__":
    main()
