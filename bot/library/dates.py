"""Limits of time on what is searched, as people give them: days, or words such as "last week's papers"."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

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


_PAPERS = (
    r"(?:papers?|preprints?|articles?|publications?|works?|submissions?|abstracts?|stud(?:y|ies)|research|arxiv)"
)
_NEWS = rf"{_PAPERS}|news?|(?:any|some|every)thing|published|posted|submitted|released|uploaded|appear\w*|came out|added|listed"
_MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
_MONTH = "(?:" + "|".join(f"{m[:3]}(?:{m[3:]})?" for m in _MONTHS) + ")"
_DAY = rf"(?:\d{{4}}-\d\d-\d\d|{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\.?,? \d{{4}})"
_SPAN = r"(?:today|yesterday|(?:this|last|past|the last|the past) (?:week|month|year)|(?:the )?(?:last|past) \d{1,3} (?:days|weeks|months))"
_NEWEST = r"(?:new|newest|latest|most recent|recent)"
_TIME = (
    r"(?:(?P<how>from|of|on|in|during|since|after|before|until|up to|by)\s+)?"
    rf"(?:the\s+)?(?P<time>{_DAY}|{_SPAN}|{_MONTH} \d{{4}})"
)
# Without a year, or one alone: the last such days that have begun.
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()  # noqa: SIM905
_SHORT = (
    rf"(?:{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}|{_MONTH}|"
    rf"{'|'.join(_WEEKDAYS)}|(?:19|20)\d\d)"
)
_END = rf"(?:the\s+)?(?:{_DAY}|{_MONTH} \d{{4}}|{_SHORT})"
_BETWEEN = (
    rf"(?:between\s+(?P<first>{_END})\s+and\s+(?P<last>{_END})|"
    rf"from\s+(?P<first2>{_END})\s+(?:to|until|till|through)\s+(?P<last2>{_END}))"
)
# What may stand between a word for papers and a time: "papers on owls from last week".
_GAP = r"(?:[\s,]+[\w'’-]+){0,8}?[\s,]+"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # papers between 2025-08-01 and 2025-08-04, from July to August 2025
        rf"\b(?:{_NEWS})\b(?:{_GAP}|\s+)(?P<cut>{_BETWEEN})\b",
        rf"^(?P<cut>{_BETWEEN})\b(?=.*\b(?:{_NEWS})\b)",
        # today's papers, last week's three papers, yesterday's news
        rf"\b(?P<span>{_SPAN})['’]?s?(?=(?:[\s]+[\w-]+){{0,2}}?\s+(?:{_PAPERS}|news)\b)",
        # papers of 2025-08-04, published since August 4, 2025, anything from last week
        rf"\b(?:{_NEWS})\b(?:{_GAP}|\s+)(?P<cut>{_TIME})\b(?!['’]s)",
        # In the last three days, which papers …
        rf"^(?P<cut>{_TIME})\b(?!['’]s)(?=.*\b(?:{_NEWS})\b)",
        # papers since July, on owls from Monday, before 2024
        rf"\b{_PAPERS}\b(?:{_GAP}|\s+)(?P<cut>(?P<how>from|since|after|before|until)\s+(?P<time>{_SHORT}))\b(?!['’]s)",
        # what's new, anything new on owls, the newest papers, latest work
        rf"\b(?:what(?:'s|’s| is)|anything|something)\s+(?P<newest>{_NEWEST})(?=\s*(?:$|[?.!,]|(?:on|in|about|for|from|at)\b))"
        rf"|\b(?P<newest_papers>{_NEWEST})(?=\s+{_PAPERS}\b)",
    )
)
NEWEST_DAYS = 7  # before the newest day of a library, what "new" means


@dataclass(frozen=True, slots=True)
class Dated:
    """Days that a question names, and the question without their words."""

    dates: "DateRange"
    rest: str


def dates_in(question: str, today: date, newest: Callable[[], date | None]) -> Dated | None:
    """The days that `question` asks about papers of; None where it names none.

    "Last week" is the week before this one, Monday to Sunday; "new" the days up to `newest()`, the library's last. A time that is no paper's ("a model released in 2019") is no limit.
    """
    for pattern in _PATTERNS:
        for match in pattern.finditer(question):
            groups = match.groupdict()
            name = next(n for n in ("span", "cut", "newest", "newest_papers") if groups.get(n))
            first, last = (groups.get(end) or groups.get(f"{end}2") for end in ("first", "last"))
            if first and last:
                days = _between(first, last, today)
            else:
                days = _range(groups.get("time") or groups[name], groups.get("how"), today, newest)
            if days:
                start, end = match.span(name)
                rest = question[:start] + re.sub(r"^['’]s\b", "", question[end:])
                return Dated(days, " ".join(rest.split()))
    return None


def _range(words: str, how: str | None, today: date, newest: Callable[[], date | None]) -> "DateRange | None":
    words = words.lower()
    if re.fullmatch(_NEWEST, words):
        last_day = newest()
        return DateRange(last_day - timedelta(days=NEWEST_DAYS - 1), last_day) if last_day else None
    span = _days_of(words, today)
    if span is None:
        return None
    first, last = span
    match (how or "").lower():
        case "since":
            return DateRange(first, None)
        case "after":
            return DateRange(last + timedelta(days=1), None)
        case "before":
            return DateRange(None, first - timedelta(days=1))
        case "until" | "up to" | "by":
            return DateRange(None, last)
    return DateRange(first, last)


def _between(first: str, last: str, today: date) -> "DateRange | None":
    """From the first day of one time to the last of another, whose year the former takes where it has none."""
    end = _days_of(last.lower(), today)
    if end is None:
        return None
    start = _days_of(first.lower(), end[1])
    return DateRange(start[0], end[1]) if start and start[0] <= end[1] else None


def _days_of(words: str, today: date) -> tuple[date, date] | None:
    """First and last day of a time in words."""
    words = words.removeprefix("the ")
    return _span(words, today) or _calendar(words) or _short(words, today)


def _short(words: str, today: date) -> tuple[date, date] | None:
    """First and last day of "Monday", "July", "August 4" or "2025": the last ones that have begun by `today`."""
    if words in _WEEKDAYS:
        day = today - timedelta(days=(today.weekday() - _WEEKDAYS.index(words)) % 7)
        return day, day
    if re.fullmatch(r"\d{4}", words):
        return date(int(words), 1, 1), date(int(words), 12, 31)
    found = (_calendar(f"{words} {year}") for year in (today.year, today.year - 1))
    return next((days for days in found if days and days[0] <= today), None)


def _span(words: str, today: date) -> tuple[date, date] | None:
    """First and last day of "today", "last week" or "the past 3 days"."""
    one = timedelta(days=1)
    monday = today - timedelta(days=today.weekday())
    first_of_month = today.replace(day=1)
    if counted := re.fullmatch(r"(?:last|past) (\d+) (day|week|month)s", words):
        size = {"day": 1, "week": 7, "month": 30}[counted[2]]
        return today - timedelta(days=int(counted[1]) * size - 1), today
    spans = {
        "today": (today, today),
        "yesterday": (today - one, today - one),
        "this week": (monday, today),
        "last week": (monday - 7 * one, monday - one),
        "past week": (today - 6 * one, today),
        "this month": (first_of_month, today),
        "last month": ((first_of_month - one).replace(day=1), first_of_month - one),
        "past month": (today - 29 * one, today),
        "this year": (date(today.year, 1, 1), today),
        "last year": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        "past year": (today - 364 * one, today),
    }
    return spans.get(words)


def _calendar(words: str) -> tuple[date, date] | None:
    """First and last day of "2025-08-04", "August 4, 2025", "4th of August 2025" or "August 2025"."""
    month = next((n for n, name in enumerate(_MONTHS, 1) if re.search(rf"\b{name[:3]}", words)), None)
    numbers = [int(n) for n in re.findall(r"\d+", words)]
    try:
        if month is None:
            day = date.fromisoformat(words)
        elif len(numbers) == 1 and numbers[0] > 31:
            return date(numbers[0], month, 1), date(numbers[0], month, monthrange(numbers[0], month)[1])
        else:
            day = date(numbers[1], month, numbers[0])
    except (ValueError, IndexError):  # no such day
        return None
    return day, day
