"""What is in the library: `papers list`, `papers stats`, `papers remove`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import Json, On, Since, Until, date_range
from bot.terminal.session import session_of

if TYPE_CHECKING:
    from bot.library.catalogue import Stored
    from bot.terminal.session import Session

Id = Annotated[str, typer.Argument(metavar="ID", help="The id of a paper, as `papers list` shows it.")]

Feedback = Annotated[
    bool, typer.Option("--feedback", help="Show the votes on the Discord bot's answers instead, with their reasons.")
]

_LAST_DAYS = 10


def list_papers(
    context: typer.Context, since: Since = None, until: Until = None, on: On = None, as_json: Json = False
) -> None:
    """List the papers in the library, the newest day first."""
    session = session_of(context)
    screen = session.screen
    dates = date_range(since, until, on)
    papers = session.library.papers(dates)
    if as_json:
        screen.json({"papers": [_told(stored) for stored in papers]})
    if not session.hint_if_empty() and not papers:
        screen.tell("no papers of those days")
    for stored in () if as_json else papers:
        paper = stored.paper
        if screen.live:
            screen.say(f"{paper.date or 'no date'} {paper.title}", hanging=11)
            screen.say("  ".join([stored.id, *([paper.link] if paper.link else [])]), indent=11, style="dim")
        else:
            screen.row(paper.date or "-", stored.id, paper.title)


def stats(context: typer.Context, feedback: Feedback = False, as_json: Json = False) -> None:
    """Show how much is in the library."""
    session = session_of(context)
    screen = session.screen
    if feedback:
        _show_feedback(session, as_json)
        return
    told = session.library.stats()
    if as_json:
        screen.json(
            {
                "papers": told.papers,
                "chunks": told.chunks,
                "days": [[day.isoformat(), n] for day, n in told.days],
                "data_dir": str(told.data_dir),
                "embedding_model": told.embedding_model,
                "generation": told.generation,
            }
        )
    else:
        screen.fact("papers", f"{told.papers:,}")
        screen.fact("chunks", f"{told.chunks:,} (titles and sentences)")
        screen.fact("data directory", told.data_dir)
        screen.fact("embedding model", told.embedding_model)
        screen.fact("generation", told.generation)
        screen.fact("days", f"{len(told.days):,}")
        for day, n in told.days[-_LAST_DAYS:][::-1]:
            screen.fact("", f"{day}  {n:,}")
        if len(told.days) > _LAST_DAYS:
            screen.fact("", f"and {len(told.days) - _LAST_DAYS:,} earlier, from {told.days[0][0]}")
    session.hint_if_empty()


def remove(context: typer.Context, paper_id: Id, as_json: Json = False) -> None:
    """Take a paper out of the library."""
    session = session_of(context)
    stored = session.library.remove(paper_id)
    if as_json:
        session.screen.json({"removed": {"id": stored.id, "title": stored.paper.title}})
    else:
        session.screen.say(f"removed: {stored.paper.title} ({stored.id})")


def _show_feedback(session: Session, as_json: bool) -> None:
    from bot.discord_app.records.people import feedback

    screen = session.screen
    votes = feedback(session.library.catalogue)
    if as_json:
        screen.json({"feedback": votes})
        return
    for vote in votes:
        if not screen.live:
            sign = "+1" if vote["vote"] > 0 else "-1"
            screen.row(vote["at"], sign, vote["question"], vote["reason"] or "", "; ".join(vote["sources"]))
            continue
        screen.say(f"{'👍' if vote['vote'] > 0 else '👎'} {vote['question']}", hanging=3)
        if vote["reason"]:
            screen.say(f"because: {vote['reason']}", indent=3)
        screen.say(f"{vote['at']}, {vote['mode']}", indent=3, style="dim")
        for title in vote["sources"]:
            screen.say(f"- {title}", indent=3, hanging=2, style="dim")
    if not votes:
        screen.tell("nobody has voted on an answer")


def _told(stored: Stored) -> dict[str, object]:
    paper = stored.paper
    return {
        "id": stored.id,
        "title": paper.title,
        "date": paper.date and paper.date.isoformat(),
        "url": paper.link,
        "authors": list(paper.authors),
        "upvotes": paper.upvotes,
    }
