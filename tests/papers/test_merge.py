"""Two records of the same paper to one."""

from datetime import date

import pytest

from bot.papers.merge import merge
from bot.papers.paper import make_paper

PAGE = make_paper("A Title", "From the page. It works.", published="2025-08-04")
HF = make_paper(
    "A Title",
    "From Hugging Face. It works.",
    published="2025-08-04",
    arxiv_id="2508.01234",
    authors=["A. One"],
    upvotes=7,
    keywords=["reading"],
)
ARXIV = make_paper(
    "A Title", "From arXiv. It works.", published="2025-08-01", arxiv_id="2508.01234", authors=["A. One", "B. Two"]
)
NOTE = make_paper("A Title", "In other words.", published="2025-08-04", kind="note")


@pytest.mark.parametrize("same_source", [True, False])
def test_a_note_never_replaces_an_abstract_and_an_abstract_always_a_note(same_source):
    kept = merge(HF, NOTE, same_source=same_source)
    assert (kept.abstract, kept.sentences, kept.kind) == (HF.abstract, HF.sentences, "abstract")
    replaced = merge(NOTE, PAGE, same_source=same_source)
    assert (replaced.abstract, replaced.sentences, replaced.kind) == (PAGE.abstract, PAGE.sentences, "abstract")
    assert merge(NOTE, NOTE, same_source=same_source) == NOTE


def test_the_newer_abstract_wins_and_what_is_known_beats_what_is_not():
    merged = merge(HF, ARXIV, same_source=False)
    assert (merged.abstract, merged.authors) == (ARXIV.abstract, ("A. One", "B. Two"))
    assert (merged.upvotes, merged.keywords) == (7, ("reading",))
    again = merge(merged, HF, same_source=False)
    assert (again.abstract, again.authors, again.upvotes) == (HF.abstract, ("A. One",), 7)


def test_upvotes_are_refreshed():
    fewer = make_paper("A Title", "Text.", arxiv_id="2508.01234", upvotes=0)
    assert merge(HF, fewer, same_source=False).upvotes == 0


def test_p24_from_the_same_source_what_is_gone_is_gone_save_the_number():
    bare = make_paper("Another Title", "New text.")
    merged = merge(HF, bare, same_source=True)
    assert (merged.title, merged.abstract, merged.arxiv_id) == ("Another Title", "New text.", "2508.01234")
    assert (merged.date, merged.authors, merged.upvotes, merged.keywords) == (None, (), None, ())


@pytest.mark.parametrize("paper", [PAGE, HF, ARXIV, NOTE])
@pytest.mark.parametrize("same_source", [True, False])
def test_p24_the_same_record_again_changes_nothing(paper, same_source):
    assert merge(paper, paper, same_source=same_source) == paper


@pytest.mark.parametrize(
    ("old", "new", "day"),
    [
        (HF, ARXIV, 4),  # the day of Daily Papers, not that of publication
        (ARXIV, HF, 4),
        (ARXIV, PAGE, 4),
        (PAGE, ARXIV, 4),
        (HF, make_paper("A Title", "Text.", published="2025-08-06"), 4),  # on the page a second time
        (HF, make_paper("A Title", "Text.", arxiv_id="2508.01234", published="2025-08-03", upvotes=1), 3),
        (HF, make_paper("A Title", "Text."), 4),
        (make_paper("A Title", "Text."), ARXIV, 1),
        (merge(PAGE, ARXIV, same_source=False), ARXIV, 4),
    ],
)
def test_the_day_is_the_earliest_of_daily_papers_else_that_of_publication(old, new, day):
    assert merge(old, new, same_source=False).date == date(2025, 8, day)
