"""Limits of time on what is searched."""

from dataclasses import dataclass
from datetime import date


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
