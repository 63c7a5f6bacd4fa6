"""The daily summary in Discord: its pages, its picture, and that it is made once for all who ask."""

import asyncio
import io
import math
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from datetime import date

import discord

from bot import limits
from bot.digest.digest import Digest
from bot.digest.view import Line, PaperView, ThemeView, View, view_of
from bot.discord_app import words
from bot.discord_app.pages import ABSTAINED, EMBED_BODY, NEUTRAL, Page, numbered
from bot.discord_app.rendering import link, pack, plain

PICTURE = "map.png"
TOP_PAPERS = 10
KEPT = 8  # summaries held in memory, for those who turn pages
UNFINISHED_SECONDS = 15 * 60.0  # for which one that lacks something is held, before it is made again


def digest_pages(digest: Digest, room: int = EMBED_BODY) -> list[Page]:
    """The summary: first the overview with the picture, then the themes with their papers, then the top papers."""
    view = view_of(digest)
    if not view.papers:
        return [Page(plain(view.intro), ABSTAINED, view.title)]
    picture = PICTURE if digest.picture else None
    first, *more = pack(_overview(view), room)
    pages = [Page(first, NEUTRAL, view.title, " ".join(view.notes), picture)]
    pages += [Page(body, NEUTRAL, view.title) for body in more]
    if len(view.themes) > 1:
        pages += _section(view, words.THEMES_HEADING, map(_theme, view.themes), room)
    top = view.papers[:TOP_PAPERS]
    pages += _section(view, words.TOP_HEADING if len(view.papers) > len(top) else "", map(_paper, top), room)
    return numbered(pages)


def picture_files(digest: Digest, page: Page, most: int = limits.DISCORD_FILE_BYTES) -> list[discord.File]:
    """The picture that `page` shows, to be sent with it."""
    if page.picture is None or digest.picture is None or len(digest.picture) > most:
        return []
    about = words.PICTURE_ABOUT.format(n=len(digest.papers))
    return [discord.File(io.BytesIO(digest.picture), filename=page.picture, description=about)]


Key = tuple[date, str | None, int]


class Digests:
    """Summaries, each made once however many ask at the same time; the last few are kept while nothing changes.

    `clock` gives seconds that only grow.
    """

    def __init__(
        self, make: Callable[[date, str | None], Awaitable[Digest]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._make = make
        self._clock = clock
        self._held: OrderedDict[Key, tuple[Digest, float]] = OrderedDict()
        self._under_way: dict[Key, asyncio.Future[Digest]] = {}

    async def get(self, day: date, topic: str | None, generation: int) -> Digest:
        """The summary of a day, perhaps on a topic, at a state of the library."""
        key = (day, topic, generation)
        digest, until = self._held.get(key, (None, 0.0))
        if digest and self._clock() < until:
            self._held.move_to_end(key)
            return digest
        if key not in self._under_way:
            made = asyncio.ensure_future(self._make(day, topic))
            self._under_way[key] = made
            made.add_done_callback(lambda done: self._keep(key, done))
        return await asyncio.shield(self._under_way[key])  # who stops waiting does not stop it for the others

    def _keep(self, key: Key, done: asyncio.Future[Digest]) -> None:
        del self._under_way[key]
        if not done.cancelled() and done.exception() is None:
            until = self._clock() + UNFINISHED_SECONDS if done.result().missing else math.inf
            self._held[key] = done.result(), until
            if len(self._held) > KEPT:
                self._held.popitem(last=False)


def _overview(view: View) -> list[str]:
    cited = {n for line in view.overview for n in line.citations}
    blocks = [f"**{plain(view.intro)}**", *(f"\n{_sentence(line)}" for line in view.overview)]
    if view.trends:
        blocks.append("\n" + "\n".join(f"*{plain(trend)}*" for trend in view.trends))
    sources = [_title(paper) for paper in view.papers if paper.n in cited]
    return [*blocks, *([f"{words.SOURCES_HEADING}\n{sources[0]}", *sources[1:]] if sources else [])]


def _section(view: View, heading: str, blocks: Iterable[str], room: int) -> list[Page]:
    title = f"{view.title} · {heading}" if heading else view.title
    return [Page(body, NEUTRAL, title) for body in pack(blocks, room, "\n\n")]


def _theme(theme: ThemeView) -> str:
    lines = [f"### {plain(theme.name)}", f"*{plain(theme.size)}*", *map(_sentence, theme.lines)]
    return "\n".join([*lines, *map(_title, theme.papers)])


def _paper(paper: PaperView) -> str:
    facts = "".join(f" · {plain(fact)}" for fact in paper.facts)
    about = f"\n{plain(paper.about)}" if paper.about else ""
    return f"{_title(paper)}{facts}{about}"


def _title(paper: PaperView) -> str:
    return f"[{paper.n}] {link(paper.title, paper.url)}"


def _sentence(line: Line) -> str:
    lead = f"**{plain(line.lead)}** " if line.lead else ""
    return f"{lead}{plain(line.text)} {line.marks}".rstrip()
