"""Phrases of a day, and the names of themes."""

import numpy as np

from bot.digest.day import paper_vectors
from bot.digest.names import NAME_CHARS, name_themes
from bot.digest.phrases import Phrase, phrases_of
from tests.digest.days import FIELDS, day_of, embed


def shown(*texts: str, titles: tuple[str, ...] = ()) -> dict[str, Phrase]:
    papers = [(titles[i] if titles else "Untitled", [t]) for i, t in enumerate(texts)]
    return {p.shown: p for p in phrases_of(papers)}


def test_a_theme_is_named_after_its_field() -> None:
    papers = day_of(32)
    labels = [i % len(FIELDS) for i in range(32)]
    phrases = phrases_of([(p.title, p.sentences) for p in papers])
    names = name_themes(labels, phrases, paper_vectors(papers), embed)
    for name, (field, _) in zip(names, FIELDS, strict=True):
        assert name.lower().startswith(field.lower().split()[0])
    assert len(set(names)) == len(names)
    assert all(len(name) <= NAME_CHARS for name in names)


def test_singular_and_plural_are_one_phrase() -> None:
    phrases = shown("We train a diffusion model.", "All diffusion models are trained.", "Diffusion models were slow.")
    assert phrases["diffusion models"].papers.keys() == {0, 1, 2}
    assert "diffusion model" not in phrases


def test_words_of_every_abstract_stand_in_no_phrase() -> None:
    phrases = shown(*["Our novel framework achieves state-of-the-art performance on extensive experiments."] * 3)
    assert not phrases


def test_a_fragment_of_a_longer_phrase_is_none() -> None:
    phrases = shown(*["We look at large language models for chess."] * 3)
    assert "large language models" in phrases
    assert "large language" not in phrases


def test_an_acronym_is_read_as_what_it_stands_for() -> None:
    defined = "Now large language models (LLMs) write."
    phrases = shown(defined, defined, "We study LLMs that count.", "One LLM counts.")
    assert phrases["large language models"].papers.keys() == {0, 1, 2, 3}


def test_what_a_paper_calls_its_work_is_no_phrase_of_the_field() -> None:
    titles = ("FooNet: Spiking Networks for Chess",) * 2
    phrases = shown("FooNet plays spiking chess.", "FooNet plays well.", titles=titles)
    assert not any("foonet" in p.words for p in phrases.values())


def test_names_are_spelt_as_in_running_text() -> None:
    text = "Here a vision-language model of Hebbian learning is trained, and Hebbian learning helps."
    phrases = shown(text, text, titles=("On Vision-Language Models", "Hebbian Learning"))
    assert "Hebbian learning" in phrases
    assert "vision-language models" in phrases or "vision-language model" in phrases


def test_themes_without_phrases_still_have_different_names() -> None:
    vectors = np.eye(3, dtype=np.float32)
    names = name_themes([0, 1, 2], [], vectors, embed)
    assert len(set(names)) == 3
    assert all(names)
