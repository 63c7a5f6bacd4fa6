"""Logging as the settings say."""

import json
import logging
from collections.abc import Iterator

import pytest

from bot import logs
from bot.settings import load_settings


@pytest.fixture(autouse=True)
def _root_restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)


def set_up(default: str = "warning", **environment: str) -> None:
    logs.set_up(load_settings({"PAPERS_HOME": "/nowhere", **environment}), default)


@pytest.mark.parametrize(
    ("environment", "heard"),
    [
        ({}, ["warning"]),
        ({"PAPERS_LOG": "info"}, ["info", "warning", "theirs warning"]),
        ({"PAPERS_LOG": "debug"}, ["debug", "info", "warning", "theirs info", "theirs warning"]),
    ],
)
def test_the_level_is_ours_and_others_speak_one_step_less(
    capsys: pytest.CaptureFixture[str], environment: dict[str, str], heard: list[str]
) -> None:
    set_up(**environment)
    for name, prefix in (("bot.room", ""), ("httpx", "theirs ")):
        for level in ("debug", "info", "warning"):
            getattr(logging.getLogger(name), level)(prefix + level)
    assert [line.partition(": ")[2] for line in capsys.readouterr().err.splitlines()] == heard


def test_the_default_level_is_the_caller_s(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("info")
    logging.getLogger("bot.room").info("heard")
    assert "heard" in capsys.readouterr().err


def test_json_is_one_object_a_line_with_extras_and_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(PAPERS_LOG_FORMAT="json")
    try:
        raise ValueError("two\nlines")
    except ValueError:
        logging.getLogger("bot.room").exception("failed: %s", "this", extra={"code": "A1"})
    [line] = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["level"], told["logger"], told["message"], told["code"]) == (
        "error",
        "bot.room",
        "failed: this",
        "A1",
    )
    assert told["error"].endswith("ValueError: two\nlines")
    assert told["time"].endswith("+00:00")


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_p22_no_log_line_holds_a_secret(capsys: pytest.CaptureFixture[str], log_format: str) -> None:
    secret = 'sentinel"\\ü-key'
    set_up(PAPERS_LOG_FORMAT=log_format, OPENAI_API_KEY=secret)
    try:
        raise ValueError(f"refused {secret}")
    except ValueError:
        logging.getLogger("httpx").exception("with %s", secret, extra={"header": {"key": secret}})
    err = capsys.readouterr().err
    assert "***" in err
    assert "sentinel" not in err
