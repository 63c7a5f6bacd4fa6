"""Options that several commands take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import BadInput

if TYPE_CHECKING:
    from datetime import date

    from bot.library.dates import DateRange

Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="Only papers of this day or later.")]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Only papers of this day or earlier.")]
On = Annotated[str | None, typer.Option("--date", metavar="DATE", help="Only papers of this day.")]
Json = Annotated[bool, typer.Option("--json", help="Write JSON for a machine.")]


def date_range(since: str | None, until: str | None, on: str | None) -> DateRange:
    """The days that the options leave. Raises `BadInput` where they are no dates or contradict each other."""
    from bot.library.dates import DateRange

    if on is not None:
        if since is not None or until is not None:
            raise BadInput("--date stands for one day: it goes with neither --since nor --until")
        day = parse_date("--date", on)
        return DateRange(day, day)
    days = DateRange(parse_date("--since", since), parse_date("--until", until))
    if days.since and days.until and days.since > days.until:
        raise BadInput(f"--since {days.since} is after --until {days.until}")
    return days


def parse_date(name: str, value: str | None) -> date | None:
    """The date in `value`, YYYY-MM-DD. Raises `BadInput`, naming the option."""
    from bot.library.dates import parse_day

    try:
        return None if value is None else parse_day(value)
    except BadInput as error:
        raise BadInput(f"{name}: {error}") from None
