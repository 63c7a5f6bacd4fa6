"""The daily summary in servers: when it is due, and that it is posted once a day and channel whatever happens."""

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import discord

from bot import limits
from bot.digest.digest import Digest
from bot.digest.view import day_words
from bot.discord_app import controls, words
from bot.discord_app.daily import digest_pages, picture_files
from bot.discord_app.failures import NOBODY, report
from bot.discord_app.mailing import MailList
from bot.discord_app.records.posts import Post
from bot.discord_app.records.servers import DigestPlan
from bot.discord_app.screens import shape
from bot.discord_app.slots import Slot, due, next_time

if TYPE_CHECKING:
    from bot.discord_app.client import PapersBot

log = logging.getLogger(__name__)

LONGEST_SLEEP = 30 * 60.0  # a clock that is set, or a machine that slept, is noticed within this
RETRY_SECONDS = 60.0
LAST_CHANCE_SECONDS = 10 * 60.0  # before a summary is too late, what kept it is told
HISTORY = 100  # messages looked through for a summary that may have gone out


class Schedule:
    """Posts the daily summaries of all servers, and mails that of the settings, while the bot runs."""

    def __init__(self, bot: "PapersBot") -> None:
        self._bot = bot
        self._services = bot.services
        self.mail = MailList(bot.services, self._digest)
        self._task: asyncio.Task[None] | None = None
        self._sleep: asyncio.Task[None] | None = None
        self._posting: set[tuple[int, date]] = set()
        self._finished: set[tuple[int, date]] = set()

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run(), name="daily summaries")

    async def stop(self) -> None:
        """End; a summary that is being sent is left, and taken up again at the next start."""
        for task in (self._task, self._sleep):
            if task is not None:
                task.cancel()
        if self._task is not None:
            await asyncio.wait([self._task])

    def wake(self) -> None:
        """A plan has changed."""
        if self._sleep is not None:
            self._sleep.cancel()

    async def _run(self) -> None:
        await self._bot.wait_until_ready()
        while True:
            again = LONGEST_SLEEP
            try:
                if not await self.tick():
                    again = RETRY_SECONDS
            except Exception as error:  # one bad day must not end all later ones
                report("the daily summaries", error)
                again = RETRY_SECONDS
            self._sleep = asyncio.create_task(asyncio.sleep(min(again, self._until_next())))
            await asyncio.wait([self._sleep])

    def _until_next(self) -> float:
        now = self._services.now()
        plans = [held.digest for held in self._services.servers.all().values() if held.digest]
        plans += [self.mail.plan] if self.mail.addresses else []
        waits = [(next_time(plan, now) - now).total_seconds() for plan in plans]
        return max(1.0, min(waits, default=LONGEST_SLEEP))

    async def tick(self) -> bool:
        """Post and mail what is due now, with papers just fetched; whether all of it is done.

        The failure of a server, or of the mail, is its own.
        """
        now = self._services.now()
        posts = []
        for server, held in self._services.servers.all().items():
            slot = due(held.digest, now) if held.digest else None
            if held.digest and slot and (held.digest.channel, slot.day) not in self._finished:
                posts.append((server, held.digest, slot))
        if posts or self.mail.due(now):
            await self._bot.upkeep.refresh()
        done = await asyncio.gather(*(self._post(*post) for post in posts), self._mail(now))
        return all(done)

    async def _mail(self, now: datetime) -> bool:
        try:
            return await self.mail.tick(now)
        except Exception as error:  # the servers' summaries go on
            report("the mailed summary", error)
            return False

    async def _post(self, server: int, plan: DigestPlan, slot: Slot) -> bool:
        """One server's summary; False where it is to be tried again. At one time only once."""
        key = (plan.channel, slot.day)
        if key in self._posting:
            return True
        self._posting.add(key)
        try:
            done = await self._claimed_post(server, plan, slot)
        except Exception as error:  # the other servers' summaries go on
            report(f"the daily summary for server {server}", error)
            done = False
        finally:
            self._posting.discard(key)
        if done:
            self._finished.add(key)
        return done

    async def _claimed_post(self, server: int, plan: DigestPlan, slot: Slot) -> bool:
        services = self._services
        newest = await self._new_day(plan.channel)
        not_fetched = newest is None and bool(self._bot.upkeep.trouble)
        late = (services.now() - slot.at).total_seconds()
        if not_fetched and late < limits.DIGEST_LATE_SECONDS - LAST_CHANCE_SECONDS:
            return False  # whether it is a day without papers will be known when they can be fetched
        post = await services.blocking(services.posts.claim, plan.channel, slot.day, server, services.moment)
        if post is None:
            return True
        channel = self._bot.get_channel(plan.channel)
        if not isinstance(channel, discord.TextChannel):
            return await self._finish(post, problem=words.CHANNEL_GONE)
        mine = channel.permissions_for(channel.guild.me)
        if not (mine.view_channel and mine.send_messages):
            return await self._finish(post, problem=words.CHANNEL_FORBIDDEN)
        if post.tries > limits.DIGEST_TRIES:
            return await self._finish(post, problem=words.DIGEST_GIVEN_UP)
        if not_fetched:
            return await self._finish(post, problem=words.NOT_FETCHED)
        if post.tries > 1 and (sent := await self._sent_before(channel, post, newest)):
            log.info("a daily summary had gone out before it could be recorded")
            await services.blocking(services.posts.finish, post, "posted", message=sent, paper_day=newest)
            return True
        return await self._send(channel, plan, post, newest)

    async def _new_day(self, channel: int) -> date | None:
        """The newest day of papers, if the channel has not had it yet."""
        services = self._services

        def look() -> date | None:
            newest, had = services.newest_day(), services.posts.last_paper_day(channel)
            return newest if newest and (had is None or newest > had) else None

        return await services.blocking(look)

    async def _sent_before(self, channel: discord.TextChannel, post: Post, newest: date | None) -> int | None:
        """The message of a summary that went out before the process died, if there is one.

        Where the channel may not be read, it counts as sent: rather none than two.
        """
        title = day_words(newest) if newest else None
        after = datetime.fromtimestamp(post.at, UTC) - timedelta(minutes=1)
        try:
            async for message in channel.history(limit=HISTORY, after=after):
                if self._bot.user is None or message.author.id != self._bot.user.id:
                    continue
                shown = [message.content, *(embed.title or "" for embed in message.embeds)]
                if any(title in text if title else text == words.EMPTY_DAY_POST for text in shown):
                    return message.id
        except discord.Forbidden:
            return post.channel
        return None

    async def _send(self, channel: discord.TextChannel, plan: DigestPlan, post: Post, newest: date | None) -> bool:
        services = self._services
        embeds = channel.permissions_for(channel.guild.me).embed_links
        try:
            if newest is None:
                if plan.say_empty:
                    await channel.send(words.EMPTY_DAY_POST, allowed_mentions=NOBODY)
                await services.blocking(services.posts.finish, post, "empty")
                return True
            digest = await self._digest(newest)
            pages = digest_pages(digest)
            made = {key: value for key, value in shape(pages[0], embeds).items() if value is not None}
            number = await services.blocking(
                services.conversations.keep_lookup,
                0,
                "daily",
                {"date": newest.isoformat(), "topic": None},
                services.moment,
            )
            view = controls.pages_view("daily", number, 0, 0, len(pages))
            if view is not None:
                made["view"] = view
            sent = await channel.send(**made, files=picture_files(digest, pages[0]), allowed_mentions=NOBODY)
        except discord.Forbidden:
            return await self._finish(post, problem=words.CHANNEL_FORBIDDEN)
        except discord.NotFound:
            return await self._finish(post, problem=words.CHANNEL_GONE)
        except discord.HTTPException as error:
            log.warning("a daily summary could not be sent, it is tried again: %s", error)
            return False
        await services.blocking(services.posts.finish, post, "posted", message=sent.id, paper_day=newest)
        return True

    async def _digest(self, day: date) -> Digest:
        """The summary of a day; it says so where a source could not be fetched."""
        digest = await self._services.digest(day, None)
        lacking = (words.SOURCE_MISSING.format(source=s, reason=r) for s, r in self._bot.upkeep.trouble.items())
        return replace(digest, missing=(*digest.missing, *lacking))

    async def _finish(self, post: Post, *, problem: str) -> bool:
        log.warning("no daily summary in channel %s: %s", post.channel, problem)
        await self._services.blocking(self._services.posts.finish, post, "failed", problem=problem)
        return True
