"""The reader: a small cross-encoder that reads two texts together, where vectors only compare them from afar.

It has two heads. Does a claim rest on these sentences of an abstract? Does a sentence answer a question? `make reader`
trains it from all-MiniLM-L6-v2 on the written examples in `bench/`.
"""

import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.library.embeddings import minilm_tokenizer, onnx_session

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

SUPPORTS, ANSWERS = range(2)  # the heads

LENGTH = 160  # tokens of both texts together; the longer one is cut
_BATCH = 8
_loading = threading.Lock()


def passage(title: str, sentences: Sequence[str]) -> str:
    """The text of a paper that a question is read against."""
    return f"{title.rstrip('.')}. {' '.join(sentences)}"


def read(pairs: Sequence[tuple[str, str]], head: int) -> NDArray[np.float32]:
    """The chance, 0–1, that a head gives to each (claim or question, sentences) pair; shape (len(pairs),)."""
    tokenizer, session = _model()
    found = np.zeros(len(pairs), np.float32)
    encoded = tokenizer.encode_batch([(there, text) for text, there in pairs]) if pairs else []
    order = sorted(range(len(pairs)), key=lambda i: len(encoded[i].ids))
    for start in range(0, len(order), _BATCH):
        chosen = order[start : start + _BATCH]
        longest = len(encoded[chosen[-1]].ids)
        ids, types, mask = (np.zeros((len(chosen), longest), np.int64) for _ in range(3))
        for row, i in enumerate(chosen):
            size = len(encoded[i].ids)
            ids[row, :size], types[row, :size], mask[row, :size] = encoded[i].ids, encoded[i].type_ids, 1
        logits = session.run(None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": types})[0]
        found[chosen] = 1 / (1 + np.exp(-np.asarray(logits)[:, head]))
    return found


def load() -> None:
    """Do now what the first `read` would have to do first."""
    _model()


def _model() -> "tuple[Tokenizer, InferenceSession]":
    with _loading:
        return _loaded()


@cache
def _loaded() -> "tuple[Tokenizer, InferenceSession]":
    tokenizer = minilm_tokenizer()
    tokenizer.enable_truncation(LENGTH)
    tokenizer.no_padding()
    return tokenizer, onnx_session(Path(__file__).with_name("reader.onnx"))
