"""Questions understood before they are answered: follow-ups, days, languages, titles in part, slips, authors."""

import asyncio
from collections.abc import Iterator
from datetime import date

import pytest

from bot.answers import words
from bot.answers.answer import Answer, Question, Turn
from bot.answers.core import Answerer, collect
from bot.answers.trace import Trace
from bot.library.dates import DateRange
from bot.library.library import Library
from bot.papers.paper import make_paper
from bot.terminal.answers import explanation
from tests.answers.scripted import PAPERS, QUESTION, TRUE, answerer_of, settings_of
from tests.model_server import ModelServer, Reply, Request

BY_OWLS = make_paper(
    "Feather Nets: Quiet Convolutions",
    "Convolutions are loud. Feather Nets pad each kernel with a soft edge. They are tested on the OwlSet dataset.",
    published="2025-07-30",
    authors=["A. Strix", "B. Bubo"],
)
TODAY = date(2025, 8, 6)
ENGLISH = "How long does the training of OwlNet take?"
GERMAN = "Wie lange dauert das Training von OwlNet?"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library(settings_of(tmp_path_factory.mktemp("home"))) as library:
        library.ingest([("", paper) for paper in (*PAPERS, BY_OWLS)])
        yield library


@pytest.fixture
def plain(library: Library) -> Answerer:
    return Answerer(library, settings_of(library.home), today=lambda: TODAY)


def ask(answerer: Answerer, text: str, *history: Turn, trace: Trace | None = None, **more: object) -> Answer:
    question = Question(text, tuple(history), **more)  # type: ignore[arg-type]
    return asyncio.run(collect(answerer.ask(question, trace)))


def turn(answerer: Answerer, text: str) -> Turn:
    answer = ask(answerer, text)
    return Turn(text, answer.answer, tuple(source.id for source in answer.sources))


# Follow-ups


def test_without_a_model_the_paper_in_question_is_carried_over(plain: Answerer) -> None:
    before = turn(plain, "Which network reads an hour of audio at once?")
    second = ask(plain, "And how long does it train?", before)
    assert second.sources[0].title == PAPERS[0].title
    assert "two days on four GPUs" in second.answer


def test_a_follow_up_that_names_another_paper_is_about_that_one(plain: Answerer) -> None:
    before = turn(plain, "What does OwlNet do?")
    assert ask(plain, "ok, and LeafCut? what does that one remove?", before).sources[0].title == PAPERS[1].title


@pytest.mark.parametrize("text", ["And how much exactly?", "by how much?"])
def test_how_much_asks_for_more_of_what_was_asked_before(plain: Answerer, text: str) -> None:
    before = turn(plain, "How can the transcription of audio on phones cost less energy?")
    assert "35%" in ask(plain, text, before).answer


def test_the_beginning_of_a_titles_word_names_no_paper(plain: Answerer) -> None:
    assert not plain._finder._is_known("Prun", in_title=True)
    assert plain._finder._is_known("Pruning", in_title=True)


def test_a_follow_up_that_is_no_whole_question_asks_what_was_asked_before(plain: Answerer) -> None:
    before = turn(plain, "What word error rate does OwlNet reach on LibriLong?")
    assert "9.1% to 7.4%" in ask(plain, "And the one before?", before).answer


def test_with_a_model_a_follow_up_is_rewritten_for_the_search_and_that_is_shown(library: Library) -> None:
    with ModelServer("Training takes two days on four GPUs [P1].") as server:
        server.enqueue(ENGLISH)
        answerer, trace = answerer_of(library, server), Trace()
        answer = ask(answerer, "And how long does it take?", Turn("What is OwlNet?", TRUE, ("1",)), trace=trace)
        assert len(server.requests) == 2
    assert answer.mode == "llm"
    assert answer.question == "And how long does it take?"
    assert answer.usage.prompt_tokens == 240
    assert trace.step("rewritten")["question"] == ENGLISH
    assert trace.step("search")["query"] == ENGLISH
    lines = explanation(answer, trace)
    assert lines[0] == f"Rewritten: {ENGLISH}"
    assert lines[1] == f"Searched for: {ENGLISH}"


@pytest.mark.parametrize(
    "reply",
    [Reply(status=401), Reply(""), "OwlNet is great.\nIt hears.", Reply(ENGLISH, cut=5)],
    ids=lambda r: str(r)[:30],
)
def test_p19_a_model_that_fails_to_rewrite_costs_nothing_but_the_rewriting(library: Library, reply: Reply) -> None:
    with ModelServer(TRUE) as server:
        server.enqueue(reply)
        answerer = answerer_of(library, server)
        before = Turn("What is OwlNet?", TRUE, (library.find(PAPERS[0].title)[0].id,))
        answer = ask(answerer, "What word error rate does it reach?", before)
    assert answer.mode == "llm"
    assert answer.sources[0].title == PAPERS[0].title


def test_a_question_of_its_own_is_not_rewritten(library: Library) -> None:
    with ModelServer(TRUE) as server:
        before = Turn("Which forests are pruned?", "LeafCut's.", (library.find(PAPERS[1].title)[0].id,))
        ask(answerer_of(library, server), "What word error rate does OwlNet reach on LibriLong?", before)
        assert len(server.requests) == 1


# Languages


def test_without_a_model_a_question_in_another_language_is_asked_for_in_english(plain: Answerer) -> None:
    answer = ask(plain, GERMAN)
    assert answer.abstained
    assert answer.answer == words.IN_ENGLISH.format(language="German")


def test_with_a_model_it_is_translated_and_answered_in_english_with_a_word_on_that(library: Library) -> None:
    def reply(request: Request) -> str:
        return ENGLISH if "Translated question:" in request.user else "Training of OwlNet takes two days [P1]."

    with ModelServer(reply) as server:
        trace = Trace()
        answer = ask(answerer_of(library, server), GERMAN, trace=trace)
        assert f"Question: {ENGLISH}" in server.requests[1].user
    assert answer.question == GERMAN
    assert answer.sources[0].title == PAPERS[0].title
    assert answer.notes[0] == words.TRANSLATED.format(language="German", question=ENGLISH)
    assert f"Translated: {ENGLISH}" in explanation(answer, trace)


def test_p19_a_model_that_fails_to_translate_leaves_the_plain_request_for_english(library: Library) -> None:
    with ModelServer(Reply(status=401)) as server:
        answer = ask(answerer_of(library, server), GERMAN)
    assert answer.answer == words.IN_ENGLISH.format(language="German")
    assert "401" in answer.notes[0]


def test_a_translation_into_another_language_is_none(library: Library) -> None:
    with ModelServer(GERMAN) as server:
        answer = ask(answerer_of(library, server), GERMAN)
    assert answer.answer == words.IN_ENGLISH.format(language="German")
    assert not answer.notes


# Days


def test_days_in_a_question_limit_what_is_looked_at(plain: Answerer) -> None:
    trace = Trace()
    answer = ask(plain, "Which papers of 2025-08-05 are on transcription of audio?", trace=trace)
    assert {source.date for source in answer.sources} == {date(2025, 8, 5)}
    assert trace.step("search")["since"] == date(2025, 8, 5)
    week = ask(plain, "Which of last week's papers treat convolutions with a soft edge?")
    assert week.sources[0].title == BY_OWLS.title


def test_days_that_come_with_a_question_win(plain: Answerer) -> None:
    trace = Trace()
    ask(plain, "today's papers on audio", trace=trace, dates=DateRange(until=date(2025, 8, 4)))
    assert trace.step("search")["since"] is None


def test_a_day_without_papers_says_which_the_newest_are(plain: Answerer) -> None:
    answer = ask(plain, "What are today's papers on audio?")
    assert answer.answer == words.NEWEST_ARE.format(none=words.NO_PAPERS_THEN, day="2025-08-05")


def test_what_is_new_points_to_the_daily_summary(plain: Answerer) -> None:
    answer = ask(plain, "What's new?")
    assert (answer.abstained, answer.answer) == (True, words.THE_DAY)
    assert answer.closest


# Titles, slips, several papers, authors


@pytest.mark.parametrize("text", ["Owls at Night", "map of audio benchmarks", "What is Whisper Budgets?"])
def test_a_paper_named_in_part_is_found(plain: Answerer, text: str) -> None:
    answer = ask(plain, text)
    assert not answer.abstained
    assert title_words(text) <= title_words(answer.sources[0].title) | {"what", "is"}


def title_words(text: str) -> set[str]:
    return set(text.lower().replace(":", "").replace("?", "").split())


def test_slips_are_survived(plain: Answerer) -> None:
    answer = ask(plain, "Which netwrok raeds an hour of audio at once?")
    assert answer.sources[0].title == PAPERS[0].title


def test_papers_that_are_compared_are_both_quoted(plain: Answerer) -> None:
    answer = ask(plain, "Compare the word error rates of OwlNet and Whisper Budgets on transcription of audio.")
    assert {PAPERS[0].title, PAPERS[2].title} <= {source.title for source in answer.sources}


def test_who_wrote_a_paper_is_told_from_the_catalogue_or_not_at_all(plain: Answerer) -> None:
    known = ask(plain, "Who wrote Feather Nets: Quiet Convolutions?")
    assert known.abstained
    assert "A. Strix, B. Bubo" in known.answer
    unknown = ask(plain, f"Who are the authors of {PAPERS[1].title}?")
    assert unknown.answer == words.AUTHORS_UNKNOWN.format(title=PAPERS[1].title)


# Refusal


@pytest.mark.parametrize(
    "text",
    [
        "Under which license is the code of Feather Nets released?",
        "How many parameters does OwlNet have?",
        "What learning rate trains LeafCut?",
        "At which conference was OwlNet presented?",
    ],
)
def test_what_the_right_paper_does_not_say_is_refused_with_that_paper_as_the_closest(
    plain: Answerer, text: str
) -> None:
    answer = ask(plain, text)
    assert (answer.abstained, answer.answer, answer.sources) == (True, words.NOT_STATED, ())
    title = BY_OWLS.title if "Feather" in text else PAPERS[1].title if "LeafCut" in text else PAPERS[0].title
    assert answer.closest[0].title == title


def test_what_is_refused_is_asked_of_no_model(library: Library) -> None:
    with ModelServer(TRUE) as server:
        assert ask(answerer_of(library, server), "How deep is the Mariana trench?").abstained
        assert server.requests == []


def test_the_trace_of_an_answer_tells_all_of_how_it_came_about(library: Library) -> None:
    trace = Trace()
    with ModelServer(f"{TRUE} It lowers the rent of flats [P1].") as server:
        answer = ask(answerer_of(library, server), QUESTION, trace=trace)
    assert [step["step"] for step in trace.steps] == ["question", "search", "evidence", "model", "answer", "settings"]
    papers = trace.step("evidence")["papers"]
    assert all(len(p["sentences"]) == len(q.sentences) for p in papers for q in PAPERS if q.title == p["title"])
    assert QUESTION in trace.step("model")["prompt"][1]["content"]
    assert trace.step("model")["reply"] == f"{TRUE} It lowers the rent of flats [P1]."
    told = trace.step("answer")
    assert [s["text"] for s in told["sentences"]] == [s.text for s in answer.sentences]
    assert told["sentences"][0]["support"] > 0
    assert told["removed"][0]["reason"] == "unsupported"
    assert told["timings_ms"]["total"] >= told["timings_ms"]["retrieve"]
    assert len(trace.step("settings")["sha256"]) == 64


def test_the_trace_of_small_talk_ends_with_its_answer(plain: Answerer) -> None:
    trace = Trace()
    ask(plain, "hello", trace=trace)
    assert [step["step"] for step in trace.steps] == ["question", "answer", "settings"]


def test_the_trace_tells_how_likely_an_answer_was(plain: Answerer) -> None:
    trace = Trace()
    ask(plain, "What word error rate does OwlNet reach on LibriLong?", trace=trace)
    assert trace.step("evidence")["topic"] > 0.9
    assert trace.step("evidence")["said"] > 0.3
