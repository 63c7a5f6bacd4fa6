"""The Daily Papers page as a text dump."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import limits
from bot.errors import BadInput

SITE = (
    "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community"
)
SITE += "\n\n"
HEADER = f"{SITE}Aug 4\n\n"
LONG = "We study how models read pages. The reader follows the structure of the page. " * 4


def abstract(n: int) -> str:
    return f"Paper number {n} is about reading. {LONG}It ends with {n}."


def page(*titles: str) -> str:
    return HEADER + "\n\n".join(f"{title}\n\n{abstract(n)}" for n, title in enumerate(titles, 1)) + "\n"


def titles(batch) -> list[str]:
    return [paper.title for _, paper in batch.papers]


def reasons(batch) -> dict[str, str]:
    return {rejected.where: rejected.reason for rejected in batch.rejected}


def test_the_real_page_gives_all_its_68_papers(read, seed):
    batch = read(seed, "daily-papers-2025-08-04.txt")
    assert len(batch.papers) == batch.found == 68
    assert batch.date == date(2025, 8, 4)
    assert all(paper.date == batch.date and paper.kind == "abstract" for _, paper in batch.papers)
    assert titles(batch)[0] == "Visual Search Asymmetry: Deep Nets and Humans Share Similar Inherent Biases"
    assert titles(batch)[-1] == "The Tensor Brain: Semantic Decoding for Perception and Memory"
    assert batch.papers[0][1].abstract.endswith("at https://github.com/kreimanlab/VisualSearchAsymmetry.")
    assert batch.papers[-1][1].abstract.endswith("deeper understanding of sensory information.")


def test_each_real_title_stands_on_its_line_and_its_abstract_two_lines_below(read, seed):
    lines = seed.decode().split("\n")
    for where, paper in read(seed).papers:
        line = int(where.removeprefix("line "))
        assert (lines[line - 1], lines[line + 1].strip()) == (paper.title, paper.abstract)


def test_a_header_of_any_words_up_to_the_date_is_left_out(read):
    text = page("Reading Pages", "Writing Pages").replace("Subscribe", "Your daily dose of papers. Every morning.")
    assert titles(read(text)) == ["Reading Pages", "Writing Pages"]
    assert not read(text).rejected


@pytest.mark.parametrize("header", ["", SITE])
def test_a_page_without_date_or_header_is_read_all_the_same(read, header):
    batch = read(page("Reading Pages", "Writing Pages").replace(HEADER, header))
    assert titles(batch) == ["Reading Pages", "Writing Pages"]
    assert (batch.rejected, batch.date) == ((), None)
    assert "--date" in batch.date_note


def test_wrapped_lines_are_joined(read):
    text = page("A Title of\nTwo Lines", "Vision-\nLanguage Models for pre-\nand post-training").replace(
        "We study how models", "We\nstudy how multi-\nmodal models"
    )
    batch = read(text)
    assert titles(batch) == ["A Title of Two Lines", "Vision-Language Models for pre- and post-training"]
    assert "We study how multi-modal models" in batch.papers[0][1].abstract


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_other_line_ends_and_a_byte_order_mark_change_nothing(read, newline):
    text = page("Reading Pages", "Writing Pages")
    other = read(b"\xef\xbb\xbf" + text.replace("\n", newline).encode())
    assert other == read(text)


def test_blank_lines_may_hold_spaces_and_be_several(read):
    text = page("Reading Pages", "Writing Pages").replace("\n\n", "\n \t\n\u200b\n")
    assert titles(read(text)) == ["Reading Pages", "Writing Pages"]


def test_a_title_without_abstract_costs_no_other_paper_its_place(read):
    text = page("First", "Lonely", "Third").replace(abstract(2) + "\n\n", "")
    batch = read(text)
    assert titles(batch) == ["First", "Third"]
    assert batch.papers[1][1].abstract == abstract(3).strip()
    assert reasons(batch) == {"line 17": "a title without an abstract: Lonely"}


def test_an_abstract_without_title_costs_no_other_paper_its_place(read):
    text = page("First", "Lost", "Third").replace("Lost\n\n", "")
    batch = read(text)
    assert titles(batch) == ["First", "Third"]
    assert list(reasons(batch)) == ["line 17"]
    assert reasons(batch)["line 17"].startswith("an abstract without a title: Paper number 2")


def test_titles_that_look_like_sentences_are_titles(read):
    names = [
        "Diffusion vs. Autoregression",
        "Is It New? A Study",
        "E.T. Bench. A Bench for E.T.",
        "All You Need Is X.",
    ]
    assert titles(read(page("Plain", *names))) == ["Plain", *names]


def test_short_abstracts_are_abstracts(read):
    batch = read("A Title\n\nOne sentence.\n\nLonely\n\nAnother Title\n\nWe do this. It works.\n")
    assert [(p.title, p.abstract) for _, p in batch.papers] == [
        ("A Title", "One sentence."),
        ("Another Title", "We do this. It works."),
    ]
    assert reasons(batch) == {"line 5": "a title without an abstract: Lonely"}


def test_too_long_a_title_is_named_with_its_length(read):
    batch = read(page("Fine", "word " * 150, "Fine Too"))
    assert titles(batch) == ["Fine", "Fine Too"]
    assert "the title has 749 characters; the limit is 500" in reasons(batch)["line 17"]


def test_a_second_date_in_the_page_is_reported(read):
    batch = read(page("First", "Second").replace("Second\n", "Aug 5, 2025\n\nSecond\n"))
    assert titles(batch) == ["First", "Second"]
    assert reasons(batch) == {"line 17": "a second date; put each day into a file of its own: Aug 5, 2025"}


def test_p28_an_empty_file_says_so(read):
    for nothing in ("", "\n\n \n", "\0\0", "\ufeff", "\u200b\n"):
        with pytest.raises(BadInput, match=r"page\.txt: (the file is empty|not text)"):
            read(nothing)


def test_p28_one_paper_is_taken(read):
    assert titles(read(f"Only One\n\n{abstract(1)}")) == ["Only One"]


def test_p28_a_file_without_papers_says_what_was_expected(read):
    with pytest.raises(BadInput, match="no papers: expected titles and abstracts in turn"):
        read("\n\n".join(f"remark {n}" for n in range(40)))
    assert "a title without an abstract: Only a Title" in reasons(read("Only a Title\n"))["line 1"]


def test_p28_one_wrong_byte_costs_one_paper_and_is_named_with_its_line(read):
    text = page("First", "Café", "Third").encode("latin-1")
    batch = read(text)
    assert titles(batch) == ["First", "Third"]
    assert reasons(batch)["line 17"].startswith("byte 0xE9 on line 17 is no UTF-8; save the file as UTF-8")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_p28_an_encoding_with_a_mark_is_read(read, encoding):
    assert titles(read(page("Café ∑", "Second").encode(encoding))) == ["Café ∑", "Second"]


def test_p28_what_is_no_text_is_refused_with_the_place(read):
    with pytest.raises(BadInput, match=r"page\.txt: not text"):
        read(page("A", "B").encode("utf-16-le"))
    with pytest.raises(BadInput, match=r"page\.txt: not text: byte 0x89 on line 1"):
        read(b"\x89PNG\r\n" + bytes(range(128, 256)) * 40)
    with pytest.raises(BadInput, match=r"page\.txt: line 3 \(byte \d+\) is no UTF-16-LE"):
        read(b"\xff\xfea\x00\n\x00b\x00\n\x00\x00\xdc\x00\x00")


def test_p28_an_abstract_of_100_000_characters_is_named_and_the_rest_taken(read):
    for monster in ("word " * 20_000, "x" * 100_000, "It is long. " * 8_334):
        batch = read(page("First", "Long", "Third").replace(abstract(2), monster))
        assert titles(batch) == ["First", "Third"]
        assert re.match(r"the abstract has (99,999|100,0\d\d) characters; .*: Long", reasons(batch)["line 17"])


def test_p28_a_paper_that_comes_twice_is_taken_once(read):
    batch = read(page("First", "Second", "FIRST", "Fourth"))
    assert titles(batch) == ["First", "Second", "Fourth"]
    assert reasons(batch) == {"line 21": "the same paper as line 13: FIRST"}


def test_p28_nul_bytes_count_as_spaces(read):
    batch = read(page("First", "Sec\0ond").replace("It ends", "It\0ends"))
    assert titles(batch) == ["First", "Sec ond"]
    assert "\0" not in batch.papers[0][1].abstract


def test_p28_50_000_papers_are_read(read):
    text = "".join(f"Paper {n} of Many\n\nIt is number {n}. It is one of many.\n\n" for n in range(50_000))
    batch = read(text)
    assert len(batch.papers) == 50_000
    assert not batch.rejected


words = st.text(st.characters(blacklist_categories=["Cs"]), max_size=30)
blocks = st.lists(
    st.one_of(words, st.sampled_from(["A Title", LONG, "Aug 4", "One.", "x" * 600, "\r\n"])), max_size=12
)


@given(blocks, st.sampled_from(["\n\n", "\n", "\r\n\r\n"]))
def test_p28_any_text_gives_papers_rejections_or_a_reason(read, blocks, gap):
    try:
        batch = read(gap.join(blocks))
    except BadInput:
        return
    assert batch.found > 0
    for where, paper in batch.papers:
        assert where.startswith("line ")
        assert 0 < len(paper.title) <= limits.TITLE_CHARS
        assert 0 < len(paper.abstract) <= limits.ABSTRACT_CHARS


@given(st.binary(max_size=2000))
def test_p28_any_bytes_give_papers_rejections_or_a_reason(read, data):
    try:
        batch = read(data)
    except BadInput:
        return
    assert batch.found > 0


@given(st.lists(st.sampled_from("TAX"), max_size=30))
def test_a_title_is_never_joined_with_another_papers_abstract(read, kinds):
    """T a title with its own abstract, A an abstract whose title is lost, X a title whose abstract is lost."""
    parts = {"T": "Title {n}\n\nAbstract {n} begins. {long}", "A": "Abstract {n} begins. {long}", "X": "Title {n}"}
    text = "\n\n".join(parts[kind].format(n=n, long=LONG) for n, kind in enumerate(kinds))
    try:
        batch = read(text)
    except BadInput:
        assert "T" not in kinds
        return
    pairs = {(p.title.split()[-1], p.abstract.split()[1]) for _, p in batch.papers}
    lost = {(str(n), str(n + 1)) for n in range(len(kinds) - 1) if kinds[n] == "X" and kinds[n + 1] == "A"}
    assert pairs - lost == {(str(n), str(n)) for n, kind in enumerate(kinds) if kind == "T"}
    assert batch.found == len(kinds) - len(pairs & lost)
