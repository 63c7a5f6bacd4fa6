"""What a message of the bot shows: pages of text with a colour, made from answers and papers.

A page is shown as an embed, which colours it and suppresses previews, or as plain text where the bot may not
embed. Each page keeps Discord's limits whatever it is made from.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import discord

from bot import limits
from bot.answers.answer import Answer, Source
from bot.discord_app import words
from bot.discord_app.rendering import cut, label, lines, link, pack, plain, units
from bot.library.catalogue import Stored

# Okabe and Ito's colours, told apart by colour-blind readers too, https://jfly.uni-koeln.de/color/
EXTRACTIVE = 0x0072B2  # blue
WRITTEN = 0x009E73  # green
ABSTAINED = 0x8C8C8C  # grey
WORKING = 0xE69F00  # orange
FAILED = 0xD55E00  # vermilion
NEUTRAL = 0x56B4E9  # sky blue

EMBED_BODY = limits.DISCORD_DESCRIPTION
PLAIN_BODY = 1_500  # leaves room in a message's 2,000 for title and footer
LIST_PAGE = 10  # papers on a page of a list


@dataclass(frozen=True, slots=True)
class Page:
    """One page: `body` is markdown made by `rendering`; `title` and `footer` are plain text, cut when shown."""

    body: str
    colour: int = NEUTRAL
    title: str = ""
    footer: str = ""
    picture: str | None = None

    def embed(self) -> discord.Embed:
        """The page as an embed within Discord's limits."""
        made = discord.Embed(description=cut(self.body, EMBED_BODY), colour=self.colour)
        if self.title:
            made.title = cut(plain(self.title), limits.DISCORD_EMBED_TITLE)
        if self.footer:
            made.set_footer(text=label(self.footer, 300))
        if self.picture:
            made.set_image(url=f"attachment://{self.picture}")
        return made

    def text(self) -> str:
        """The page as the content of a message, within Discord's limit."""
        head = f"**{cut(plain(self.title), 150)}**\n" if self.title else ""
        foot = f"\n*{cut(plain(self.footer), 250)}*" if self.footer else ""
        room = limits.DISCORD_CONTENT - units(head) - units(foot)
        return head + cut(self.body, room) + foot


def numbered(pages: Sequence[Page]) -> list[Page]:
    """`pages` with their number in the footer, where there are several."""
    if len(pages) < 2:
        return list(pages)
    made = []
    for n, page in enumerate(pages, 1):
        place = words.PAGE.format(n=n, of=len(pages))
        made.append(replace(page, footer=f"{page.footer} · {place}" if page.footer else place))
    return made


def said(text: str, colour: int = NEUTRAL) -> Page:
    """A page of the bot's own words."""
    return Page(text, colour)


# Answers


def answer_pages(answer: Answer, room: int = EMBED_BODY, title: str = "") -> list[Page]:
    """An answer: its sentences, then the sources numbered alike, or the closest papers where it abstains."""
    cited = {source.n for source in answer.sources}
    blocks = [lines(answer.answer, cited), *_under(words.SOURCES_HEADING, map(source_line, answer.sources))]
    near = (link(paper.title, arxiv_link(paper.id)) for paper in answer.closest)
    blocks += _under(words.CLOSEST_HEADING, (f"- {paper}" for paper in near))
    page = Page("", answer_colour(answer), title, answer_footer(answer))
    return numbered([replace(page, body=body) for body in pack(blocks, room)] or [page])


def answer_colour(answer: Answer) -> int:
    """Grey where nothing is stated, blue for quotes, green for a model's words."""
    if answer.abstained:
        return ABSTAINED
    return WRITTEN if answer.mode == "llm" else EXTRACTIVE


def answer_footer(answer: Answer) -> str:
    """What kind of answer it is, and what went wrong on the way."""
    if answer.abstained:
        kind = words.ABSTAINED if answer.closest else ""
    elif answer.mode == "llm":
        kind = words.WRITTEN.format(model=label(answer.model or "a model", 60))
    else:
        kind = words.EXTRACTIVE
    return " · ".join(part for part in (kind, *answer.notes) if part)


def source_line(source: Source) -> str:
    """`[1] Title · day`, the title linked where a link is known."""
    note = f" · *{words.NOTE}*" if source.kind == "note" else ""
    return f"[{source.n}] {link(source.title, source.url)}{_dated(source.date)}{note}"


def source_pages(answer: Answer, room: int = EMBED_BODY) -> list[Page]:
    """The sources of an answer, each with the sentence that it rests on, verbatim."""
    if not answer.sources:
        return [Page(words.NO_QUOTES, ABSTAINED)]
    blocks = [f"{source_line(source)}\n> {plain(source.quote)}" for source in answer.sources]
    colour = answer_colour(answer)
    return numbered([Page(body, colour) for body in pack(blocks, room, "\n\n")])


def streaming_page(parts: Sequence[str], sources: Sequence[Source], status: str, title: str = "") -> Page:
    """An answer under way: the sentences that have passed the check, and what is being done."""
    cited = {source.n for source in sources}
    blocks = [lines("\n".join(parts), cited), *_under(words.SOURCES_HEADING, map(source_line, sources)), status]
    body = "\n\n".join(block for block in (blocks[0], "\n".join(blocks[1:-1]).strip(), status) if block)
    return Page(cut(body, EMBED_BODY), WORKING, title)


# Papers


def paper_page(stored: Stored, summary: Answer, related: Sequence[Stored], room: int = EMBED_BODY) -> Page:
    """One paper: title, date and link, its summary, and as many of the related papers as there is room for."""
    paper = stored.paper
    facts = [words.day(paper.date), _authors(paper.authors), _upvotes(paper.upvotes)]
    if paper.kind == "note":
        facts.append(f"*{words.NOTE}*")
    head = f"### [1] {link(paper.title, paper.link)}\n{' · '.join(fact for fact in facts if fact)}"
    blocks = [head, lines(summary.answer, {1})]
    blocks += _under(words.RELATED_HEADING, (f"- {paper_line(other)}" for other in related))
    return Page(pack(blocks, room)[0], answer_colour(summary), footer=answer_footer(summary))


def paper_line(stored: Stored) -> str:
    """Title, linked, and day of a paper."""
    return f"{link(stored.paper.title, stored.paper.link)}{_dated(stored.paper.date)}"


def list_pages(
    papers: Sequence[Stored], title: str, nothing: str = words.NO_RESULTS, room: int = EMBED_BODY
) -> list[Page]:
    """Papers in their order, ten a page."""
    if not papers:
        return [Page(nothing, ABSTAINED, title)]
    blocks = []
    for n, stored in enumerate(papers, 1):
        facts = [words.day(stored.paper.date), _upvotes(stored.paper.upvotes)]
        if stored.paper.kind == "note":
            facts.append(f"*{words.NOTE}*")
        line = f"**{n}.** {link(stored.paper.title, stored.paper.link)}"
        blocks.append(f"{line}\n{' · '.join(fact for fact in facts if fact)}")
    pages = []
    for start in range(0, len(blocks), LIST_PAGE):
        pages += [Page(body, NEUTRAL, title) for body in pack(blocks[start : start + LIST_PAGE], room)]
    return numbered(pages)


def arxiv_link(paper_id: str) -> str | None:
    """The arXiv page of an id such as `arxiv:2508.01234`; None for any other id."""
    scheme, _, number = paper_id.partition(":")
    return f"https://arxiv.org/abs/{number}" if scheme == "arxiv" else None


def _under(heading: str, blocks: Iterable[str]) -> list[str]:
    found = [block for block in blocks if block]
    return [f"{heading}\n{found[0]}", *found[1:]] if found else []


def _dated(day: date | None) -> str:
    return f" · {words.day(day)}" if day else ""


def _authors(authors: Sequence[str]) -> str:
    if not authors:
        return ""
    shown = ", ".join(plain(author) for author in authors[:3])
    return f"{shown} et al." if len(authors) > 3 else shown


def _upvotes(upvotes: int | None) -> str:
    return words.UPVOTES.format(n=f"{upvotes:,}") if upvotes else ""
