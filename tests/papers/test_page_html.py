"""HTML where a text dump was expected."""

import html
import json
from datetime import date

import pytest

from bot.errors import BadInput

ABSTRACT = "We study how models read pages. The reader follows the structure of the page. " * 4


def record(n: int, **changes: object) -> dict:
    inner = {
        "id": f"2508.0000{n}",
        "title": f'Paper\n {n} with "quotes" & <b>',
        "summary": f"It is number {n}.\nIt <works>.",
        "authors": [{"name": "A. One"}, {"name": "B. Two", "hidden": True}, {"name": "C. Three", "hidden": False}],
        "submittedOnDailyAt": "2025-08-04T00:31:12.000Z",
        "upvotes": 10 + n,
        "ai_keywords": ["reading", "pages"],
    }
    return {"paper": {**inner, **changes}, "title": "outer", "publishedAt": "2025-08-01T00:00:00.000Z"}


def saved(*records: object, **props: object) -> str:
    data = {"dailyPapers": records, "dateString": "2025-08-04", "prevDate": "2025-08-01", **props}
    escaped = html.escape(json.dumps(data))
    return (
        "<!DOCTYPE html>\n<html><head><title>Daily Papers</title></head><body><main>"
        f'<div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="{escaped}">'
        "<section>Daily Papers</section></div></main></body></html>"
    )


def test_the_data_inside_a_saved_page_is_read(read):
    batch = read(saved(record(1), record(2)), "Daily Papers.html")
    assert (batch.date, batch.date_note, batch.rejected) == (date(2025, 8, 4), "2025-08-04 as the page says", ())
    paper = batch.papers[0][1]
    assert (paper.title, paper.abstract) == ('Paper 1 with "quotes" & <b>', "It is number 1. It <works>.")
    assert (paper.id, paper.upvotes, paper.keywords) == ("arxiv:2508.00001", 11, ("reading", "pages"))
    assert (paper.authors, paper.date) == (("A. One", "C. Three"), date(2025, 8, 4))
    assert paper.link == "https://arxiv.org/abs/2508.00001"


def test_it_is_read_whatever_the_files_name(read):
    assert len(read(saved(record(1)), "page.txt").papers) == 1


def test_a_given_date_wins_over_that_of_the_page_and_of_its_papers(read):
    batch = read(saved(record(1)), given_date=date(2025, 8, 5))
    assert batch.date == batch.papers[0][1].date == date(2025, 8, 5)


def test_on_the_page_of_a_month_each_paper_has_its_own_day(read):
    batch = read(saved(record(1), record(2, submittedOnDailyAt="2025-08-05T07:00:00Z"), dateString="2025-08"))
    assert batch.date is None
    assert [p.date.day for _, p in batch.papers] == [4, 5]


def test_records_that_are_no_papers_are_named(read):
    batch = read(saved(record(1), record(2, summary=""), record(3, id="blog/x"), "text", record(1)))
    assert len(batch.papers) == 1
    assert {r.where: r.reason for r in batch.rejected} == {
        "record 2 ('2508.00002')": "no abstract",
        "record 3 ('blog/x')": "'blog/x' is no arXiv number such as 2508.01234",
        "record 4": "not a record of a paper",
        "record 5 ('2508.00001')": "the same paper as record 1 ('2508.00001'): Paper 1 with \"quotes\" & <b>",
    }


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (saved(), "the page lists no papers"),
        (saved(record(1)).replace("&quot;dailyPapers&quot;", "&quot;other&quot;"), "no list of papers"),
        (saved(record(1)).replace("dailyPapers&quot;: [", ""), "its embedded data cannot be read"),
        (saved(record(1)).replace("data-props", "data-other"), "its embedded data cannot be read: it is missing"),
        ("<html><body><h1>503 Service Unavailable</h1><p>Try again later.</p></body></html>", "no papers"),
        ("<!doctype html>", "no papers"),
        ("<html>" + "<div>" * 50_000, "no papers"),
    ],
)
def test_p28_html_without_papers_says_why(read, page, reason):
    with pytest.raises(BadInput, match=reason):
        read(page)


def test_p28_html_of_another_make_is_read_by_its_visible_blocks(read):
    page = f"""<!DOCTYPE html><html><head><title>x</title><style>p {{ color: red }}</style></head><body>
    <nav><a>Home</a><a>Login</a></nav><h1>Daily Papers</h1><p>Aug 4, 2025</p><!-- a comment -->
    <article><h3><a href="/x">First &amp; <em>Foremost</em></a></h3><div>12</div>
    <p>{ABSTRACT}It ends<br></p></article>
    <script>var x = "<p>not a paper</p>"</script>
    <article><h3>Second</h3><p>{ABSTRACT}Done.</p></article></body></html>"""
    batch = read(page)
    assert [p.title for _, p in batch.papers] == ["First & Foremost", "Second"]
    assert batch.date == date(2025, 8, 4)


def test_p23_no_entity_but_those_of_html_itself_is_resolved(read):
    page = f"""<!DOCTYPE html [<!ENTITY secret SYSTEM "file:///etc/passwd"><!ENTITY lol "ha">]>
    <html><body><h3>First &secret; &lol; &amp;</h3><p>{ABSTRACT}</p></body></html>"""
    assert read(page).papers[0][1].title == "First &secret; &lol; &"


@pytest.mark.parametrize(
    "piece",
    ["<!--", "<![CDATA[", "<a ", "<a b='", '<a b="', "<!x ", "<?", "</", "<script>", "&", "&#", "<", "<p"],
)
def test_hostile_html_is_read_in_linear_time(read, piece):
    page = f"<html><body><h3>First</h3><p>{ABSTRACT}</p>" + piece * 100_000
    try:
        batch = read(page)
    except BadInput:
        return
    assert batch.found >= 1
