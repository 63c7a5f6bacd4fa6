"""From a question to the evidence that answers it, or to the words that say why there is none."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot import limits
from bot.answers import words
from bot.answers.answer import Answer, Near, Question
from bot.answers.asked import asks_who_wrote
from bot.answers.conversation import Understood, understand
from bot.answers.evidence import EvidencePaper, QuestionWords, Relevance, bearing, gather, relevance, without_titles
from bot.answers.refusal import decide, signals
from bot.answers.rewriting import Restated
from bot.answers.smalltalk import wants_a_day
from bot.answers.trace import Trace
from bot.library.catalogue import Stored
from bot.library.dates import DateRange, dates_in
from bot.library.lexical import stem
from bot.library.library import Library
from bot.library.retriever import Hit, Passage
from bot.papers.text import names_title, title_key

_AUTHORS_SHOWN = 20
_CLOSEST = 3
_KNOWN_BY = 2  # papers at most that have a name which tells one of them


@dataclass(frozen=True)
class Found:
    """What is known when a question is to be answered.

    `text` is the question in English, `search` what was searched for; `vector`, with dimension values, and `words` are
    of what it asks beside naming a paper.
    """

    question: Question
    text: str
    search: str
    vector: NDArray[np.float32]
    words: QuestionWords
    relevance: Relevance
    milliseconds: int
    task: str = "answer"

    @property
    def papers(self) -> list[EvidencePaper]:
        """The papers of the evidence, the best first."""
        return self.relevance.papers

    @property
    def closest(self) -> tuple[Near, ...]:
        """The best papers, offered where nothing is answered from them."""
        return _nearest(self.papers)


class Finder:
    """Finds the evidence for questions in a library; `today` tells the day that "yesterday" counts from."""

    def __init__(self, library: Library, today: Callable[[], date]) -> None:
        self.library = library
        self._today = today

    def find(self, question: Question, restated: Restated, trace: Trace) -> Found | Answer:
        """The evidence for a question, or an answer that abstains. Blocks; raises what a library raises."""
        begun = time.monotonic()
        text = restated.text
        question, wanted = self._dated(question, restated.alone or text)
        dates = question.dates
        if restated.alone is None:
            understood = understand(wanted, question.history, self.library.get, self._is_known)
        else:
            understood = Understood(wanted, wanted)
        trace.add("search", query=understood.search, since=dates.since, until=dates.until)
        if wants_a_day(wanted) and dates.bounded:
            return self._point_to_days(text, dates)
        vector = self.library.embedder.embed([understood.search])[0]
        hits = self.library.search(understood.search, question.k or limits.EVIDENCE_PAPERS, dates, vector)
        if not hits:
            return _abstain(text, self._none_then())
        papers = gather(self.library, hits)
        # What names a paper has done its work: which of its sentences answer is asked by the other words.
        focus = understood.focus if understood.about else without_titles(wanted, papers)
        asked = QuestionWords(focus, self.library)
        focused = vector if focus == understood.search else self.library.embedder.embed([focus])[0]
        found = Found(
            question=question,
            text=text,
            search=understood.search,
            vector=focused,
            words=asked,
            relevance=relevance(focus, papers, focused, asked),
            milliseconds=0,
        )
        refusal = self._refusal(
            found,
            trace,
            named=understood.about is not None or focus != wanted or _is_named(wanted, found.papers[0].title),
        )
        if refusal:
            trace.add("abstained", why=refusal)
            return _abstain(text, refusal, found.closest)
        return replace(found, milliseconds=round((time.monotonic() - begun) * 1000))

    def paper(self, stored: Stored) -> Found:
        """What a summary of one paper is written from."""
        rows = self.library.chunk_vectors([stored])[0]
        title = stored.paper.title
        paper = EvidencePaper(Hit(stored, 1.0, 0.0, 1.0, (Passage(-1, title, 1.0),)), rows[1:])
        weights = QuestionWords(title, self.library)
        bears = Relevance([paper], [bearing(paper, rows[0], weights)], 0.0)  # a title is no question to be read
        return Found(Question(title), title, title, rows[0], weights, bears, 0, "summary")

    def _refusal(self, found: Found, trace: Trace, *, named: bool) -> str | None:
        """Why nothing is answered; None where the papers seem to answer. A paper that is `named` is the topic."""
        seen = signals(found.papers, found.vector, found.words, found.text, found.relevance.answered)
        decision = decide(seen)
        trace.add(
            "evidence",
            cosine=round(seen.cosine, 3),
            coverage=round(seen.covered, 3),
            topic=round(decision.topic, 3),
            said=round(decision.said, 3),
            answered=round(found.relevance.answered, 3),
            papers=[_explained(p.hit, s) for p, s in zip(found.papers, found.relevance.scores, strict=True)],
        )
        if decision.off_topic and not named:
            return words.ABSTAIN
        if asks_who_wrote(found.text):
            return _authors(found.papers[0].hit.stored)
        return words.NOT_STATED if decision.unsaid else None

    def _dated(self, question: Question, text: str) -> tuple[Question, str]:
        """The question with the days that its words name, unless it came with days, and its words without them."""
        if question.dates.bounded:
            return question, text
        dated = dates_in(text, self._today(), self._newest)
        if dated is None:
            return question, text
        return replace(question, dates=dated.dates), dated.rest

    def _point_to_days(self, text: str, dates: DateRange) -> Answer:
        """Where to read what the papers of some days are about, with the best liked of them."""
        papers = sorted(self.library.papers(dates), key=lambda stored: -(stored.paper.upvotes or 0))
        if not papers:
            return _abstain(text, self._none_then())
        return _abstain(text, words.THE_DAY, tuple(Near(s.id, s.paper.title) for s in papers[:_CLOSEST]))

    def _none_then(self) -> str:
        day = self._newest()
        return words.NEWEST_ARE.format(none=words.NO_PAPERS_THEN, day=day) if day else words.NO_PAPERS_THEN

    def _newest(self) -> date | None:
        days = self.library.days()
        return days[-1][0] if days else None

    def _is_known(self, name: str, in_title: bool) -> bool:
        """Whether a paper is known by `name`: its title has it, or, unless `in_title`, hardly any other abstract."""
        if any(_is_part(name, s.paper.title) for s in self.library.catalogue.by_title(name, part=True)):
            return True
        frequency = self.library.frequencies()
        held = max((frequency(one)[0] for one in stem(name)), default=0)
        return not in_title and 0 < held <= _KNOWN_BY


def _abstain(text: str, reply: str, closest: tuple[Near, ...] = ()) -> Answer:
    return Answer(text, abstained=True, answer=reply, closest=closest)


def _nearest(papers: Sequence[EvidencePaper]) -> tuple[Near, ...]:
    return tuple(Near(p.hit.stored.id, p.title) for p in papers[:_CLOSEST])


def _is_named(text: str, title: str) -> bool:
    """Whether `text` holds `title` or its main part, or is a part of it."""
    return names_title(text, title) or _is_part(text, title)


def _is_part(text: str, title: str) -> bool:
    """Whether `title` has the words of `text` in a row."""
    return f" {title_key(text)} " in f" {title_key(title)} "


def _authors(stored: Stored) -> str:
    """Who wrote a paper, as the catalogue has it: abstracts do not tell."""
    paper = stored.paper
    if not paper.authors:
        return words.AUTHORS_UNKNOWN.format(title=paper.title)
    more = len(paper.authors) - _AUTHORS_SHOWN
    shown = ", ".join(paper.authors[:_AUTHORS_SHOWN]) + (words.AND_MORE.format(n=more) if more > 0 else "")
    return words.WRITTEN_BY.format(title=paper.title, authors=shown)


def _explained(hit: Hit, scores: Sequence[float]) -> dict[str, object]:
    best = max((p for p in hit.passages), key=lambda p: p.score, default=None)
    return {
        "id": hit.stored.id,
        "title": hit.stored.paper.title,
        "score": round(hit.score, 3),
        "bm25": round(hit.bm25, 2),
        "cosine": round(hit.cosine, 3),
        "best_sentence": best and best.sentence,
        "sentences": [round(score, 3) for score in scores],
    }
