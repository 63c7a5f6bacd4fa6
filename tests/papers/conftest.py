import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.papers.batch import Batch
from bot.papers.page import read_page
from bot.papers.sources import Request, all_sources
from bot.settings import Settings, load_settings

SHARED = Path(__file__).parents[3] / "shared"
SEED = SHARED / "seed" / "daily-papers-2025-08-04.txt"
TODAY = date(2026, 3, 2)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"PAPERS_HOME": str(tmp_path / "home")})


@pytest.fixture(scope="session")
def read() -> Callable[..., Batch]:
    """Read a page given as text or bytes, with what matters to the test."""

    def read(page: str | bytes, name: str = "page.txt", **changes: object) -> Batch:
        data = page if isinstance(page, bytes) else page.encode()
        given = {"given_date": None, "known_dates": lambda titles: {}, "today": TODAY, **changes}
        return read_page(data, source=name, name=name, **given)

    return read


@pytest.fixture
def seed() -> bytes:
    if not SEED.exists():
        pytest.skip("needs ../shared, which is not here")
    return SEED.read_bytes()


@dataclass
class Reply:
    """What the site answers once: `body`, in one piece or, with `drip`, a byte each so many seconds."""

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0
    length: int | None = None  # what Content-Length claims


class Site:
    """A real HTTP server on loopback. Each path has replies that are used up one by one; the last one stays."""

    def __init__(self) -> None:
        self.replies: dict[str, list[Reply]] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                replies = site.replies.get(self.path) or site.replies.get(self.path.partition("?")[0])
                reply = Reply("no such page", 404) if not replies else replies[0]
                if replies and len(replies) > 1:
                    replies.pop(0)
                body = reply.body.encode() if isinstance(reply.body, str) else reply.body
                with suppress(ConnectionError):
                    self.send_response(reply.status)
                    for name, value in reply.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(body) if reply.length is None else reply.length))
                    self.end_headers()
                    if not reply.drip:
                        self.wfile.write(body)
                    for n in range(len(body) if reply.drip else 0):
                        time.sleep(reply.drip)
                        self.wfile.write(body[n : n + 1])
                if reply.length is not None:
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def on(self, path: str, *replies: Reply) -> None:
        self.replies[path] = list(replies)

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.requests]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def new_site() -> Iterator[Callable[[], Site]]:
    sites: list[Site] = []

    def new() -> Site:
        sites.append(Site())
        return sites[-1]

    yield new
    for site in sites:
        site.close()


@pytest.fixture
def site(new_site) -> Site:
    return new_site()


class Clock:
    """Time that passes only when someone sleeps."""

    def __init__(self) -> None:
        self.now = 1_770_000_000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ask(site, settings, clock) -> Callable[..., Batch]:
    """Read a source with all bases at the site."""

    def ask(source: str, **changes: object) -> Batch:
        bases = {"hf_url": site.url, "arxiv_url": site.url, "arxiv_rss_url": site.url}
        given = {"given_date": None, "known_dates": lambda titles: {}, "today": TODAY, **changes}
        request = Request(settings.model_copy(update=bases), **given, clock=clock, sleep=clock.sleep)
        return next(s for s in all_sources() if s.handles(source)).read(source, request)

    return ask
