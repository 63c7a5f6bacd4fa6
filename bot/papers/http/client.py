"""Getting one address: limits, tries, redirects and the cache in one place, for all sources."""

import base64
import logging
import random
import re
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

import httpcore
import httpx

from bot import __version__, limits
from bot.errors import BadInput, PapersError
from bot.papers.http.cache import Cache
from bot.papers.http.network import Origin, origin, transport
from bot.papers.http.pace import Pace, TooLong, asked_wait

_log = logging.getLogger(__name__)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_FAILURES = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, httpcore.ProxyError)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address gave: the address it came from in the end, status, headers in lower case, and body."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def next(self) -> str | None:
        """The address of the next page of a listing, from the `Link` header."""
        for part in re.split(r",\s*(?=<)", self.headers.get("link", "")[:5000]):
            found = re.match(r"\s*<([^>]*)>", part)
            if found and re.search(r';\s*rel="?[^"]*\bnext\b', part[found.end() :]):
                return str(urljoin(self.url, found.group(1)))
        return None


class _Passing(Exception):
    """A failure that may pass; `wait` is how long the site asked to be left alone, in seconds."""

    def __init__(self, problem: str, wait: float | None = None) -> None:
        super().__init__(problem)
        self.wait = wait


class Fetcher:
    """The one HTTP client. It keeps its cache and the sites' paces in `home`.

    Addresses in `own` may lie in this machine's network, any other must not; `clock` (of the wall) and
    `sleep` are there for tests.
    """

    def __init__(
        self,
        home: Path,
        own: Iterable[str] = (),
        *,
        seconds: float = limits.FETCH_SECONDS,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._own: set[Origin] = set()
        for url in own:
            with suppress(ValueError):  # what is no address is told when it is asked for
                self._own.add(origin(url))
        self._seconds = seconds
        self._clock = clock
        self._sleep = sleep
        self._cache = Cache(home / "cache" / "answers")
        self._pace = Pace(home / "cache" / "pace", clock, sleep)

    def get(
        self,
        url: str,
        types: Collection[str],
        *,
        statuses: Collection[int] = (200,),
        site: str | None = None,
        interval: float = 0.0,
    ) -> Answer:
        """The answer at `url`, of one of the media `types` and `statuses`, within the total deadline.

        Requests to one `site` (the host, unless named) keep `interval` seconds between them, over all
        processes. Raises `BadInput` where `url` is no address, and `PapersError` with what to do otherwise.
        """
        try:
            host = origin(url)[0]
        except ValueError:
            raise BadInput(f"{shown(url)} is no http(s) address") from None
        deadline = time.monotonic() + self._seconds
        site = site or urlsplit(shown(url)).netloc
        for tries in range(1, limits.FETCH_TRIES + 1):
            try:
                self._pace.wait(site, interval, deadline - time.monotonic())
                return self._follow(url, types, statuses, site, interval, deadline)
            except TooLong as due:
                raise PapersError(f"{host} asks to be left alone for {_span(due.seconds)}; try again then") from None
            except _Passing as failure:
                # Jitter around a doubling wait, so that many who failed together do not return together.
                wait = limits.FETCH_BACKOFF_SECONDS * 2 ** (tries - 1) * random.uniform(0.5, 1.5)  # noqa: S311
                wait = max(wait, failure.wait or 0.0)
                _log.info("%s %s (try %d)", host, failure, tries)
                if failure.wait:
                    self._pace.postpone(site, failure.wait)
                if time.monotonic() + wait >= deadline or tries == limits.FETCH_TRIES:
                    after = f"after {_span(failure.wait)}" if failure.wait else "later"
                    raise PapersError(f"{host} {failure}; try again {after}") from None
                self._sleep(wait)
        raise AssertionError("the last try returns or raises")

    def _follow(
        self, url: str, types: Collection[str], statuses: Collection[int], site: str, interval: float, deadline: float
    ) -> Answer:
        """The answer at the end of the redirects, each of which is checked before it is followed."""
        for _ in range(limits.FETCH_REDIRECTS + 1):
            answer = self._once(url, types, statuses, site, deadline)
            if isinstance(answer, Answer):
                return answer
            if urlsplit(answer).scheme != urlsplit(url).scheme:
                raise PapersError(
                    f"{shown(url)} redirects to {shown(answer)}, another scheme; if you trust it, name that address"
                )
            url = answer
            self._pace.wait(site, interval, deadline - time.monotonic())
        raise PapersError(f"{shown(url)} redirects more than {limits.FETCH_REDIRECTS} times")

    def _once(
        self, url: str, types: Collection[str], statuses: Collection[int], site: str, deadline: float
    ) -> Answer | str:
        """One request: its answer, or the address that it redirects to."""
        address, login = _split_login(url)
        kept = self._cache.load(address)
        headers = {
            "Accept": ", ".join(t for t in types if t[0] != "*"),
            **login,
            **(kept.conditions() if kept else {}),
        }
        try:
            with (
                httpx.Client(
                    transport=transport(address, self._own, deadline),
                    headers={"User-Agent": f"papers-bot/{__version__}", "Accept-Encoding": "gzip"},
                    timeout=httpx.Timeout(limits.FETCH_READ_SECONDS, connect=limits.FETCH_CONNECT_SECONDS),
                    trust_env=False,
                ) as client,
                client.stream("GET", address, headers=headers) as response,
            ):
                wait = asked_wait(response.headers, self._clock)
                if response.status_code in _PASSING:
                    raise _Passing(f"answered {_status(response)}", wait)
                if wait:
                    self._pace.postpone(site, wait)
                if response.status_code == 304 and kept:
                    return Answer(address, 200, kept.headers, kept.body)
                if response.status_code in _REDIRECTS and "location" in response.headers:
                    return _target(address, response.headers["location"])
                if response.status_code not in statuses:
                    raise PapersError(f"{shown(url)} answered {_status(response)}")
                _check(response, address, types)
                body = _read(response, address)
                found = dict(response.headers)
                if response.status_code == 200:
                    self._cache.store(address, found, body)
                return Answer(address, response.status_code, found, body)
        except _FAILURES as error:
            _explain(error, deadline)
        except (httpx.InvalidURL, httpcore.UnsupportedProtocol, UnicodeError):
            raise BadInput(f"{shown(url)} is no http(s) address") from None


def shown(url: str) -> str:
    """`url` as messages may show it: without name and password."""
    try:
        parts = urlsplit(url)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    except ValueError:
        return "the address"


def _split_login(url: str) -> tuple[str, dict[str, str]]:
    """The address without name and password, and these as a header: httpx logs addresses."""
    parts = urlsplit(url)
    bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))
    if not parts.username:
        return bare, {}
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return bare, {"Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"}


def _target(url: str, location: str) -> str:
    try:
        target = urljoin(url, location)
        origin(target)
    except ValueError:
        raise PapersError(f"{shown(url)} redirects to what is no http(s) address") from None
    return target


def _check(response: httpx.Response, url: str, types: Collection[str]) -> None:
    media = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media and media not in types and not any(t.startswith("*") and media.endswith(t[1:]) for t in types):
        raise PapersError(f"{shown(url)} answered {media} where {' or '.join(types)} was expected; try again later")
    if response.headers.get("content-encoding", "identity").lower() not in ("identity", "gzip"):
        raise PapersError(f"{shown(url)} answered in an encoding that was not asked for")


def _read(response: httpx.Response, url: str) -> bytes:
    size = response.headers.get("content-length", "")
    body = bytearray()
    if not (size.isascii() and size.isdigit() and int(size[:18]) > limits.FETCH_BYTES):
        try:
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > limits.FETCH_BYTES:
                    break
            else:
                return bytes(body)
        except httpx.DecodingError:
            raise _Passing("sent an answer that cannot be unpacked") from None
    raise PapersError(f"{shown(url)} answered more than {limits.FETCH_BYTES // 2**20} MB; nothing of it was taken")


def _explain(error: Exception, deadline: float) -> NoReturn:
    """Raise `_Passing` with a failure of the network in a person's words."""
    if time.monotonic() >= deadline:
        raise _Passing("did not finish in time") from None
    if isinstance(error, httpcore.TimeoutException):
        raise _Passing("does not answer") from None
    if isinstance(error, httpcore.ConnectError):
        raise _Passing(f"cannot be reached ({_reason(error)})") from None
    raise _Passing("broke the connection off") from None


def _reason(error: Exception) -> str:
    text = re.sub(r"^\[(?:Errno|SSL)[^\]]*\]\s*", "", str(error)).strip()
    return text[:150] or "no connection"


def _status(response: httpx.Response) -> str:
    return f"{response.status_code} {response.reason_phrase}".strip()


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
