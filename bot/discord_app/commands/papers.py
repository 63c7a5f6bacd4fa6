"""`/paper`, `/search`, and the message menu "Find related papers"."""

import re

import discord
from discord import app_commands

from bot import limits
from bot.discord_app import controls, words
from bot.discord_app.answering import respond
from bot.discord_app.commands.asking import text_of
from bot.discord_app.commands.options import check_channel, choice
from bot.discord_app.failures import Refused, told
from bot.discord_app.interaction import Interaction
from bot.discord_app.pages import list_pages, paper_line
from bot.discord_app.rendering import label, pack
from bot.discord_app.screens import InteractionScreen
from bot.library.catalogue import Stored
from bot.library.dates import DateRange
from bot.papers.text import title_key

_ARXIV = re.compile(r"arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})|\barxiv:\s?(\d{4}\.\d{4,5})", re.IGNORECASE)
TITLE_OPTION = 300


@app_commands.command(name="paper", description=words.PAPER)
@app_commands.describe(title=words.PAPER_TITLE)
@told
async def paper(interaction: Interaction, title: app_commands.Range[str, 1, TITLE_OPTION]) -> None:
    """Show one paper; where several fit, let the person choose."""
    check_channel(interaction)
    services = interaction.client.services
    await interaction.response.defer(thinking=True)
    found = await services.blocking(services.library.find, title)
    if not found:
        raise Refused(words.NO_PAPER)
    if len(found) > 1:
        shown = found[: limits.DISCORD_CHOICES]
        lines = [words.SEVERAL_PAPERS, *(f"- {paper_line(stored)}" for stored in shown[:5])]
        if len(found) > 5:
            lines.append(words.MORE_PAPERS.format(n=len(found) - 5))
        raise Refused(pack(lines, limits.DISCORD_CONTENT)[0], controls.papers_view(shown))
    name = label(found[0].paper.title, limits.QUESTION_CHARS)
    await respond(services, interaction, name, stored=found[0])


@paper.autocomplete("title")
async def _titles(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """The newest papers, then those whose title or id fits, then those that fit in meaning."""
    services = interaction.client.services

    def fitting() -> list[Stored]:
        if not current.strip():
            newest = services.newest_day()
            return services.library.papers(DateRange(newest, newest) if newest else None)
        found = services.library.find(current)
        typed = title_key(current)
        found.sort(key=lambda stored: not title_key(stored.paper.title).startswith(typed))
        if len(found) < limits.DISCORD_CHOICES:
            known = {stored.key for stored in found}
            hits = services.library.search(current, limits.DISCORD_CHOICES, None)
            found += [hit.stored for hit in hits if hit.stored.key not in known]
        return found

    papers = await services.blocking(fitting)
    return [
        choice(stored.paper.title, stored.id if len(stored.id) <= limits.DISCORD_CHOICE else None)
        for stored in papers[: limits.DISCORD_CHOICES]
    ]


@app_commands.command(name="search", description=words.SEARCH)
@app_commands.describe(query=words.SEARCH_QUERY)
@told
async def search(interaction: Interaction, query: app_commands.Range[str, 1, TITLE_OPTION]) -> None:
    """List the papers that fit, best first."""
    check_channel(interaction)
    services = interaction.client.services
    await interaction.response.defer(thinking=True)
    hits = await services.blocking(services.library.search, query, limits.DISCORD_SEARCH_RESULTS, None)
    await show_list(interaction, [hit.stored for hit in hits], query)


@told
async def _related(interaction: Interaction, message: discord.Message) -> None:
    check_channel(interaction)
    services = interaction.client.services
    text = text_of(message)
    if not text:
        raise Refused(words.NO_TEXT)
    await interaction.response.defer(thinking=True)

    def near() -> list[Stored]:
        named = next((a or b for a, b in _ARXIV.findall(text)), None)
        stored = services.library.get(f"arxiv:{named}") if named else None
        if stored is not None:
            hits = services.library.related(stored, limits.DISCORD_SEARCH_RESULTS)
        else:
            query = label(text, limits.QUESTION_CHARS)
            hits = services.library.search(query, limits.DISCORD_SEARCH_RESULTS, None)
        return [hit.stored for hit in hits]

    await show_list(interaction, await services.blocking(near), words.MENU_RELATED_TITLE)


menu_related = app_commands.ContextMenu(name=words.MENU_RELATED, callback=_related)


async def show_list(interaction: Interaction, papers: list[Stored], title: str) -> None:
    """Show papers in pages, as the response to an interaction that has been deferred."""
    services, screen = interaction.client.services, InteractionScreen(interaction)
    pages = list_pages(papers, title, room=screen.room)
    view: discord.ui.View | None = None
    if len(pages) > 1:
        body = {"title": title, "papers": [[stored.key, stored.rev] for stored in papers]}
        number = await services.blocking(
            services.conversations.keep_lookup, interaction.user.id, "search", body, services.moment
        )
        view = controls.pages_view("search", number, interaction.user.id, 0, len(pages))
    await screen.show(pages[0], view)
