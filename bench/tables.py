"""Puts the figures of `bench/results` into the tables of docs: `python -m bench.tables`, after the benches.

A table stands between `<!-- table: NAME -->` and `<!-- end -->`.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from bench.answers import FIGURES, limit, shown
from bench.common import RESULTS, ROOT, table
from bench.grounding_data import KEPT

DOCS = ROOT / "docs"
MODEL = "qwen2.5-coder-1.5b-instruct"
_PLACE = re.compile(r"(<!-- table: ([\w-]+) -->\n).*?\n(<!-- end -->)", re.DOTALL)
_SCORES = {
    "best cosine": "embedding alone (best cosine)",
    "idf overlap, best sentence": "word overlap alone (idf, best sentence)",
    "idf overlap, whole abstract": "word overlap alone (idf, whole abstract)",
    "their plain sum (cosine + whole abstract)": "their plain sum",
    "ours: evidence alone": "ours: evidence",
    "ours: agreement alone": "ours: agreement",
    "ours: support": "ours: both in one number",
}


def main() -> None:
    """Fill every table of every page."""
    for page in sorted(DOCS.glob("*.md")):
        page.write_text(filled(page.read_text("utf-8")), "utf-8")


def filled(text: str) -> str:
    """`text` with its tables made anew."""
    return _PLACE.sub(lambda m: f"{m[1]}{TABLES[m[2]]()}\n{m[3]}", text)


def _figures(name: str) -> Any:
    return json.loads((RESULTS / f"{name}.json").read_text("utf-8"))


def _scifact() -> str:
    found = _figures("grounding")["scifact"]
    rows = [("the model's own markers trusted", "0.5", "0.5")]
    for key, name in _SCORES.items():
        row = found[key]
        first, second = (f"{row[c]:.3f} ± {row[f'{c}_se']:.3f}" for c in ("support_vs_none", "support_vs_contradict"))
        rows.append((name, first, second))
    rows.append(("wanted", "0.93", "0.65"))
    return table(("score", "supports or says nothing", "supports or contradicts"), rows)


def _sentences() -> str:
    rows = []
    for kind, shares in _figures("grounding_baselines").items():
        wanted = kind in KEPT
        cells = (shown(share if wanted else 1 - share) for share in shares.values())
        rows.append((kind, "kept" if wanted else "caught", *cells))
    ways = ("markers trusted", "word overlap alone", "embedding alone", "ours")
    return table(("sentences", "", *ways), rows)


def _answers(columns: Mapping[str, tuple[str, str]], *, wanted: bool = True) -> str:
    """A row for each figure; a column is a file of results, and which of its libraries or ways."""
    found = {name: _figures(name)["figures"] for name, _ in columns.values()}
    rows = []
    for figure in FIGURES:
        if figure.what.startswith("–"):
            continue
        cells = [shown(found[name][figure.what][of]) for name, of in columns.values()]
        rows.append((figure.what, *cells, *([limit(figure)] if wanted else [])))
    return table(("what", *columns, *(["wanted"] if wanted else [])), rows)


TABLES: dict[str, Callable[[], str]] = {
    "scifact": _scifact,
    "sentences": _sentences,
    "answers": lambda: _answers({"held back": ("answers", "both")}),
    "answers-model": lambda: _answers(
        {"without a model": ("answers-model", "no model"), MODEL: ("answers-model", MODEL)}, wanted=False
    ),
    "answers-by-library": lambda: _answers(
        {
            "tuning part": ("answers-tune", "both"),
            "held-back part": ("answers", "both"),
            "one day's page": ("answers", "seed"),
            "two years": ("answers", "daily"),
        }
    ),
}

if __name__ == "__main__":
    main()
