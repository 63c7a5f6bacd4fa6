"""Messages: which are meant for the bot, and what conversation they belong to."""

import logging
import re
from typing import TYPE_CHECKING

import discord

from bot.discord_app import words
from bot.discord_app.answering import Place, Work, admit, answer, place_of
from bot.discord_app.failures import NOBODY, Refused, report
from bot.discord_app.records.conversations import Asked
from bot.discord_app.rendering import plain
from bot.discord_app.screens import ReplyScreen

if TYPE_CHECKING:
    from bot.discord_app.client import PapersBot

log = logging.getLogger(__name__)

_SPOKEN = (discord.MessageType.default, discord.MessageType.reply)


class Listening:
    """Answers mentions, replies that ping the bot, direct messages, and messages in threads that it opened."""

    def __init__(self, bot: "PapersBot") -> None:
        self._bot = bot
        self._services = bot.services
        self._threads: set[int] = set()
        self._told_of: set[tuple[int, int]] = set()

    async def load(self) -> None:
        """Read which threads the bot has opened."""
        self._threads = await self._services.blocking(self._services.conversations.threads)

    def opened(self, thread: int) -> None:
        """A thread that the bot has just opened."""
        self._threads.add(thread)

    async def heard(self, message: discord.Message) -> None:
        """Take a message; never raises."""
        me = self._bot.user
        if message.author.bot or message.type not in _SPOKEN or me is None:
            return
        direct = message.guild is None
        called = direct or any(user.id == me.id for user in message.mentions)
        in_thread = message.channel.id in self._threads
        if not (called or in_thread) or not self._services.seen.first(message.id):
            return
        text = re.sub(rf"<@!?{me.id}>", " ", message.content).strip()
        try:
            if not await self._may_write(message):
                return
            if text:
                await self._answer(message, text)
            elif called:
                await self._reply(message, words.EMPTY)
            else:
                await self._hint(message)
        except Refused as refusal:
            await self._reply(message, str(refusal))
        except discord.HTTPException as error:
            log.info("a message could not be answered: %s", error)
        except Exception as error:  # whatever it is, the person is told and the bot goes on
            await self._reply(message, words.failed(report("a message could not be answered", error)))

    async def _answer(self, message: discord.Message, text: str) -> None:
        services = self._services
        where = place_of(message.channel, message.guild, message.channel.id)
        parent, go_on = await self._conversation(message, where)
        asked = Asked(message.author.id, where.server, where.place, text, services.moment, parent=parent)
        ticket = admit(services, asked, where.channel)
        try:
            await message.channel.typing()
        except discord.HTTPException as error:
            log.debug("could not show typing: %s", error)
        except BaseException:
            ticket.leave()
            raise
        work = Work(asked, thread=where.threadable, go_on=go_on)
        await answer(services, work, ReplyScreen(message), ticket)

    async def _conversation(self, message: discord.Message, where: Place) -> tuple[int | None, bool]:
        """The answer that a message goes on from, or whether it goes on with what is had in its place."""
        reference = message.reference
        if message.type is discord.MessageType.reply and reference and reference.message_id:
            services = self._services
            logged = await services.blocking(services.conversations.of_message, reference.message_id)
            if logged is not None and logged.asked.place == where.place:
                return logged.id, False
        return None, message.guild is None or isinstance(message.channel, discord.Thread)

    async def _may_write(self, message: discord.Message) -> bool:
        """Whether the bot may answer where it was called; if not, the person is told so once, if they can be."""
        if message.guild is None:
            return True
        mine = message.channel.permissions_for(message.guild.me)
        in_thread = isinstance(message.channel, discord.Thread)
        allowed = mine.send_messages_in_threads if in_thread else mine.send_messages
        key = (message.author.id, message.channel.id)
        if not allowed and key not in self._told_of:
            self._told_of.add(key)
            name = getattr(message.channel, "name", "")
            text = words.CANNOT_WRITE.format(channel=f"#{plain(name)}", server=plain(message.guild.name))
            await message.author.send(text, allowed_mentions=NOBODY)
        return allowed

    async def _hint(self, message: discord.Message) -> None:
        services = self._services
        if await services.blocking(services.conversations.hint_once, message.channel.id):
            sees = self._bot.intents.message_content
            await self._reply(message, words.EMPTY if sees else words.EMPTY_THREAD)

    async def _reply(self, message: discord.Message, text: str) -> None:
        try:
            await message.channel.send(
                text,
                reference=message.to_reference(fail_if_not_exists=False),
                mention_author=False,
                allowed_mentions=NOBODY,
                suppress_embeds=True,
            )
        except discord.HTTPException as error:
            log.info("could not reply: %s", error)
