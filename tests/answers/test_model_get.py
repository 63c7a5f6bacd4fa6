"""Fetching a model file from a loopback server that breaks off, resumes, forgets ranges, or sends something else."""

import hashlib
import os
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from filelock import FileLock

from bot import limits
from bot.answers import model_get
from bot.answers.local_models import PINNED, PinnedModel, pinned
from bot.answers.model_get import get_model
from bot.errors import BadInput, PapersError

CONTENT = bytes(range(256)) * 4_000  # 1,024,000 bytes
MODEL = PinnedModel(
    "tiny", "Owls/Tiny-GGUF", "tiny.gguf", len(CONTENT), hashlib.sha256(CONTENT).hexdigest(), "Apache-2.0"
)


@dataclass
class Site:
    """What the server sends, and what goes wrong. `faults` are used up one a request: see `_Handler`."""

    content: bytes = CONTENT
    etag: str = '"v1"'
    ranges: bool = True
    faults: deque[tuple[str, int | str]] = field(default_factory=deque)
    asked: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    url: str = ""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        site = self.site
        site.asked.append({k.lower(): v for k, v in self.headers.items()})
        site.paths.append(self.path)
        fault, value = site.faults.popleft() if site.faults else ("", 0)
        if fault == "status":
            self._head(int(value), {"Content-Length": "0"})
            return
        if fault == "redirect":
            self._head(302, {"Location": str(value), "Content-Length": "0"})
            return
        start = 0
        wanted = self.headers.get("Range", "")
        same = self.headers.get("If-Range", site.etag) == site.etag
        if wanted and site.ranges and same:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            if start >= len(site.content):
                self._head(416, {"Content-Length": "0"})
                return
        body = site.content[start:]
        headers = {"Content-Length": str(len(body)), "ETag": site.etag}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(site.content) - 1}/{len(site.content)}"
        if fault == "no length":
            del headers["Content-Length"]
            self.close_connection = True
        self._head(206 if start else 200, headers)
        self.wfile.write(body[: int(value)] if fault == "break" else body)
        if fault == "break":
            self.close_connection = True

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


def _serve(site: Site) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"site": site}))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    return server


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    server = _serve(site)
    yield site
    server.shutdown()
    server.server_close()


def get(site: Site, home: Path, model: PinnedModel = MODEL, waits: list[float] | None = None) -> tuple[Path, bool]:
    return get_model(model, home, site.url, sleep=(waits if waits is not None else []).append)


def left(home: Path) -> set[str]:
    return {p.name for p in (home / "models").iterdir() if not p.name.endswith(".lock")}


def test_a_model_is_fetched_from_the_address_of_its_repository(site: Site, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path, fetched = get_model(MODEL, tmp_path, site.url, lambda done, total: told.append((done, total)))
    assert fetched
    assert path == tmp_path / "models" / "tiny.gguf"
    assert path.read_bytes() == CONTENT
    assert site.paths == ["/Owls/Tiny-GGUF/resolve/main/tiny.gguf"]
    assert left(tmp_path) == {"tiny.gguf"}
    assert told[-1] == (len(CONTENT), len(CONTENT))


def test_a_model_that_is_here_and_whole_is_not_fetched_again(site: Site, tmp_path: Path) -> None:
    get(site, tmp_path)
    assert get(site, tmp_path)[1] is False
    assert len(site.asked) == 1


def test_a_file_that_was_damaged_is_fetched_again(site: Site, tmp_path: Path) -> None:
    path, _ = get(site, tmp_path)
    path.write_bytes(b"x" * len(CONTENT))
    assert get(site, tmp_path)[1] is True
    assert path.read_bytes() == CONTENT


def test_a_transfer_that_breaks_off_goes_on_where_it_was(site: Site, tmp_path: Path) -> None:
    site.faults.extend([("break", 300_000), ("break", 100_000)])
    assert get(site, tmp_path)[0].read_bytes() == CONTENT
    assert [asked.get("range") for asked in site.asked] == [None, "bytes=300000-", "bytes=400000-"]
    assert site.asked[1]["if-range"] == '"v1"'


def test_another_run_goes_on_where_the_last_one_was_broken_off(site: Site, tmp_path: Path) -> None:
    site.faults.append(("break", 300_000))
    site.faults.extend([("status", 503)] * limits.DOWNLOAD_TRIES)
    with pytest.raises(PapersError, match="run the command again to go on"):
        get(site, tmp_path)
    assert left(tmp_path) == {"tiny.gguf.part", "tiny.gguf.part.json"}
    site.asked.clear()
    assert get(site, tmp_path)[0].read_bytes() == CONTENT
    assert site.asked[0]["range"] == "bytes=300000-"
    assert left(tmp_path) == {"tiny.gguf"}


def test_a_server_that_knows_no_ranges_sends_all_again(site: Site, tmp_path: Path) -> None:
    site.ranges = False
    site.faults.append(("break", 300_000))
    assert get(site, tmp_path)[0].read_bytes() == CONTENT


def test_a_file_that_changed_meanwhile_is_not_mixed_with_the_old_one(site: Site, tmp_path: Path) -> None:
    site.content = b"y" * len(CONTENT)
    site.faults.append(("break", 300_000))
    site.faults.extend([("status", 503)] * limits.DOWNLOAD_TRIES)
    with pytest.raises(PapersError):
        get(site, tmp_path)
    site.content, site.etag = CONTENT, '"v2"'
    assert get(site, tmp_path)[0].read_bytes() == CONTENT


def test_a_wrong_file_of_the_right_size_is_not_kept(site: Site, tmp_path: Path) -> None:
    site.content = b"z" * len(CONTENT)
    with pytest.raises(PapersError, match="sha256 differs"):
        get(site, tmp_path)
    assert left(tmp_path) == set()


@pytest.mark.parametrize("size", [10, len(CONTENT) - 1, len(CONTENT) + 1])
def test_a_file_of_another_size_is_refused_before_it_is_taken(site: Site, tmp_path: Path, size: int) -> None:
    site.content = b"z" * size
    with pytest.raises(PapersError, match="another file than the pinned"):
        get(site, tmp_path)
    assert left(tmp_path) == set()


def test_a_server_that_does_not_stop_sending_is_cut_off(site: Site, tmp_path: Path) -> None:
    site.content = CONTENT * 3
    site.faults.append(("no length", 0))
    with pytest.raises(PapersError, match="sends more than"):
        get(site, tmp_path)


def test_a_model_that_is_not_there_is_an_error_that_names_the_setting(site: Site, tmp_path: Path) -> None:
    site.faults.append(("status", 404))
    with pytest.raises(PapersError, match=r"\(404\); check HF_URL"):
        get(site, tmp_path)
    assert len(site.asked) == 1


def test_p18_a_server_in_trouble_is_tried_again_a_few_times_with_growing_waits(site: Site, tmp_path: Path) -> None:
    site.faults.extend([("status", 503)] * 50)
    waits: list[float] = []
    with pytest.raises(PapersError, match="answered 503"):
        get(site, tmp_path, waits=waits)
    assert len(site.asked) == limits.DOWNLOAD_TRIES
    assert len(waits) == limits.DOWNLOAD_TRIES - 1
    assert waits[-1] > waits[0]


def test_a_server_that_is_silent_is_given_up(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DOWNLOAD_READ_SECONDS", 0.1)
    monkeypatch.setattr(_Handler, "do_GET", lambda self: threading.Event().wait(1))
    with pytest.raises(PapersError, match="cannot be reached, or broke the transfer off"):
        get(site, tmp_path)


def test_a_redirect_on_the_same_host_is_followed(site: Site, tmp_path: Path) -> None:
    site.faults.append(("redirect", "/cdn/tiny"))
    assert get(site, tmp_path)[0].read_bytes() == CONTENT
    assert site.paths[-1] == "/cdn/tiny"


def test_p23_a_redirect_to_a_private_address_is_not_followed(site: Site, tmp_path: Path) -> None:
    other = Site()
    server = _serve(other)
    site.faults.append(("redirect", f"{other.url}/tiny"))
    with pytest.raises(PapersError, match="private address"):
        get(site, tmp_path)
    assert other.asked == []
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "location", ["https://cdn.example/x", "file:///etc/passwd", "ftp://cdn.example/x", "http://[", "javascript:1"]
)
def test_p23_a_redirect_to_another_scheme_is_not_followed(site: Site, tmp_path: Path, location: str) -> None:
    site.faults.append(("redirect", location))
    with pytest.raises(PapersError, match="redirects to"):
        get(site, tmp_path)


def test_redirects_without_end_are_given_up(site: Site, tmp_path: Path) -> None:
    site.faults.extend([("redirect", "/round")] * 50)
    with pytest.raises(PapersError, match="redirects more than"):
        get(site, tmp_path)


def test_a_second_fetch_at_the_same_time_is_refused(site: Site, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    with FileLock(tmp_path / "models" / "tiny.gguf.lock"), pytest.raises(PapersError, match="another process"):
        get(site, tmp_path)


def test_a_full_disk_is_noticed_before_anything_is_fetched(site: Site, tmp_path: Path) -> None:
    huge = PinnedModel("huge", MODEL.repository, MODEL.file, 1 << 60, MODEL.sha256, "Apache-2.0")
    with pytest.raises(PapersError, match="MB are free"):
        get(site, tmp_path, huge)
    assert site.asked == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_p27_a_directory_that_cannot_be_written_is_a_clear_error(site: Site, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(PapersError, match="check space and permissions"):
        get(site, tmp_path)


def test_a_name_that_is_not_pinned_is_bad_input_that_lists_the_names() -> None:
    with pytest.raises(BadInput, match=r"there are qwen2\.5-coder-1\.5b-instruct and qwen2\.5-coder-0\.5b-instruct"):
        pinned("gpt-5")


def test_the_pinned_models_are_the_official_files_of_their_authors() -> None:
    for model in PINNED.values():
        assert model.url("https://huggingface.co").startswith("https://huggingface.co/Qwen/Qwen2.5-Coder-")
        assert model.file == f"{model.name}-q4_k_m.gguf"
        assert len(model.sha256) == 64
        assert model.licence == "Apache-2.0"


def test_the_check_reads_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(CONTENT[:-1] + b"!")
    assert not model_get._is_it(path, MODEL)
    assert not model_get._is_it(tmp_path / "none", MODEL)
