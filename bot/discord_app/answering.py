"""From a question that came in to an answer that stands in Discord and in the log. One way for all front doors."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import discord

from bot import limits
from bot.answers.answer import Answer, Event, Finished, Question
from bot.discord_app import controls, words
from bot.discord_app.failures import Refused, report
from bot.discord_app.fairness import QueueClosed, QueueFull, Ticket
from bot.discord_app.pages import FAILED, Page, answer_pages, paper_page
from bot.discord_app.records.conversations import Asked
from bot.discord_app.records.usage import Asker
from bot.discord_app.screens import InteractionScreen, Screen, Stream
from bot.discord_app.services import Services
from bot.library.catalogue import Stored
from bot.library.dates import DateRange

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be answered, and how it is shown.

    With `stored` it is that paper's summary. `title` stands above the answer where the question is not seen
    otherwise. `thread` offers to open a thread. With `go_on` the question belongs to the conversation that the
    person has in the place, if there is one.
    """

    asked: Asked
    dates: DateRange = field(default_factory=DateRange)
    stored: Stored | None = None
    title: str = ""
    thread: bool = False
    go_on: bool = False

    @property
    def asker(self) -> Asker:
        """Who the question is counted for."""
        return Asker(self.asked.person, self.asked.server)


def admit(services: Services, asked: Asked, channel: int) -> Ticket:
    """A place in the queue for a question, at once and without waiting; it counts from here.

    `channel` is where it was asked (of a thread: the channel that it is in). Raises `Refused` with the words
    for the person where the bot is stopping, does not answer there, or a limit is met.
    """
    settings = services.servers.get(asked.server)
    if services.stopping:
        raise Refused(words.STOPPING)
    if asked.server is not None and not settings.answers_in(channel):
        raise Refused(words.not_here(settings.allowed))
    if len(asked.question) > limits.QUESTION_CHARS:
        raise Refused(words.TOO_LONG.format(limit=limits.QUESTION_CHARS))
    try:
        ticket = services.desk.enter(asked.person)
    except QueueFull:
        raise Refused(words.QUEUE_FULL) from None
    over = services.usage.take(Asker(asked.person, asked.server), settings.person_quota, settings.server_quota)
    if over:
        ticket.leave()
        ends = services.usage.ends()
        if over == "person":
            raise Refused(words.over_person_quota(settings.person_quota, ends))
        raise Refused(words.over_server_quota(settings.server_quota, ends))
    return ticket


async def answer(services: Services, work: Work, screen: Screen, ticket: Ticket) -> None:
    """Answer on `screen` when the ticket's turn comes, and keep the answer.

    Whatever happens, the screen ends with the answer or with words that say why there is none, before Discord
    stops taking edits; a question that could not be answered is not counted.
    """
    stream = Stream(screen, work.title)
    if ticket.waits:
        stream.waiting()
    try:
        with services.under_way():
            async with asyncio.timeout(limits.INTERACTION_SECONDS) as limit, ticket:
                await services.all_acknowledged()
                await _answer(services, work, screen, stream)
        return
    except asyncio.CancelledError:
        end = Page(words.INTERRUPTED, FAILED, work.title)
        cancelled = True
    except discord.NotFound as error:  # the message or channel was deleted meanwhile
        log.info("an answer has no place any more: %s", error)
        return
    except Exception as error:  # whatever broke, the person is told, with a code
        cancelled = False
        if isinstance(error, QueueClosed):
            end = Page(words.INTERRUPTED, FAILED, work.title)
        elif isinstance(error, TimeoutError) and limit.expired():
            end = Page(words.GAVE_UP, FAILED, work.title)
        else:
            end = Page(words.failed(report("an answer failed", error)), FAILED, work.title)
    services.usage.give_back(work.asker)
    try:
        await stream.finish(end)
    except discord.HTTPException as error:
        log.warning("could not say that an answer failed: %s", error)
    if cancelled:
        raise asyncio.CancelledError


async def _answer(services: Services, work: Work, screen: Screen, stream: Stream) -> None:
    asked = work.asked
    if work.go_on:
        parent = await services.blocking(services.conversations.latest, asked.place, asked.person)
        asked = replace(asked, parent=parent)
    history = await services.blocking(
        services.conversations.history, asked.parent, asked.person, private=asked.private
    )
    events: AsyncIterator[Event]
    if work.stored is None:
        events = services.answerer.ask(Question(asked.question, history, work.dates, person=str(asked.person)))
    else:
        events = services.answerer.summarise(work.stored)
    made: Answer | None = None
    async for event in events:
        if isinstance(event, Finished):
            made = event.answer
        else:
            stream.take(event)
    assert made is not None, "an answer always ends with Finished"
    number: int | None = None
    if services.forgotten.get(asked.person, 0.0) <= asked.at:  # not forgotten while it was being answered
        number = await services.blocking(services.conversations.record, asked, made)
        await services.blocking(services.usage.save, work.asker)
    else:
        await services.blocking(services.answerer.models.budget.forget, str(asked.person))
    pages = await _pages(services, work, made, screen.room)
    view = None
    if number is not None:
        view = controls.answer_view(number, asked, made, len(pages), thread=work.thread)
    message = await stream.finish(pages[0], view)
    if number is not None and message is not None:
        await services.blocking(services.conversations.posted, number, message)


async def _pages(services: Services, work: Work, made: Answer, room: int) -> list[Page]:
    if work.stored is None:
        return answer_pages(made, room, work.title)
    related = await services.blocking(services.library.related, work.stored, limits.RELATED_PAPERS)
    return [paper_page(work.stored, made, [hit.stored for hit in related], room)]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an interaction or message comes from; `channel` is the one that admins allow or deny.

    `server` is None in direct messages, and in servers that the bot is not a member of.
    """

    server: int | None
    place: int
    channel: int
    threadable: bool


def place_of(channel: object, guild: discord.Guild | None, channel_id: int | None) -> Place:
    """The place of an interaction or message."""
    number = channel_id or 0
    parent = channel.parent_id if isinstance(channel, discord.Thread) else number
    threadable = guild is not None and isinstance(channel, discord.TextChannel)
    return Place(guild.id if guild else None, number, parent, threadable)


def interaction_place(interaction: discord.Interaction[Any]) -> Place:
    """The place of an interaction. A server counts only if the bot is in it, not by a person's installation."""
    guild = interaction.client.get_guild(interaction.guild_id) if interaction.guild_id else None
    return place_of(interaction.channel, guild, interaction.channel_id)


async def respond(
    services: Services,
    interaction: discord.Interaction[Any],
    question: str,
    *,
    private: bool = False,
    parent: int | None = None,
    dates: DateRange | None = None,
    stored: Stored | None = None,
    go_on: bool = False,
) -> None:
    """Answer as the response to an interaction, which is acknowledged first. Raises `Refused`.

    A caller that must look something up before has acknowledged it already.
    """
    where = interaction_place(interaction)
    asked = Asked(interaction.user.id, where.server, where.place, question, services.moment, private, parent)
    work = Work(
        asked,
        dates or DateRange(),
        stored,
        title="" if stored else question,
        thread=where.threadable and not private,
        go_on=go_on,
    )
    ticket = admit(services, asked, where.channel)
    try:
        if not interaction.response.is_done():
            with services.acknowledging():
                await interaction.response.defer(ephemeral=private, thinking=True)
    except BaseException:
        ticket.leave()
        services.usage.give_back(work.asker)
        raise
    await answer(services, work, InteractionScreen(interaction), ticket)
