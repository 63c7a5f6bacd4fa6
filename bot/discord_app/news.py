"""Telling followers of new papers on their topics, by direct message."""

import logging
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

import discord

from bot import limits
from bot.discord_app import words
from bot.discord_app.failures import NOBODY
from bot.discord_app.pages import NEUTRAL, Page, paper_line
from bot.discord_app.rendering import pack, plain
from bot.discord_app.screens import insist
from bot.discord_app.services import Services
from bot.library.catalogue import Stored
from bot.library.dates import DateRange

if TYPE_CHECKING:
    from bot.discord_app.client import PapersBot

log = logging.getLogger(__name__)
MARK = "news"


@dataclass(frozen=True, slots=True)
class Matches:
    """What is new on one topic."""

    topic: str
    papers: tuple[Stored, ...]


async def tell_followers(bot: "PapersBot") -> int:
    """Tell each follower of the papers that came in since the last time; how many messages went out.

    A paper counts as told before its message is sent: a crash may lose a message, but never sends one twice.
    Whoever takes no messages is passed over.
    """
    services = bot.services
    found = await services.blocking(_matches, services)
    sent = 0
    for person, matches in found.items():
        page = _page(matches)
        try:
            user = bot.get_user(person) or await bot.fetch_user(person)
            await insist(partial(user.send, embed=page.embed(), allowed_mentions=NOBODY))
            sent += 1
        except discord.HTTPException as error:  # closed messages, a deleted account, or Discord's own trouble
            log.info("a follower could not be told of new papers: %s", error)
    return sent


def _matches(services: Services) -> dict[int, list[Matches]]:
    """What each follower is to be told of, claimed for them; blocks."""
    people, library = services.people, services.library
    papers = library.papers()
    newest = max((stored.key for stored in papers), default=0)
    mark = people.mark(MARK)
    people.set_mark(MARK, newest)
    if mark is None:  # what was there before the bot was is no news
        return {}
    oldest = (services.now() - timedelta(days=limits.NEWS_DAYS)).date()
    fresh = [s for s in papers if s.key > mark and (s.paper.date is None or s.paper.date >= oldest)]
    followers = people.followers() if fresh else {}
    if not followers:
        return {}
    topics = {topic for follows in followers.values() for topic, _ in follows}
    on = {topic: _on_topic(services, topic, fresh) for topic in topics}
    found: dict[int, list[Matches]] = {}
    for person, follows in followers.items():
        told = people.claim(person, [s.key for topic, _ in follows for s in on[topic]], services.moment)
        for topic, _ in follows:
            mine = tuple(s for s in on[topic] if s.key in told)
            if mine:
                found.setdefault(person, []).append(Matches(topic, mine))
                told = [key for key in told if key not in {s.key for s in mine}]
    return found


def _on_topic(services: Services, topic: str, fresh: list[Stored]) -> list[Stored]:
    """Those of `fresh` that are on `topic`, judged among all the papers of their day."""
    from bot.digest.day import number_papers
    from bot.digest.topics import on_topic

    library = services.library
    days: dict[date | None, list[Stored]] = {}
    for stored in fresh:
        days.setdefault(stored.paper.date, []).append(stored)
    found = []
    for day, papers in days.items():
        among = library.papers(DateRange(day, day)) if day else papers
        ids = {
            p.id for p in on_topic(topic, number_papers(among, library.chunk_vectors(among)), library.embedder.embed)
        }
        found += [stored for stored in papers if stored.id in ids]
    return found


def _page(found: list[Matches]) -> Page:
    blocks: list[str] = []
    for matches in found:
        shown = matches.papers[: limits.NEWS_PAPERS]
        lines = [words.FOLLOW_NEWS_TOPIC.format(topic=plain(matches.topic)), *(f"- {paper_line(s)}" for s in shown)]
        if len(matches.papers) > len(shown):
            lines.append(words.MORE_PAPERS.format(n=len(matches.papers) - len(shown)))
        blocks.append("\n".join(lines))
    return Page(pack(blocks, limits.DISCORD_DESCRIPTION, "\n\n")[0], NEUTRAL, words.FOLLOW_NEWS, words.FOLLOW_FOOTER)
