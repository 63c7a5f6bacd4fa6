"""Answers by a model, from the command line to a real HTTP server and back."""

from pathlib import Path

import pytest

from tests.conftest import OWLS, QUESTION, Result, Run
from tests.model_server import ModelServer, Reply
from tests.schemas import ANSWER, check

TRUE = "OwlNet is a sparse attention network that reads one hour of audio at once [P1]."
QUOTED = "On LibriLong it lowers the word error rate from 9.1% to 7.4%."
KEY = "sk-sentinel-0123456789"


def ask(papers: Run, server: ModelServer, *more: str, **settings: str) -> Result:
    return papers("ask", QUESTION, "--json", *more, OPENAI_BASE_URL=server.url, **settings)


def test_a_model_s_supported_sentences_are_shown_and_the_others_removed(papers: Run, filled: Path) -> None:
    with ModelServer(default=f"{TRUE} It was trained on 900 trillion tokens [P1].") as server:
        told = ask(papers, server).json
        assert OWLS.abstract in server.requests[0].user
        plain = papers("ask", QUESTION, OPENAI_BASE_URL=server.url).out
    check(told, ANSWER)
    assert (told["mode"], told["model"]) == ("llm", "openai:scripted-model")
    assert [s["text"] for s in told["sentences"]] == [TRUE.removesuffix(" [P1].") + "."]
    assert told["sources"][0]["title"] == OWLS.title
    assert "900" in told["removed"][0]["text"]
    assert told["usage"]["prompt_tokens"] == 120
    assert "900" not in plain
    assert "Sources (written by openai:scripted-model, each sentence checked)" in plain


FAILURES = {
    "wrong key": (Reply(status=401, text=f"Incorrect API key provided: {KEY}"), "refused the key (401)"),
    "unknown model": (Reply(status=404), "does not know this model (404)"),
    "too many requests": (Reply(status=429, headers={"Retry-After": "30"}), "no more requests for now (429)"),
    "cut in mid-word": (Reply(f"{TRUE} And further they ca", cut=90), "broke off"),
    "empty": (Reply(""), "empty"),
    "garbage": (Reply(raw=b"data: {broken\n\n"), ""),
    "unsupported": (Reply("Owls are made of cheese. They live on the moon."), "nothing that the model wrote"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_p19_a_model_that_fails_costs_nobody_an_answer(papers: Run, filled: Path, name: str) -> None:
    reply, reason = FAILURES[name]
    with ModelServer(default=reply) as server:
        result = ask(papers, server, OPENAI_API_KEY=KEY)
    told = result.json
    check(told, ANSWER)
    assert (result.status, told["mode"], told["model"]) == (0, "extractive", None)
    assert QUOTED in told["answer"]
    assert len(told["notes"]) == 1
    assert reason in told["notes"][0]
    assert result.err == f"note: {told['notes'][0]}\n"
    assert KEY not in result.out + result.err


def test_p19_a_model_that_hangs_is_left_after_the_time_limit(papers: Run, filled: Path) -> None:
    with ModelServer(default=Reply(hang=True)) as server:
        result = ask(papers, server, PAPERS_TIMEOUT="1", PAPERS_MODEL="openai:scripted-model")
    assert (result.status, result.json["mode"]) == (0, "extractive")
    assert "did not answer in time" in result.err


def test_p19_an_unreachable_server_is_said_and_the_papers_quoted(papers: Run, filled: Path) -> None:
    with ModelServer() as gone:
        pass
    for model in ({}, {"PAPERS_MODEL": "openai:scripted-model"}):
        result = ask(papers, gone, **model)
        assert (result.status, result.json["mode"]) == (0, "extractive")
        assert "cannot be reached" in result.err


def test_a_wrong_model_name_is_wrong_usage(papers: Run, filled: Path) -> None:
    result = papers("ask", QUESTION, PAPERS_MODEL="nosuch:model")
    assert result.status == 2
    assert "PAPERS_MODEL='nosuch:model'" in result.err
    assert "as in openai:owl-7b; or none" in papers("ask", QUESTION, PAPERS_MODEL="owl-7b").err


def test_too_weak_evidence_is_refused_before_any_model_is_asked(papers: Run, filled: Path) -> None:
    with ModelServer() as server:
        told = papers("ask", "What is the boiling point of ethanol?", "--json", OPENAI_BASE_URL=server.url).json
        assert server.requests == []
    assert told["abstained"]


def test_a_summary_is_checked_too(papers: Run, filled: Path) -> None:
    with ModelServer(default="OwlNet is a sparse attention network. It was built by Martians in 1877.") as server:
        told = papers("summary", "owls", "--json", OPENAI_BASE_URL=server.url).json
    check(told, ANSWER)
    assert [s["text"] for s in told["sentences"]] == ["OwlNet is a sparse attention network."]
