"""Word vectors: which words mean alike, from the input embeddings of MiniLM.

The table holds a vector for each of some 21,000 words, and for pieces of words. Reading it costs no run of the model, so
that every word of a question can be held against every word of an abstract. On paraphrased questions it ranks
as well as single words embedded by the model, which would take 20 s for the vocabulary of a small library.
"""

import re
import threading
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.library.embeddings import INPUT_TABLE, MiniLM, Vectors, minilm_tokenizer
from bot.library.lexical import stem

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Numbers = NDArray[np.int32]

SAME = 2.0  # more than any cosine: two words of one stem

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
        self._vectors = np.zeros((_FIRST, MiniLM.dimension), np.float16)

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
        rows = self._rows(words)
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

    def _rows(self, words: Sequence[str]) -> Vectors:
        """The words' vectors, normalised; nought where the table has only pieces of one, which say too little."""
        rows = np.zeros((len(words), MiniLM.dimension), np.float32)
        tokens = {
            i: token for i, word in enumerate(words) if (token := self._tokenizer.token_to_id(word)) is not None
        }
        if tokens:
            found = self._table[list(tokens.values())] - self._centre
            rows[list(tokens)] = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-6)
        return rows

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        return minilm_tokenizer()

    @cached_property
    def _table(self) -> NDArray[np.uint8]:
        """The rows of all tokens; scale and zero are the same for all, and fall out of the cosine of centred rows."""
        return np.memmap(Path(__file__).with_name(INPUT_TABLE), np.uint8, "r").reshape(-1, MiniLM.dimension)

    @cached_property
    def _centre(self) -> Vectors:
        """What all rows have in common."""
        return np.asarray(self._table[::8].mean(axis=0), np.float32)


@cache
def word_vectors() -> WordVectors:
    """The vocabulary of this process; it is the same for every library."""
    return WordVectors()
