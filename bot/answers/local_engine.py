"""llama.cpp in this process, by the package `xllamacpp`: a model file, loaded once, writes one reply at a time."""

import os
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import limits
from bot.answers import words
from bot.answers.models import ModelFailed, NotAsked
from bot.errors import BadInput

if TYPE_CHECKING:
    import xllamacpp

_BATCH = 128  # tokens read between two looks at whether the reply is still wanted
_TURN_SECONDS = 0.2  # between two such looks while another reply is being written
_MOST_THREADS = 8  # more do not write faster


@dataclass(frozen=True, slots=True)
class End:
    """The end of a reply; `error` is why it failed, if it did."""

    error: ModelFailed | None = None

    def check(self) -> None:
        """Raise `error`, if there is one."""
        if self.error:
            raise self.error


Piece = dict[str, Any] | End
"""A chunk of a reply in the shape of OpenAI's streams, or its end, which is always the last."""


@dataclass
class Job:
    """A reply under way."""

    _unwanted: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        """The reply is not wanted any more; it stops within a moment. Does nothing to one that has ended."""
        self._unwanted.set()

    @property
    def cancelled(self) -> bool:
        """Whether it is not wanted any more."""
        return self._unwanted.is_set()


class Engine:
    """A model file. It is loaded by the first reply, in that reply's thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = threading.Lock()
        self._counting = threading.Lock()
        self._waiting = 0
        self._server: xllamacpp.Server | None = None

    def start(self, request: dict[str, Any], put: Callable[[Piece], None]) -> Job:
        """Begin a reply in a thread of its own, which gives `put` each piece of it.

        Raises `NotAsked` where too many wait already for it to come in time.
        """
        with self._counting:
            if self._waiting > limits.LOCAL_QUEUE:
                raise NotAsked(words.MODEL_BUSY)
            self._waiting += 1
        job = Job()
        # No daemon: at the end of the program it is waited for, as llama.cpp must not be torn down while it writes.
        threading.Thread(target=self._write, args=(request, put, job), name="local-model").start()
        return job

    def _write(self, request: dict[str, Any], put: Callable[[Piece], None], job: Job) -> None:
        error: ModelFailed | None = None
        try:
            while not self._turn.acquire(timeout=_TURN_SECONDS):
                if job.cancelled:
                    return
            try:
                error = self._reply(request, put, job)
            finally:
                self._turn.release()
        except ModelFailed as failure:
            error = failure
        except Exception as failure:  # whatever llama.cpp raises; it is told, not lost with the thread
            error = ModelFailed(f"the local model failed ({type(failure).__name__})")
        finally:
            with self._counting:
                self._waiting -= 1
            put(End(error))

    def _reply(self, request: dict[str, Any], put: Callable[[Piece], None], job: Job) -> ModelFailed | None:
        """Write one reply; why it failed, if it did."""
        error: ModelFailed | None = None

        def take(piece: dict[str, Any]) -> bool:
            nonlocal error
            if problem := piece.get("error"):
                too_long = problem.get("type") == "exceed_context_size_error"
                error = ModelFailed("the local model cannot read so much" if too_long else "the local model failed")
            elif not job.cancelled and "prompt_progress" not in piece:
                put(piece)
            return job.cancelled

        if job.cancelled:
            return None
        if self._server is None:
            self._server = _load(self._path)
        more = {"stream": True, "return_progress": True, "stream_options": {"include_usage": True}}
        self._server.handle_chat_completions({**request, **more}, take)
        return error


@lru_cache(maxsize=1)
def _engine(path: Path) -> Engine:
    return Engine(path)


_choosing = threading.Lock()


def engine_of(path: Path) -> Engine:
    """The engine of a model file, the same for all of this process; another file's is let go of.

    Raises `BadInput` where llama.cpp is not installed.
    """
    if find_spec("xllamacpp") is None:
        raise BadInput("models in this process need one more package: pip install 'papers-bot[local]'")
    with _choosing:
        return _engine(path)


def _load(path: Path) -> "xllamacpp.Server":
    # llama.cpp's threads wait for each other in busy loops, unless told so before it is loaded: where another
    # program wants a core too, it is six times slower for it (2 cores, load 3: 2.7 tokens/s against 16).
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = limits.LOCAL_CONTEXT_TOKENS
    params.n_parallel = 1
    params.n_batch = params.n_ubatch = _BATCH
    params.verbosity = -1
    params.warmup = False
    params.cache_ram_mib = 0
    threads = min(_MOST_THREADS, _cores())
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.cpuparams.poll = params.cpuparams_batch.poll = 0
    # It also listens on loopback, which is not used: nobody else shall use it either.
    params.api_keys = [secrets.token_hex(16)]
    params.ui = params.endpoint_slots = False
    try:
        return xllamacpp.Server(params)
    except RuntimeError:
        raise ModelFailed(f"{path.name} cannot be loaded; it is no whole GGUF file, or memory is short") from None


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
