"""Putting an answer together: each sentence checked, cited under a stable number, and only then shown."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.answers import words
from bot.answers.answer import Checked, Event, Framing, Removed, Source, Statement, Usage
from bot.answers.evidence import EvidencePaper
from bot.answers.extractive import Quote
from bot.answers.grounding import Evidence, check, is_framing
from bot.answers.reply import Sentence, key_names
from bot.library.lexical import query_stems
from bot.papers.text import title_key

_SAID = 0.6  # a sentence of which this share of the words is told need not be quoted


class Composer:
    """Collects what may be shown of one answer. Sources are numbered by their first citation.

    `asked` is the question, and `question` its vector, which chooses the quote of a source that is cited by its
    title alone. What a `brief` model says before its first statement is left out: a small model's refusal is no more
    than a hint, for the papers were found fitting. Where the first paper `leads`, what is said of others waits until
    something is said of it: a small model knows less well than the search which paper is meant.
    """

    def __init__(
        self,
        papers: Sequence[EvidencePaper],
        embed: Callable[[Sequence[str]], NDArray[np.float32]],
        question: NDArray[np.float32],
        asked: str,
        *,
        brief: bool = False,
        leads: bool = False,
    ) -> None:
        self.statements: list[Statement] = []
        self.sources: list[Source] = []
        self.removed: list[Removed] = []
        self.usage = Usage()
        self.framed = False
        self._papers = papers
        self._evidence = [Evidence(p.title, p.sentences, p.vectors) for p in papers]
        self._embed = embed
        self._question = question
        self._asked = asked
        self._brief = brief
        self._leads = leads
        self._waiting: list[tuple[str, Sequence[tuple[int, int]], float]] = []
        self._keys = key_names(len(papers))
        self._numbers: dict[int, int] = {}
        self._pieces: list[str] = []
        self._seen: set[str] = set()

    @property
    def text(self) -> str:
        """The answer as people read it: framing, and statements with their markers."""
        return "".join(self._pieces).strip()

    def add(self, sentence: Sentence) -> list[Event]:
        """Check a sentence of a model's reply; the events to show, none where it is removed or said already."""
        key = title_key(sentence.text)
        if key in self._seen:
            return []
        self._seen.add(key)
        before = "\n" if sentence.opens_line else " "
        if is_framing(sentence.text, self._asked):
            if self._brief and not self.statements:
                return []
            self.framed = True
            self._pieces += [before, sentence.text]
            return [Framing(sentence.text, sentence.opens_line)]
        hints = frozenset(self._keys[k] for k in sentence.keys)
        verdict = check([sentence.text], self._evidence, self._embed, [hints])[0]
        if not verdict.supported:
            reason = verdict.reason or "unsupported"
            if reason == "unsupported" and sentence.bad_keys:
                reason = "citation"
            self.removed.append(Removed(sentence.text, reason))
            return []
        if self._leads and not self.statements and verdict.citations[0][0] != 0:
            self._waiting.append((sentence.text, verdict.citations, verdict.support))
            return []
        return [self._state(sentence.text, verdict.citations, verdict.support, before), *self.release()]

    @property
    def is_empty(self) -> bool:
        """Whether nothing that was said may be shown."""
        return not (self.statements or self._waiting or self.framed)

    def release(self) -> list[Event]:
        """State what has waited; the events to show."""
        waiting, self._waiting = self._waiting, []
        return [self._state(text, citations, support, "\n") for text, citations, support in waiting]

    def quote(self, quotes: Sequence[Quote]) -> list[Event]:
        """State sentences of the papers word for word, under a line that says so; the events to show."""
        if not quotes:
            return []
        cited = list(dict.fromkeys(q.paper for q in quotes))
        notes = all(self._papers[p].hit.stored.paper.kind == "note" for p in cited)
        if notes:
            framing = words.QUOTED_NOTES if len(cited) > 1 else words.QUOTED_NOTE
        else:
            framing = words.QUOTED if len(cited) > 1 else words.QUOTED_ONE
        opens_line = bool(self._pieces)
        self._pieces += ["\n" if opens_line else "", framing]
        events: list[Event] = [Framing(framing, opens_line)]
        last: int | None = None
        for q in quotes:
            text = self._papers[q.paper].sentences[q.sentence]
            before = " " if q.paper == last else "\n"
            events.append(self._state(text, ((q.paper, q.sentence),), 1.0, before))
            last = q.paper
        return events

    def unsaid(self, quotes: Sequence[Quote], papers: Sequence[EvidencePaper]) -> list[Quote]:
        """Those of `quotes`, from `papers`, that the statements so far leave out or tell in few of their words.

        Quotes of another paper than the first are left out where it is cited already, or may not be.
        """
        said = {stem for statement in self.statements for stem in query_stems(statement.text)}
        cited = {paper for _, citations, _ in self._waiting for paper, _ in citations}.union(self._numbers)
        places = {id(paper): n for n, paper in enumerate(self._papers)}
        found = []
        for q in quotes:
            stems = set(query_stems(papers[q.paper].sentences[q.sentence]))
            place = places.get(id(papers[q.paper]))
            if place is None or (place in cited and (q.paper or len(stems & said) >= _SAID * len(stems))):
                continue
            found.append(replace(q, paper=place))
        return found

    def _state(self, text: str, citations: Sequence[tuple[int, int]], support: float, before: str) -> Checked:
        fresh: list[Source] = []
        numbers: list[int] = []
        for paper, sentence in citations:
            if paper not in self._numbers:
                self._numbers[paper] = len(self._numbers) + 1
                fresh.append(self._source(paper, sentence))
            if self._numbers[paper] not in numbers:
                numbers.append(self._numbers[paper])
        statement = Statement(text, tuple(numbers), support)
        self.statements.append(statement)
        self.sources += fresh
        self._pieces += [before, statement.cited]
        return Checked(statement, tuple(fresh), before == "\n")

    def _source(self, paper: int, sentence: int) -> Source:
        evidence = self._papers[paper]
        if sentence < 0:
            usable = list(evidence.usable) or [0]
            sentence = usable[int(np.argmax(evidence.vectors[usable] @ self._question))]
        stored = evidence.hit.stored
        return Source(
            n=self._numbers[paper],
            id=stored.id,
            title=stored.paper.title,
            url=stored.paper.link,
            date=stored.paper.date,
            kind=stored.paper.kind,
            quote=evidence.sentences[sentence],
        )
