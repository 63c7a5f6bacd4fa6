"""Conversations and the answer log: one row an answer, linked to the answer that its question went on from."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from bot import limits
from bot.answers.answer import Answer, Near, Removed, Source, Statement, Turn, answer_json
from bot.discord_app.records.tables import ANSWER_MESSAGES, ANSWERS, LOOKUPS, THREADS
from bot.library.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it came in: who asked, where, what answer it goes on from, and whether only they may see."""

    person: int
    server: int | None
    place: int
    question: str
    at: float
    private: bool = False
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """An answer in the log."""

    id: int
    asked: Asked
    answer: Answer

    @property
    def turn(self) -> Turn:
        """The exchange as the next question's history."""
        ids = tuple(source.id for source in self.answer.sources)
        return Turn(self.asked.question, self.answer.answer, ids)


class Conversations:
    """The answer log in a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def record(self, asked: Asked, answer: Answer) -> int:
        """Keep an answer; returns its number."""
        row = {
            "asked_at": asked.at,
            "person": asked.person,
            "server": asked.server,
            "place": asked.place,
            "private": int(asked.private),
            "question": asked.question,
            "answer": json.dumps(answer_json(answer), ensure_ascii=False),
        }
        with self._catalogue.writing() as connection:
            kept = select(ANSWERS.c.id).where(ANSWERS.c.id == asked.parent).scalar_subquery()
            made = connection.execute(insert(ANSWERS).values(parent=kept, **row)).inserted_primary_key
            assert made is not None
            return int(made[0])

    def posted(self, answer: int, message: int) -> None:
        """Note the message that shows an answer, if the answer is still kept."""
        with self._catalogue.writing() as connection:
            if connection.scalar(select(ANSWERS.c.id).where(ANSWERS.c.id == answer)) is not None:
                connection.execute(
                    insert(ANSWER_MESSAGES).prefix_with("OR REPLACE").values(message=message, answer=answer)
                )

    def get(self, answer: int) -> Logged | None:
        """The answer of a number."""
        with self._catalogue.reading() as connection:
            return _get(connection, answer)

    def of_message(self, message: int) -> Logged | None:
        """The answer that a message shows."""
        query = select(ANSWERS).join(ANSWER_MESSAGES, ANSWER_MESSAGES.c.answer == ANSWERS.c.id)
        with self._catalogue.reading() as connection:
            row = connection.execute(query.where(ANSWER_MESSAGES.c.message == message)).first()
            return _logged(row) if row else None

    def latest(self, place: int, person: int) -> int | None:
        """The number of the last public answer that a person got in a place.

        In a thread that the bot opened, and where they have asked nothing yet, the answer that it is on.
        """
        query = (
            select(ANSWERS.c.id)
            .where(ANSWERS.c.place == place, ANSWERS.c.person == person, ANSWERS.c.private == 0)
            .order_by(ANSWERS.c.id.desc())
        )
        with self._catalogue.reading() as connection:
            found = connection.scalar(query.limit(1))
            if found is None:
                found = connection.scalar(select(THREADS.c.answer).where(THREADS.c.thread == place))
            return None if found is None else int(found)

    def history(self, parent: int | None, person: int, *, private: bool) -> tuple[Turn, ...]:
        """The exchanges before a question that goes on from `parent`, oldest first, at most `HISTORY_TURNS`.

        Those of this person alone. Someone else's public answer counts where the question goes on from
        itself, which the asker chose to do, but not what came before it. Private exchanges count only in
        private.
        """
        turns: list[Turn] = []
        with self._catalogue.reading() as connection:
            while parent is not None and len(turns) < limits.HISTORY_TURNS:
                logged = _get(connection, parent)
                if logged is None or (logged.asked.private and not private):
                    break
                mine = logged.asked.person == person
                if not mine and (turns or logged.asked.private):
                    break
                turns.append(logged.turn)
                parent = logged.asked.parent if mine else None
        return tuple(reversed(turns))

    def remove(self, answer: int) -> None:
        """Take an answer out of the log, with its votes."""
        with self._catalogue.writing() as connection:
            connection.execute(delete(ANSWERS).where(ANSWERS.c.id == answer))

    def purge(self, before: float) -> int:
        """Remove what is older than `before`; returns how many answers went."""
        with self._catalogue.writing() as connection:
            gone = connection.execute(delete(ANSWERS).where(ANSWERS.c.asked_at < before)).rowcount
            connection.execute(delete(LOOKUPS).where(LOOKUPS.c.at < before))
            return int(gone)

    # Threads that the bot opened

    def open_thread(self, thread: int, answer: int, at: float) -> None:
        """Note a thread that the bot opened on an answer."""
        with self._catalogue.writing() as connection:
            connection.execute(
                insert(THREADS).prefix_with("OR IGNORE").values(thread=thread, answer=answer, hinted=0, opened_at=at)
            )

    def threads(self) -> set[int]:
        """The threads that the bot opened."""
        with self._catalogue.reading() as connection:
            return set(connection.scalars(select(THREADS.c.thread)))

    def hint_once(self, thread: int) -> bool:
        """True at the first call for a thread, False ever after."""
        change = update(THREADS).where(THREADS.c.thread == thread, THREADS.c.hinted == 0).values(hinted=1)
        with self._catalogue.writing() as connection:
            return connection.execute(change).rowcount == 1

    # What pages are made from

    def keep_lookup(self, person: int, kind: str, body: dict[str, Any], at: float) -> int:
        """Keep what the pages of a list are made from; returns its number."""
        values = {"at": at, "person": person, "kind": kind, "body": json.dumps(body, ensure_ascii=False)}
        with self._catalogue.writing() as connection:
            made = connection.execute(insert(LOOKUPS).values(**values)).inserted_primary_key
            assert made is not None
            return int(made[0])

    def lookup(self, number: int) -> dict[str, Any] | None:
        """The body of a kept lookup."""
        with self._catalogue.reading() as connection:
            row = connection.execute(select(LOOKUPS).where(LOOKUPS.c.id == number)).first()
            return dict(json.loads(row.body)) if row else None


def _get(connection: Connection, answer: int) -> Logged | None:
    row = connection.execute(select(ANSWERS).where(ANSWERS.c.id == answer)).first()
    return _logged(row) if row else None


def _logged(row: Row[Any]) -> Logged:
    asked = Asked(row.person, row.server, row.place, row.question, row.asked_at, bool(row.private), row.parent)
    return Logged(row.id, asked, _answer(json.loads(row.answer)))


def _answer(held: dict[str, Any]) -> Answer:
    """The inverse of `answer_json`, but for usage and timings."""
    return Answer(
        question=held["question"],
        mode=held["mode"],
        model=held["model"],
        abstained=held["abstained"],
        answer=held["answer"],
        sentences=tuple(Statement(s["text"], tuple(s["citations"]), s["support"]) for s in held["sentences"]),
        removed=tuple(Removed(**r) for r in held["removed"]),
        sources=tuple(
            Source(**{**s, "date": date.fromisoformat(s["date"]) if s["date"] else None}) for s in held["sources"]
        ),
        closest=tuple(Near(**n) for n in held["closest"]),
        notes=tuple(held["notes"]),
    )
