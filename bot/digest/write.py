"""Making the summary of a day: from the library or from given papers, with or without a model, with its map."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from bot.digest.asking import Asker, Complete
from bot.digest.cache import Replies
from bot.digest.day import DayPaper, number_papers
from bot.digest.digest import Digest
from bot.digest.extract import Embed, extract
from bot.digest.themes import Labels
from bot.digest.topics import on_topic
from bot.digest.written import rewrite
from bot.library.dates import DateRange
from bot.library.embeddings import Vectors
from bot.library.library import Library
from bot.library.vectors import paper_vector

DAYS_BEFORE = 7  # with papers, to which a day is compared


async def write_digest(
    papers: Sequence[DayPaper],
    day: date | None,
    embed: Embed,
    *,
    before: Sequence[Vectors] = (),
    topic: str | None = None,
    complete: Complete | None = None,
    model: str = "",
    replies: Replies | None = None,
    picture: bool = True,
) -> Digest:
    """The summary of `papers`. Blocking work runs in threads; nothing that a model does makes it fail.

    `embed` gives normalised vectors like those of the papers; `before` holds the paper vectors of each earlier
    day. `complete` asks the model named `model`; without it every sentence is a quote. `replies` remembers
    what the model said.
    """
    extracted = await asyncio.to_thread(extract, papers, day, embed, before, topic)
    digest = extracted.digest
    if complete and papers:
        digest = await rewrite(extracted, papers, embed, Asker(complete, model, replies))
    if picture and papers:
        digest = await asyncio.to_thread(_with_picture, digest, extracted.labels, extracted.vectors)
    return digest


async def daily_digest(
    library: Library,
    day: date | None = None,
    *,
    topic: str | None = None,
    complete: Complete | None = None,
    model: str = "",
    replies: Replies | None = None,
    picture: bool = True,
) -> Digest:
    """The summary of a `day` of the library, by default the newest, or of its papers on a `topic`.

    Empty where there are no such papers. Raises what a library raises.
    """
    papers, chosen, before = await asyncio.to_thread(_gather, library, day, topic)
    return await write_digest(
        papers,
        chosen,
        library.embedder.embed,
        before=before,
        topic=topic,
        complete=complete,
        model=model,
        replies=replies,
        picture=picture,
    )


def _gather(
    library: Library, day: date | None, topic: str | None
) -> tuple[list[DayPaper], date | None, list[Vectors]]:
    days = [held for held, _ in library.days()]
    chosen = day or (days[-1] if days else None)
    if chosen is None:
        return [], None, []
    stored = library.papers(DateRange(chosen, chosen))
    papers = number_papers(stored, library.chunk_vectors(stored)) if stored else []
    if topic:
        papers = [replace(p, n=n) for n, p in enumerate(on_topic(topic, papers, library.embedder.embed), 1)]
    before = [held for held in days if held < chosen][-DAYS_BEFORE:] if papers and not topic else []
    return papers, chosen, [_day_vectors(library, held) for held in before]


def _day_vectors(library: Library, day: date) -> Vectors:
    rows = library.chunk_vectors(library.papers(DateRange(day, day)))
    return np.stack([paper_vector(r) for r in rows])


def _with_picture(digest: Digest, labels: Labels, vectors: Vectors) -> Digest:
    from bot.digest.picture import draw_map

    return replace(digest, picture=draw_map(digest, labels, vectors))
