"""The retrieval chain: retriever, prompt and model, joined."""

import asyncio
from collections.abc import Iterator, Sequence

import pytest
from langchain_core.language_models import FakeListChatModel
from langchain_core.messages import AnyMessage

from bot.answers.answer import Turn
from bot.answers.chain import PaperRetriever, answer_chain
from bot.answers.context import Given
from bot.answers.evidence import gather
from bot.answers.models import room_for
from bot.library.library import Library
from tests.answers.scripted import PAPERS, filled_library

LARGE = room_for("openai:gpt-5-mini")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with filled_library(tmp_path_factory.mktemp("home")) as library:
        yield library


def retriever_of(library: Library) -> PaperRetriever:
    def search(query: str) -> Sequence[Given]:
        return [Given(paper, paper.sentences[0]) for paper in gather(library, library.search(query, 2))]

    return PaperRetriever(search=search)


def test_the_librarys_search_is_a_langchain_retriever(library: Library) -> None:
    first, second = retriever_of(library).invoke(PAPERS[0].title)
    assert first.page_content == "Long audio is slow to transcribe."
    assert first.metadata["id"] == "arxiv:2508.00001"
    assert first.metadata["title"] == PAPERS[0].title
    assert first.metadata["date"] == "2025-08-04"
    assert first.metadata["score"] > second.metadata["score"]


def test_the_chain_searches_writes_the_prompt_and_streams_the_reply(library: Library) -> None:
    sent: list[AnyMessage] = []
    chain = answer_chain(retriever_of(library), FakeListChatModel(responses=["It hears."]), LARGE, sent.extend)
    inputs = {
        "task": "answer",
        "question": "What does it hear?",
        "search_query": PAPERS[0].title,
        "history": (Turn("Who?", "OwlNet."),),
    }

    async def pieces() -> list[str]:
        return [str(message.text) async for message in chain.astream(inputs)]

    told = asyncio.run(pieces())
    assert len(told) > 3
    assert "".join(told) == "It hears."
    assert [message.type for message in sent] == ["system", "human"]
    user = sent[1].text
    assert user.index("Q: Who?\nA: OwlNet.") < user.index("[P1] Owls at Night") < user.index("[P2] ")
    assert user.endswith("Question: What does it hear?")
