"""One settings object for every front end: the environment, then `.env` here, then `.env` in `PAPERS_HOME`."""

import hashlib
import os
import re
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from platformdirs import user_data_dir
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from bot.errors import BadInput

_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"]+@[^\W_][\w.-]*[^\W_]")
_ADDRESS_CHARS = 254  # RFC 5321, 4.5.3.1.3


class Settings(BaseModel):
    """Every setting; each field's alias is its name in the environment. Made by `load_settings`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    home: Path = Field(alias="PAPERS_HOME", description="data directory")
    model: str | None = Field(
        None,
        alias="PAPERS_MODEL",
        description="none, a LangChain model name such as openai:gpt-5-mini, or local:NAME; "
        "unset: openai:gpt-5-mini with a key, the server's first model with OPENAI_BASE_URL, else none",
    )
    timeout: float = Field(
        60, alias="PAPERS_TIMEOUT", gt=0, le=3600, description="seconds for one answer, retries included"
    )
    budget_usd: float | None = Field(
        None, alias="PAPERS_BUDGET_USD", ge=0, description="money per day for models, in US dollars"
    )
    sources: str = Field("hf", alias="PAPERS_SOURCES", description="what the bot fetches by itself")
    keep_days: int = Field(
        30, alias="PAPERS_KEEP_DAYS", ge=0, description="age limit of conversations and the answer log"
    )
    message_content: bool = Field(
        False, alias="PAPERS_MESSAGE_CONTENT", description="1: the bot has the message-content intent"
    )
    openai_api_key: SecretStr | None = Field(None, alias="OPENAI_API_KEY", description="key of the model server")
    openai_base_url: str | None = Field(
        None,
        alias="OPENAI_BASE_URL",
        description="any OpenAI-compatible server, such as http://localhost:8080/v1",
    )
    embeddings: str = Field(
        "minilm", alias="PAPERS_EMBEDDINGS", description="minilm, or openai:text-embedding-3-small"
    )
    chroma_url: str | None = Field(
        None, alias="CHROMA_URL", description="a Chroma server instead of the embedded one"
    )
    discord_token: SecretStr | None = Field(None, alias="DISCORD_TOKEN", description="the bot's token")
    discord_guild_id: int | None = Field(
        None, alias="DISCORD_GUILD_ID", description="sync commands to this server only, at once (development)"
    )
    hf_url: str = Field("https://huggingface.co", alias="HF_URL", description="base of Hugging Face")
    arxiv_url: str = Field("https://export.arxiv.org", alias="ARXIV_URL", description="base of the arXiv API")
    arxiv_rss_url: str = Field("https://rss.arxiv.org", alias="ARXIV_RSS_URL", description="base of arXiv's feeds")
    smtp_url: SecretStr | None = Field(
        None, alias="SMTP_URL", description="smtp://user:pass@host:587 for the mailed summary"
    )
    mail_from: str | None = Field(None, alias="MAIL_FROM", description="sender of the mailed summary")
    mail_to: str | None = Field(
        None, alias="MAIL_TO", description="addresses to which the bot mails the daily summary, by comma"
    )
    log: Literal["warning", "info", "debug"] | None = Field(
        None, alias="PAPERS_LOG", description="warning, info or debug; default warning, in the bot info"
    )
    log_format: Literal["text", "json"] = Field("text", alias="PAPERS_LOG_FORMAT", description="text or json")

    @property
    def digest(self) -> str:
        """SHA-256 of all values, in hexadecimal; of a secret only whether it is set."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    @field_validator("openai_base_url", "chroma_url", "hf_url", "arxiv_url", "arxiv_rss_url")
    @classmethod
    def _http(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            parts = urlsplit(value)
            ok = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            ok = False
        if not ok:
            raise ValueError("is no http(s) address")
        return value.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            try:
                parts = urlsplit(value.get_secret_value())
                ok = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and (parts.port or 1) > 0
            except ValueError:
                ok = False
            if not ok:
                raise ValueError("is no address such as smtp://user:pass@host:587 or smtps://user:pass@host")
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str | None) -> str | None:
        if value is not None:
            mail_addresses(parseaddr(value)[1] if value.isprintable() else value)
        return value

    @field_validator("mail_to")
    @classmethod
    def _list(cls, value: str | None) -> str | None:
        if value is not None:
            mail_addresses(value)
        return value

    @field_validator("home")
    @classmethod
    def _expanded(cls, value: Path) -> Path:
        return value.expanduser().absolute()


def mail_addresses(text: str) -> tuple[str, ...]:
    """The mail addresses in `text`, by comma, each once. Raises ValueError, naming what is no address."""
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        if not (_ADDRESS.fullmatch(part) and part.isprintable() and len(part) <= _ADDRESS_CHARS):
            raise ValueError(f"{part[:80]!r} is no mail address")
        found.setdefault(part.casefold(), part)
    if not found:
        raise ValueError("there is no mail address")
    return tuple(found.values())


NAMES: dict[str, str] = {str(f.alias): name for name, f in Settings.model_fields.items()}
"""The environment's name of each setting, and the field that holds it."""


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in force. Empty values count as unset.

    Raises `BadInput`, naming the setting or file, where a value is wrong or a `.env` cannot be read; the
    message never holds a secret's value.
    """
    environment = os.environ if environment is None else environment
    given = _known(environment)
    here = _env_file(Path(".env"))
    home = given.get("PAPERS_HOME") or here.get("PAPERS_HOME") or user_data_dir("papers-bot", appauthor=False)
    beside = _env_file(Path(home).expanduser() / ".env")
    values = {**beside, **here, **given, "PAPERS_HOME": home}
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        name = str(problem["loc"][0])
        reason = problem["msg"].removeprefix("Value error, ")
        secret = "Secret" in str(Settings.model_fields[NAMES[name]].annotation)
        shown = "" if secret else f"={values[name]!r}"
        raise BadInput(f"setting {name}{shown}: {reason[:1].lower()}{reason[1:]}") from None


def _known(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value.strip() for name, value in values.items() if name in NAMES and value and value.strip()}


def _env_file(path: Path) -> dict[str, str]:
    try:
        if not path.is_file():
            return {}
        return _known(dotenv_values(path, encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise BadInput(f"cannot read {path}: {reason}; mend it or move it away") from None
