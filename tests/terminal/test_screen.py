"""The door to the terminal: cleaned, wrapped, and plain where nobody looks."""

import io
import json

import pytest

from bot.terminal.screen import Screen

HOSTILE = "owls\x1b[31m at\x1b]0;title\x07 \u202enight\u202c\u200b\x00 [bold]and[/bold] \x9b1mmoles\r\n\u2066x\u2069"
CLEANED = "owls at night [bold]and[/bold] moles x"


class Terminal(io.StringIO):
    """Text that says it is a terminal."""

    encoding = "utf-8"  # type: ignore[assignment]

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")
    return Terminal()


def test_p06_nothing_that_hides_or_moves_text_passes_the_door() -> None:
    out, err = io.StringIO(), io.StringIO()
    screen = Screen(out, err)
    screen.say(HOSTILE)
    screen.row(1, HOSTILE)
    screen.fact("name", HOSTILE)
    screen.tell(HOSTILE)
    assert out.getvalue() == f"{CLEANED}\n1\t{CLEANED}\n{'name':<17}{CLEANED}\n"
    assert err.getvalue() == f"{CLEANED}\n"


def test_p06_in_a_terminal_the_only_codes_are_our_own(terminal: Terminal) -> None:
    screen = Screen(terminal, terminal)
    screen.status(HOSTILE)
    screen.say(HOSTILE)
    screen.say(HOSTILE, style="bold")
    shown = terminal.getvalue()
    for code in ("\x1b[2m", "\x1b[0m", "\x1b[1m", "\r\x1b[K", "\n"):
        shown = shown.replace(code, " ")
    assert shown.isprintable()
    assert "\u202e" not in shown


def test_p06_json_escapes_what_it_must_keep() -> None:
    text = "a\u202eb\u200b\x1b[31mü\U000e0041\ud800"
    out = Terminal()
    Screen(out, out).json({"text": text})
    assert "ü" in out.getvalue()
    assert out.getvalue().removesuffix("\n").isprintable()
    assert json.loads(out.getvalue()) == {"text": text}


def test_in_a_terminal_words_are_wrapped_and_never_broken(terminal: Terminal) -> None:
    screen = Screen(terminal, terminal)
    text = "Twenty words of this or that length which are too many for one line, and https://arxiv.org/abs/2508.00001"
    screen.say(text, hanging=2)
    lines = terminal.getvalue().splitlines()
    assert all(len(line) <= 40 for line in lines)
    assert all(line.startswith("  ") for line in lines[1:])
    assert " ".join(line.strip() for line in lines) == text


def test_wide_characters_count_twice(terminal: Terminal) -> None:
    Screen(terminal, terminal).say("猫头鹰在夜里看 " * 6)
    assert all(len(line) <= 20 for line in terminal.getvalue().splitlines())


def test_elsewhere_a_paragraph_is_one_line_without_codes() -> None:
    out = io.StringIO()
    screen = Screen(out, io.StringIO())
    screen.begin()
    for word in ["A sentence. [1]"] * 30:
        screen.flow(word)
    screen.end()
    screen.say("dim", style="dim", indent=4)
    assert out.getvalue() == " ".join(["A sentence. [1]"] * 30) + "\n    dim\n"


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_no_color_is_kept(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    screen = Screen(terminal, terminal)
    screen.status("working")
    screen.say("An answer. [1]", style="bold")
    assert terminal.getvalue() == "An answer. [1]\n"


def test_a_passing_word_gives_way_to_the_next_output(terminal: Terminal) -> None:
    screen = Screen(terminal, terminal)
    screen.status("searching …")
    screen.say("found")
    assert terminal.getvalue().endswith("\r\x1b[Kfound\n")
