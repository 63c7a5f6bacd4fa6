"""Where an answer is shown: the response to an interaction, or a reply to a message; and how it is streamed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar

import discord

from bot import limits
from bot.answers.answer import Checked, Event, Framing, Reading, Restarted, Source
from bot.discord_app import words
from bot.discord_app.failures import NOBODY
from bot.discord_app.pages import EMBED_BODY, PLAIN_BODY, Page, streaming_page

log = logging.getLogger(__name__)
T = TypeVar("T")

FIRST_EDIT_SECONDS = 0.5  # an answer that is there sooner is shown at once and whole
QUEUE_NOTICE_SECONDS = 3.0
TRIES = 3


class Screen(Protocol):
    """One message that is shown and then changed."""

    embeds: bool

    async def show(
        self, page: Page, view: discord.ui.View | None = None, files: Sequence[discord.File] = ()
    ) -> int | None:
        """Show a page in place of what is shown; the message's id. Raises `discord.HTTPException`."""
        ...

    @property
    def room(self) -> int:
        """How much text a page's body may have here."""
        ...


def shape(page: Page, embeds: bool) -> dict[str, Any]:
    """The part of a message that shows `page`: an embed, or text where the bot may not embed."""
    if embeds:
        return {"content": None, "embed": page.embed()}
    return {"content": page.text(), "embed": None}


class InteractionScreen:
    """The response to an interaction that has been deferred."""

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        self._interaction = interaction
        # In a direct message nothing forbids embeds, and Discord may send no permissions at all.
        self.embeds = interaction.guild_id is None or interaction.app_permissions.embed_links

    @property
    def room(self) -> int:
        """How much text a page's body may have here."""
        return EMBED_BODY if self.embeds else PLAIN_BODY

    async def show(
        self, page: Page, view: discord.ui.View | None = None, files: Sequence[discord.File] = ()
    ) -> int | None:
        """Edit the response."""
        message = await self._interaction.edit_original_response(
            **shape(page, self.embeds), view=view, attachments=files, allowed_mentions=NOBODY
        )
        return message.id


class ReplyScreen:
    """A reply to a message; if that is gone, a message in its channel."""

    def __init__(self, message: discord.Message) -> None:
        self._asked = message
        self._sent: discord.Message | None = None
        me = message.guild.me if message.guild else None
        self.embeds = me is None or message.channel.permissions_for(me).embed_links

    @property
    def room(self) -> int:
        """How much text a page's body may have here."""
        return EMBED_BODY if self.embeds else PLAIN_BODY

    async def show(
        self, page: Page, view: discord.ui.View | None = None, files: Sequence[discord.File] = ()
    ) -> int | None:
        """Reply, or edit the reply."""
        made = shape(page, self.embeds)
        if self._sent is not None:
            await self._sent.edit(**made, view=view, attachments=files, allowed_mentions=NOBODY)
            return self._sent.id
        reference = self._asked.to_reference(fail_if_not_exists=False)
        extra: dict[str, Any] = {key: value for key, value in made.items() if value is not None}
        if view is not None:
            extra["view"] = view
        self._sent = await self._asked.channel.send(
            **extra, files=files, reference=reference, mention_author=False, allowed_mentions=NOBODY
        )
        return self._sent.id


async def insist(send: Callable[[], Awaitable[T]]) -> T:
    """`send()`, again where Discord fails or asks for patience. Raises the last `discord.HTTPException`.

    discord.py has tried before for what it knows how to mend; this is for what remains.
    """
    for tried in range(1, TRIES):
        try:
            return await send()
        except discord.HTTPException as error:
            if error.status < 500 and error.status != 429:
                raise
            log.info("Discord failed (%s), trying again", error.status)
            await asyncio.sleep(tried * 0.5)
    return await send()


class Stream:
    """Shows an answer as it comes, at most one edit a second, and then whole.

    What is shown are sentences that have passed their check. An edit that fails is left to the next one.
    """

    def __init__(self, screen: Screen, title: str = "") -> None:
        self._screen = screen
        self._title = title
        self._parts: list[str] = []
        self._sources: list[Source] = []
        self._status = ""
        self._task: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._due = 0.0
        self._showing = False
        self._shown = False
        self._stopped = False

    def waiting(self) -> None:
        """Say, if it takes a while, that other questions come first."""
        self._status = words.QUEUED
        self._touch(QUEUE_NOTICE_SECONDS)

    def take(self, event: Event) -> None:
        """Show what an event brings, soon."""
        if isinstance(event, Reading):
            self._status = words.reading(event.titles)
        elif isinstance(event, Framing):
            self._parts.append(event.text)
        elif isinstance(event, Checked):
            self._parts.append(event.statement.cited)
            self._sources += event.new_sources
            self._status = words.WRITING
        elif isinstance(event, Restarted):
            self._parts.clear()
            self._sources.clear()
            self._status = words.WRITING
        self._touch(FIRST_EDIT_SECONDS)

    async def finish(self, page: Page, view: discord.ui.View | None = None) -> int | None:
        """Show the finished page; the message's id. Raises `discord.HTTPException`."""
        if self._task is not None:
            if not self._showing:  # an edit that is on its way must arrive before this one
                self._task.cancel()
            else:
                self._stopped = True
            await asyncio.wait([self._task])
            if self._shown:
                await asyncio.sleep(max(0.0, self._due - asyncio.get_running_loop().time()))
        return await insist(lambda: self._screen.show(page, view))

    def _touch(self, delay: float) -> None:
        self._changed.set()
        due = asyncio.get_running_loop().time() + delay
        if self._task is None:
            self._due = due
            self._task = asyncio.create_task(self._edit())
        elif not self._shown:
            self._due = min(self._due, due)

    async def _edit(self) -> None:
        loop = asyncio.get_running_loop()
        while not self._stopped:
            if (wait := self._due - loop.time()) > 0:
                await asyncio.sleep(min(wait, 0.25))  # in short steps, because the time may be moved forward
                continue
            await self._changed.wait()
            self._changed.clear()
            page = streaming_page(self._parts, self._sources, self._status, self._title)
            self._showing = self._shown = True
            try:
                await self._screen.show(page)
            except discord.HTTPException as error:
                log.info("an edit failed (%s); the next one shows the same", error)
            self._showing = False
            self._due = loop.time() + limits.EDIT_SECONDS
