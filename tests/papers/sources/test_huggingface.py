"""SOURCE hf…, against a server that speaks as Hugging Face does."""

import json
from datetime import date

import pytest

from bot.errors import BadInput, PapersError
from tests.papers.conftest import TODAY, Reply

API = "/api/daily_papers"


def record(n: int, **changes: object) -> dict:
    paper = {
        "id": f"2508.{n:05}",
        "authors": [
            {"_id": "1", "name": "A. One", "hidden": False},
            {"name": "B. Two", "hidden": True},
            {"name": "C. Three"},
        ],
        "publishedAt": "2025-08-01T12:00:00.000Z",
        "submittedOnDailyAt": "2025-08-04T01:05:09.118Z",
        "submittedOnDailyBy": {"user": "someone", "fullname": "Some One"},
        "title": f"Paper {n}:\n  A Title of Two Lines",
        "summary": f"It is number {n}.\nIt works.",
        "upvotes": n,
        "discussionId": "x",
        "projectPage": "https://example.org/project",
        "githubRepo": "https://github.com/example/paper",
        "githubStars": 5,
        "ai_summary": "A model wrote this.",
        "ai_keywords": ["reading", "pages"],
    }
    return {
        "paper": {**paper, **changes},
        "publishedAt": "2025-08-01T12:00:00.000Z",
        "title": paper["title"],
        "summary": paper["summary"],
        "thumbnail": "https://example.org/x.png",
        "numComments": 2,
        "submittedBy": {"name": "someone", "fullname": "Some One"},
        "isAuthorParticipating": False,
    }


def page(*records: object, **headers: str) -> Reply:
    return Reply(json.dumps(records), headers={"Content-Type": "application/json; charset=utf-8", **headers})


def test_a_day_gives_its_papers_with_all_that_is_known(site, ask):
    site.on(f"{API}?date=2025-08-04&limit=100", page(record(1), record(2)))
    batch = ask("hf:2025-08-04")
    paper = batch.papers[0][1]
    assert (batch.date, batch.found, batch.note) == (date(2025, 8, 4), 2, None)
    assert (paper.title, paper.abstract) == ("Paper 1: A Title of Two Lines", "It is number 1. It works.")
    assert (paper.id, paper.date, paper.upvotes) == ("arxiv:2508.00001", date(2025, 8, 4), 1)
    assert (paper.authors, paper.keywords) == (("A. One", "C. Three"), ("reading", "pages"))
    assert paper.link == "https://arxiv.org/abs/2508.00001"


def test_a_day_of_92_papers_is_read_whole_over_several_pages(site, ask):
    """A server that gives fewer than asked for says so in the link to its next page."""
    records = [record(n) for n in range(1, 93)]
    link = f'<{site.url}{API}?date=2025-08-04&limit=50&p=1>; rel="next"'
    site.on(f"{API}?date=2025-08-04&limit=100", page(*records[:50], Link=link))
    site.on(f"{API}?date=2025-08-04&limit=50&p=1", page(*records[49:]))  # one moved down meanwhile
    batch = ask("hf:2025-08-04")
    assert [p.arxiv_id for _, p in batch.papers] == [f"2508.{n:05}" for n in range(1, 93)]
    assert batch.rejected == ()


def test_a_full_page_without_a_link_is_followed_by_the_next(site, ask):
    site.on(f"{API}?month=2025-08&limit=100", page(*map(record, range(100))))
    site.on(f"{API}?month=2025-08&limit=100&p=1", page(record(100)))
    batch = ask("hf:2025-08")
    assert (len(batch.papers), batch.date) == (101, None)


def test_a_link_to_another_host_is_asked_for_at_our_base(site, ask):
    link = '<https://elsewhere.example/api/daily_papers?date=2025-08-04&p=1>; rel="next"'
    site.on(f"{API}?date=2025-08-04&limit=100", page(record(1), Link=link))
    site.on(f"{API}?date=2025-08-04&p=1", page(record(2)))
    assert len(ask("hf:2025-08-04").papers) == 2


def test_links_in_a_circle_end(site, ask):
    link = f'<{API}?date=2025-08-04&limit=100>; rel="next"'
    site.on(API, page(record(1), Link=link))
    assert len(ask("hf:2025-08-04").papers) == 1


@pytest.mark.parametrize(
    ("source", "query", "day"),
    [
        ("hf", f"date={TODAY}", TODAY),
        ("hf:2025-W32", "week=2025-W32", None),
        ("hf:2025-W5", "week=2025-W05", None),
        ("hf:2025-08", "month=2025-08", None),
        ("hf:2026-03-03", "date=2026-03-03", date(2026, 3, 3)),  # tomorrow: it may be that already in Greenwich
    ],
)
def test_the_time_asked_for_is_a_day_week_or_month(site, ask, source, query, day):
    site.on(f"{API}?{query}&limit=100", page(record(1)))
    batch = ask(source)
    assert (batch.date, len(batch.papers)) == (day, 1)


def test_a_given_date_is_the_day_of_hf_alone(site, ask):
    site.on(f"{API}?date=2025-08-04&limit=100", page(record(1)))
    assert ask("hf", given_date=date(2025, 8, 4)).date == date(2025, 8, 4)


@pytest.mark.parametrize(
    "source",
    [
        "hf:2025-13-01",
        "hf:2025-02-30",
        "hf:2025-W54",
        "hf:2025-W00",
        "hf:2025-13",
        "hf:yesterday",
        "hf:20250804",
        "hf:2025-08-04&p=1",
        "hf:2026-03-04",
    ],
)
def test_what_is_no_such_time_is_bad_input(site, ask, source):
    with pytest.raises(BadInput, match=r"is no day, week or month such as|still to come"):
        ask(source)
    assert site.requests == []


@pytest.mark.parametrize(
    ("source", "note"),
    [
        ("hf:2025-08-03", "Hugging Face lists no papers for 2025-08-03, a Sunday"),
        ("hf:2025-12", "Hugging Face lists no papers for 2025-12"),
    ],
)
def test_a_day_without_papers_is_no_failure(site, ask, source, note):
    site.on(API, page())
    batch = ask(source)
    assert (batch.papers, batch.rejected, batch.note) == ((), (), note)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply("<html><h1>Sorry</h1></html>", headers={"Content-Type": "text/html"}), "answered text/html where"),
        (Reply('[{"paper": {"id": "2508.0'), "sent what is no whole JSON; try again later"),
        (Reply("[" * 100_000), "sent what is no whole JSON"),
        (Reply('{"error": "Invalid date"}'), "sent no list of papers but the error 'Invalid date'"),
        (Reply("null"), "sent no list of papers"),
        (Reply("busy", status=500), "answered 500 Internal Server Error; try again later"),
        (Reply("no", status=404), "answered 404 Not Found"),
    ],
)
def test_a_failure_is_no_day_without_papers(site, ask, reply, reason):
    site.on(API, reply)
    with pytest.raises(PapersError, match=reason) as error:
        ask("hf:2025-08-04")
    assert error.value.status == 1


def test_a_failure_on_the_second_page_takes_nothing(site, ask):
    site.on(f"{API}?date=2025-08-04&limit=100", page(record(1), Link='<?date=2025-08-04&p=1>; rel="next"'))
    site.on(f"{API}?date=2025-08-04&p=1", Reply(status=500))
    with pytest.raises(PapersError, match="answered 500"):
        ask("hf:2025-08-04")


def test_it_waits_as_asked_and_goes_on(site, ask, clock):
    site.on(API, Reply(status=429, headers={"Retry-After": "7"}), Reply(status=500), page(record(1)))
    assert len(ask("hf:2025-08-04").papers) == 1
    assert sum(clock.slept) >= 7


def test_records_that_are_no_papers_are_rejected_and_the_others_taken(site, ask):
    odd = [None, 5, [], {}, {"paper": None}, {"paper": {"id": "2508.00009", "title": "T", "summary": 5}}]
    site.on(API, page(record(1), *odd, record(2, id=5), record(3, submittedOnDailyAt="soon"), record(4)))
    batch = ask("hf:2025-08-04")
    assert [p.arxiv_id for _, p in batch.papers] == ["2508.00001", "2508.00004"]
    assert {r.where.split(" (")[0]: r.reason for r in batch.rejected} == {
        "record 2": "not a record of a paper",
        "record 3": "not a record of a paper",
        "record 4": "not a record of a paper",
        "record 5": "no arXiv number",
        "record 6": "no arXiv number",
        "record 7": "the abstract is neither a string nor a list of sentences",
        "record 8": "5 is no arXiv number such as 2508.01234",
        "record 9": "'soon' is no date such as 2025-08-04",
    }


def test_decoration_of_a_wrong_shape_costs_no_paper(site, ask):
    site.on(
        API, page(record(1, authors=[5, {"name": None}, {}], upvotes="many", ai_keywords=7, submittedOnDailyAt=None))
    )
    [(_, paper)] = ask("hf:2025-08-04").papers
    assert (paper.authors, paper.upvotes, paper.keywords) == ((), None, ())
    assert paper.date == date(2025, 8, 4)


def test_an_unchanged_day_is_not_sent_again(site, ask):
    site.on(API, page(record(1), ETag='"1"'), Reply(status=304))
    assert ask("hf:2025-08-04") == ask("hf:2025-08-04")
    assert site.requests[1][1]["if-none-match"] == '"1"'
