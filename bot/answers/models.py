"""Language models: which one is asked, how it is reached, and when it is left alone for a while."""

import asyncio
import re
import ssl
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from bot import limits
from bot.answers import words
from bot.errors import BadInput
from bot.papers.http.pace import asked_wait
from bot.settings import Settings

if TYPE_CHECKING:
    import httpx
    import openai
    from langchain_core.language_models import BaseChatModel

DEFAULT_MODEL = "openai:gpt-5-mini"
LOCAL = "local:"

_OPENAI_NAMES = ("gpt", "o1", "o3", "o4", "chatgpt")  # what LangChain takes for OpenAI's without being told
_REASONING = re.compile(r"(?:o\d|gpt-[5-9])(?!.*chat)")
_REASONING_TOKENS = 2_000  # what such a model may think before it writes; it is paid for and not shown
_LISTS_NOTHING = (404, 405, 501)


class ModelFailed(Exception):
    """A model gave no usable reply; the message says why, in words fit for a reader, without secrets.

    `wait` is for how many seconds the model is to be left alone, where that is known.
    """

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


class NotAsked(ModelFailed):
    """The model was not asked at all, through no fault of its own; the message says why."""


@dataclass(frozen=True, slots=True)
class Room:
    """How much a model reads and writes for one answer: papers, and tokens of each part.

    A `brief` model reads only the sentences that bear most on the question, under the short prompts.
    """

    papers: int
    evidence_tokens: int
    history_tokens: int
    reply_tokens: int
    brief: bool = False

    @property
    def prompt_tokens(self) -> int:
        """An upper bound of what is read: rules and question take the rest."""
        return self.evidence_tokens + self.history_tokens + limits.QUESTION_CHARS // 2 + 600


_LARGE = Room(limits.EVIDENCE_PAPERS_MAX, limits.PROMPT_TOKENS, limits.HISTORY_TOKENS, limits.REPLY_TOKENS)
_SMALL = Room(
    limits.LOCAL_PAPERS,
    limits.LOCAL_EVIDENCE_TOKENS,
    limits.LOCAL_HISTORY_TOKENS,
    limits.LOCAL_REPLY_TOKENS,
    brief=True,
)


def room_for(name: str) -> Room:
    """How much the model of a name reads and writes."""
    return _SMALL if name.startswith(LOCAL) else _LARGE


def model_name(settings: Settings) -> str | None:
    """The model that the settings mean, or None for extractive answers.

    Without `PAPERS_MODEL` and with a server's address this asks the server for its models; one that keeps no
    list is asked for the default model. Raises `ModelFailed` where it cannot be reached or refuses.
    """
    if settings.model:
        return None if settings.model.lower() == "none" else settings.model
    if settings.openai_base_url:
        return _first_model(settings)
    return DEFAULT_MODEL if settings.openai_api_key else None


def _first_model(settings: Settings) -> str:
    import httpx

    try:
        reply = list_models(str(settings.openai_base_url), settings)
        if reply.status_code in _LISTS_NOTHING:
            return DEFAULT_MODEL
        reply.raise_for_status()
        return f"openai:{reply.json()['data'][0]['id']}"
    except httpx.HTTPStatusError as error:
        raise ModelFailed(
            f"the model server refused the list of its models ({error.response.status_code})",
            asked_wait(error.response.headers) or 0.0,
        ) from None
    except httpx.HTTPError as error:
        raise ModelFailed(f"the model server cannot be reached ({_kind(error)})") from None
    except (ValueError, KeyError, IndexError, TypeError):
        raise ModelFailed("the model server names no model; set PAPERS_MODEL") from None


def list_models(base: str, settings: Settings) -> "httpx.Response":
    """What the model server at `base` replies to the request for its models, in `limits.MODEL_LIST_SECONDS` in all.

    Raises `httpx.HTTPError` where nothing comes in that time.
    """
    import httpcore
    import httpx

    from bot.papers.http.network import origin, transport

    url = f"{base}/models"
    key = settings.openai_api_key
    headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
    seconds = limits.MODEL_LIST_SECONDS
    try:
        there = transport(url, {origin(url)}, time.monotonic() + seconds)
        with httpx.Client(transport=there, timeout=seconds, trust_env=False) as client:
            return client.get(url, headers=headers)
    except httpcore.TimeoutException as error:
        raise httpx.ReadTimeout(str(error)) from None
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError) as error:
        raise httpx.ConnectError(str(error)) from None


def is_openai(name: str) -> bool:
    """Whether a model of this name is reached by OpenAI's interface, at whatever address."""
    provider, colon, _ = name.partition(":")
    return provider == "openai" if colon else name.startswith(_OPENAI_NAMES)


@asynccontextmanager
async def chat_model(name: str, settings: Settings, reply_tokens: int) -> "AsyncIterator[BaseChatModel]":
    """The model of `make_chat_model`, for as long as it is used, with its connections of its own."""
    client = await asyncio.to_thread(_client, settings) if is_openai(name) else None
    try:
        yield await asyncio.to_thread(make_chat_model, name, settings, reply_tokens, client)
    finally:
        if client:
            await client.aclose()


def make_chat_model(
    name: str,
    settings: Settings,
    reply_tokens: int | None = None,
    client: "openai.DefaultAsyncHttpxClient | None" = None,
) -> "BaseChatModel":
    """The LangChain chat model of a name such as `openai:gpt-5-mini` or `local:NAME`.

    Its client's own retries (with jitter and Retry-After) are the one retry layer of model calls. Raises
    `BadInput` where no such model is known or its package is not installed, `ModelFailed` where a key is missing.
    """
    tokens = reply_tokens or room_for(name).reply_tokens
    if name.startswith(LOCAL):
        from bot.answers.local import local_chat_model

        return local_chat_model(name, settings, tokens)
    if is_openai(name):
        return _openai_model(name, settings, tokens, client)
    return _make(name, {"max_retries": limits.MODEL_TRIES - 1, "timeout": settings.timeout, "max_tokens": tokens})


def _openai_model(
    name: str, settings: Settings, tokens: int, client: "openai.DefaultAsyncHttpxClient | None"
) -> "BaseChatModel":
    import openai

    key = settings.openai_api_key
    if key is None and settings.openai_base_url is None:
        raise ModelFailed(f"{name} needs OPENAI_API_KEY")
    options: dict[str, Any] = {
        "api_key": key.get_secret_value() if key else "none",
        "base_url": settings.openai_base_url,
        "max_retries": limits.MODEL_TRIES - 1,
        "timeout": openai.Timeout(settings.timeout, connect=limits.MODEL_CONNECT_SECONDS),
        "http_async_client": client,
        "http_client": openai.DefaultHttpxClient(verify=_trusted()),  # else LangChain makes one, slowly
        "stream_usage": True,
    }
    options |= {"reasoning_effort": "low"} if _reasons(name) else {"temperature": 0}
    options["max_completion_tokens"] = written_at_most(name, tokens)
    return _make(name if ":" in name else f"openai:{name}", options)


def written_at_most(name: str, reply_tokens: int) -> int:
    """The tokens that a model may write for a reply of `reply_tokens`: its reasoning is paid for besides."""
    return reply_tokens + (_REASONING_TOKENS if _reasons(name) else 0)


def _reasons(name: str) -> bool:
    return is_openai(name) and bool(_REASONING.match(name.rpartition(":")[2].rpartition("/")[2]))


def _client(settings: Settings) -> "openai.DefaultAsyncHttpxClient":
    """An HTTP client that does not sit out a wait for which there is no time."""
    import openai

    async def no_long_waits(response: Any) -> None:
        if (asked_wait(response.headers) or 0.0) > limits.MODEL_WAIT_SHARE * settings.timeout:
            response.headers["x-should-retry"] = "false"  # the header by which OpenAI's client is told so

    return openai.DefaultAsyncHttpxClient(event_hooks={"response": [no_long_waits]}, verify=_trusted())


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities that servers are checked by, read once: that takes some 30 ms."""
    import httpx

    return httpx.create_ssl_context()


def _make(name: str, options: Mapping[str, Any]) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model

    try:
        model: BaseChatModel = init_chat_model(name, **options)
    except (ImportError, ValueError) as error:
        if ":" not in name:
            raise BadInput(
                f"setting PAPERS_MODEL={name!r}: name the provider too, as in openai:{name}; or none, or local:NAME"
            ) from None
        raise BadInput(f"setting PAPERS_MODEL={name!r}: {str(error).splitlines()[0]}") from None
    return model


def explain_failure(error: Exception) -> ModelFailed:
    """What went wrong with a model, in a reader's words; the error's own text may hold a key and is not kept."""
    if isinstance(error, ModelFailed):
        return error
    status = getattr(error, "status_code", None)
    if status == 401:
        return ModelFailed("the model server refused the key (401); check OPENAI_API_KEY")
    if status == 404:
        return ModelFailed("the model server does not know this model (404); check PAPERS_MODEL")
    headers = getattr(getattr(error, "response", None), "headers", {})
    if status == 429:
        return ModelFailed("the model server allows no more requests for now (429)", asked_wait(headers) or 0.0)
    if isinstance(status, int):
        return ModelFailed(f"the model server failed ({status})", asked_wait(headers) or 0.0)
    name = type(error).__name__
    if isinstance(error, TimeoutError) or "Timeout" in name:
        return ModelFailed("the model did not answer in time")
    if "Connect" in name or "Connection" in name:
        return ModelFailed("the model server cannot be reached")
    return ModelFailed(f"the model failed ({name})")


def _kind(error: Exception) -> str:
    return "timeout" if "Timeout" in type(error).__name__ else "no connection"


@dataclass
class Breaker:
    """Leaves a model alone for `limits.BREAKER_SECONDS` after `limits.BREAKER_FAILURES` failures in a row.

    One that asked to be left alone is, at once, for as long as it asked within `limits.BREAKER_LONGEST_SECONDS`.
    """

    clock: Callable[[], float] = time.monotonic
    _failures: int = field(default=0, init=False)
    _until: float = field(default=0.0, init=False)

    @property
    def open(self) -> bool:
        """Whether the model is to be left alone now."""
        return self.clock() < self._until

    def check(self) -> None:
        """Raise `NotAsked` where the model is to be left alone now."""
        if self.open:
            raise NotAsked(words.MODEL_RESTING, self._until - self.clock())

    def succeeded(self) -> None:
        """Forget earlier failures."""
        self._failures = 0

    def failed(self, failure: ModelFailed) -> None:
        """Count a failure, unless it was none of the model's."""
        if isinstance(failure, NotAsked):
            return
        self._failures += 1
        rest = min(failure.wait, limits.BREAKER_LONGEST_SECONDS)
        if self._failures >= limits.BREAKER_FAILURES:
            rest = max(rest, limits.BREAKER_SECONDS)
            self._failures = 0
        if rest:
            self._until = max(self._until, self.clock() + rest)
