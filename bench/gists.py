"""How often the gist of an abstract, without a model, is the sentence that a reader would choose.

`python -m bench.gists`: agreement with a marking by hand of 60 abstracts, made before the scorer was tuned
(`gists.jsonl`: ids and sentence numbers). Cues and weights were chosen on the 20 "tune" ones; the 40 "held"
ones were not looked at for it.
"""

import json
from collections.abc import Callable

from bench.common import DAILY, ROOT, SEED, need, papers_of, report, table
from bot.answers.instructions import gives_orders
from bot.digest.gists import choose_gist
from bot.library.embeddings import MiniLM
from bot.papers.paper import Paper

MARKS = ROOT / "bench" / "gists.jsonl"
Chooser = Callable[[Paper], int]


def main() -> None:
    """Measure, print, and keep the figures."""
    need(SEED, DAILY)
    marks = [json.loads(line) for line in MARKS.read_text("utf-8").splitlines()]
    wanted = {mark["id"] for mark in marks}
    papers = {p.id: p for source in (SEED, DAILY) for _, p in papers_of(source) if p.id in wanted}
    model = MiniLM()

    def ours(paper: Paper) -> int:
        rows = model.embed([paper.title, *paper.sentences])
        gist = choose_gist(paper.title, paper.sentences, rows, gives_orders)
        return gist.sentence if gist else -1

    ways: dict[str, Chooser] = {
        "our gist": ours,
        "first sentence": lambda paper: 0,
        "last sentence": lambda paper: len(paper.sentences) - 1,
    }
    rows = [
        (name, part, *_agreement(way, [m for m in marks if m["part"] == part], papers))
        for name, way in ways.items()
        for part in ("held", "tune")
    ]
    body = table(("choice", "part", "abstracts", "the best sentence", "the best or another that would do"), rows)
    report("gists", "Gists against a marking by hand", body, [list(r) for r in rows], "python -m bench.gists")


def _agreement(way: Chooser, marks: list[dict[str, object]], papers: dict[str, Paper]) -> tuple[int, float, float]:
    """Abstracts counted, and the shares of them where the choice is a best sentence, or one that would do."""
    best = fine = counted = 0
    for mark in marks:
        paper = papers[str(mark["id"])]
        if len(paper.sentences) != mark["n_sentences"]:
            print(f"left out: {paper.id} is cut into {len(paper.sentences)} sentences, not {mark['n_sentences']}")
            continue
        counted += 1
        chosen = way(paper)
        best += chosen in mark["best"]  # type: ignore[operator]
        fine += chosen in [*mark["best"], *mark["acceptable"]]  # type: ignore[misc]
    return counted, best / counted, fine / counted


if __name__ == "__main__":
    main()
