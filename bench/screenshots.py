"""Pictures of the bot's messages for the documentation, drawn by SimCord's preview in Chromium.

    python -m bench.screenshots [FOLDER]        (default: docs/pictures)

Over the bundled sample alone, without a model. Needs `simcord[preview,screenshot]` and the system's `chromium`.
"""

import asyncio
import functools
import os
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import playwright.async_api
import simcord

from bot.discord_app.client import PapersBot
from bot.discord_app.services import make_services
from bot.library.library import Library
from bot.papers.sources import read_source
from bot.settings import load_settings

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUESTION = "Which papers decode what people see from fMRI?"
FOLLOW_UP = "How well does the first one do?"
REFUSED = "What is the boiling point of ethanol?"
NOW = datetime(2025, 8, 5, 9, 0, tzinfo=UTC)
WIDE, PHONE = (620, 1500), (400, 1500)


def use_system_chromium() -> None:
    """Let Playwright start the browser that the system has: SimCord names none."""
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        raise SystemExit("no chromium on this system; install it with: apt-get install chromium")
    launch = playwright.async_api.BrowserType.launch
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []

    @functools.wraps(launch)
    async def start(self: Any, **options: Any) -> Any:
        given = [*options.pop("args", ()), *arguments]
        return await launch(self, **{**options, "executable_path": path, "args": given})

    playwright.async_api.BrowserType.launch = start


class Studio:
    """A virtual server with people in it, and the pictures taken there."""

    def __init__(self, env: simcord.Env, folder: Path) -> None:
        self.env = env
        self.folder = folder
        self.guild = env.create_guild("Reading group")
        admins = self.guild.create_role("admins", permissions=discord.Permissions(manage_guild=True))
        self.ada = self.guild.add_member(env.create_user("ada", global_name="Ada"), roles=[admins])
        self.channel = self.guild.create_text_channel("papers")

    async def picture(self, name: str, target: Any, size: tuple[int, int] = WIDE) -> None:
        """Draw one message to `discord-NAME.png`."""
        width, height = size
        async with self.env.preview(
            self.channel, viewers=[self.ada], width=width, height=height, presentation_time=NOW + timedelta(hours=1)
        ) as preview:
            path = self.folder / f"discord-{name}.png"
            await preview.screenshot(path, target=target, allow_incomplete=True)
            print(path)


async def ask(studio: Studio) -> None:
    result = await studio.ada.slash(studio.channel, "ask", question=QUESTION)
    await studio.picture("ask", result)
    await studio.picture("ask-phone", result, PHONE)
    form = await studio.ada.click(result.response, label="Ask a follow-up")
    answer = await studio.ada.submit_modal(form, {"text": FOLLOW_UP})
    await studio.picture("follow-up", answer)
    sources = await studio.ada.click(result.response, label="Sources")
    await studio.picture("sources", sources)
    refused = await studio.ada.slash(studio.channel, "ask", question=REFUSED)
    await studio.picture("abstained", refused)


async def papers(studio: Studio) -> None:
    found = await studio.ada.slash(studio.channel, "search", query="spiking neural networks")
    await studio.picture("search", found)
    paper = await studio.ada.slash(studio.channel, "paper", title="Neural Circuit Architectural Priors")
    await studio.picture("paper", paper)


async def daily(studio: Studio) -> None:
    result = await studio.ada.slash(studio.channel, "daily")
    await studio.picture("daily", result)
    await studio.picture("daily-phone", result, PHONE)
    await studio.ada.click(result.response, label="▶")
    await studio.picture("daily-themes", result)


async def settings(studio: Studio) -> None:
    await studio.ada.slash(
        studio.channel, "settings digest", channel=studio.channel, time="09:00", timezone="Europe/Berlin"
    )
    shown = await studio.ada.slash(studio.channel, "settings show")
    await studio.picture("settings", shown)


SCENES: tuple[Callable[[Studio], Awaitable[None]], ...] = (ask, papers, daily, settings)


async def draw(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as home:
        chosen = load_settings({"PAPERS_HOME": home, "PAPERS_MODEL": "none", "PAPERS_SOURCES": "none"})
        with Library(chosen) as library:
            batch = read_source("sample", settings=chosen, today=date(2025, 8, 5))
            library.ingest(batch.papers, batch.source)
            bot = PapersBot(make_services(chosen, library))
            env = simcord.Env(bot, settle_timeout=60)
            env.backend.clock._epoch = NOW  # the day after the sample's, instead of SimCord's own new year
            env.backend.bot_user.name = "papers-bot"
            await env.start()
            try:
                with env.time_context():
                    studio = Studio(env, folder)
                    for scene in SCENES:
                        await scene(studio)
            finally:
                await env.shutdown()


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures")
    folder.mkdir(parents=True, exist_ok=True)
    use_system_chromium()
    asyncio.run(draw(folder))


if __name__ == "__main__":
    main()
