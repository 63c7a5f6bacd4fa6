"""`papers search`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot import limits
from bot.cli.options import Json, On, Since, Until, date_range
from bot.errors import BadInput
from bot.terminal.session import session_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.library.retriever import Hit
    from bot.terminal.screen import Screen

_RESULTS = 10

Words = Annotated[list[str] | None, typer.Argument(metavar="QUERY", help="What to look for.")]
K = Annotated[int, typer.Option("-k", metavar="N", min=1, max=limits.SEARCH_RESULTS_MAX, help="Papers to list.")]
Queries = Annotated[
    Path | None,
    typer.Option("--queries", metavar="FILE", help='JSON lines {"id", "text"}: one JSON line of results each.'),
]


def search(
    context: typer.Context,
    query: Words = None,
    k: K = _RESULTS,
    since: Since = None,
    until: Until = None,
    on: On = None,
    as_json: Json = False,
    queries: Queries = None,
) -> None:
    """List the papers that fit a query, best first."""
    session = session_of(context)
    if (queries is None) == (not query):
        raise BadInput("search takes a QUERY, or --queries FILE")
    dates = date_range(since, until, on)
    session.expect_search()
    screen = session.screen
    if queries is not None:
        asked = _read(queries)
        session.hint_if_empty()
        for name, text in asked:
            screen.json(_told(text, session.library.search(text, k, dates), name))
        return
    text = " ".join(query or ())
    session.hint_if_empty()
    hits = session.library.search(text, k, dates)
    if as_json:
        screen.json(_told(text, hits))
    elif not hits:
        screen.tell(f"no papers for {text!r}")
    for rank, hit in enumerate(() if as_json else hits, 1):
        _show(screen, rank, hit)


def _show(screen: Screen, rank: int, hit: Hit) -> None:
    paper = hit.stored.paper
    if screen.live:
        screen.say(f"{rank}. {paper.title}", hanging=4)
        screen.say(f"{hit.score:.2f}  {paper.date or 'no date'}  {hit.stored.id}", indent=4, style="dim")
    else:
        screen.row(rank, f"{hit.score:.3f}", paper.date or "-", hit.stored.id, paper.title)


def _told(query: str, hits: Sequence[Hit], name: str | None = None) -> dict[str, Any]:
    results = [
        {
            "rank": rank,
            "id": hit.stored.id,
            "title": hit.stored.paper.title,
            "score": round(hit.score, 4),
            "date": hit.stored.paper.date and hit.stored.paper.date.isoformat(),
        }
        for rank, hit in enumerate(hits, 1)
    ]
    return {**({} if name is None else {"id": name}), "query": query, "results": results}


def _read(path: Path) -> list[tuple[str, str]]:
    """The queries of a file, (id, text) each. Raises `BadInput`, naming the line, before any is run."""
    queries: list[tuple[str, str]] = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: not UTF-8 text") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            name, text = record["id"], record["text"]
            if not isinstance(name, str | int) or not isinstance(text, str):
                raise TypeError
        except (ValueError, KeyError, TypeError, RecursionError):
            raise BadInput(f'{path}, line {number}: expected {{"id": …, "text": …}}') from None
        queries.append((str(name), text))
    return queries
