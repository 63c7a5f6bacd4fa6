"""Where settings come from, which wins, and what is said of wrong ones."""

import re
from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.settings import NAMES, Settings, load_settings

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_environment_wins_then_env_here_then_env_in_the_data_directory(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".env").write_text("PAPERS_TIMEOUT=1\nPAPERS_KEEP_DAYS=1\nPAPERS_SOURCES=arxiv:cs.CL\n")
    (tmp_path / ".env").write_text("PAPERS_TIMEOUT=2\nPAPERS_KEEP_DAYS=2\n")
    settings = load_settings({"PAPERS_HOME": str(home), "PAPERS_TIMEOUT": "3"})
    assert (settings.timeout, settings.keep_days, settings.sources) == (3, 2, "arxiv:cs.CL")


def test_the_data_directory_may_itself_be_named_in_env_here(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"PAPERS_HOME={tmp_path / 'there'}\n")
    assert load_settings({}).home == tmp_path / "there"


def test_an_empty_value_is_an_unset_one() -> None:
    assert load_settings({"PAPERS_TIMEOUT": "", "OPENAI_API_KEY": " "}) == load_settings({})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PAPERS_TIMEOUT", "soon"),
        ("PAPERS_TIMEOUT", "0"),
        ("PAPERS_LOG", "loud"),
        ("OPENAI_BASE_URL", "localhost:8080"),
        ("CHROMA_URL", "http://host:port"),
        ("PAPERS_KEEP_DAYS", "-1"),
    ],
)
def test_a_wrong_value_is_named_with_its_setting(name: str, value: str) -> None:
    with pytest.raises(BadInput, match=re.escape(f"setting {name}={value!r}: ")):
        load_settings({name: value})


@pytest.mark.parametrize("content", [b"\xff\xfe\x00PAPERS", None])
def test_an_unreadable_env_file_is_told(tmp_path: Path, content: bytes | None) -> None:
    if content is None:
        (tmp_path / ".env").mkdir()
        assert load_settings({}).timeout == 60  # a folder of that name is no settings file
        return
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(BadInput, match=r"cannot read \.env: not UTF-8 text"):
        load_settings({})


def test_p22_secrets_are_not_shown_by_settings() -> None:
    settings = load_settings(
        {"OPENAI_API_KEY": "sk-very-secret", "DISCORD_TOKEN": "t0ken", "SMTP_URL": "smtp://a:b@c"}
    )
    shown = f"{settings!r} {settings} {settings.model_dump_json()}"
    assert "secret" not in shown
    assert "t0ken" not in shown
    assert "a:b" not in shown


def test_the_example_lists_every_setting_with_its_default() -> None:
    text = (ROOT / ".env.example").read_text()
    listed = dict(re.findall(r"^# ([A-Z_]+)=(.*)$", text, flags=re.MULTILINE))
    assert set(listed) == set(NAMES)
    for name, field in NAMES.items():
        default = Settings.model_fields[field].default
        if listed[name]:
            assert str(default) == listed[name]
