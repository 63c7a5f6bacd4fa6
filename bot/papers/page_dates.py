"""The day of a Daily Papers page, which often says only "Aug 4"."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

_MONTH_NAMES = "january february march april may june july august september october november december"
_MONTHS = _MONTH_NAMES.split()
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH = "(?P<m>" + "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS) + r"|sept)\.?"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_GAP = r"[\s,./-]+"
_FULL = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?P<y>[12]\d{3})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})(?!\d)",
        rf"\b{_MONTH}{_GAP}{_DAY}{_GAP}(?P<y>[12]\d{{3}})(?!\d)",
        rf"(?<!\d){_DAY}{_GAP}{_MONTH}{_GAP}(?P<y>[12]\d{{3}})(?!\d)",
    )
]
_PACKED = re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)")
_MONTH_DAY = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (rf"\b{_MONTH}{_GAP}{_DAY}(?![\d\w])", rf"(?<!\d){_DAY}{_GAP}{_MONTH}(?!\w)")
]
_WEEKDAY = re.compile(r"\b(?:" + "|".join(f"({n[:3]}(?:{n[3:]})?)" for n in _DAYS) + r")\b", re.IGNORECASE)
_AROUND = re.compile(r"\b(?:daily|trending|papers?|hugging ?face|for|of|on|the|date|today)\b|[\W_]+", re.IGNORECASE)
_YEARS_BACK = 28  # after which the calendar repeats


@dataclass(frozen=True, slots=True)
class PageDay:
    """A day as a page or a file name gives it: whole, or without its year."""

    month: int
    day: int
    year: int | None = None
    weekday: int | None = None

    @property
    def full(self) -> date | None:
        """The date where the year is known."""
        return date(self.year, self.month, self.day) if self.year else None

    def past(self, today: date) -> date:
        """The latest such day up to `today`, on its weekday where one is given and some year has it."""
        days = list(self._back_from(today))
        return next((d for d in days if d.weekday() == self.weekday), days[0])

    def _back_from(self, today: date) -> Iterator[date]:
        for year in range(today.year, today.year - _YEARS_BACK, -1):
            found = _date(year, self.month, self.day)
            if found and found <= today:
                yield found

    def __str__(self) -> str:
        return str(self.full or f"{_MONTHS[self.month - 1][:3].title()} {self.day}")


def find_day(text: str, *, packed: bool = False) -> PageDay | None:
    """The first date in `text`: a full one, else a month and day; None where there is none.

    `packed` takes 20250804 for a date too, as file names have it.
    """
    for pattern in (*_FULL, *([_PACKED] if packed else []), *_MONTH_DAY):
        for match in pattern.finditer(text):
            parts = match.groupdict()
            month = int(parts["m"]) if parts["m"].isdigit() else _month(parts["m"])
            year, day = int(parts.get("y") or 0) or None, int(parts["d"])
            if _date(year or 2000, month, day):  # 2000 is a leap year: Feb 29 is a day
                return PageDay(month, day, year, _weekday(text))
    return None


def date_line(text: str) -> PageDay | None:
    """The day that a header line gives; None where the line says anything besides it."""
    day = find_day(text)
    if day is None:
        return None
    for pattern in (*_FULL, *_MONTH_DAY, _WEEKDAY, _AROUND):
        text = pattern.sub(" ", text)
    return None if text.strip() else day


def choose(
    given: date | None,
    on_page: PageDay | None,
    in_name: PageDay | None,
    known: Callable[[], Mapping[str, date]],
    papers: int,
    today: date,
) -> tuple[date | None, str]:
    """The day of a page, and in words how it was found.

    In this order: the one given; a full date on the page, then in the file's name; the most common date of
    the page's papers that the library knows (`known`, by title; of `papers` on the page) with the page's
    month and day; the latest such day up to `today`. Without any day on page or name, known papers decide
    only where they are half of the page or more.
    """
    if given:
        return given, f"{given} as given"
    if on_page and on_page.full:
        return on_page.full, f"{on_page} as the page says"
    if in_name and in_name.full:
        differs = f" (the page says {on_page})" if on_page and not _same_day(on_page, in_name.full) else ""
        return in_name.full, f"{in_name} from the file's name{differs}"
    day = on_page or in_name
    dates = [d for d in known().values() if day is None or _same_day(day, d)]
    if dates and (day or 2 * len(dates) >= papers):
        taken, count = Counter(dates).most_common(1)[0]
        said = f"the page says only {day}; " if day else "the page gives no date; "
        return taken, f"{taken}: {said}{count} of its papers are already known with this date"
    if day is None:
        return None, "the page gives no date; --date YYYY-MM-DD sets one"
    taken = day.past(today)
    return taken, f"{taken}: the page says only {day}, this is the latest that is past; --date sets another"


def _same_day(day: PageDay, other: date) -> bool:
    return (day.month, day.day) == (other.month, other.day)


def _month(name: str) -> int:
    return next(n for n, month in enumerate(_MONTHS, 1) if month.startswith(name[:3].lower()))


def _weekday(text: str) -> int | None:
    found = _WEEKDAY.search(text)
    return found.lastindex - 1 if found and found.lastindex else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
