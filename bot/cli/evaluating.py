"""`papers eval`: retrieval and answers, measured on questions whose right answers are known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import Json
from bot.terminal.session import session_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.terminal.screen import Screen

Queries = Annotated[Path, typer.Option("--queries", metavar="FILE", help='JSON lines {"_id", "text"}, as in BEIR.')]
Qrels = Annotated[Path, typer.Option("--qrels", metavar="FILE", help="Query, paper and score between tabs.")]
Questions = Annotated[
    Path,
    typer.Option(
        "--questions",
        metavar="FILE",
        help='JSON lines {"id", "question", "title" or "titles", "must_any"?} or {"id", "question", "unanswerable": true}.',
    ),
]

app = typer.Typer(rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def evaluate(context: typer.Context) -> None:
    """Measure retrieval and answers on your own questions."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command("retrieval")
def retrieval(context: typer.Context, queries: Queries, qrels: Qrels, as_json: Json = False) -> None:
    """How well the search ranks the right papers: nDCG@10, recall@5, R@1, MRR."""
    from bot.answers.evaluation import read_qrels, read_queries, retrieval_scores
    from bot.terminal.progress import progress_bar

    session = session_of(context)
    asked, relevant = read_queries(queries), read_qrels(qrels)
    session.expect_search()
    session.hint_if_empty()
    with progress_bar(session.screen, "searching") as progress:
        found = retrieval_scores(session.library, asked, relevant, progress)
    shares = {"ndcg@10": found.ndcg_10, "recall@5": found.recall_5, "r@1": found.recall_1, "mrr": found.mrr}
    _show(session.screen, {"queries": found.queries}, shares, as_json=as_json)


@app.command("answers")
def answers(context: typer.Context, questions: Questions, as_json: Json = False) -> None:
    """How good the answers are: right citations, answered, rightly refused, sentences shown with support."""
    import asyncio

    from bot.answers.evaluation import ask_all, read_questions, scores
    from bot.terminal.progress import progress_bar

    session = session_of(context)
    records = read_questions(questions)
    session.expect_search()
    session.hint_if_empty()
    with progress_bar(session.screen, "asking") as progress:
        asked = asyncio.run(ask_all(session.answerer, session.library, records, progress))
    found = scores(asked)
    shares = {
        "right_citation": found.right_citation,
        "answered": found.answered,
        "rightly_refused": found.rightly_refused,
        "shows_fact": found.shows_fact,
        "supported": found.supported,
    }
    _show(session.screen, {"questions": found.questions}, shares, as_json=as_json)


def _show(screen: Screen, counts: Mapping[str, int], shares: Mapping[str, float | None], *, as_json: bool) -> None:
    """Counts, and shares in 0–1; a share that no question asks for is null, or a dash."""
    if as_json:
        screen.json({**counts, **{name: None if s is None else round(s, 4) for name, s in shares.items()}})
        return
    for name, count in counts.items():
        screen.fact(name, count)
    for name, share in shares.items():
        screen.fact(name.replace("_", " "), "–" if share is None else f"{share:.3f}")
