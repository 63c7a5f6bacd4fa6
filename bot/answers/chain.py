"""The retrieval chain in LangChain's expression language: retriever, prompt and model, joined by `|`.

Imported only where a model is asked: LangChain takes seconds to load.
"""

import re
import secrets
from collections.abc import Callable, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AnyMessage, HumanMessage, SystemMessage
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda, RunnablePassthrough

from bot import limits
from bot.answers import tokens
from bot.answers.answer import Turn
from bot.answers.context import Given
from bot.answers.models import Room
from bot.answers.prompts import build

_TURN_CHARS = 600  # of each question and answer of a conversation

# What could be taken for a delimiter or a key, also in look-alike characters, and for the markers between roles
# in chat templates, which some model servers read wherever they stand.
_BARS = re.compile(r"[=＝﹦═⩵⩶゠꞊]{3,}")
_NUMBERS = re.compile(r"\s*\[\d{1,2}\]")  # of sources of earlier answers, which are others now
_KEYS = re.compile(r"([\[［【〔❲⟦])(?=\s*[PpＰРр])")
_ROLES = re.compile(r"<(?=[|｜/]|<\s*/?\s*SYS|\w{1,40}>)|(?<=[|｜])>|\[(?=/?INST)", re.IGNORECASE)


class PaperRetriever(BaseRetriever):
    """The library's search as a LangChain retriever: one document for each paper, best first.

    A document's text is what a model may be shown of the abstract; its metadata hold `id`, `title`, `date` and
    `score`.
    """

    search: Callable[[str], Sequence[Given]]

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [
            Document(
                given.text,
                metadata={
                    "id": given.paper.hit.stored.id,
                    "title": given.title,
                    "date": str(given.paper.hit.stored.paper.date or "no date"),
                    "score": given.paper.hit.score,
                },
            )
            for given in self.search(query)
        ]


def answer_chain(
    retriever: BaseRetriever, model: BaseChatModel, room: Room, sent: Callable[[Sequence[AnyMessage]], None]
) -> Runnable[Any, Any]:
    """The chain from `{"task", "question", "search_query", "history"}` to the model's streamed message.

    `sent` is told the messages that the model is given.
    """

    def messages(inputs: dict[str, Any]) -> list[AnyMessage]:
        built = prompt_messages(inputs["task"], inputs["question"], inputs["documents"], inputs["history"], room)
        sent(built)
        return built

    documents = RunnablePassthrough.assign(documents=itemgetter("search_query") | retriever)
    return documents | RunnableLambda(messages) | model


def prompt_messages(
    task: str, question: str, documents: Sequence[Document], history: Sequence[Turn], room: Room
) -> list[AnyMessage]:
    """The messages for a model: rules alone in the system message, all untrusted text in the user message."""
    delimiter = new_delimiter()
    evidence = _brief(documents, delimiter) if room.brief else _full(documents, delimiter)
    keys = ", ".join(f"[P{n + 1}]" for n in range(len(documents)))
    values = {"delimiter": delimiter, "evidence": evidence, "keys": keys}
    if task == "answer":
        values |= {"history": _history(history, delimiter, room), "question": safe(question)}
    return messages_of(f"{task}-brief" if room.brief else task, **values)


def messages_of(task: str, **values: str) -> list[AnyMessage]:
    """The two messages of a prompt, with today's date."""
    today = date.today().isoformat()  # noqa: DTZ011 - the reader's own day
    prompt = build(task, today=today, **values)
    return [SystemMessage(prompt.system), HumanMessage(prompt.user)]


def new_delimiter() -> str:
    """A line that no text can foresee."""
    return f"=== {secrets.token_hex(6)} ==="


def safe(text: str) -> str:
    """Untrusted `text` on one line, without anything that could be taken for a delimiter, a key or a role."""
    text = " ".join(text.split())
    text = _BARS.sub(lambda bars: " ".join("=" * len(bars[0])), text)
    text = _KEYS.sub(r"\1 ", text)
    return _ROLES.sub(lambda mark: f" {mark[0]}" if mark[0] == ">" else f"{mark[0]} ", text)


def transcript(turns: Sequence[Turn], room: int) -> str:
    """The last turns of a conversation that fit into `room` tokens, oldest first; empty where there are none."""
    lines: list[str] = []
    for turn in reversed(turns[-limits.HISTORY_TURNS :]):
        answer = _NUMBERS.sub("", safe(turn.answer))
        said = f"Q: {safe(turn.question)[:_TURN_CHARS]}\nA: {answer[:_TURN_CHARS]}"
        room -= tokens.count(said)
        if room < 0:
            break
        lines.append(said)
    return "\n".join(reversed(lines))


def _full(documents: Sequence[Document], delimiter: str) -> str:
    return "\n\n".join(
        f"{delimiter}\n[P{n}] {safe(d.metadata['title'])} ({d.metadata['date']})\n{safe(d.page_content)}\n{delimiter}"
        for n, d in enumerate(documents, 1)
    )


def _brief(documents: Sequence[Document], delimiter: str) -> str:
    papers = [f"{safe(d.metadata['title'])}: {safe(d.page_content)}" for d in documents]
    return "\n".join([delimiter, *papers, delimiter])


def _history(turns: Sequence[Turn], delimiter: str, room: Room) -> str:
    said = transcript(turns, room.history_tokens)
    if not said:
        return ""
    return f"The conversation so far, for what the question refers to:\n{delimiter}\n{said}\n{delimiter}\n\n"
