"""Logging to standard error, as `PAPERS_LOG` and `PAPERS_LOG_FORMAT` say; no line ever holds a secret."""

import json
import logging
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from bot.settings import Settings

HIDDEN = "***"
_SHORTEST = 4  # a shorter value is no secret worth the name, and would tear holes into every line
_LEVELS = {"warning": logging.WARNING, "info": logging.INFO, "debug": logging.DEBUG}
# Other people's libraries speak one step less: their warnings are seldom for the person at the terminal.
_OTHERS = {logging.WARNING: logging.ERROR, logging.INFO: logging.WARNING, logging.DEBUG: logging.INFO}
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def set_up(settings: Settings, default: str = "warning") -> None:
    """Log to standard error from now on; `default` is the level where `PAPERS_LOG` is unset."""
    level = _LEVELS[settings.log or default]
    handler = logging.StreamHandler()
    redact = redactor(settings)
    handler.setFormatter(_Json(redact) if settings.log_format == "json" else _Text(redact))
    logging.basicConfig(level=_OTHERS[level], handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(level)
    logging.captureWarnings(capture=True)


def redactor(settings: Settings) -> Callable[[str], str]:
    """A function that puts `***` in the place of every secret of `settings` that stands in a text.

    Secrets are the values of secret settings, and names and passwords inside addresses. It is the last
    guard, for what other programs put into their errors: nothing of ours writes a secret on purpose.
    """
    secrets = sorted(_secrets(settings), key=len, reverse=True)
    if not secrets:
        return lambda text: text
    pattern = re.compile("|".join(map(re.escape, secrets)))
    return lambda text: pattern.sub(HIDDEN, text)


def _secrets(settings: Settings) -> set[str]:
    found: set[str] = set()
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            value = value.get_secret_value()
            found.add(value)
        if isinstance(value, str) and "@" in value and "://" in value:
            found |= _credentials(value)
    return {secret for secret in found if len(secret) >= _SHORTEST}


def _credentials(address: str) -> set[str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return set()
    login = parts.netloc.rpartition("@")[0]
    return {login, parts.password or "", unquote(parts.password or "")}


class _Text(logging.Formatter):
    def __init__(self, redact: Callable[[str], str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(super().format(record))


class _Json(logging.Formatter):
    """One object a line: time, level, logger, message, what was given as `extra`, the traceback."""

    def __init__(self, redact: Callable[[str], str]) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{name: value for name, value in vars(record).items() if name not in _STANDARD},
        }
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(self._hidden(told), ensure_ascii=False)

    def _hidden(self, value: object) -> Any:
        """`value` without secrets: each text is looked at before it is quoted, which could change a secret."""
        if isinstance(value, int | float | None):
            return value
        if isinstance(value, Mapping):
            return {self._redact(str(name)): self._hidden(held) for name, held in value.items()}
        if isinstance(value, list | tuple):
            return [self._hidden(held) for held in value]
        return self._redact(str(value))
