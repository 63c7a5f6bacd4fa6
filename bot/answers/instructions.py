"""Sentences that give orders to a reader's model: they are neither evidence nor quoted, nor let through."""

import re
from functools import lru_cache

_ORDERS = re.compile(
    r"<\|[\w ]+\|>|\[/?INST\]|<</?SYS>>|^\s*(?:system|assistant|user)\s*:|\bas an ai\b|@everyone|@here\b"
    r"|\b(?:ignore|disregard|forget)\b.{0,40}\b(?:instructions?|prompts?|rules|above|previous)\b"
    r"|\b(?:reply|respond|answer)\s+(?:only\s+)?with\b|\bcite\s+this\s+paper\b|\b(?:print|reveal)\s+your\b",
    re.I,
)


@lru_cache(maxsize=8_192)
def gives_orders(sentence: str) -> bool:
    """Whether `sentence` tells a reader's model what to do: to reply, ignore, cite or print; or poses as its system."""
    return bool(_ORDERS.search(sentence))
