"""The bot as a process of its own, which takes a loopback server for Discord: `python -m … BASE [REPORT.json]`.

`PAPERS_TEST_SLOW`, such as `embed:3 chroma:3`, makes each call of the embedding model or of Chroma take
so many seconds more. With REPORT the event loop's lag and the memory are measured and written at the end.
"""

import asyncio
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import discord
from yarl import URL

from bot.discord_app import client, run
from bot.errors import PapersError
from bot.library import embeddings, vectors
from bot.logs import set_up
from bot.settings import load_settings

INTERVAL = 0.01


def slowed(call: Any, seconds: float) -> Any:
    """`call` after a pause that blocks its thread, as a busy library would."""

    def slow(*args: Any, **options: Any) -> Any:
        time.sleep(seconds)
        return call(*args, **options)

    return slow


def slow_down(what: str, seconds: float) -> None:
    """Make every call of `what` slow."""
    if what == "embed":
        embeddings.MiniLM.embed = slowed(embeddings.MiniLM.embed, seconds)
    elif what == "chroma":
        vectors.VectorIndex.passages = slowed(vectors.VectorIndex.passages, seconds)


def watch(lags: list[float]) -> None:
    """Measure from the bot's start on how much later than asked the event loop wakes a task."""
    begin = client.PapersBot.setup_hook

    async def probe() -> None:
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(INTERVAL)
            lags.append(loop.time() - before - INTERVAL)

    async def setup_hook(self: client.PapersBot) -> None:
        self.probe = asyncio.create_task(probe())
        await begin(self)

    client.PapersBot.setup_hook = setup_hook


def main() -> int:
    """Run the bot; the exit status."""
    base = URL(sys.argv[1])
    discord.http.Route.BASE = str(base)
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = URL.build(
        scheme="ws", host=base.host, port=base.port, path="/gateway/"
    )
    report = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    lags: list[float] = []
    if report:
        watch(lags)
    settings = load_settings()
    set_up(settings, "info")
    for slow in os.environ.get("PAPERS_TEST_SLOW", "").split():
        what, _, seconds = slow.partition(":")
        slow_down(what, float(seconds))
    try:
        return run(settings, False)
    except PapersError as error:
        sys.stderr.write(f"{error}\n")
        return error.status
    finally:
        if report:
            rank = sorted(lags)
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            p99 = rank[int(len(rank) * 0.99)] if rank else 0.0
            told = {"lag_p99_ms": p99 * 1000, "lag_max_ms": rank[-1] * 1000 if rank else 0.0, "memory_mb": memory}
            report.write_text(json.dumps(told))


if __name__ == "__main__":
    sys.exit(main())
