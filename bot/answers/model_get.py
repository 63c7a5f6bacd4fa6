"""Fetching a pinned model file: with resume after a break, and a check to the byte before it is used."""

import hashlib
import json
import os
import random
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx
from filelock import FileLock, Timeout

from bot import __version__, limits
from bot.answers.local_models import PinnedModel
from bot.errors import PapersError
from bot.papers.http.network import origin, transport
from bot.papers.http.pace import asked_wait

Progress = Callable[[int, int], None]
"""Is told how many bytes are there, and of how many."""

_SPARE = 64 << 20  # bytes of the disk that are left free
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_FAILURES = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, httpcore.ProxyError)


class _Broken(Exception):
    """The transfer broke off; `wait` is how long the server asked to be left alone, in seconds."""

    def __init__(self, problem: str, wait: float = 0.0) -> None:
        super().__init__(problem)
        self.wait = wait


def get_model(
    model: PinnedModel,
    home: Path,
    base: str,
    progress: Progress | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[Path, bool]:
    """The file of `model` in `home`, fetched from under `base` where it is not there; whether it was fetched.

    What a break leaves is kept, and gone on with by the next call. Raises `PapersError` with what to do where the
    file cannot be had, is not the pinned one, or does not fit on the disk, or while another process fetches it.
    """
    target = model.path(home)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{target}.lock", timeout=0):
            if _is_it(target, model):
                return target, False
            _Download(model, target, base, progress or (lambda done, total: None), sleep).run()
            return target, True
    except Timeout:
        raise PapersError(f"{model.name} is being fetched by another process; wait for it") from None
    except OSError as error:
        raise PapersError(
            f"cannot write to {target.parent}: {error.strerror or error}; check space and permissions"
        ) from error


@dataclass
class _Download:
    model: PinnedModel
    target: Path
    base: str
    progress: Progress
    sleep: Callable[[float], None]

    def run(self) -> None:
        """Fetch, check, and move the file to its place in one step."""
        self._part = self.target.with_name(f"{self.target.name}.part")
        self._about = self.target.with_name(f"{self.target.name}.part.json")
        if self._held() > self.model.size:
            self._discard()
        self._need_space()
        deadline = time.monotonic() + limits.DOWNLOAD_SECONDS
        fruitless = 0
        while self._held() < self.model.size:
            before = self._held()
            try:
                self._go_on(deadline)
            except _Broken as broken:
                fruitless = 0 if self._held() > before else fruitless + 1
                wait = max(broken.wait, min(30.0, 2.0**fruitless) * random.uniform(0.5, 1.5))  # noqa: S311
                if fruitless >= limits.DOWNLOAD_TRIES or time.monotonic() + wait > deadline:
                    raise PapersError(f"{broken}; what is there is kept: run the command again to go on") from None
                self.sleep(wait)
        if not _is_it(self._part, self.model):
            self._discard()
            raise PapersError(
                f"what {self._host} sent is not the pinned {self.model.file} (its sha256 differs); nothing was kept"
            )
        os.replace(self._part, self.target)
        self._about.unlink(missing_ok=True)

    def _go_on(self, deadline: float) -> None:
        """One request for what is missing, appended as it comes."""
        held = self._held()
        headers = {}
        if held:
            headers["Range"] = f"bytes={held}-"
            if etag := self._etag():
                headers["If-Range"] = etag
        with self._response(headers, deadline) as response:
            if response.status_code == 206 and _start(response) == held:
                mode = "ab"
            elif response.status_code == 200:
                mode = "wb"  # the server knows no ranges, or the file is another by now
                held = 0
            else:
                self._discard()
                raise _Broken(f"{self._host} answered {response.status_code} to a request for the rest")
            self._check_size(response, held)
            self._about.write_text(json.dumps({"etag": response.headers.get("etag", "")}), encoding="utf-8")
            with self._part.open(mode) as file:
                for chunk in response.iter_raw():
                    held += len(chunk)
                    if held > self.model.size:
                        raise PapersError(
                            f"{self._host} sends more than {self.model.file} has; is the address right?"
                        )
                    file.write(chunk)
                    self.progress(held, self.model.size)
                file.flush()
                os.fsync(file.fileno())
        if held < self.model.size:
            raise _Broken(f"{self._host} broke the transfer off")

    @contextmanager
    def _response(self, headers: Mapping[str, str], deadline: float) -> Iterator[httpx.Response]:
        """The answer at the end of the redirects; only to the same scheme, and to no private address but `base`."""
        url = self.model.url(self.base)
        always = {"User-Agent": f"papers-bot/{__version__}", "Accept-Encoding": "identity"}
        try:
            for _ in range(limits.FETCH_REDIRECTS + 1):
                with (
                    httpx.Client(
                        transport=transport(url, {origin(self.base)}, deadline),
                        headers=always | dict(headers),
                        timeout=httpx.Timeout(limits.DOWNLOAD_READ_SECONDS, connect=limits.FETCH_CONNECT_SECONDS),
                        trust_env=False,
                    ) as client,
                    client.stream("GET", url) as response,
                ):
                    if response.status_code not in _REDIRECTS:
                        self._check_status(response)
                        yield response
                        return
                    url = _target(url, response.headers.get("location", ""))
        except _FAILURES:
            raise _Broken(f"{self._host} cannot be reached, or broke the transfer off") from None
        except (httpx.InvalidURL, httpcore.UnsupportedProtocol, UnicodeError):
            raise PapersError(f"{self._host} redirects to what is no address") from None
        raise PapersError(f"{self._host} redirects more than {limits.FETCH_REDIRECTS} times")

    def _check_status(self, response: httpx.Response) -> None:
        status = response.status_code
        if status in _PASSING:
            raise _Broken(f"{self._host} answered {status}", asked_wait(response.headers) or 0.0)
        if status == 404:
            raise PapersError(f"{self._host} has no {self.model.file} (404); check HF_URL")
        if status not in (200, 206, 416):
            raise PapersError(f"{self._host} answered {status}; check HF_URL, or try again later")

    def _check_size(self, response: httpx.Response, held: int) -> None:
        told = response.headers.get("content-length", "")
        if told.isascii() and told.isdigit() and held + int(told[:18]) != self.model.size:
            if held:
                self._discard()
                raise _Broken(f"{self._host} has another file by now")
            raise PapersError(
                f"{self._host} has another file than the pinned {self.model.file} "
                f"({int(told[:18]):,} bytes, not {self.model.size:,}); nothing was taken"
            )

    def _need_space(self) -> None:
        missing = self.model.size - self._held() + _SPARE
        free = shutil.disk_usage(self.target.parent).free
        if free < missing:
            raise PapersError(
                f"{self.model.name} needs {missing // 2**20:,} MB more on the disk of {self.target.parent}, "
                f"where {free // 2**20:,} MB are free"
            )

    def _held(self) -> int:
        try:
            return self._part.stat().st_size
        except FileNotFoundError:
            return 0

    def _etag(self) -> str:
        """The strong mark of the version that the part is of; empty where none is known."""
        try:
            etag = str(json.loads(self._about.read_text(encoding="utf-8"))["etag"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""
        return etag if etag.startswith('"') else ""

    def _discard(self) -> None:
        self._part.unlink(missing_ok=True)
        self._about.unlink(missing_ok=True)

    @property
    def _host(self) -> str:
        return urlsplit(self.base).hostname or self.base


def _is_it(path: Path, model: PinnedModel) -> bool:
    """Whether `path` is the pinned file, to the byte."""
    try:
        if path.stat().st_size != model.size:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == model.sha256
    except FileNotFoundError:
        return False


def _start(response: httpx.Response) -> int:
    """Where the part that came begins; -1 where that is not told."""
    _, _, told = response.headers.get("content-range", "").partition("bytes ")
    first = told.partition("-")[0]
    return int(first) if first.isascii() and first.isdigit() else -1


def _target(url: str, location: str) -> str:
    try:
        target = urljoin(url, location)
        origin(target)
    except ValueError:
        raise PapersError(f"{urlsplit(url).hostname} redirects to what is no address") from None
    if urlsplit(target).scheme != urlsplit(url).scheme:
        raise PapersError(
            f"{urlsplit(url).hostname} redirects to another scheme, which is not followed; check HF_URL"
        )
    return target
