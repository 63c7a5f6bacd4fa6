"""Two records of the same paper to one, with the better of both."""

from dataclasses import replace
from datetime import date

from bot.papers.paper import Paper


def merge(old: Paper, new: Paper, *, same_source: bool) -> Paper:
    """What is known of a paper after `new` has come to `old`, which is kept.

    From the same source, `new` is taken as it stands: what it no longer says is gone. From another, what is
    known beats what is not, and the newer of two known things wins, save the day (see `_day`). In both, a note
    never replaces an abstract, an abstract always replaces a note, and a known arXiv number stays.
    """
    text = old if (old.kind, new.kind) == ("abstract", "note") else new
    merged = replace(
        new,
        title=text.title,
        abstract=text.abstract,
        sentences=text.sentences,
        kind=text.kind,
        arxiv_id=new.arxiv_id or old.arxiv_id,
    )
    if same_source:
        return merged
    return replace(
        merged,
        date=_day(old, new),
        given_id=new.given_id or old.given_id,
        url=new.url or old.url,
        authors=new.authors or old.authors,
        upvotes=old.upvotes if new.upvotes is None else new.upvotes,
        keywords=new.keywords or old.keywords,
    )


def _day(old: Paper, new: Paper) -> date | None:
    """The day of Daily Papers where one of the records comes from there, the earlier where both do.

    An arXiv record alone is told by its number without upvotes; its day is that of publication, some days
    before, and must not take a paper out of the day on which people read it.
    """
    if old.date is None or new.date is None:
        return old.date or new.date
    if not _daily(new):
        return old.date
    return min(old.date, new.date) if _daily(old) else new.date


def _daily(paper: Paper) -> bool:
    return paper.upvotes is not None or paper.arxiv_id is None
