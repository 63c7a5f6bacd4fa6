"""When a site may be asked again: the interval it wants between requests, and the waits it asks for.

What is due is kept in a small file per site in the data directory, so that several processes keep one pace.
"""

import re
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path

from filelock import FileLock, Timeout

LONGEST_WAIT = 24 * 3600.0  # what a site may ask for and is believed
_LOCK_SECONDS = 5.0


class TooLong(Exception):
    """The site may be asked again only after `seconds`, which is longer than there is time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Pace:
    """The turns at each site. `clock` gives seconds of the wall clock, which all processes share."""

    def __init__(
        self, folder: Path, clock: Callable[[], float] = time.time, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._sleep = sleep
        self._due: dict[str, float] = {}

    def wait(self, site: str, interval: float, longest: float) -> None:
        """Return when `site` may be asked, and keep others from it for `interval` seconds after.

        Raises `TooLong` at once where that would take more than `longest` seconds.
        """

        def take(due: float) -> float:
            if due - now > longest:
                raise TooLong(due - now)
            return max(due, now) + interval

        now = self._clock()
        turn = self._change(site, take) - interval
        if turn > now:
            self._sleep(turn - now)

    def postpone(self, site: str, seconds: float) -> None:
        """Keep everyone from `site` for `seconds`, as it asked."""
        until = self._clock() + min(seconds, LONGEST_WAIT)
        self._change(site, lambda due: max(due, until))

    def _change(self, site: str, change: Callable[[float], float]) -> float:
        """What is due at `site` after `change`, from file to file under its lock.

        Without a directory to write to, this process keeps its own pace.
        """
        path = self._folder / re.sub(r"[^\w.-]", "_", site)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{path}.lock", timeout=_LOCK_SECONDS):
                due = change(self._believable(_read(path)))
                path.write_text(f"{due:.3f}\n", encoding="ascii")
        except (OSError, Timeout):
            due = change(self._believable(self._due.get(site, 0.0)))
        self._due[site] = due
        return due

    def _believable(self, due: float) -> float:
        # A clock that was set back must not keep us waiting for it to come round again.
        return due if due <= self._clock() + LONGEST_WAIT else 0.0


def asked_wait(headers: Mapping[str, str], clock: Callable[[], float] = time.time) -> float | None:
    """The seconds that a site asks to be left alone, by `Retry-After` or a used-up `RateLimit`; else None."""
    after = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}", after):
        return float(after)
    if after:
        try:
            return max(0.0, parsedate_to_datetime(after).timestamp() - clock())
        except (ValueError, OverflowError):
            pass
    # Draft 8 and later: `RateLimit: "api";r=0;t=55`; before: `RateLimit-Remaining: 0`, `RateLimit-Reset: 55`.
    limit = headers.get("ratelimit", "")
    for left, reset in (
        (_number(r"\b(?:r|remaining)=(\d+)", limit), _number(r"\b(?:t|reset)=(\d+)", limit)),
        *(
            (_number(r"(\d+)", headers.get(f"{x}remaining", "")), _number(r"(\d+)", headers.get(f"{x}reset", "")))
            for x in ("ratelimit-", "x-ratelimit-")
        ),
    ):
        if left == 0 and reset is not None:
            return reset if reset < 1e9 else max(0.0, reset - clock())  # some give the time, not the seconds
    return None


def _number(pattern: str, text: str) -> float | None:
    found = re.search(pattern, text)
    return float(found.group(1)[:12]) if found else None


def _read(path: Path) -> float:
    try:
        return float(path.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return 0.0
