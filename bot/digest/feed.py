"""Summaries as an Atom feed (RFC 4287): one entry a day, with the whole summary as its content."""

import re
from collections.abc import Sequence
from datetime import date
from html import escape

from bot.digest.digest import Digest
from bot.digest.page import body_of
from bot.digest.view import view_of

TITLE = "Daily papers"
_ID = "tag:papers-bot,2025:daily"  # RFC 4151; a day's entry keeps its id, so that readers see it once
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2


def feed_of(digests: Sequence[Digest]) -> str:
    """The feed of `digests`, the newest day first; days without papers have no entry."""
    days = sorted((d for d in digests if d.papers and d.date), key=lambda d: d.date or date.min, reverse=True)
    newest = days[0].date if days else max((d.date for d in digests if d.date), default=date(1970, 1, 1))
    assert newest is not None
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
        f"<id>{_ID}</id>",
        f"<title>{TITLE}</title>",
        f"<updated>{_moment(newest)}</updated>",
        "<author><name>papers-bot</name></author>",
        "<generator>papers-bot</generator>",
        *(_entry(digest) for digest in days),
        "</feed>",
    ]
    return _FORBIDDEN.sub("", "\n".join(lines)) + "\n"


def _entry(digest: Digest) -> str:
    assert digest.date is not None
    view = view_of(digest)
    topic = f"/{escape(digest.topic)}" if digest.topic else ""
    return "\n".join(
        [
            "<entry>",
            f"<id>{_ID}:{digest.date.isoformat()}{topic}</id>",
            f"<title>{escape(view.title)}</title>",
            f"<updated>{_moment(digest.date)}</updated>",
            f"<summary>{escape(view.intro)}</summary>",
            f'<content type="html">{escape(body_of(view))}</content>',
            "</entry>",
        ]
    )


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
