"""Limits of time on what is searched."""

from dataclasses import dataclass
from datetime import date

from bot.errors import BadInput


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days, both ends included; None is open. A paper without a date is in no bounded range."""

    since: date | None = None
    until: date | None = None

    @property
    def bounded(self) -> bool:
        """Whether either end is set."""
        return self.since is not None or self.until is not None

    def holds(self, day: date | None) -> bool:
        """Whether `day` lies in the range."""
        if day is None:
            return not self.bounded
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def parse_day(text: str) -> date:
    """The day that a person wrote as YYYY-MM-DD. Raises `BadInput`."""
    try:
        if len(text) != len("YYYY-MM-DD"):  # 2025-W32-1 and 20250804 would do for Python
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is no date such as 2025-08-04") from None
