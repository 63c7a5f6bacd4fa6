"""Replies of models, kept by what was asked, so that a summary made twice costs nothing the second time."""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

_KEEP_SECONDS = 60 * 24 * 3600.0


class Replies(Protocol):
    """Where replies are kept. Losing one costs a model call, nothing else."""

    def get(self, key: str) -> str | None:
        """The reply kept under `key`."""
        ...

    def put(self, key: str, reply: str) -> None:
        """Keep `reply` under `key`."""
        ...


class StoredReplies:
    """Replies in an SQLite file; those not asked for in sixty days go. Safe to use from several threads.

    A file that cannot be read or written is as good as an empty one: nothing is raised.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def get(self, key: str) -> str | None:
        """The reply kept under `key`."""
        with contextlib.suppress(sqlite3.Error, OSError), self._opened() as file:
            row = file.execute("SELECT reply FROM replies WHERE key = ?", (key,)).fetchone()
            if row:
                file.execute("UPDATE replies SET used = ? WHERE key = ?", (time.time(), key))
                return str(row[0])
        return None

    def put(self, key: str, reply: str) -> None:
        """Keep `reply` under `key`."""
        with contextlib.suppress(sqlite3.Error, OSError), self._opened() as file:
            file.execute("INSERT OR REPLACE INTO replies VALUES (?, ?, ?)", (key, reply, time.time()))
            file.execute("DELETE FROM replies WHERE used < ?", (time.time() - _KEEP_SECONDS,))

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock, contextlib.closing(sqlite3.connect(self._path, timeout=5)) as file, file:
            file.execute("CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, reply TEXT, used REAL)")
            yield file
