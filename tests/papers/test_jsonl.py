"""A `.jsonl` of papers."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.papers.jsonl import read_jsonl


def read(*lines: object, **changes):
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return read_jsonl(text.encode("utf-8", "surrogatepass"), source="p.jsonl", **changes)


def paper(n: int, **fields: object) -> dict:
    return {"title": f"Paper {n}", "abstract": f"It is number {n}.", **fields}


def test_every_key_of_the_contract_is_read_and_others_are_ignored():
    record = paper(
        1,
        id="my-1",
        arxiv_id="2508.01234v2",
        date="2025-08-04",
        authors=["A. One", "B. Two"],
        url="https://example.org/1",
        upvotes=7,
        kind="note",
        keywords=["reading"],
        license="unknown",
    )
    [(where, found)] = read(record).papers
    assert where == "line 1"
    assert (found.id, found.given_id, found.date) == ("arxiv:2508.01234", "my-1", date(2025, 8, 4))
    assert (found.authors, found.url, found.upvotes) == (("A. One", "B. Two"), "https://example.org/1", 7)
    assert (found.kind, found.keywords) == ("note", ("reading",))


def test_an_abstract_may_be_a_list_of_sentences():
    [(_, found)] = read(paper(1, abstract=["One.", "Two e.g. Three."])).papers
    assert found.sentences == ("One.", "Two e.g. Three.")


def test_blank_lines_and_other_line_ends_are_no_matter():
    data = "\ufeff\r\n".join(json.dumps(paper(n)) for n in range(1)) + "\r\n\r\n \t\r\n" + json.dumps(paper(2))
    batch = read_jsonl(b"\xef\xbb\xbf" + data.encode(), source="p.jsonl")
    assert [where for where, _ in batch.papers] == ["line 1", "line 4"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"title": "x", ', "no JSON: .* at column"),
        ("not json", "no JSON: Expecting value at column 1"),
        ("[1, 2]", "not a JSON object"),
        ("null", "not a JSON object"),
        ('{"abstract": "x"}', "no title"),
        ('{"title": "x"}', "no abstract"),
        (paper(1, date="4 August"), "'4 August' is no date such as 2025-08-04"),
        (paper(1, date=20250804), "20250804 is no date"),
        (paper(1, arxiv_id="nonsense"), "'nonsense' is no arXiv number"),
        (paper(1, id={"a": 1}), "is no usable id"),
        (paper(1, id=1e400), "is no usable id"),
        (paper(1, kind="poem"), "kind is 'abstract' or 'note', not 'poem'"),
        (paper(1, kind=[]), "kind is 'abstract' or 'note'"),
        ('{"title": "x", "abstract": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
        ('{"title": "x", "upvotes": ' + "9" * 5_000 + "}", "a number too long to read"),
        ('{"title": "' + "x" * 2_000_000 + '"}', "the line has 2,000,013 characters; the limit is 1,048,576"),
    ],
    ids=range(16),
)
def test_a_line_that_is_no_paper_is_named_with_its_reason_and_the_others_are_taken(line, reason):
    batch = read(paper(0), line, paper(2))
    assert [p.title for _, p in batch.papers] == ["Paper 0", "Paper 2"]
    [rejected] = batch.rejected
    assert rejected.where == "line 2"
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(rejected.reason)


@pytest.mark.parametrize(
    "fields",
    [
        '"upvotes": 1e400',
        '"upvotes": NaN',
        '"authors": 5',
        '"authors": null, "date": null, "url": null, "id": null, "arxiv_id": null, "upvotes": null',
        '"url": "javascript:alert(1)"',
        '"extra": "\\ud800"',
        '"keywords": {"a": 1}',
    ],
)
def test_a_paper_is_worth_more_than_its_decoration(fields):
    [(_, found)] = read(f'{{"title": "A \\ud800 Title\\u0000", "abstract": "Text.", {fields}}}').papers
    assert (found.title, found.upvotes, found.authors, found.url) == ("A Title", None, (), None)


def test_p28_a_wrong_byte_costs_one_line():
    lines = [json.dumps(paper(n)).encode() for n in range(3)]
    batch = read_jsonl(b"\n".join([lines[0], lines[1].replace(b"number", b"n\xfcmber"), lines[2]]), source="p")
    assert len(batch.papers) == 2
    [rejected] = batch.rejected
    assert (rejected.where, rejected.reason[:32]) == ("line 2", "byte 0xFC on line 2 is no UTF-8;")


def test_p28_an_empty_file_says_so():
    for nothing in ("", "\n \n", "\0\n"):
        with pytest.raises(BadInput, match=r"p\.jsonl: (the file is empty|not text)"):
            read(nothing)


def test_p28_a_paper_that_comes_twice_is_taken_once():
    batch = read(
        paper(1, arxiv_id="2508.00001"),
        paper(2, arxiv_id="2508.00001v2"),  # the same number
        paper(1),  # the same title, without any id
        paper(1, arxiv_id="2508.00002"),  # another number: another paper of that title
        paper(3, id="a"),
        paper(4, id="a"),  # the same id
    )
    assert [where for where, _ in batch.papers] == ["line 1", "line 4", "line 5"]
    assert {r.where: r.reason for r in batch.rejected} == {
        "line 2": "the same paper as line 1: Paper 2",
        "line 3": "the same paper as line 1: Paper 1",
        "line 6": "the same paper as line 5: Paper 4",
    }


def test_a_given_date_is_for_records_without_one():
    batch = read(paper(1), paper(2, date="2024-01-02"), given_date=date(2025, 8, 4))
    assert [p.date for _, p in batch.papers] == [date(2025, 8, 4), date(2024, 1, 2)]


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
keys = ["title", "abstract", "id", "arxiv_id", "date", "authors", "url", "upvotes", "kind", "keywords"]


@given(st.lists(st.dictionaries(st.sampled_from(keys), json_values), min_size=1, max_size=5))
def test_p28_any_records_give_papers_and_rejections_and_lose_none(records):
    batch = read(*records)
    assert batch.found == len(records)
