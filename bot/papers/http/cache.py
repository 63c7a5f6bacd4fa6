"""Raw answers kept in the data directory, so that a site needs to send again only what has changed."""

import hashlib
import json
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bot import limits


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it came: the headers that matter, in lower case, and the body."""

    headers: dict[str, str]
    body: bytes

    def conditions(self) -> dict[str, str]:
        """The headers that ask for the answer only if it is another by now."""
        pairs = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
        return {asks: self.headers[has] for asks, has in pairs if has in self.headers}


_KEPT_HEADERS = ("etag", "last-modified", "content-type", "link")


class Cache:
    """Answers by address. It is there to save work: where it cannot be read or written, it holds nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, url: str) -> Kept | None:
        """The answer kept for `url`."""
        try:
            head, _, body = self._path(url).read_bytes().partition(b"\n")
            found = json.loads(head)
            headers = {str(k): str(v) for k, v in found["headers"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        whole = found.get("url") == url and found.get("sha256") == hashlib.sha256(body).hexdigest()
        return Kept(headers, body) if whole else None

    def store(self, url: str, headers: dict[str, str], body: bytes) -> None:
        """Keep an answer that can be asked for conditionally; all at once or not at all."""
        kept = {name: headers[name] for name in _KEPT_HEADERS if name in headers}
        if "etag" not in kept and "last-modified" not in kept:
            return
        head = {"url": url, "headers": kept, "sha256": hashlib.sha256(body).hexdigest()}
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as file:
                file.write(json.dumps(head).encode() + b"\n" + body)
            os.replace(file.name, self._path(url))
            self._prune()
        except OSError:
            return

    def _prune(self) -> None:
        """Drop what is old, and then the oldest until the rest is within its limit."""
        files = sorted(((path, path.stat()) for path in self._folder.iterdir()), key=lambda f: -f[1].st_mtime)
        total = 0
        for path, stat in files:
            total += stat.st_size
            if total > limits.CACHE_BYTES or time.time() - stat.st_mtime > limits.CACHE_DAYS * 86_400:
                path.unlink(missing_ok=True)

    def _path(self, url: str) -> Path:
        return self._folder / hashlib.sha256(url.encode()).hexdigest()[:32]
