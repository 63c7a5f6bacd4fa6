"""`papers model list`, `papers model get`."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.answers import local_models
from bot.answers.local_models import PinnedModel
from tests.conftest import Run

CONTENT = b"GGUF" * 1_000
TINY = PinnedModel(
    "tiny", "Owls/Tiny-GGUF", "tiny.gguf", len(CONTENT), hashlib.sha256(CONTENT).hexdigest(), "Apache-2.0"
)


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        known = self.path == "/Owls/Tiny-GGUF/resolve/main/tiny.gguf"
        self.send_response(200 if known else 404)
        self.send_header("Content-Length", str(len(CONTENT) if known else 0))
        self.end_headers()
        self.wfile.write(CONTENT if known else b"")


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A site that has one small model, which is pinned for this test."""
    monkeypatch.setattr(local_models, "PINNED", {"tiny": TINY})
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_the_list_names_size_licence_and_sha256(papers: Run) -> None:
    result = papers("model", "list")
    assert result.status == 0
    rows = [line.split("\t") for line in result.out.splitlines()]
    assert [row[0] for row in rows] == ["qwen2.5-coder-1.5b-instruct", "qwen2.5-coder-0.5b-instruct"]
    assert rows[1][1:3] == ["468 MB", "Apache-2.0"]
    assert rows[0][3] == "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
    assert {row[4] for row in rows} == {"not here"}


def test_a_model_is_fetched_once_and_is_then_listed_as_here(papers: Run, site: str, home: Path) -> None:
    first = papers("model", "get", "tiny", HF_URL=site)
    assert first.status == 0
    path = home / "models" / "tiny.gguf"
    assert first.out == f"fetched: {path}\n"
    assert path.read_bytes() == CONTENT
    assert "PAPERS_MODEL=local:tiny" in first.err
    assert "%" not in first.err  # progress is for terminals
    again = papers("model", "get", "tiny", "--json", HF_URL="http://127.0.0.1:9")
    assert again.json == {"name": "tiny", "path": str(path), "fetched": False}
    assert papers("model", "list", "--json").json["models"][0]["here"] is True


def test_a_name_that_is_not_pinned_is_wrong_usage(papers: Run) -> None:
    result = papers("model", "get", "owl-9000")
    assert (result.status, result.out) == (2, "")
    assert "no model is called 'owl-9000'; there are qwen2.5-coder-1.5b-instruct" in result.err


def test_a_site_without_the_file_is_one_line_and_status_1(papers: Run, site: str, home: Path) -> None:
    result = papers("model", "get", "tiny", HF_URL=f"{site}/elsewhere")
    assert (result.status, result.out) == (1, "")
    assert result.err.count("\n") == 1
    assert "404" in result.err


def test_the_group_alone_shows_its_commands(papers: Run) -> None:
    result = papers("model")
    assert result.status == 0
    assert "list" in result.out
    assert "get" in result.out
