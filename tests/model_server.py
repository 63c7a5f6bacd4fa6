"""An OpenAI-compatible server on loopback whose replies a test scripts. Real HTTP, real streams, no network."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What the model says next, and what goes wrong with it.

    `piece` is how many characters a chunk of a stream has, `pause` the seconds before each chunk. With `cut`
    the connection breaks after so many characters, with `hang` nothing comes at all, and `raw` is sent
    instead of anything well-formed. `usage` are the tokens that are told: prompt and completion. `finish` is
    why the reply ends; None where a stream just ends, as by a server that died politely.
    """

    text: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    piece: int = 7
    pause: float = 0.0
    cut: int | None = None
    hang: bool = False
    raw: bytes | None = None
    usage: tuple[int, int] | None = (120, 40)
    finish: str | None = "stop"


@dataclass(frozen=True)
class Request:
    """What a client sent: the path, the headers by lower-case name, the parsed body."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def messages(self) -> list[dict[str, str]]:
        """The messages of a chat request."""
        return list(self.body.get("messages", ()))

    @property
    def user(self) -> str:
        """The last user message."""
        return next((str(m["content"]) for m in reversed(self.messages) if m["role"] == "user"), "")


Script = str | Reply | Callable[[Request], "str | Reply"]


class ModelServer:
    """Answers `/v1/models` and `/v1/chat/completions`; use as a context manager.

    Replies are taken from the queue in order; when it is empty, `default` is. With `key` set, requests with
    another key get 401, whose body echoes that key, as careless servers do. `requests` are the chat requests.
    """

    def __init__(self, default: Script = "Nothing was scripted.", key: str | None = None) -> None:
        self.default = default
        self.key = key
        self.models = ["scripted-model"]
        self.requests: list[Request] = []
        self.closing = threading.Event()
        self._queue: deque[Script] = deque()
        self._lock = threading.Lock()
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.model = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """The base URL, as `OPENAI_BASE_URL` takes it."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def enqueue(self, *replies: Script) -> None:
        """Script the next replies; a callable is given the request."""
        with self._lock:
            self._queue.extend(replies)

    def next_reply(self, request: Request) -> Reply:
        """The reply to a chat request, which is recorded."""
        with self._lock:
            self.requests.append(request)
            script = self._queue.popleft() if self._queue else self.default
        told = script(request) if callable(script) else script
        return Reply(told) if isinstance(told, str) else told

    def start(self) -> "ModelServer":
        """Begin to serve."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop serving; replies that hang end."""
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def __enter__(self) -> "ModelServer":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256
    model: ModelServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        if self._refused():
            return
        if self.path.rstrip("/") == "/v1/models":
            names = [{"id": name, "object": "model"} for name in self.server.model.models]
            self._json(200, {"object": "list", "data": names})
        else:
            self._json(404, _error("no such path"))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        if self._refused():
            return
        if self.path != "/v1/chat/completions":
            self._json(404, _error("no such path"))
            return
        request = Request(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        reply = self.server.model.next_reply(request)
        try:
            self._answer(reply, request)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _answer(self, reply: Reply, request: Request) -> None:
        if reply.hang:
            self.server.model.closing.wait(60)
            self.close_connection = True
        elif reply.raw is not None:
            self._send(reply.status, reply.raw, {"Content-Type": "text/event-stream", **reply.headers})
        elif reply.status != 200:
            self._json(reply.status, _error(reply.text or f"error {reply.status}"), reply.headers)
        elif request.body.get("stream"):
            self._stream(reply, request)
        else:
            time.sleep(reply.pause)
            message = {"role": "assistant", "content": reply.text}
            self._json(
                200,
                {
                    **_head(request, "chat.completion"),
                    "choices": [{"index": 0, "message": message, "finish_reason": reply.finish}],
                    **({"usage": _usage(*reply.usage)} if reply.usage else {}),
                },
                reply.headers,
            )

    def _stream(self, reply: Reply, request: Request) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        head = _head(request, "chat.completion.chunk")
        self._event({**head, "choices": [_delta({"role": "assistant", "content": ""})]})
        end = len(reply.text) if reply.cut is None else reply.cut
        for start in range(0, end, reply.piece):
            if self.server.model.closing.wait(reply.pause) if reply.pause else False:
                return
            piece = reply.text[start : min(start + reply.piece, end)]
            self._event({**head, "choices": [_delta({"content": piece})]})
        if reply.cut is not None:
            self.close_connection = True  # without the last chunk: the client sees a broken stream
            return
        if reply.finish is None:
            self._chunk(b"")
            return
        self._event({**head, "choices": [_delta({}, reply.finish)]})
        if reply.usage and request.body.get("stream_options", {}).get("include_usage"):
            self._event({**head, "choices": [], "usage": _usage(*reply.usage)})
        self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _event(self, event: dict[str, Any]) -> None:
        self._chunk(f"data: {json.dumps(event)}\n\n".encode())

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _refused(self) -> bool:
        key = self.server.model.key
        given = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if key is None or given == key:
            return False
        self._json(401, _error(f"Incorrect API key provided: {given}"))
        return True

    def _json(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _head(request: Request, kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 0, "model": request.body.get("model", "")}


def _delta(delta: dict[str, str], finish: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish}


def _usage(prompt: int, completion: int) -> dict[str, int]:
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def _error(message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "scripted", "code": None}}
