"""`papers ingest`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import Json, parse_date
from bot.errors import BadInput, PapersError
from bot.terminal.session import Session, session_of

if TYPE_CHECKING:
    from datetime import date

    from bot.library.intake import Intake

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE…",
        help="A Daily Papers page (file or address), a .jsonl, sample, hf, hf:2025-08-04, hf:2025-W32, hf:2025-08, "
        "arxiv:cs.CL or arxiv:2508.01234.",
    ),
]
PageDate = Annotated[
    str | None, typer.Option("--date", metavar="DATE", help="The day of pages that do not say their year.")
]


def ingest(context: typer.Context, sources: Sources, on: PageDate = None, as_json: Json = False) -> int:
    """Add papers to the library."""
    from bot.terminal.intake import show_intake

    session = session_of(context)
    day = parse_date("--date", on)
    failed: list[int] = []
    for source in sources:
        try:
            told = _take_in(session, source, day)
        except PapersError as error:
            failed.append(error.status)
            if len(sources) == 1:
                raise
            session.screen.tell(f"papers: {session.redact(str(error))}")
            if as_json:
                session.screen.json(_failed(source, str(error)))
            continue
        if told.found and not told.taken:
            failed.append(BadInput.status)
        show_intake(session.screen, told, as_json=as_json)
    if not failed:
        return 0
    return BadInput.status if len(failed) == len(sources) and set(failed) == {BadInput.status} else 1


def _take_in(session: Session, source: str, day: date | None) -> Intake:
    from bot.library.intake import take_in
    from bot.terminal.progress import progress_bar

    with progress_bar(session.screen, source) as progress:
        return take_in(
            session.library,
            source,
            given_date=day,
            progress=progress,
            read=lambda total: progress(0, total),
        )


def _failed(source: str, reason: str) -> dict[str, object]:
    from bot.library.intake import Intake
    from bot.papers.batch import Rejected

    return Intake(source, rejected=(Rejected(source, reason),)).json()
