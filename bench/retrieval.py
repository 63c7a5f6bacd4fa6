"""Retrieval on SciFact's 809 training queries over its 5,183 abstracts: nDCG@10, R@1, R@5, MRR.

`python -m bench.retrieval` fills a library (several minutes the first time) and asks it every query.
"""

import json

from bench.common import SCIFACT, library_of, need, report, table
from bot.answers.evaluation import RetrievalScores, read_qrels, read_queries, retrieval_scores
from bot.library import retriever
from bot.library.library import Library
from bot.papers.paper import make_paper

WAYS = {
    "BM25 alone": {"bm25": 1.0},
    "paper vectors alone": {"paper": 1.0},
    "best passage alone": {"passage": 1.0},
    "words alone": {"words": 1.0},
    "all together": retriever.WEIGHTS,
}


def main() -> None:
    """Measure each way of ranking, and print them side by side."""
    need(SCIFACT)
    documents = [json.loads(line) for line in (SCIFACT / "corpus.jsonl").open()]
    papers = [("", make_paper(d["title"], d["abstract"], given_id=d["doc_id"])) for d in documents]
    library = library_of("scifact", papers)
    queries = read_queries(SCIFACT / "queries-train.jsonl")
    relevant = read_qrels(SCIFACT / "qrels-train.tsv")
    scores = {name: _measure(library, queries, relevant, weights) for name, weights in WAYS.items()}
    rows = [(name, s.ndcg_10, s.recall_1, s.recall_5, s.mrr) for name, s in scores.items()]
    body = table(("ranking", "nDCG@10", "R@1", "R@5", "MRR"), rows) + (
        f"\n\n{len(queries)} queries over {len(documents):,} abstracts. The weights were found on "
        "questions about other papers."
    )
    report("retrieval", "Retrieval on SciFact", body, dict(rows_as(rows)), "python -m bench.retrieval")


def rows_as(rows: list[tuple[str, float, float, float, float]]) -> list[tuple[str, dict[str, float]]]:
    """The rows as named figures."""
    return [(r[0], {"ndcg@10": r[1], "r@1": r[2], "r@5": r[3], "mrr": r[4]}) for r in rows]


def _measure(
    library: Library, queries: dict[str, str], relevant: dict[str, dict[str, float]], weights: dict[str, float]
) -> RetrievalScores:
    standard, retriever.WEIGHTS = retriever.WEIGHTS, weights
    try:
        return retrieval_scores(library, queries, relevant)
    finally:
        retriever.WEIGHTS = standard


if __name__ == "__main__":
    main()
