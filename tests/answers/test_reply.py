"""How a model's reply is read while it streams."""

from hypothesis import given
from hypothesis import strategies as st

from bot.answers.reply import SentenceReader, strip_markers

KEYS = frozenset({"P1", "P2", "P3"})


def read(*pieces: str) -> list[tuple[str, set[str]]]:
    reader = SentenceReader(KEYS)
    sentences = [s for piece in pieces for s in reader.feed(piece)]
    return [(s.text, set(s.keys)) for s in [*sentences, *reader.end()]]


def test_sentences_come_one_by_one_with_the_keys_behind_them() -> None:
    assert read("Alpha works [P1]. Beta ", "fails. [P2][P3] Gam", "ma is open") == [
        ("Alpha works.", {"P1"}),
        ("Beta fails.", {"P2", "P3"}),
        ("Gamma is open", set()),
    ]


def test_a_marker_without_a_space_before_it_ends_its_sentence() -> None:
    said = [("It works well.", {"P1"}), ("The next one holds.", set())]
    assert read("It works well.[P1] The next one holds.") == said
    assert read("It works well.【1†source】 The next one holds.") == said
    assert read("It works well.\u00a0[P1] The next", " one holds.") == said


def test_nothing_is_given_out_before_the_next_sentence_has_begun() -> None:
    reader = SentenceReader(KEYS)
    assert list(reader.feed("It reaches 3.")) == []
    assert list(reader.feed("5 points. ")) == []
    assert [s.text for s in reader.feed("Then it")] == ["It reaches 3.5 points."]


@given(st.lists(st.integers(1, 200)))
def test_the_pieces_of_a_stream_make_no_difference(cuts: list[int]) -> None:
    text = "Alpha, e.g. on T5, works [P1, P2]. Beta reaches 3.5%! [P3]\n- Gamma (see P2) is new. Is it? Yes [P9]."
    ends = sorted({c for c in cuts if c < len(text)})
    pieces = [text[a:b] for a, b in zip([0, *ends], [*ends, len(text)], strict=True)]
    assert read(*pieces) == read(text)


def test_markup_is_taken_off() -> None:
    assert read("## Answer\n1. **Alpha** works.\n* `Beta` *fails*.\n> Gamma") == [
        ("Answer", set()),
        ("Alpha works.", set()),
        ("Beta fails.", set()),
        ("Gamma", set()),
    ]


def test_p03_markers_of_all_kinds_are_taken_off_and_unknown_ones_told() -> None:
    for text, named, bad in [
        ("It works [P1].", {"P1"}, False),
        ("It works [1, 3].", {"P1", "P3"}, False),
        ("It works [P1-P3].", {"P1", "P2", "P3"}, False),
        ("It works (P2).", {"P2"}, False),
        ("It works 【2†source】.", {"P2"}, False),
        ("It works [P7].", set(), True),
        ("It works [P1][9].", {"P1"}, True),
    ]:
        assert strip_markers(text, KEYS) == ("It works.", frozenset(named), bad), text


def test_brackets_that_are_no_markers_stay() -> None:
    for text in ("It uses induction heads (IH).", "It scores 3.0 (2) of 5.", "The range is [0.1, 0.9]."):
        assert strip_markers(text, KEYS)[0] == text


def test_p04_a_link_keeps_its_words_only() -> None:
    assert strip_markers("See [the code](https://evil.example/x) now.", KEYS)[0] == "See the code now."


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    for sentence, keys in read(text):
        assert sentence
        assert keys <= KEYS
