"""What is kept of a person besides conversations: votes and follows; all of it shown, and all of it forgotten."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select

from bot import limits
from bot.discord_app.records.tables import ANSWERS, FEEDBACK, FOLLOWS, LOOKUPS, MARKS, TOLD, USAGE
from bot.library.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Held:
    """How much of each kind is kept of a person."""

    answers: int
    votes: int
    follows: tuple[str, ...]
    told: int
    usage_days: int
    lookups: int

    @property
    def empty(self) -> bool:
        """Whether nothing is kept."""
        return not (self.answers or self.votes or self.follows or self.told or self.usage_days or self.lookups)


class People:
    """Votes, follows, and the whole of what is kept of a person."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    # Votes

    def vote(self, answer: int, person: int, vote: int, at: float, reason: str | None = None) -> bool:
        """Keep a person's vote (1 or -1) on an answer, in place of an earlier one; False if the answer is gone."""
        with self._catalogue.writing() as connection:
            if connection.scalar(select(ANSWERS.c.id).where(ANSWERS.c.id == answer)) is None:
                return False
            connection.execute(
                insert(FEEDBACK)
                .prefix_with("OR REPLACE")
                .values(answer=answer, person=person, vote=vote, reason=reason, at=at)
            )
            return True

    # Follows

    def follow(self, person: int, topic: str, at: float) -> str | None:
        """Follow a topic. None, or what stands against it: "many" or "known"."""
        with self._catalogue.writing() as connection:
            held = connection.scalars(select(FOLLOWS.c.topic).where(FOLLOWS.c.person == person)).all()
            if topic.casefold() in {t.casefold() for t in held}:
                return "known"
            if len(held) >= limits.FOLLOWS_PERSON:
                return "many"
            connection.execute(insert(FOLLOWS).values(person=person, topic=topic, at=at))
            return None

    def unfollow(self, person: int, topic: str) -> bool:
        """Follow a topic no longer; False if it was not followed."""
        with self._catalogue.writing() as connection:
            held = connection.scalars(select(FOLLOWS.c.topic).where(FOLLOWS.c.person == person)).all()
            named = [t for t in held if t.casefold() == topic.casefold()]
            change = delete(FOLLOWS).where(FOLLOWS.c.person == person, FOLLOWS.c.topic.in_(named))
            return connection.execute(change).rowcount > 0

    def follows(self, person: int) -> tuple[str, ...]:
        """The topics that a person follows, oldest first."""
        query = select(FOLLOWS.c.topic).where(FOLLOWS.c.person == person).order_by(FOLLOWS.c.at)
        with self._catalogue.reading() as connection:
            return tuple(connection.scalars(query))

    def followers(self) -> dict[int, list[tuple[str, float]]]:
        """Every follower with their topics and since when each is followed."""
        found: dict[int, list[tuple[str, float]]] = {}
        with self._catalogue.reading() as connection:
            for row in connection.execute(select(FOLLOWS).order_by(FOLLOWS.c.at)):
                found.setdefault(row.person, []).append((row.topic, row.at))
        return found

    def claim(self, person: int, papers: list[int], at: float) -> list[int]:
        """Those of `papers` (keys) that the person has not been told of; they now count as told."""
        with self._catalogue.writing() as connection:
            known = set(
                connection.scalars(select(TOLD.c.paper).where(TOLD.c.person == person, TOLD.c.paper.in_(papers)))
            )
            fresh = [p for p in papers if p not in known]
            for paper in fresh:
                connection.execute(insert(TOLD).values(person=person, paper=paper, at=at))
            return fresh

    def mark(self, name: str) -> int | None:
        """How far something has got; None where it has not begun."""
        with self._catalogue.reading() as connection:
            found = connection.scalar(select(MARKS.c.value).where(MARKS.c.name == name))
            return None if found is None else int(found)

    def set_mark(self, name: str, value: int) -> None:
        """Note how far something has got."""
        with self._catalogue.writing() as connection:
            connection.execute(insert(MARKS).prefix_with("OR REPLACE").values(name=name, value=value))

    # All of it

    def held(self, person: int) -> Held:
        """What is kept of a person."""
        with self._catalogue.reading() as connection:

            def count(table: Any) -> int:
                query = select(func.count()).select_from(table).where(table.c.person == person)
                return int(connection.scalar(query) or 0)

            days = select(func.count()).where(USAGE.c.kind == "person", USAGE.c.id == person)
            topics = select(FOLLOWS.c.topic).where(FOLLOWS.c.person == person).order_by(FOLLOWS.c.at)
            return Held(
                count(ANSWERS),
                count(FEEDBACK),
                tuple(connection.scalars(topics)),
                count(TOLD),
                int(connection.scalar(days) or 0),
                count(LOOKUPS),
            )

    def forget(self, person: int) -> None:
        """Remove all that is kept of a person. Votes of others on their answers go with the answers."""
        with self._catalogue.writing() as connection:
            for table in (FEEDBACK, FOLLOWS, TOLD, LOOKUPS, ANSWERS):
                connection.execute(delete(table).where(table.c.person == person))
            connection.execute(delete(USAGE).where(USAGE.c.kind == "person", USAGE.c.id == person))


def feedback(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Every vote with its question, answer and sources, newest first, for `papers stats --feedback`.

    Each is `{"at", "vote" (1 or -1), "reason", "question", "answer", "mode", "sources": [titles]}`; people are
    not named.
    """
    query = (
        select(FEEDBACK.c.at, FEEDBACK.c.vote, FEEDBACK.c.reason, ANSWERS.c.question, ANSWERS.c.answer)
        .join(ANSWERS, ANSWERS.c.id == FEEDBACK.c.answer)
        .order_by(FEEDBACK.c.at.desc())
    )
    with catalogue.reading() as connection:
        rows = connection.execute(query).all()
    found = []
    for row in rows:
        answer = json.loads(row.answer)
        found.append(
            {
                "at": datetime.fromtimestamp(row.at, UTC).isoformat(timespec="seconds"),
                "vote": row.vote,
                "reason": row.reason,
                "question": row.question,
                "answer": answer["answer"],
                "mode": answer["mode"],
                "sources": [source["title"] for source in answer["sources"]],
            }
        )
    return found
