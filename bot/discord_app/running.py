"""Starting and stopping the bot: settings checked before login, one process for a token, a clean end on a signal."""

import asyncio
import ctypes
import hashlib
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path

import aiohttp
import discord
from filelock import FileLock, Timeout

from bot import limits
from bot.answers.models import ModelFailed
from bot.discord_app import words
from bot.discord_app.client import PapersBot, make_intents
from bot.discord_app.fairness import Desk
from bot.discord_app.services import Services, make_services
from bot.errors import BadInput, PapersError
from bot.library.library import Library
from bot.settings import Settings

log = logging.getLogger(__name__)

M_ARENA_MAX = -8  # of <malloc.h>
SWITCH_SECONDS = 0.001  # after which a computing thread hands the interpreter on; Python's own is 0.005
EXIT_SECONDS = 8.5  # after a signal the process ends by then, whatever a thread still waits for
INVITE_PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
)


def run(settings: Settings, *, invite: bool) -> int:
    """See `bot.discord_app.run`."""
    token = settings.discord_token
    if token is None:
        raise BadInput(
            "setting DISCORD_TOKEN is missing: make an application and a bot at "
            "https://discord.com/developers/applications, copy the bot's token, and put DISCORD_TOKEN=… into .env"
        )
    secret = token.get_secret_value()
    # At debug level discord.py logs payloads and addresses, which hold interaction tokens.
    for name in ("discord", "discord.http", "discord.gateway", "discord.webhook.async_"):
        logging.getLogger(name).setLevel(max(logging.INFO, logging.getLogger().level))
    if invite:
        print(asyncio.run(_invite_link(secret)))  # noqa: T201
        return 0
    _few_arenas()
    with one_process(settings.home, secret), Library(settings) as library:
        asyncio.run(_serve(make_services(settings, library), secret))
    return 0


async def _invite_link(token: str) -> str:
    with _explained():
        async with discord.Client(intents=make_intents(message_content=False)) as client:
            await client.login(token)
            assert client.application_id is not None, "known after login"
            scopes = ("bot", "applications.commands")
            return discord.utils.oauth_url(client.application_id, permissions=INVITE_PERMISSIONS, scopes=scopes)


async def _serve(services: Services, token: str) -> None:
    """Run until a signal comes, or until Discord ends it, which raises."""
    bot = PapersBot(services)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def stopped(number: int) -> None:
        if stop.is_set():
            os._exit(128 + number)  # a second signal: at once
        log.info("stopping: %s", signal.Signals(number).name)
        stop.set()

    # Answers are computed in threads of the same interpreter; the event loop must get it back soon.
    sys.setswitchinterval(SWITCH_SECONDS)
    loop.set_default_executor(ThreadPoolExecutor(limits.COMPUTING_THREADS, thread_name_prefix="answers"))
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped, number)
    running = asyncio.create_task(_connected(bot, token))
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait([running, waiting], return_when=asyncio.FIRST_COMPLETED)
    if not running.done():
        _end_in_time()
        await finish(services)
        running.cancel()  # and not `bot.close()`: with its reader gone the connection ends with 1000, for good
        await asyncio.wait([running])
        services.blocking.close()
        return
    waiting.cancel()
    services.blocking.close()
    running.result()


async def _prepare(services: Services) -> None:
    """Load before anyone can ask: the library, the embedding model, LangChain where a model is set."""
    held, _ = await services.blocking(services.library.catalogue.count)
    if not held:
        print(words.LIBRARY_EMPTY_HINT, file=sys.stderr)  # noqa: T201
    await services.blocking(services.library.warm)
    try:
        model = await services.answerer.model_name()
    except ModelFailed as error:
        log.warning("%s; answers are quoted until it can be reached", error)
        return
    log.info("answers are %s", f"written by {model}" if model else "quoted, no model is set")
    if model and model.startswith("local:"):
        services.desk = Desk(limits.LOCAL_ANSWERS_AT_ONCE)
    elif model:
        await services.blocking(import_module, "langchain_openai")  # seconds that the first question should not take


async def _connected(bot: PapersBot, token: str) -> None:
    with _explained():
        async with bot:
            await _prepare(bot.services)
            try:
                await bot.start(token)
            except AttributeError as error:
                if bot.ws is not None:
                    raise
                # discord.py stumbles so where its very first connection fails (client.py, `self.ws.sequence`).
                raise OSError("no connection to the gateway") from error


async def finish(services: Services) -> None:
    """Take no more questions, let those under way finish, and tell those that cannot."""
    services.stopping = True
    services.desk.close()
    started = time.monotonic()
    tasks = set(services.tasks)
    if tasks:
        _, tasks = await asyncio.wait(tasks, timeout=limits.STOP_SECONDS)
    for task in tasks:
        task.cancel()  # each says so to the one who asked
    if tasks:
        await asyncio.wait(tasks, timeout=1.5)
    log.info("stopped after %.1f s", time.monotonic() - started)


def _few_arenas() -> None:
    """Let glibc's allocator keep two arenas instead of one a thread: a tenth less memory under load."""
    with suppress(AttributeError, OSError):  # another C library
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)


def _end_in_time() -> None:
    """End the process soon even if a thread hangs in a call that cannot be stopped."""
    timer = threading.Timer(EXIT_SECONDS, os._exit, [0])
    timer.daemon = True
    timer.start()


@contextmanager
def one_process(home: Path, token: str) -> Iterator[None]:
    """Hold the lock of this token in the data directory. Raises `PapersError`, naming who holds it."""
    name = hashlib.sha256(token.encode()).hexdigest()[:12]
    holder = home / f"discord-{name}.pid"
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / f"discord-{name}.lock", timeout=0)
        lock.acquire()
    except Timeout:
        process = holder.read_text(encoding="utf-8").strip() if holder.is_file() else "unknown"
        raise PapersError(
            f"the bot already runs with this token on {home} (process {process}); stop that one first: "
            "two would answer everything twice"
        ) from None
    except OSError as error:
        raise PapersError(f"cannot write to {home}: {error.strerror}; set PAPERS_HOME") from error
    try:
        holder.write_text(str(os.getpid()), encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


@contextmanager
def _explained() -> Iterator[None]:
    """Discord's refusals in words that say what to do."""
    try:
        yield
    except discord.LoginFailure:
        raise BadInput(
            "Discord refuses the token in DISCORD_TOKEN; copy it again from "
            "https://discord.com/developers/applications, page Bot, or make a new one there"
        ) from None
    except discord.PrivilegedIntentsRequired:
        raise BadInput(
            "setting PAPERS_MESSAGE_CONTENT=1: Discord has not granted the message-content intent; switch it on at "
            "https://discord.com/developers/applications, page Bot, or unset it"
        ) from None
    except discord.HTTPException as error:
        raise PapersError(f"Discord failed ({error.status}); try again later") from error
    except (aiohttp.ClientError, TimeoutError, OSError, discord.GatewayNotFound) as error:
        raise PapersError(f"Discord cannot be reached ({type(error).__name__}); check the network") from error
    except discord.ConnectionClosed as error:
        raise PapersError(f"Discord closed the connection for good (code {error.code})") from error
