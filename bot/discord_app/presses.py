"""What each button, menu and form does. Each acknowledges first and then works; see `controls`."""

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import discord

from bot import limits
from bot.discord_app import controls, words
from bot.discord_app.answering import interaction_place, respond
from bot.discord_app.commands.daily import lookup_day
from bot.discord_app.daily import digest_pages, picture_files
from bot.discord_app.failures import NOBODY, Refused
from bot.discord_app.interaction import Interaction
from bot.discord_app.pages import Page, answer_pages, list_pages, source_pages
from bot.discord_app.records.conversations import Logged
from bot.discord_app.rendering import label
from bot.discord_app.screens import InteractionScreen

log = logging.getLogger(__name__)

Action = Callable[..., Awaitable[None]]
THREAD_EXISTS = 160004  # Discord's code


def actions() -> dict[str, Action]:
    """What stands behind the name in a custom id."""
    turning = {
        f"{kind}_{way}": partial(turn, kind)
        for kind in ("answer", "sources", "search", "daily")
        for way in ("back", "on")
    }
    return {
        "sources": sources,
        "follow_up": follow_up,
        "follow_up_form": follow_up_form,
        "up": up,
        "down": down,
        "reason_form": reason_form,
        "delete": delete,
        "thread": thread,
        "choose_paper": choose_paper,
        **turning,
    }


async def _logged(interaction: Interaction, number: int) -> Logged:
    """The answer under whose message a button was pressed. Raises `Refused` if it is not kept, or not theirs."""
    services = interaction.client.services
    logged = await services.blocking(services.conversations.get, number)
    if logged is None:
        raise Refused(words.EXPIRED)
    if logged.asked.private and logged.asked.person != interaction.user.id:
        raise Refused(words.NOT_YOURS)
    return logged


async def sources(interaction: Interaction, number: int) -> None:
    """Quote the sources of an answer, to the one who pressed."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    logged = await _logged(interaction, number)
    screen = InteractionScreen(interaction)
    pages = source_pages(logged.answer, screen.room)
    view = controls.pages_view("sources", number, interaction.user.id, 0, len(pages))
    await screen.show(pages[0], view)


async def follow_up(interaction: Interaction, number: int, private: int) -> None:
    """Show the form for a follow-up question."""
    await interaction.response.send_modal(controls.follow_up_form(number, private))


async def follow_up_form(interaction: Interaction, number: int, private: int) -> None:
    """Answer a follow-up question; it goes on with the conversation of the answer under which it was asked."""
    question = controls.form_text(interaction).strip()
    if not question:
        raise Refused(words.EMPTY)
    await respond(interaction.client.services, interaction, question, private=bool(private), parent=number)


async def up(interaction: Interaction, number: int) -> None:
    """Keep a 👍."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    await _vote(interaction, number, 1)
    await interaction.edit_original_response(content=words.THANKS, allowed_mentions=NOBODY)


async def down(interaction: Interaction, number: int) -> None:
    """Ask why, and keep the 👎 whether or not the form is sent."""
    await interaction.response.send_modal(controls.reason_form(number))
    await _vote(interaction, number, -1)


async def reason_form(interaction: Interaction, number: int) -> None:
    """Keep the reason for a 👎."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    reason = label(controls.form_text(interaction), limits.REASON_CHARS)
    await _vote(interaction, number, -1, reason or None)
    text = words.THANKS_REASON if reason else words.THANKS
    await interaction.edit_original_response(content=text, allowed_mentions=NOBODY)


async def _vote(interaction: Interaction, number: int, vote: int, reason: str | None = None) -> None:
    services = interaction.client.services
    await _logged(interaction, number)
    await services.blocking(services.people.vote, number, interaction.user.id, vote, services.moment, reason)


async def delete(interaction: Interaction, number: int, asker: int) -> None:
    """Delete an answer, with what is kept of it; its asker's right alone."""
    if interaction.user.id != asker:
        raise Refused(words.NOT_YOURS)
    await interaction.response.defer()
    services = interaction.client.services
    try:
        await interaction.delete_original_response()
    except discord.Forbidden:
        raise Refused(words.CANNOT_DELETE) from None
    finally:
        await services.blocking(services.conversations.remove, number)


async def thread(interaction: Interaction, number: int) -> None:
    """Open a thread on an answer, in which its conversation goes on."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    services, where = interaction.client.services, interaction_place(interaction)
    logged = await _logged(interaction, number)
    if interaction.message is None or not where.threadable or logged.asked.private:
        raise Refused(words.THREAD_REFUSED)
    name = label(logged.asked.question, limits.DISCORD_THREAD_NAME) or words.THREAD_BUTTON
    there = words.THREAD_OPENED.format(thread=f"<#{interaction.message.id}>")  # it has its message's id
    if interaction.message.flags.has_thread:
        await interaction.edit_original_response(content=there, allowed_mentions=NOBODY)
        return
    try:
        made = await interaction.message.create_thread(name=name)
    except discord.HTTPException as error:
        if error.code == THREAD_EXISTS:
            await interaction.edit_original_response(content=there, allowed_mentions=NOBODY)
            return
        if isinstance(error, discord.Forbidden):
            raise Refused(words.THREAD_REFUSED) from None
        raise
    await services.blocking(services.conversations.open_thread, made.id, number, services.moment)
    interaction.client.listening.opened(made.id)
    listens = interaction.client.intents.message_content
    await made.send(
        words.THREAD_STARTED_OPEN if listens else words.THREAD_STARTED,
        view=controls.thread_view(number),
        allowed_mentions=NOBODY,
    )
    await interaction.edit_original_response(content=there, allowed_mentions=NOBODY)


async def choose_paper(interaction: Interaction, key: int, rev: int) -> None:
    """Show the paper chosen from a menu."""
    services = interaction.client.services
    found = await services.blocking(services.library.catalogue.get, [(key, rev)])
    stored = found.get((key, rev))
    if stored is None:
        raise Refused(words.EXPIRED)
    private = interaction.message is not None and interaction.message.flags.ephemeral
    title = label(stored.paper.title, limits.QUESTION_CHARS)
    await respond(services, interaction, title, private=private, stored=stored)


async def turn(kind: str, interaction: Interaction, number: int, owner: int, page: int) -> None:
    """Turn a page: in place for the one who asked, in a copy of their own for anyone else."""
    services, mine = interaction.client.services, interaction.user.id == owner
    if mine:
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=True, thinking=True)
    screen = InteractionScreen(interaction)
    message = interaction.message
    screen.embeds = bool(message and message.embeds) if mine else screen.embeds
    titled = bool(message and message.embeds and message.embeds[0].title)
    files: list[discord.File] = []
    logged: Logged | None = None
    if kind == "daily":
        digest = await services.digest(*lookup_day(await _lookup(interaction, number)))
        pages = digest_pages(digest, screen.room)
        files = picture_files(digest, pages[min(page, len(pages) - 1)])
    elif kind == "search":
        pages = await _search_pages(interaction, number, screen.room)
    else:
        logged = await _logged(interaction, number)
        title = logged.asked.question if titled else ""
        pages = (
            source_pages(logged.answer, screen.room)
            if kind == "sources"
            else answer_pages(logged.answer, screen.room, title)
        )
    page = min(page, len(pages) - 1)
    if logged is not None and kind == "answer" and mine:
        view: discord.ui.View | None = controls.answer_view(
            number, logged.asked, logged.answer, len(pages), page=page, thread=_has_thread_button(message)
        )
    else:
        view = controls.pages_view(kind, number, interaction.user.id, page, len(pages))
    await screen.show(pages[page], view, files)


async def _lookup(interaction: Interaction, number: int) -> dict[str, Any]:
    services = interaction.client.services
    body = await services.blocking(services.conversations.lookup, number)
    if body is None:
        raise Refused(words.EXPIRED)
    return body


async def _search_pages(interaction: Interaction, number: int, room: int) -> list[Page]:
    services = interaction.client.services
    body = await _lookup(interaction, number)
    pairs = [(int(key), int(rev)) for key, rev in body["papers"]]
    held = await services.blocking(services.library.catalogue.get, pairs)
    return list_pages([held[pair] for pair in pairs if pair in held], str(body["title"]), room=room)


def _has_thread_button(message: discord.Message | None) -> bool:
    rows: Any = message.components if message else ()
    return any(
        str(getattr(child, "custom_id", "")).startswith("papers:thread:")
        for row in rows
        for child in getattr(row, "children", ())
    )
