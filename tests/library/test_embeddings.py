"""The bundled embedding model, and the table of its tokens that words are compared by."""

import numpy as np

from bot.library.embeddings import MiniLM, OpenAIEmbeddings
from bot.library.word_vectors import SAME, word_vectors
from bot.settings import load_settings

TEXTS = (
    "Owls hear mice under snow.",
    "Mice beneath the snow are heard by owls.",
    "The bank raised its interest rate.",
)


def test_vectors_have_length_one_and_tell_like_from_unlike() -> None:
    vectors = MiniLM().embed(TEXTS)
    assert vectors.shape == (3, MiniLM.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.3


def test_each_text_has_its_own_vector_whatever_stands_beside_it() -> None:
    alone = np.vstack([MiniLM().embed([text]) for text in TEXTS])
    beside = MiniLM().embed([*TEXTS, "word " * 500, ""])
    assert np.all((alone * beside[:3]).sum(axis=1) > 0.98)
    assert MiniLM().embed([]).shape == (0, MiniLM.dimension)


def test_nothing_to_embed_asks_no_server() -> None:
    embedder = OpenAIEmbeddings("owl", load_settings({"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}))
    assert len(embedder.embed([])) == 0
    assert len(MiniLM().embed([])) == 0


def test_words_are_near_by_meaning_same_by_stem_and_unknown_ones_near_nothing() -> None:
    words = word_vectors()
    fast, quick, slow, strange = (words.numbers([word]) for word in ("fast", "quick", "slow", "qzxvbn"))
    assert words.likeness(fast, quick)[0, 0] > words.likeness(fast, words.numbers(["table"]))[0, 0]
    assert words.likeness(slow, slow)[0, 0] == SAME
    assert words.likeness(strange, fast)[0, 0] == 0
