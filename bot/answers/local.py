"""A model that runs in this process, by llama.cpp, as a LangChain chat model that streams."""

import asyncio
import queue
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage, convert_to_openai_messages
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from bot.answers.local_engine import End, Job, Piece, engine_of
from bot.answers.local_models import model_file
from bot.settings import Settings


def local_chat_model(name: str, settings: Settings, reply_tokens: int) -> "LocalChatModel":
    """The model of `local:NAME` or `local:/path/model.gguf`; its file is loaded when it is first asked.

    Raises `BadInput` where there is no such file, or llama.cpp is not installed.
    """
    path = model_file(name, settings)
    engine_of(path)
    return LocalChatModel(path=path, reply_tokens=reply_tokens)


class LocalChatModel(BaseChatModel):
    """A GGUF file as a chat model. All of a process share one copy of it, and take turns."""

    path: Path
    reply_tokens: int

    @property
    def _llm_type(self) -> str:
        return "local-gguf"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        pieces: queue.SimpleQueue[Piece] = queue.SimpleQueue()
        job = engine_of(self.path).start(self._request(messages, stop), pieces.put)
        try:
            while not isinstance(piece := pieces.get(), End):
                chunk = _chunk(piece)
                if run_manager:
                    run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                yield chunk
            piece.check()
        finally:
            job.cancel()

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        loop = asyncio.get_running_loop()
        pieces: asyncio.Queue[Piece] = asyncio.Queue()

        def put(piece: Piece) -> None:
            if not loop.is_closed():  # nobody waits any more where the loop has ended before the model
                loop.call_soon_threadsafe(pieces.put_nowait, piece)

        job: Job = engine_of(self.path).start(self._request(messages, stop), put)
        try:
            while not isinstance(piece := await pieces.get(), End):
                chunk = _chunk(piece)
                if run_manager:
                    await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                yield chunk
            piece.check()
        finally:
            job.cancel()

    def _request(self, messages: list[BaseMessage], stop: list[str] | None) -> dict[str, Any]:
        return {
            "messages": convert_to_openai_messages(messages),
            "max_tokens": self.reply_tokens,
            "temperature": 0,
            "stop": stop or [],
        }


def _chunk(piece: dict[str, Any]) -> ChatGenerationChunk:
    choice = (piece.get("choices") or [{}])[0]
    told = piece.get("usage")
    message = AIMessageChunk(content=choice.get("delta", {}).get("content") or "")
    if reason := choice.get("finish_reason"):
        message.response_metadata["finish_reason"] = reason
    if told:
        prompt, completion = int(told["prompt_tokens"]), int(told["completion_tokens"])
        message.usage_metadata = UsageMetadata(
            input_tokens=prompt, output_tokens=completion, total_tokens=prompt + completion
        )
    return ChatGenerationChunk(message=message)
