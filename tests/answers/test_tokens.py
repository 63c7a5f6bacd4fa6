"""Counting tokens, whatever vocabularies this machine has."""

from collections.abc import Iterator

import pytest

from bot.answers import tokens


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    tokens._encoding.cache_clear()
    yield
    tokens._encoding.cache_clear()


def test_tokens_are_counted_without_the_network_for_any_model() -> None:
    for model in (None, "openai:gpt-5-mini", "local:owl", "owl:owl"):
        assert tokens.count("Owls hear by night.", model) == 7


def test_a_vocabulary_that_is_not_here_is_not_fetched(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    import tiktoken.load

    def never(url: str) -> bytes:
        raise AssertionError(url)

    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path_factory.mktemp("empty")))
    monkeypatch.setattr(tiktoken.load, "read_file", never)
    assert tokens.count("Owls hear by night.", "openai:gpt-4o") == 7


def test_without_any_vocabulary_there_is_an_upper_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    import tiktoken

    def none(name: str) -> None:
        raise ValueError(name)

    monkeypatch.setattr(tiktoken, "get_encoding", none)
    assert tokens.count("Owls hear by night.") >= 6


def test_special_tokens_in_text_are_counted_as_text() -> None:
    assert tokens.count("<|endoftext|>") > 1
    assert tokens.count("") == 0
