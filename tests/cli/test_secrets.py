"""P22: secrets appear nowhere."""

import traceback
from pathlib import Path

import pytest

from bot.logs import redactor
from bot.settings import load_settings
from tests.conftest import QUESTION, Run
from tests.model_server import ModelServer, Reply

KEY = "sk-sentinel-key-0123456789"
TOKEN = "sentinel.token.abcdefghij"
PASSWORD = "sentinel%2Fpass"
SECRETS = {"OPENAI_API_KEY": KEY, "DISCORD_TOKEN": TOKEN, "SMTP_URL": f"smtp://sentinel:{PASSWORD}@mail.example:587"}

COMMANDS = [
    ["ask", QUESTION, "--json"],
    ["ask", QUESTION, "--explain", "--debug", "--trace", "trace.json"],
    ["summary", "owls"],
    ["search", "owls"],
    ["list", "--json"],
    ["stats", "--json"],
    ["remove", "nosuch", "--debug"],
    ["ingest", "missing.txt", "--debug"],
    ["doctor", "--debug"],
]


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_p22_secrets_appear_in_no_output_log_or_traceback(
    papers: Run, filled: Path, tmp_path: Path, log_format: str
) -> None:
    """The server echoes the key that it refuses, as careless servers do."""
    with ModelServer(key="another", default=Reply(status=401, text=f"Incorrect API key provided: {KEY}")) as server:
        for model in ("openai:scripted-model", ""):
            settings = {"OPENAI_BASE_URL": server.url, "PAPERS_LOG": "debug", "PAPERS_LOG_FORMAT": log_format}
            for command in COMMANDS:
                result = papers(*command, **SECRETS, **settings, PAPERS_MODEL=model)
                assert "sentinel" not in result.out + result.err, command
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or b"sentinel" not in file.read_bytes(), file


def test_p22_an_error_of_another_program_that_holds_the_key_is_redacted(papers: Run, home: Path) -> None:
    """The embedding server's refusal is the cause of the error, so its words stand in the traceback."""
    with ModelServer(key="another") as server:
        settings = {"OPENAI_BASE_URL": server.url, "PAPERS_EMBEDDINGS": "openai:small", "PAPERS_MODEL": "none"}
        result = papers("ingest", "sample", "--debug", **SECRETS, **settings)
    assert result.status == 1
    assert "Traceback" in result.err
    assert "Incorrect API key provided: ***" in result.err
    assert "sentinel" not in result.err


@pytest.mark.parametrize("name", ["CHROMA_URL", "OPENAI_BASE_URL"])
def test_p22_a_password_inside_an_address_is_redacted(papers: Run, filled: Path, name: str) -> None:
    address = "http://sentinel:sentinelpass@127.0.0.1:9"
    for command in COMMANDS:
        result = papers(*command, **{name: address})
        assert "sentinel" not in result.out + result.err, command


def test_p22_settings_and_their_errors_hide_secrets(papers: Run, home: Path) -> None:
    settings = load_settings({"PAPERS_HOME": str(home), **SECRETS})
    assert "sentinel" not in f"{settings!r} {settings} {settings.model_dump()}"
    try:
        raise ValueError(f"bad key {KEY} and {SECRETS['SMTP_URL']} and sentinel/pass")
    except ValueError:
        assert "sentinel" not in redactor(settings)(traceback.format_exc())
