"""SOURCE arxiv:…, against a server that speaks as arXiv does."""

from datetime import date

import pytest

from bot.errors import BadInput, PapersError
from tests.papers.conftest import Reply

ATOM = '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>'
ENTRY = """
  <entry>
    <id>http://arxiv.org/abs/{number}v2</id>
    <updated>2025-08-05T17:59:59Z</updated>
    <published>2025-08-01T17:59:59Z</published>
    <title>Paper {number}:
  A Title of Two Lines &amp; More</title>
    <summary>  It is {number}.
It works for $x &lt; 2$.
</summary>
    <author><name>A. One</name></author>
    <author><name>B. Two</name><arxiv:affiliation xmlns:arxiv="http://arxiv.org/schemas/atom">X</arxiv:affiliation></author>
    <link href="http://arxiv.org/abs/{number}v2" rel="alternate" type="text/html"/>
    <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="cs.CL"/>
    <category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/>
    <category term="cs.AI" scheme="http://arxiv.org/schemas/atom"/>
  </entry>"""
ERROR = """
  <entry>
    <id>http://arxiv.org/api/errors#incorrect_id_format_for_1234</id>
    <title>Error</title>
    <summary>incorrect id format for 1234</summary>
  </entry>"""
RSS = """<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">
  <channel>
    <title>cs.CL updates on arXiv.org</title>
    <link>http://rss.arxiv.org/rss/cs.CL</link>
    <pubDate>Mon, 04 Aug 2025 00:00:00 -0400</pubDate>
    <skipDays><day>Sunday</day><day>Saturday</day></skipDays>{}
  </channel>
</rss>"""
ITEM = """
    <item>
      <title>Paper {number}</title>
      <link>https://arxiv.org/abs/{number}</link>
      <description>arXiv:{number}v{version} Announce Type: {announce}
Abstract: It is {number}. It works.</description>
      <guid isPermaLink="false">oai:arXiv.org:{number}v{version}</guid>
      <category>cs.CL</category>
      <pubDate>Mon, 04 Aug 2025 00:00:00 -0400</pubDate>
      <arxiv:announce_type>{announce}</arxiv:announce_type>
      <dc:creator>A. One (Some Place, X), B. Two</dc:creator>
    </item>"""


def atom(*entries: str, status: int = 200) -> Reply:
    return Reply(ATOM.format("".join(entries)), status, {"Content-Type": "application/atom+xml; charset=utf-8"})


def rss(*items: str) -> Reply:
    return Reply(RSS.format("".join(items)), headers={"Content-Type": "application/rss+xml"})


def item(number: str, announce: str = "new", version: int = 1) -> str:
    return ITEM.format(number=number, announce=announce, version=version)


@pytest.mark.parametrize("source", ["arxiv:2508.01234", "arXiv:2508.01234v1", "https://arxiv.org/abs/2508.01234v3"])
def test_a_paper_is_found_by_its_number_however_it_is_written(site, ask, source):
    site.on("/api/query?id_list=2508.01234&max_results=1", atom(ENTRY.format(number="2508.01234")))
    batch = ask(source)
    [(where, paper)] = batch.papers
    assert (where, paper.id, paper.date) == ("arxiv:2508.01234", "arxiv:2508.01234", date(2025, 8, 1))
    assert paper.title == "Paper 2508.01234: A Title of Two Lines & More"
    assert paper.sentences == ("It is 2508.01234.", "It works for $x < 2$.")
    assert (paper.authors, paper.keywords) == (("A. One", "B. Two"), ("cs.CL", "cs.AI"))
    assert paper.link == "https://arxiv.org/abs/2508.01234"


def test_several_numbers_are_asked_for_at_once_and_those_missing_are_named(site, ask):
    numbers = "2508.01234,math.GT/0309136,2508.99999"
    site.on(
        f"/api/query?id_list={numbers}&max_results=3",
        atom(ENTRY.format(number="math.GT/0309136"), ENTRY.format(number="2508.01234")),
    )
    batch = ask(f"arxiv: {numbers.replace(',', ', ')},2508.01234v2")
    assert [p.id for _, p in batch.papers] == ["arxiv:math.GT/0309136", "arxiv:2508.01234"]
    assert [(r.where, r.reason) for r in batch.rejected] == [("2508.99999", "arXiv has no paper of that number")]


def test_an_entry_without_abstract_is_named_with_its_number(site, ask):
    site.on("/api/query", atom("<entry><id>http://arxiv.org/abs/2508.01234v1</id><title>T</title></entry>"))
    batch = ask("arxiv:2508.01234")
    assert [(r.where, r.reason) for r in batch.rejected] == [("2508.01234v1", "no abstract")]


@pytest.mark.parametrize("status", [200, 400])
def test_the_error_feed_is_a_failure_with_arxivs_reason(site, ask, status):
    site.on("/api/query", atom(ERROR, status=status))
    with pytest.raises(PapersError, match="arXiv says: incorrect id format for 1234"):
        ask("arxiv:2508.01234")


def test_p18_arxiv_is_asked_once_in_three_seconds_whatever_is_asked(site, ask, clock):
    site.on("/api/query", Reply(status=503), atom(ENTRY.format(number="2508.01234")))
    site.on("/rss/cs.CL", rss())
    ask("arxiv:2508.01234")
    ask("arxiv:cs.CL")
    assert len(site.requests) == 3
    assert sum(clock.slept) == pytest.approx(6.0, abs=0.1)


def test_announcements_are_told_apart(site, ask):
    site.on(
        "/rss/cs.CL",
        rss(
            item("2508.00001"),
            item("2508.00002", "cross"),
            item("2507.00003", "replace", 2),
            item("2507.00004", "replace-cross", 3),
        ),
    )
    batch = ask("arxiv:cs.cl", known_dates=lambda titles: {"Paper 2507.00003": date(2025, 7, 9)})
    assert [(p.id, p.date) for _, p in batch.papers] == [
        ("arxiv:2508.00001", date(2025, 8, 4)),
        ("arxiv:2508.00002", date(2025, 8, 4)),
    ]
    assert [(p.id, p.date) for _, p in batch.replaced] == [
        ("arxiv:2507.00003", date(2025, 7, 9)),  # a new version does not move a paper to another day
        ("arxiv:2507.00004", None),
    ]
    assert (batch.date, batch.found) == (date(2025, 8, 4), 2)
    assert batch.note == "1 new, 1 cross-listed and 2 replaced in cs.CL"
    paper = batch.papers[0][1]
    assert (paper.abstract, paper.authors) == ("It is 2508.00001. It works.", ("A. One", "B. Two"))
    assert paper.keywords == ("cs.CL",)


def test_announcements_without_their_own_element_are_told_by_their_text(site, ask):
    text = item("2507.00003", "replace", 2).replace("<arxiv:announce_type>replace</arxiv:announce_type>", "")
    site.on("/rss/cs.CL", rss(text))
    assert [p.id for _, p in ask("arxiv:cs.CL").replaced] == ["arxiv:2507.00003"]


def test_an_empty_feed_of_a_weekend_is_no_failure(site, ask):
    site.on("/rss/cs.CL", rss())
    batch = ask("arxiv:cs.CL")
    assert (batch.papers, batch.rejected) == ((), ())
    assert batch.note == "arXiv announces nothing in cs.CL today; it does not at weekends and on holidays"


def test_an_item_that_is_no_paper_is_named(site, ask):
    bad = "<item><title>A <i>Notice</i></title><description>All is well.</description></item>"
    site.on("/rss/cs.CL", rss(bad, item("2508.00001")))
    batch = ask("arxiv:cs.CL")
    assert len(batch.papers) == 1
    assert batch.rejected[0].where == "item 1 (A Notice)"
    assert "no arXiv number" in batch.rejected[0].reason


@pytest.mark.parametrize("category", ["math", "hep-th", "cond-mat.mes-hall", "physics.med-ph", "stat.ML"])
def test_categories_of_every_shape_are_asked_for(site, ask, category):
    site.on(f"/rss/{category}", rss(item("2508.00001")))
    assert len(ask(f"arxiv:{category}").papers) == 1


@pytest.mark.parametrize("source", ["arxiv:", "arxiv:,", "arxiv:2508", "arxiv:cs.CL/x", "arxiv:../x", "arxiv:1 2"])
def test_what_is_neither_number_nor_category_is_bad_input(site, ask, source):
    with pytest.raises(BadInput, match=r"such as (arxiv:)?cs\.CL"):
        ask(source)
    assert site.requests == []


def test_a_category_that_arxiv_does_not_have_is_bad_input(site, ask):
    with pytest.raises(BadInput, match=r"arXiv has no category cs\.ZZ"):
        ask("arxiv:cs.ZZ")


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply("<html>Sorry</html>", headers={"Content-Type": "text/html"}), "answered text/html where"),
        (Reply("<html>Sorry</html>"), "arXiv's answer is no feed but <html>"),
        (Reply(RSS[:200]), "arXiv's answer cannot be read: it is no whole XML"),
        (Reply('<!DOCTYPE x [<!ENTITY e "x">]><rss>&e;</rss>'), "arXiv's answer cannot be read: it has a document"),
        (Reply("<rss/>"), "a feed without a channel"),
        (Reply(status=500), "answered 500"),
    ],
)
def test_p23_a_failure_is_no_day_without_papers(site, ask, reply, reason):
    site.on("/rss/cs.CL", reply)
    with pytest.raises(PapersError, match=reason) as error:
        ask("arxiv:cs.CL")
    assert error.value.status == 1
