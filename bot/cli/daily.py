"""`papers daily`: the summary of a day, on the terminal or as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperCommand

from bot import limits
from bot.cli.options import parse_date
from bot.errors import BadInput, PapersError
from bot.terminal.session import Session, session_of

if TYPE_CHECKING:
    from bot.digest.digest import Digest

Format = Literal["terminal", "markdown", "html", "rss", "json"]
SUFFIXES: dict[str, Format] = {
    ".md": "markdown",
    ".html": "html",
    ".xml": "rss",
    ".rss": "rss",
    ".atom": "rss",
    ".json": "json",
}

Day = Annotated[str | None, typer.Argument(metavar="[DATE]", help="Default: the newest day in the library.")]
Topic = Annotated[str | None, typer.Option("--topic", metavar="TOPIC", help="Only the day's papers on this.")]
As = Annotated[
    Format | None,
    typer.Option(
        "--format",
        help="What to write; default: by the name of FILE, or for the terminal; rss has the last seven days.",
    ),
]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write to a file instead.")]
Picture = Annotated[Path | None, typer.Option("--picture", metavar="FILE.png", help="Write the map of the day.")]
Email = Annotated[
    list[str] | None,
    typer.Option("--email", metavar="ADDRESS…", help="Mail it, to each address once for each day."),
]


class Mailed(TyperCommand):
    """A command whose `--email` takes every address that follows it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `--email` before each further address: options take one value."""
        given: list[str] = []
        listing = False
        for n, arg in enumerate(args):
            listing = arg.startswith("--email") or (listing and ("@" in arg or args[n - 1] == "--email"))
            further = listing and not arg.startswith("-") and args[n - 1] != "--email"
            given += ["--email", arg] if further else [arg]
        return super().parse_args(ctx, given)


def daily(
    context: typer.Context,
    day: Day = None,
    topic: Topic = None,
    style: As = None,
    out: Out = None,
    picture: Picture = None,
    email: Email = None,
) -> int:
    """Sum up a day: what it brought, its themes, every paper in a sentence."""
    session = session_of(context)
    chosen = parse_date("DATE", day)
    if topic is not None and not topic.strip():
        raise BadInput("--topic is empty")
    addresses = _addresses(session, email) if email else ()
    session.screen.status("reading the day's papers …")
    import asyncio

    from bot.digest.feed import feed_of
    from bot.digest.write import latest_digests

    style = style or (SUFFIXES.get(out.suffix.lower()) if out else None)
    drawn = picture is not None or style == "html" or bool(addresses)
    days = limits.FEED_DAYS if style == "rss" else 1
    making = latest_digests(
        session.library, chosen, days=days, topic=topic, models=session.answerer.models, picture=drawn
    )
    digests = asyncio.run(making)
    digest = digests[0]
    if style == "rss":
        _put(session, feed_of(digests), out)
    elif style or out or not addresses:
        _show(session, digest, style or "terminal", out)
    if picture and digest.picture:
        _write(picture, digest.picture)
    for line in digest.missing:
        session.screen.tell(f"note: {line}")
    if not digest.papers and not session.hint_if_empty():
        of_topic = f" on {topic!r}" if topic else ""
        session.screen.tell(f"no papers{of_topic} of {digest.date or 'any day'} in the library")
    return _mail(session, digest, addresses) if addresses and digest.papers else 0


def _addresses(session: Session, given: list[str]) -> tuple[str, ...]:
    """The addresses to mail to. Raises `BadInput` where one is none, or the settings for mail are missing."""
    from bot.digest.mail import server_and_sender
    from bot.settings import mail_addresses

    server_and_sender(session.settings)
    try:
        return mail_addresses(",".join(given))
    except ValueError as error:
        raise BadInput(f"--email: {error}") from None


def _mail(session: Session, digest: Digest, addresses: tuple[str, ...]) -> int:
    """Mail the digest; the exit status: 1 where an address was not reached."""
    from bot.digest.mail import mail_digest

    screen = session.screen
    screen.status("mailing …")
    done = mail_digest(digest, addresses, session.settings, session.library.catalogue)
    for address in done.sent:
        screen.say(f"mailed to {address}")
    for address in done.before:
        screen.tell(f"note: {address} has had this summary before; it is mailed once")
    for address, reason in done.failed.items():
        screen.tell(f"papers: not mailed to {address}: {session.redact(reason)}")
    return 1 if done.failed else 0


def _show(session: Session, digest: Digest, style: Format, out: Path | None) -> None:
    """Write the digest in its face, to `out` or to standard output."""
    if style == "terminal" and out is None:
        from rich.console import Console

        from bot.digest.terminal import show_digest

        session.screen.clear_status()
        session.screen.flush()
        show_digest(digest, Console(file=session.screen.out))
    elif style == "json" and out is None:
        from bot.digest.digest import digest_json

        session.screen.json(digest_json(digest))
    else:
        _put(session, _text(digest, style), out)


def _text(digest: Digest, style: Format) -> str:
    import json

    from bot.digest.digest import digest_json
    from bot.digest.markdown import markdown_of
    from bot.digest.page import page_of
    from bot.digest.terminal import text_of

    if style == "json":
        return json.dumps(digest_json(digest), ensure_ascii=False) + "\n"
    if style == "html":
        return page_of(digest)
    return markdown_of(digest) if style == "markdown" else text_of(digest)


def _put(session: Session, text: str, out: Path | None) -> None:
    if out:
        _write(out, text.encode())
    else:
        session.screen.document(text)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise PapersError(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from None
