"""A paper's ids, links and limits."""

import hashlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.papers.paper import Unusable, arxiv_number, as_date, http_url, make_paper


def test_the_id_is_the_arxiv_number_else_the_given_id_else_a_hash_of_the_title():
    digest = hashlib.sha256(b"a title").hexdigest()[:16]
    assert make_paper("A Title", "Text.", arxiv_id="2508.01234v2", given_id="x").id == "arxiv:2508.01234"
    assert make_paper("A Title", "Text.", given_id="x").id == "x"
    assert make_paper("A Title", "Text.", given_id=7).id == "7"
    assert make_paper("A  title!", "Text.").id == f"title:{digest}"


def test_a_given_id_that_is_an_arxiv_number_is_one():
    paper = make_paper("A Title", "Text.", given_id="arxiv:2508.01234v3")
    assert (paper.arxiv_id, paper.given_id, paper.id) == ("2508.01234", None, "arxiv:2508.01234")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("2508.01234", "2508.01234"),
        ("arXiv:0704.0001v12", "0704.0001"),
        ("https://arxiv.org/abs/2508.01234v2", "2508.01234"),
        ("http://www.arxiv.org/pdf/2508.01234.pdf", "2508.01234"),
        ("math.GT/0309136", "math.GT/0309136"),
        ("hep-th/9901001v3", "hep-th/9901001"),
    ],
)
def test_arxiv_numbers_are_taken_however_they_are_written(written, number):
    assert arxiv_number(written) == number


@pytest.mark.parametrize(
    "wrong", ["", "2508", "2508.1", "x2508.01234", "2508.01234/../etc", "2508.01234?x", None, 2508.01234, "a/1"]
)
def test_what_is_no_arxiv_number_is_unusable(wrong):
    with pytest.raises(Unusable, match="is no arXiv number"):
        arxiv_number(wrong)


def test_the_link_is_the_papers_url_else_its_arxiv_page():
    assert make_paper("T", "A.", arxiv_id="2508.01234", url="https://x.org/p").link == "https://x.org/p"
    assert make_paper("T", "A.", arxiv_id="2508.01234").link == "https://arxiv.org/abs/2508.01234"
    assert make_paper("T", "A.").link is None


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://user:pass@example.org",
        "ftp://example.org",
        "https://",
        "//example.org",
        "https://example.org/a b",
        "https://example.org/)](",
        "https://example.org/\u202e",
        "https://example.org:notaport",
        "https://example.org/" + "a" * 500,
        5,
        None,
    ],
)
def test_a_link_that_is_not_plain_http_is_left_out(url):
    assert http_url(url) is None
    assert make_paper("T", "A.", url=url).url is None


def test_dates_are_iso_with_or_without_a_time():
    assert as_date("2025-08-04") == as_date("2025-08-04T12:00:00.000Z") == date(2025, 8, 4)
    for wrong in ("2025-13-01", "Aug 4", "20250804", 5, ["2025"]):
        with pytest.raises(Unusable, match="is no date"):
            as_date(wrong)


@pytest.mark.parametrize(
    ("title", "abstract", "reason"),
    [
        ("", "Text.", "no title"),
        ("\u200b", "Text.", "no title"),
        (None, "Text.", "no title"),
        ("T", "", "no abstract"),
        ("T", None, "no abstract"),
        ("T", [], "no abstract"),
        ("T", [""], "no abstract"),
        ("T", [1], "neither a string nor a list of sentences"),
        ("T", {"a": 1}, "neither a string nor a list of sentences"),
        ("T" * 501, "Text.", "the title has 501 characters; the limit is 500"),
        ("T", "x" * 20_001, "the abstract has 20,001 characters; the limit is 20,000"),
        ("T", ["x" * 10_000, "y" * 10_000], "the abstract has 20,001 characters"),
    ],
)
def test_a_record_without_usable_title_or_abstract_says_why(title, abstract, reason):
    with pytest.raises(Unusable, match=reason):
        make_paper(title, abstract)


def test_a_list_of_sentences_is_kept_as_it_is():
    paper = make_paper("T", ["One sentence. Or two?", " ", "Another  one."])
    assert paper.sentences == ("One sentence. Or two?", "Another one.")
    assert paper.abstract == "One sentence. Or two? Another one."


@given(st.text(min_size=1), st.text(min_size=1))
def test_sentences_are_verbatim_parts_of_the_abstract(title, abstract):
    try:
        paper = make_paper(title, abstract)
    except Unusable:
        return
    assert " ".join(paper.sentences) == paper.abstract
    assert all(sentence in paper.abstract for sentence in paper.sentences)


def test_decoration_of_a_wrong_type_is_left_out():
    paper = make_paper("T", "A.", authors="Me", upvotes=-1, keywords={"a": 1})
    assert (paper.authors, paper.upvotes) == ((), None)
    assert make_paper("T", "A.", authors=["Me", 5, "", "You"], upvotes=3.5).authors == ("Me", "You")
    assert make_paper("T", "A.", upvotes=True).upvotes is None
