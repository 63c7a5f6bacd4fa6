"""Every page keeps Discord's limits, whatever papers, models and people wrote."""

import re
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import limits
from bot.answers.answer import Answer, Near, Source, Statement
from bot.digest.digest import Digest, ListedPaper, Theme
from bot.discord_app import pages, words
from bot.discord_app.daily import digest_pages
from bot.discord_app.pages import Page, answer_pages, list_pages, paper_page, source_pages, streaming_page
from bot.discord_app.rendering import units
from bot.library.catalogue import Stored
from bot.papers.paper import Paper
from tests.discord_app.test_rendering import HOSTILE, HOSTILE_TEXT

LINES = st.one_of(HOSTILE_TEXT, st.text(max_size=30), st.sampled_from([h * 60 for h in HOSTILE]))
TITLES = LINES.map(lambda text: text[:500] or "x")
URLS = st.sampled_from([None, "https://arxiv.org/abs/2508.01234", "javascript:alert(1)", "https://x/" + "y" * 480])
SOURCES = st.lists(
    st.builds(
        Source,
        n=st.integers(1, 60),
        id=st.just("arxiv:2508.01234"),
        title=TITLES,
        url=URLS,
        date=st.sampled_from([None, date(2025, 8, 4)]),
        kind=st.sampled_from(["abstract", "note"]),
        quote=LINES,
    ),
    max_size=12,
).map(tuple)
ANSWERS = st.builds(
    Answer,
    question=LINES,
    mode=st.sampled_from(["extractive", "llm"]),
    model=LINES,
    abstained=st.booleans(),
    answer=st.lists(LINES, max_size=12).map("\n".join),
    sources=SOURCES,
    closest=st.lists(st.builds(Near, id=LINES, title=TITLES), max_size=5).map(tuple),
    notes=st.lists(LINES, max_size=3).map(tuple),
)
PAPERS = st.builds(
    Paper, title=TITLES, abstract=st.just("A."), sentences=st.just(("A.",)), url=URLS,
    authors=st.lists(LINES, max_size=5).map(tuple), upvotes=st.sampled_from([None, 0, 12_345]),
)  # fmt: skip
STORED = st.builds(Stored, key=st.integers(1, 9), rev=st.just(1), paper=PAPERS, source=st.just(""))
STATEMENTS = st.lists(
    st.builds(Statement, text=LINES, citations=st.just((1,)), support=st.just(1.0)), max_size=3
).map(tuple)


def check(page: Page) -> None:
    embed = page.embed()
    assert units(embed.description or "") <= limits.DISCORD_DESCRIPTION
    assert units(embed.title or "") <= limits.DISCORD_EMBED_TITLE
    assert units(embed.footer.text or "") <= limits.DISCORD_FOOTER
    total = units(embed.description or "") + units(embed.title or "") + units(embed.footer.text or "")
    assert total <= limits.DISCORD_EMBEDS
    assert units(page.text()) <= limits.DISCORD_CONTENT


@settings(max_examples=40, deadline=None)
@given(ANSWERS, st.sampled_from([pages.EMBED_BODY, pages.PLAIN_BODY]))
def test_p07_pages_of_any_answer_keep_the_limits(answer, room):
    for page in (*answer_pages(answer, room, answer.question), *source_pages(answer, room)):
        check(page)
        assert units(page.body) <= room


@settings(max_examples=40, deadline=None)
@given(ANSWERS)
def test_p07_an_answer_under_way_keeps_the_limits(answer):
    check(streaming_page([answer.answer], answer.sources, words.WRITING, answer.question))


@settings(max_examples=40, deadline=None)
@given(STORED, ANSWERS, st.lists(STORED, max_size=6), st.sampled_from([pages.EMBED_BODY, pages.PLAIN_BODY]))
def test_p07_papers_and_lists_keep_the_limits(stored, summary, related, room):
    check(paper_page(stored, summary, related, room))
    for page in list_pages(related * 8, stored.paper.title, room=room):
        check(page)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(TITLES, min_size=1, max_size=30), st.lists(LINES, min_size=1, max_size=5), STATEMENTS,
    st.sampled_from([pages.EMBED_BODY, pages.PLAIN_BODY]), URLS,
)  # fmt: skip
def test_p07_pages_of_any_summary_keep_the_limits(titles, names, overview, room, url):
    papers = tuple(ListedPaper(n, f"id{n}", title, url, None) for n, title in enumerate(titles, 1))
    themes = tuple(
        Theme(name, overview, tuple(p.n for p in papers if p.n % len(names) == i)) for i, name in enumerate(names)
    )
    digest = Digest(date(2025, 8, 4), papers, themes, overview, picture=b"png")
    for page in digest_pages(digest, room):
        check(page)


@settings(max_examples=40, deadline=None)
@given(ANSWERS)
def test_p04_the_only_links_are_those_of_the_library(answer):
    own = {source.url for source in answer.sources} | {f"https://arxiv.org/abs/{n}" for n in ("2508.01234",)}
    for page in (*answer_pages(answer), *source_pages(answer)):
        assert set(re.findall(r"(?<!\\)\]\((https?://[^)\s]*)\)", page.body)) <= own


def answered(**values: object) -> Answer:
    source = Source(1, "arxiv:2508.01234", "A Title", "https://arxiv.org/abs/2508.01234", None, "abstract", "Quoted.")
    return Answer(**{"question": "q", "answer": "It works. [1]", "sources": (source,), **values})


def test_colours_tell_quotes_model_and_abstention_apart():
    assert answer_pages(answered())[0].colour == pages.EXTRACTIVE
    assert answer_pages(answered(mode="llm", model="m"))[0].colour == pages.WRITTEN
    assert answer_pages(answered(abstained=True))[0].colour == pages.ABSTAINED


def test_citations_are_written_unescaped_and_sources_are_numbered_alike():
    (page,) = answer_pages(answered())
    assert page.body == "It works. [1]\n### Sources\n[1] [A Title](https://arxiv.org/abs/2508.01234)"


def test_what_failed_on_the_way_is_said():
    (page,) = answer_pages(answered(notes=("the model did not answer in time",)))
    assert page.footer == f"{words.EXTRACTIVE} · the model did not answer in time"


def test_the_closest_papers_are_offered_where_nothing_answers():
    near = (Near("arxiv:2508.01234", "Near"), Near("title:abc", "Also *near*"))
    (page,) = answer_pages(Answer("q", abstained=True, answer="I can't answer that.", closest=near))
    assert "- [Near](https://arxiv.org/abs/2508.01234)" in page.body
    assert r"- Also \*near\*" in page.body


def test_a_long_answer_has_pages_that_are_numbered():
    made = answer_pages(answered(answer="A sentence of the answer. [1]\n" * 400))
    assert len(made) > 1
    assert made[0].footer.endswith(f"page 1 of {len(made)}")
