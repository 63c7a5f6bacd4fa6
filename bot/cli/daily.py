"""`papers daily`: the summary of a day, on the terminal or as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli.options import parse_date
from bot.errors import BadInput, PapersError
from bot.terminal.session import Session, session_of

if TYPE_CHECKING:
    from bot.digest.digest import Digest

Format = Literal["terminal", "markdown", "html", "rss", "json"]

Day = Annotated[str | None, typer.Argument(metavar="[DATE]", help="Default: the newest day in the library.")]
Topic = Annotated[str | None, typer.Option("--topic", metavar="TOPIC", help="Only the day's papers on this.")]
As = Annotated[Format, typer.Option("--format", help="What to write.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write to a file instead.")]
Picture = Annotated[Path | None, typer.Option("--picture", metavar="FILE.png", help="Write the map of the day.")]


def daily(
    context: typer.Context,
    day: Day = None,
    topic: Topic = None,
    style: As = "terminal",
    out: Out = None,
    picture: Picture = None,
) -> None:
    """Sum up a day: what it brought, its themes, every paper in a sentence."""
    session = session_of(context)
    chosen = parse_date("DATE", day)
    if topic is not None and not topic.strip():
        raise BadInput("--topic is empty")
    session.screen.status("reading the day's papers …")
    import asyncio

    from bot.digest.write import daily_digest

    drawn = picture is not None or style == "html"
    models = session.answerer.models
    digest = asyncio.run(daily_digest(session.library, chosen, topic=topic, models=models, picture=drawn))
    _show(session, digest, style, out)
    if picture and digest.picture:
        _write(picture, digest.picture)
    for line in digest.missing:
        session.screen.tell(f"note: {line}")
    if not digest.papers and not session.hint_if_empty():
        of_topic = f" on {topic!r}" if topic else ""
        session.screen.tell(f"no papers{of_topic} of {digest.date or 'any day'} in the library")


def _show(session: Session, digest: Digest, style: Format, out: Path | None) -> None:
    """Write the digest in its face, to `out` or to standard output."""
    if style == "terminal" and out is None:
        from rich.console import Console

        from bot.digest.terminal import show_digest

        session.screen.clear_status()
        session.screen.flush()
        show_digest(digest, Console(file=session.screen.out))
        return
    text = _text(digest, style)
    if out:
        _write(out, text.encode())
    else:
        session.screen.document(text)


def _text(digest: Digest, style: Format) -> str:
    import json

    from bot.digest.digest import digest_json
    from bot.digest.feed import feed_of
    from bot.digest.markdown import markdown_of
    from bot.digest.page import page_of

    if style == "json":
        return json.dumps(digest_json(digest), ensure_ascii=False)
    if style == "html":
        return page_of(digest)
    return feed_of([digest]) if style == "rss" else markdown_of(digest)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise PapersError(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from None
