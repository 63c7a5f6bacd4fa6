"""`papers repl` at a pseudo-terminal: first screen, completion, streaming, Ctrl-C, Ctrl-D."""

from pathlib import Path

from tests.conftest import FORESTS, OWLS, QUESTION
from tests.model_server import ModelServer, Reply
from tests.repl.conftest import PROMPT, Open

TRUE = "OwlNet is a sparse attention network that reads one hour of audio at once [P1]."
SHOWN = "OwlNet is a sparse attention network"


def test_a_conversation_from_first_screen_to_ctrl_d(terminal: Open, filled: Path, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    browser.chmod(0o755)
    at = terminal(BROWSER=f"{browser} %s")
    at.ready()
    assert at.seen.startswith("papers-bot ")
    assert "3 papers from 2025-08-04 to 2025-08-05." in at.seen
    assert "bundled sample" not in at.seen
    answer = at.say(QUESTION)
    assert "from 9.1% to 7.4%. [1]" in answer.replace("\n", " ")
    assert f"[1] {OWLS.title} (2025-08-04)" in answer
    assert "two days on four GPUs" in at.say("And on how many GPUs was it trained?")
    assert "https://arxiv.org/abs/2508.00001" in at.say("/open 1")
    assert "/open takes a number from 1 to" in at.say("/open 99")
    at.child.send("/pa")  # the commands that it may become are shown while it is typed
    at.until("/papers")
    at.child.send("\x03")  # Ctrl-C drops the line, not the conversation
    at.prompt()
    at.child.send("/paper LEAF")
    at.child.send("\x03")
    at.prompt()
    at.child.send("/paper pruning f")  # titles are shown, and Tab takes one
    at.until(FORESTS.title)
    assert "LeafCut removes 60%" in at.say("\t")
    at.child.send("\x1b[A")  # the line before, from the history
    at.until(f"/paper {FORESTS.title}")
    at.child.send("\x03")
    at.prompt()
    at.child.send("\x04")
    assert at.end() == 0
    assert FORESTS.title in (filled / "history").read_text()
    assert (tmp_path / "opened").read_text() == "https://arxiv.org/abs/2508.00001\n"


def test_sentences_come_while_the_model_writes_and_ctrl_c_stops_only_the_answer(terminal: Open, filled: Path) -> None:
    """The first reply would take minutes; its first sentence is seen, and the rest is not waited for."""
    with ModelServer(default=TRUE) as server:
        server.enqueue(Reply(f"{TRUE} And on and on it goes for ever. " * 50, pause=0.05, piece=2))
        at = terminal(OPENAI_BASE_URL=server.url, PAPERS_MODEL="openai:scripted-model")
        at.ready()
        at.type(QUESTION)
        at.until(SHOWN)
        assert "Sources" not in at.seen
        at.child.sendintr()
        assert "Stopped." in at.prompt()
        assert "(written by openai:scripted-model, each sentence checked)" in at.say(QUESTION)
        at.type("/quit")
        assert at.end() == 0


def test_make_repl_fills_an_empty_library_and_says_how_to_load_real_papers(terminal: Open, home: Path) -> None:
    at = terminal("--sample")
    at.ready()
    assert "Only the bundled sample is loaded" in at.seen
    assert "/ingest hf" in at.seen
    assert "68 papers of 2025-08-04." in at.seen
    at.child.send("\x04")
    assert at.end() == 0
    again = terminal("--sample", NO_COLOR="1")
    again.ready()
    assert "68 papers of 2025-08-04." in again.seen  # not filled again
    again.type("/papers reversal")
    again.until("Is the Reversal Curse a Binding Problem")
    again.type("/quit")
    assert again.end() == 0


def test_a_damaged_library_ends_it_with_one_line(terminal: Open, home: Path) -> None:
    home.mkdir()
    (home / "catalogue.db").write_bytes(b"no database" * 1000)
    at = terminal()
    at.until(PROMPT)
    assert at.end() == 1
    assert "is damaged" in at.seen
    assert "Traceback" not in at.seen
