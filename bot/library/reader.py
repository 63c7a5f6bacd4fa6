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
_loading = threading.Lock()


def passage(title: str, sentences: Sequence[str]) -> str:
    """The text of a paper that a question is read against."""
    return f"{title.rstrip('.')}. {' '.join(sentences)}"


def read(pairs: Sequence[tuple[str, str]], head: int) -> NDArray[np.float32]:
    """The chance, 0–1, that a head gives to each (claim or question, passage) pair; shape (len(pairs),).

    They are read one after the other: in a batch each takes as long, and the shorter ones longer.
    """
    tokenizer, session = _model()
    logits = np.zeros((len(pairs), 2), np.float32)
    for row, (text, there) in enumerate(pairs):
        read = tokenizer.encode(there, text)
        parts = {"input_ids": read.ids, "attention_mask": read.attention_mask, "token_type_ids": read.type_ids}
        logits[row] = session.run(None, {name: np.array([part], np.int64) for name, part in parts.items()})[0]
    return np.asarray(1 / (1 + np.exp(-logits[:, head])), np.float32)


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
