"""From a question to a checked answer: the one core behind every front end.

A question is understood, searched for, and refused where the evidence is too weak. Otherwise a model answers,
or the papers are quoted; every sentence is checked against the abstracts before anything of it is shown.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from bot import limits
from bot.answers import extractive, words
from bot.answers.access import Models
from bot.answers.answer import (
    Answer,
    Event,
    Finished,
    Question,
    Reading,
    Removed,
    Restarted,
    Timings,
    Usage,
    answer_json,
)
from bot.answers.asked import Kind, stated
from bot.answers.asking import Call
from bot.answers.composer import Composer
from bot.answers.context import Given, give
from bot.answers.evidence import EvidencePaper
from bot.answers.finding import Finder, Found
from bot.answers.local_models import shown_name
from bot.answers.models import ModelFailed, room_for
from bot.answers.reply import SentenceReader, key_names
from bot.answers.rewriting import Restated, restate
from bot.answers.smalltalk import reply_to
from bot.answers.trace import Trace
from bot.library.catalogue import Stored
from bot.library.library import Library
from bot.papers.text import clean, names_title
from bot.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable

# To a small model's answer a sentence is added that bears on the question as much as this share of the best.
_WORTH_ADDING = 0.85


class Answerer:
    """Answers questions from a library, with the model that the settings name or without one.

    One object serves all conversations of a process; nothing of a question is kept in it.
    """

    def __init__(self, library: Library, settings: Settings, today: Callable[[], date] = date.today) -> None:
        self.library = library
        self._finder = Finder(library, today)
        self.models = Models(settings, library.catalogue)
        self._settings = settings

    # Models

    async def model_name(self) -> str | None:
        """The model that is asked; None for extractive answers. Raises `ModelFailed` where it cannot be told."""
        return await self.models.name()

    def use_model(self, name: str) -> None:
        """Ask another model from now on; "none" for extractive answers."""
        self.models.use(name)

    # Answers

    def ask(self, question: Question, trace: Trace | None = None) -> AsyncGenerator[Event, None]:
        """Answer `question`; the last event is `Finished`. Raises only what a library raises."""
        trace = trace or Trace()
        return _traced(self._asked(question, trace), self._settings, trace)

    def summarise(self, stored: Stored, trace: Trace | None = None) -> AsyncGenerator[Event, None]:
        """A summary of one paper in two or three sentences; the last event is `Finished`."""
        trace = trace or Trace()
        return _traced(self._summarised(stored, trace), self._settings, trace)

    async def _asked(self, question: Question, trace: Trace) -> AsyncGenerator[Event, None]:
        started = time.monotonic()
        text = clean(question.text)
        trace.add("question", text=text)
        if refusal := _refusal(text):
            yield Finished(_done(Answer(text, abstained=True, answer=refusal), started))
            return
        if await asyncio.to_thread(self.library.catalogue.is_empty):
            yield Finished(_done(Answer(text, abstained=True, answer=words.EMPTY_LIBRARY), started))
            return
        restated = await restate(question, text, self.models, self._settings.timeout, trace)
        evidence = await asyncio.to_thread(self._find, question, restated, trace)
        if isinstance(evidence, Answer):
            yield Finished(_done(_told(evidence, text, restated), started))
            return
        yield Reading(tuple(paper.title for paper in evidence.papers))
        async with aclosing(self._answer(evidence, started, trace)) as events:
            async for event in events:
                if isinstance(event, Finished):
                    event = Finished(_told(event.answer, text, restated))
                yield event

    async def _summarised(self, stored: Stored, trace: Trace) -> AsyncGenerator[Event, None]:
        started = time.monotonic()
        evidence = await asyncio.to_thread(self._finder.paper, stored)
        yield Reading((stored.paper.title,))
        async with aclosing(self._answer(evidence, started, trace)) as events:
            async for event in events:
                yield event

    async def _answer(self, evidence: Found, started: float, trace: Trace) -> AsyncGenerator[Event, None]:
        """The events of an answer from `evidence`: a model's where there is one and it succeeds, else quotes."""
        notes: list[str] = []
        removed: list[Removed] = []
        usage = Usage()
        shown = False
        begun = time.monotonic()
        try:
            name = await self.model_name()
            given = await asyncio.to_thread(self._given, evidence, name) if name else []
            if name and given:
                # Only what the model was given may be cited.
                composer = self._composer([g.paper for g in given], evidence, brief=room_for(name).brief)
                removed = composer.removed
                try:
                    async with aclosing(self._ask_model(name, given, evidence, composer, started, trace)) as events:
                        async for event in events:
                            shown = True
                            yield event
                finally:
                    usage = composer.usage
                if not composer.is_empty:
                    if room_for(name).brief:
                        for event in await asyncio.to_thread(_complete, evidence, composer):
                            yield event
                    yield Finished(self._finished(evidence, composer, "llm", name, notes, begun, started))
                    return
                notes.append(words.MODEL_UNSUPPORTED if composer.removed else words.MODEL_FOUND_NOTHING)
        except ModelFailed as failure:  # the papers still answer
            trace.add("model failed", reason=str(failure))
            notes.append(words.MODEL_FAILED.format(reason=failure))
        if shown:
            yield Restarted(notes[-1])
        composer = self._composer(evidence.papers, evidence)
        composer.removed, composer.usage = removed, usage
        begun = time.monotonic()
        for event in composer.quote(await asyncio.to_thread(_quotes, evidence)):
            yield event
        yield Finished(self._finished(evidence, composer, "extractive", None, notes, begun, started))

    async def _ask_model(
        self, name: str, given: Sequence[Given], evidence: Found, composer: Composer, started: float, trace: Trace
    ) -> AsyncGenerator[Event, None]:
        """Stream a model's reply; yields each sentence that passes the check. Raises `ModelFailed`."""
        reader = SentenceReader(frozenset(key_names(len(given))))
        inputs = {
            "task": evidence.task,
            "question": evidence.text,
            "search_query": evidence.search,
            "history": evidence.question.history,
        }
        deadline = started + self._settings.timeout
        call: Call | None = None
        try:
            async with self.models.call(name, deadline, evidence.question.person) as (model, call):
                chain = await asyncio.to_thread(_chain, given, model, name, call)
                async for piece in call.stream(chain, inputs):
                    for sentence in reader.feed(piece):
                        for event in await asyncio.to_thread(composer.add, sentence):
                            yield event
                for sentence in () if call.cut_short else reader.end():
                    for event in await asyncio.to_thread(composer.add, sentence):
                        yield event
        finally:
            if call:
                composer.usage = call.usage
                dropped = [asdict(r) for r in composer.removed]
                trace.add("model", name=name, prompt=call.prompt, reply=call.text, removed=dropped)

    # Blocking steps, each run in a thread

    def _find(self, question: Question, restated: Restated, trace: Trace) -> Found | Answer:
        if restated.refusal:
            return Answer(restated.text, abstained=True, answer=restated.refusal)
        return self._finder.find(question, restated, trace)

    def _given(self, evidence: Found, name: str) -> list[Given]:
        return give(evidence.papers, evidence.relevance.scores, room_for(name), name)

    def _composer(self, papers: Sequence[EvidencePaper], evidence: Found, *, brief: bool = False) -> Composer:
        leads = brief and not evidence.words.several and papers[0] is evidence.papers[0]
        return Composer(papers, self.library.embedder.embed, evidence.vector, evidence.text, brief=brief, leads=leads)

    def _finished(
        self,
        evidence: Found,
        composer: Composer,
        mode: str,
        model: str | None,
        notes: Sequence[str],
        begun: float,
        started: float,
    ) -> Answer:
        abstained = not composer.statements
        closest = evidence.closest if abstained else ()
        answer = Answer(
            question=evidence.text,
            mode="llm" if mode == "llm" else "extractive",
            model=model and shown_name(model),
            abstained=abstained,
            answer=composer.text if not abstained else words.ABSTAIN,
            sentences=tuple(composer.statements),
            removed=tuple(composer.removed),
            sources=tuple(composer.sources),
            closest=closest,
            notes=tuple(notes),
            usage=composer.usage,
        )
        generate = round((time.monotonic() - begun) * 1000)
        return _done(answer, started, evidence.milliseconds, generate)


async def _traced(
    events: AsyncGenerator[Event, None], settings: Settings, trace: Trace
) -> AsyncGenerator[Event, None]:
    """`events`, with the finished answer and what it was made under noted in `trace`."""
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Finished):
                trace.add("answer", **answer_json(event.answer))
                trace.add("settings", sha256=settings.digest)
            yield event


def _quotes(evidence: Found) -> list[extractive.Quote]:
    """The sentences that answer without a model."""
    if evidence.task == "summary":
        return extractive.summarise(evidence.papers[0], evidence.vector)
    titled = names_title(evidence.search, evidence.papers[0].title)
    return extractive.choose(evidence.papers, evidence.relevance.scores, evidence.words, titled=titled)


def _complete(evidence: Found, composer: Composer) -> list[Event]:
    """What bears most on the question and a small model left out, in the papers' own words, and what it said of others.

    That is of the first paper, unless a number is asked for and told, and of others that are asked about and not cited.
    """
    if evidence.task == "summary":
        return composer.release()
    asked, (first, *_) = evidence.words.asked, evidence.papers
    told = asked.kind in (Kind.COUNT, Kind.AMOUNT) and any(stated(asked, s.text) == 1 for s in composer.statements)
    quotes = [
        q
        for q in _quotes(evidence)
        if (not told if q.paper == 0 else extractive.also_asked(first, evidence.papers[q.paper], evidence.words))
    ]
    best = {q.paper: max(other.score for other in quotes if other.paper == q.paper) for q in quotes}
    missing = composer.unsaid([q for q in quotes if q.score >= _WORTH_ADDING * best[q.paper]], evidence.papers)
    return [*composer.quote(missing), *composer.release()]


def _chain(given: Sequence[Given], model: "BaseChatModel", name: str, call: Call) -> "Runnable[Any, Any]":
    from bot.answers.chain import PaperRetriever, answer_chain

    return answer_chain(PaperRetriever(search=lambda _query: given), model, room_for(name), call.sent)


def _refusal(text: str) -> str | None:
    """The words for a question that is not searched for at all; None for one that is."""
    if not any(c.isalnum() for c in text):
        return words.EMPTY_QUESTION
    if len(text) > limits.QUESTION_CHARS:
        return words.TOO_LONG.format(limit=limits.QUESTION_CHARS)
    return reply_to(text)


def _done(answer: Answer, started: float, retrieve: int = 0, generate: int = 0) -> Answer:
    total = round((time.monotonic() - started) * 1000)
    return replace(answer, timings_ms=Timings(retrieve, generate, total))


def _told(answer: Answer, asked: str, restated: Restated) -> Answer:
    """`answer` as the one to the question as it was `asked`, with what restating it cost and what is to be said of it."""
    return replace(
        answer, question=asked, notes=(*restated.notes, *answer.notes), usage=restated.usage + answer.usage
    )


async def collect(events: AsyncIterator[Event], show: Callable[[Event], None] | None = None) -> Answer:
    """The finished answer of `events`; `show` is told each event as it comes."""
    async for event in events:
        if show:
            show(event)
        if isinstance(event, Finished):
            return event.answer
    raise AssertionError("an answer always ends with Finished")
