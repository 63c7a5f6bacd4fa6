"""Putting an answer together: each sentence checked, cited under a stable number, and only then shown."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.answers import words
from bot.answers.answer import Checked, Event, Framing, Removed, Source, Statement, Usage
from bot.answers.evidence import EvidencePaper
from bot.answers.extractive import Quote
from bot.answers.grounding import Evidence, check, is_framing
from bot.answers.reply import Sentence, key_names
from bot.papers.text import title_key


class Composer:
    """Collects what may be shown of one answer. Sources are numbered by their first citation.

    `asked` is the question, and `question` its vector, which chooses the quote of a source that is cited by its
    title alone. What a `brief` model says before its first statement is left out: a small model's refusal is no more
    than a hint, for the papers were found fitting.
    """

    def __init__(
        self,
        papers: Sequence[EvidencePaper],
        embed: Callable[[Sequence[str]], NDArray[np.float32]],
        question: NDArray[np.float32],
        asked: str,
        *,
        brief: bool = False,
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
        return [self._state(sentence.text, verdict.citations, verdict.support, before)]

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
        self._pieces.append(framing)
        events: list[Event] = [Framing(framing)]
        last: int | None = None
        for q in quotes:
            text = self._papers[q.paper].sentences[q.sentence]
            before = " " if q.paper == last else "\n"
            events.append(self._state(text, ((q.paper, q.sentence),), 1.0, before))
            last = q.paper
        return events

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
