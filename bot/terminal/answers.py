"""How an answer is shown: sentence by sentence in a terminal, whole elsewhere, its sources by title below."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from bot.answers import words
from bot.answers.answer import Answer, Checked, Event, Finished, Framing, Reading, Restarted, Source

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from bot.answers.trace import Trace
    from bot.library.catalogue import Stored
    from bot.terminal.screen import Screen

NOTE = "note on the paper, not its abstract"


class AnswerView:
    """Shows one answer on `screen` while it comes into being; its sources below it, unless they are known."""

    def __init__(self, screen: Screen, *, sources: bool = True) -> None:
        self._screen = screen
        self._sources = sources
        self._streamed = False
        self._held: list[Framing] = []  # framing is shown with the statement after it, or not at all

    async def show(self, events: AsyncGenerator[Event, None]) -> Answer:
        """Show all of `events`, sources included; the finished answer. Notes are left to the caller."""
        async with aclosing(events):
            async for event in events:
                if isinstance(event, Finished):
                    self._finish(event.answer)
                    return event.answer
                if self._screen.live:
                    self._event(event)
        raise AssertionError("an answer always ends with Finished")

    def _event(self, event: Event) -> None:
        screen = self._screen
        match event:
            case Reading(titles):
                screen.status(f"reading {len(titles)} {'paper' if len(titles) == 1 else 'papers'} …")
            case Framing():
                self._held.append(event)
            case Checked(statement):
                self._show_held()
                if event.opens_line and self._streamed:
                    screen.begin()
                screen.flow(statement.cited)
                self._streamed = True
            case Restarted(note):
                screen.begin()
                screen.say(f"— Not finished: {note}. —", style="dim")
                self._streamed = False
                self._held.clear()

    def _show_held(self) -> None:
        for framing in self._held:
            if framing.opens_line and self._streamed:
                self._screen.begin()
            self._screen.flow(framing.text)
            self._streamed = True
        self._held.clear()

    def _finish(self, answer: Answer) -> None:
        screen = self._screen
        if self._streamed and not answer.abstained:
            self._show_held()
            screen.end()
        else:
            for line in answer.answer.split("\n"):
                screen.say(line)
        if self._sources and answer.sources:
            screen.say()
        if self._sources:
            show_sources(screen, answer)


def show_sources(screen: Screen, answer: Answer, *, quotes: bool = False) -> None:
    """The sources of `answer` by title, with `quotes` a sentence of each; where it has none, the closest papers."""
    if answer.sources:
        screen.say(f"Sources ({how_made(answer)})", style="dim")
    for source in answer.sources:
        screen.say(f"[{source.n}] {source.title}{_known(source)}", hanging=4)
        if source.url:
            screen.say(source.url, indent=4, style="dim")
        if quotes:
            screen.say(f"“{source.quote}”", indent=4)
    if answer.closest:
        screen.say(words.CLOSEST)
        for near in answer.closest:
            screen.say(f"- {near.title}", indent=2, hanging=2)


def show_paper(screen: Screen, stored: Stored) -> None:
    """The title of a paper, and its date, link and kind below it."""
    paper = stored.paper
    screen.say(paper.title, style="bold")
    facts = [str(paper.date) if paper.date else "", paper.link or "", NOTE if paper.kind == "note" else ""]
    screen.say(" · ".join(fact for fact in [*facts, stored.id] if fact), style="dim")


def how_made(answer: Answer) -> str:
    """Whether a model wrote the answer, in a few words."""
    if answer.mode == "extractive":
        return "extractive: quoted word for word, no model"
    return f"written by {answer.model}, each sentence checked"


def show_explanation(screen: Screen, answer: Answer, trace: Trace, *, aside: bool) -> None:
    """What was searched for, what was found with its scores, and what was removed; on standard error if `aside`."""
    lines = explanation(answer, trace)
    if not aside:
        screen.say()
    for line in lines:
        if aside:
            screen.tell(line)
        else:
            screen.say(line)


def explanation(answer: Answer, trace: Trace) -> Sequence[str]:
    """The lines of `--explain`."""
    search, evidence = trace.step("search"), trace.step("evidence")
    if not search:
        return ["Explanation: nothing was searched for."]
    restated = [
        f"{words}: {written}"
        for step, words in (("rewritten", "Rewritten"), ("translated", "Translated"))
        if (written := trace.step(step).get("question"))
    ]
    days = " ".join(f"{name} {search[name]}" for name in ("since", "until") if search.get(name))
    lines = [*restated, f"Searched for: {search['query']}{f' ({days})' if days else ''}"]
    if evidence:
        lines.append(
            f"Fit of the best evidence: cosine {evidence['cosine']:.2f}, words covered {evidence['coverage']:.0%}; treats "
            f"the topic {evidence['topic']:.0%}, says what is asked {evidence['said']:.0%}"
        )
        lines.append("Evidence (score: title; BM25, cosine):")
        lines += [f"- {p['score']:.3f}: {p['title']}; {p['bm25']:.2f}, {p['cosine']:.3f}" for p in evidence["papers"]]
    if answer.removed:
        lines.append("Removed:")
        lines += [f"- {removed.reason}: {removed.text}" for removed in answer.removed]
    return lines


def _known(source: Source) -> str:
    facts = [str(source.date)] if source.date else []
    if source.kind == "note":
        facts.append(NOTE)
    return f" ({'; '.join(facts)})" if facts else ""
