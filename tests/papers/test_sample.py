"""The bundled sample: notes in our own words on the papers of a real page."""

from datetime import date
from pathlib import Path

import pytest

from bot.papers.paper import Paper
from bot.papers.sources import read_source
from bot.papers.text import title_key
from bot.settings import load_settings

SEED = Path(__file__).parents[3] / "shared" / "seed" / "daily-papers-2025-08-04.txt"


def papers(source: str) -> list[Paper]:
    batch = read_source(source, settings=load_settings({}), today=date(2025, 12, 31))
    return [paper for _, paper in batch.papers]


def runs(text: str, length: int) -> set[str]:
    words = title_key(text).split()
    return {" ".join(words[i : i + length]) for i in range(len(words) - length + 1)}


def test_it_holds_68_notes_of_two_to_four_sentences() -> None:
    notes = papers("sample")
    assert len({note.id for note in notes}) == 68
    assert {note.kind for note in notes} == {"note"}
    assert {note.date for note in notes} == {date(2025, 8, 4)}
    assert all(2 <= len(note.sentences) <= 4 for note in notes)


@pytest.mark.skipif(not SEED.exists(), reason="the real page is not there to compare with")
def test_no_sentence_of_an_abstract_is_copied() -> None:
    abstracts = {paper.title: paper for paper in papers(str(SEED))}
    for note in papers("sample"):
        abstract = abstracts[note.title]
        shared = runs(note.abstract, 8) & runs(abstract.abstract, 8) - runs(note.title, 8)
        assert shared == set(), note.title
        assert not set(note.sentences) & set(abstract.sentences)
