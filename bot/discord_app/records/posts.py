"""Daily summaries posted: one row for each channel and local day, claimed before anything is sent.

A row is `claimed` while its summary is being made and sent, then `posted`, `empty` (no papers) or `failed`
(Discord refuses; not tried again that day). A row that is still `claimed` when a process starts is one that
died between: whether the message went out must be looked up in the channel.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import insert, select, update

from bot.discord_app.records.tables import POSTS
from bot.library.catalogue import Catalogue

State = Literal["claimed", "posted", "empty", "failed"]


@dataclass(frozen=True, slots=True)
class Post:
    """The daily summary of one channel and local day; `paper_day` is the day of the papers in it."""

    channel: int
    day: date
    server: int
    state: State
    paper_day: date | None
    message: int | None
    tries: int
    problem: str | None
    at: float


class Posts:
    """The record of daily summaries."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def claim(self, channel: int, day: date, server: int, at: float) -> Post | None:
        """Begin the post of a day, or take up one that was begun and not finished.

        None where it is finished. The returned post has `tries` 1 where it is new.
        """
        where = (POSTS.c.channel == channel, POSTS.c.day == day.isoformat())
        with self._catalogue.writing() as connection:
            row = connection.execute(select(POSTS.c.state, POSTS.c.tries).where(*where)).first()
            if row is None:
                values = {"channel": channel, "day": day.isoformat(), "server": server, "at": at}
                connection.execute(insert(POSTS).values(state="claimed", tries=1, **values))
            elif row.state != "claimed":
                return None
            else:
                connection.execute(update(POSTS).where(*where).values(tries=row.tries + 1))
        return self.get(channel, day)

    def finish(
        self,
        post: Post,
        state: State,
        *,
        message: int | None = None,
        paper_day: date | None = None,
        problem: str | None = None,
    ) -> None:
        """Note what became of a claimed post."""
        values = {"state": state, "message": message, "problem": problem}
        values["paper_day"] = paper_day.isoformat() if paper_day else None
        where = (POSTS.c.channel == post.channel, POSTS.c.day == post.day.isoformat())
        with self._catalogue.writing() as connection:
            connection.execute(update(POSTS).where(*where).values(**values))

    def get(self, channel: int, day: date) -> Post | None:
        """The post of a channel and day."""
        query = select(POSTS).where(POSTS.c.channel == channel, POSTS.c.day == day.isoformat())
        return next(iter(self._read(query)), None)

    def last(self, server: int) -> Post | None:
        """The latest post of a server."""
        query = select(POSTS).where(POSTS.c.server == server).order_by(POSTS.c.at.desc()).limit(1)
        return next(iter(self._read(query)), None)

    def last_paper_day(self, channel: int) -> date | None:
        """The newest day of papers that a channel has had a summary of."""
        query = (
            select(POSTS)
            .where(POSTS.c.channel == channel, POSTS.c.paper_day.is_not(None))
            .order_by(POSTS.c.paper_day.desc())
            .limit(1)
        )
        post = next(iter(self._read(query)), None)
        return post.paper_day if post else None

    def _read(self, query: object) -> list[Post]:
        with self._catalogue.reading() as connection:
            return [
                Post(
                    row.channel,
                    date.fromisoformat(row.day),
                    row.server,
                    row.state,
                    date.fromisoformat(row.paper_day) if row.paper_day else None,
                    row.message,
                    row.tries,
                    row.problem,
                    row.at,
                )
                for row in connection.execute(query)  # type: ignore[call-overload]
            ]
