"""Making the summary of a day: from the library or from given papers, with or without a model, with its map."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from bot.answers.access import Models
from bot.answers.completing import Completions
from bot.answers.models import ModelFailed
from bot.answers.words import MODEL_FAILED
from bot.digest.asking import Asker
from bot.digest.cache import StoredReplies
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
    asker: Asker | None = None,
    picture: bool = True,
) -> Digest:
    """The summary of `papers`. Blocking work runs in threads; nothing that a model does makes it fail.

    `embed` gives normalised vectors like those of the papers; `before` holds the paper vectors of each earlier
    day. `asker` asks a model; without it every sentence is a quote.
    """
    extracted = await asyncio.to_thread(extract, papers, day, embed, before, topic)
    digest = extracted.digest
    if asker and papers:
        digest = await rewrite(extracted, papers, embed, asker)
    if picture and papers:
        digest = await asyncio.to_thread(_with_picture, digest, extracted.labels, extracted.vectors)
    return digest


async def daily_digest(
    library: Library,
    day: date | None = None,
    *,
    topic: str | None = None,
    models: Models | None = None,
    picture: bool = True,
) -> Digest:
    """The summary of a `day` of the library, by default the newest, or of its papers on a `topic`.

    Written by the model of `models`, if there is one, which costs nothing a second time. Empty where there are
    no such papers. Raises what a library raises.
    """
    papers, chosen, before = await asyncio.to_thread(_gather, library, day, topic)
    asker = None
    missing: tuple[str, ...] = ()
    if models and papers:
        try:
            asker = await _asker(library, models)
        except ModelFailed as failure:
            missing = (MODEL_FAILED.format(reason=failure),)
    digest = await write_digest(
        papers, chosen, library.embedder.embed, before=before, topic=topic, asker=asker, picture=picture
    )
    return replace(digest, missing=(*digest.missing, *missing))


async def latest_digests(
    library: Library,
    day: date | None = None,
    *,
    days: int,
    topic: str | None = None,
    models: Models | None = None,
    picture: bool = True,
) -> list[Digest]:
    """The summaries of `day`, by default the newest, and of those with papers before it, `days` in all at most.

    The newest first, and it alone with a picture; it may be empty.
    """
    newest = await daily_digest(library, day, topic=topic, models=models, picture=picture)
    held = await asyncio.to_thread(library.days)
    before = [at for at, _ in reversed(held) if newest.date and at < newest.date][: days - 1]
    return [newest, *[await daily_digest(library, at, topic=topic, models=models, picture=False) for at in before]]


async def _asker(library: Library, models: Models) -> Asker | None:
    """What asks the model in force; None where there is none. Raises `ModelFailed` where that cannot be told."""
    name = await models.name()
    if not name:
        return None
    replies = StoredReplies(library.home / "cache" / "replies.db")
    return Asker(Completions(models, name, library.settings.timeout), name, replies)


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
