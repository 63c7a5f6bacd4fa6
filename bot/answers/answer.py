"""What an answer is, and the events by which it comes into being. Plain data; every front end shows these."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from bot.library.dates import DateRange
from bot.papers.paper import Kind

Mode = Literal["extractive", "llm"]
Reason = Literal["unsupported", "number", "citation", "instruction"]


@dataclass(frozen=True, slots=True)
class Source:
    """A paper that an answer cites, under its number `n`; `quote` is a sentence of its abstract, verbatim."""

    n: int
    id: str
    title: str
    url: str | None
    date: date | None
    kind: Kind
    quote: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that passed the check: its words without markers, the sources it cites, its support in 0–1."""

    text: str
    citations: tuple[int, ...]
    support: float

    @property
    def cited(self) -> str:
        """The sentence with its markers, as people read it: `It works. [1][2]`."""
        return f"{self.text} {''.join(f'[{n}]' for n in self.citations)}".rstrip()


@dataclass(frozen=True, slots=True)
class Removed:
    """A sentence of a model's reply that is not shown, and why."""

    text: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Near:
    """A paper offered where nothing answers the question."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of the model calls behind an answer, and their cost in US dollars where prices are known."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None

    def __add__(self, other: "Usage") -> "Usage":
        """Both together; the cost is unknown where one part's is."""
        if not (self.prompt_tokens or self.completion_tokens):
            return other
        if not (other.prompt_tokens or other.completion_tokens):
            return self
        known = self.cost_usd is not None and other.cost_usd is not None
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            (self.cost_usd or 0) + (other.cost_usd or 0) if known else None,
        )


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds spent on one answer."""

    retrieve: int = 0
    generate: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer. `answer` is the text to show: framing and statements with their markers."""

    question: str
    mode: Mode = "extractive"
    model: str | None = None
    abstained: bool = False
    answer: str = ""
    sentences: tuple[Statement, ...] = ()
    removed: tuple[Removed, ...] = ()
    sources: tuple[Source, ...] = ()
    closest: tuple[Near, ...] = ()
    notes: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)
    timings_ms: Timings = field(default_factory=Timings)


def answer_json(answer: Answer) -> dict[str, Any]:
    """`answer` in the shape of `ask --json`."""
    return {
        "question": answer.question,
        "mode": answer.mode,
        "model": answer.model,
        "abstained": answer.abstained,
        "answer": answer.answer,
        "sentences": [
            {"text": s.text, "citations": list(s.citations), "support": round(s.support, 3)} for s in answer.sentences
        ],
        "removed": [{"text": r.text, "reason": r.reason} for r in answer.removed],
        "sources": [
            {
                "n": s.n,
                "id": s.id,
                "title": s.title,
                "url": s.url,
                "date": s.date and s.date.isoformat(),
                "kind": s.kind,
                "quote": s.quote,
            }
            for s in answer.sources
        ],
        "closest": [{"id": n.id, "title": n.title} for n in answer.closest],
        "notes": list(answer.notes),
        "usage": {
            "prompt_tokens": answer.usage.prompt_tokens,
            "completion_tokens": answer.usage.completion_tokens,
            "cost_usd": answer.usage.cost_usd,
        },
        "timings_ms": {
            "retrieve": answer.timings_ms.retrieve,
            "generate": answer.timings_ms.generate,
            "total": answer.timings_ms.total,
        },
    }


@dataclass(frozen=True, slots=True)
class Reading:
    """Event: the papers whose abstracts are being read for the answer, best first."""

    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Framing:
    """Event: words of the program's own, such as "The closest paper says:"; they state nothing of a paper.

    `opens_line` is whether a new line begins with it.
    """

    text: str
    opens_line: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """Event: a sentence that passed the check, and the sources that it is the first to cite.

    `opens_line` is whether a new line begins with it.
    """

    statement: Statement
    new_sources: tuple[Source, ...] = ()
    opens_line: bool = False


@dataclass(frozen=True, slots=True)
class Restarted:
    """Event: the model failed on the way; what was shown so far is to be taken back. `note` says why."""

    note: str


@dataclass(frozen=True, slots=True)
class Finished:
    """Event, always the last: the whole answer, which replaces what was streamed."""

    answer: Answer


Event = Reading | Framing | Checked | Restarted | Finished


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange of a conversation: what was asked, what was answered, and the ids of the papers cited."""

    question: str
    answer: str
    paper_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the text as typed, the conversation before it (oldest first), limits, papers of evidence.

    `person` is who asks, for the account of what models cost; empty for whoever sits at this machine.
    """

    text: str
    history: tuple[Turn, ...] = ()
    dates: DateRange = field(default_factory=DateRange)
    k: int | None = None
    person: str = ""
