"""The catalogue: one SQLite database in WAL mode that owns the truth about papers; the indexes follow it.

Everything that the program keeps goes through this module's engine, and every change through one transaction.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    event,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError
from sqlalchemy.pool import QueuePool

from bot import limits
from bot.errors import LibraryDamaged, PapersError
from bot.library.dates import DateRange
from bot.library.migrations import MIGRATIONS, migrate, pending
from bot.papers.paper import Kind, Paper, Unusable
from bot.papers.text import title_key

METADATA = MetaData()
PAPERS = Table(
    "papers",
    METADATA,
    Column("key", Integer, primary_key=True),
    Column("rev", Integer),
    *(Column(n, String) for n in ("id", "arxiv_id", "given_id", "title", "title_key", "abstract", "sentences")),
    Column("day", Integer),
    *(Column(n, String) for n in ("date", "url", "authors")),
    Column("upvotes", Integer),
    *(Column(n, String) for n in ("kind", "keywords", "source")),
)
ALIASES = Table("aliases", METADATA, Column("id", String, primary_key=True), Column("key", Integer))
JOURNAL = Table(
    "journal",
    METADATA,
    Column("key", Integer, primary_key=True),
    Column("rev", Integer, primary_key=True),
    Column("size", Integer),
)
STATE = Table("state", METADATA, Column("name", String, primary_key=True), Column("value", String))
SPENDING = Table(
    "spending",
    METADATA,
    *(Column(n, String, primary_key=True) for n in ("day", "person", "model")),
    *(Column(n, Integer) for n in ("prompt_tokens", "completion_tokens")),
    Column("cost_usd", Float),
)
"""Tokens of models a day, by person (empty: at this machine) and model; no cost where its price is not known."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A paper in the library: `key` is the catalogue's number of it, `rev` of its present text."""

    key: int
    rev: int
    paper: Paper
    source: str

    @property
    def id(self) -> str:
        """The paper's id."""
        return self.paper.id

    @property
    def chunks(self) -> tuple[int, int, int]:
        """(key, rev, number of sentences): what its chunks in the indexes are named by."""
        return self.key, self.rev, len(self.paper.sentences)


class Catalogue:
    """The papers, and what is known of the indexes beside them. Opened, and brought up to date, at once.

    Raises `PapersError` where the directory cannot be written, `LibraryDamaged` where the file is no database
    of ours or of a newer version.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PapersError(
                f"cannot create the data directory {path.parent}: {error.strerror}; set PAPERS_HOME"
            ) from error
        self.engine: Engine = create_engine(
            f"sqlite:///{path}",
            poolclass=QueuePool,
            pool_size=8,
            max_overflow=32,
            connect_args={"timeout": limits.BUSY_SECONDS, "check_same_thread": False},
        )
        event.listen(self.engine, "connect", _set_up)
        event.listen(self.engine, "begin", _begin)
        # A new file is made, and an old one changed, by one process while the others wait.
        with (
            FileLock(str(path) + ".opening") if not path.exists() else nullcontext(),
            self.reading() as first,
        ):
            behind = pending(first)
        if behind:
            with FileLock(str(path) + ".opening"), self.writing() as connection:
                new = len(pending(connection)) == len(MIGRATIONS)
                migrate(connection)
                if new:  # indexes that a catalogue moved away has left behind are not this one's
                    left = [int(name) for f in path.parent.glob("index-*") if (name := f.name[6:]).isdigit()]
                    self.set_state(connection, "index", str(max(left, default=0) + 1))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one consistent state."""
        with self._errors(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in one transaction, which is durable when the block ends, and nothing when it raises."""
        writer = self.engine.execution_options(writes=True)
        with self._errors(), writer.begin() as connection:
            yield connection

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise _explain(error, self._path) from error

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    # Reading

    def state(self, name: str) -> str:
        """A value of the state table, such as the generation; "" where there is none."""
        with self.reading() as connection:
            return connection.scalar(select(STATE.c.value).where(STATE.c.name == name)) or ""

    def get(self, pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Stored]:
        """The papers of the given (key, rev) that the library holds."""
        wanted = set(pairs)
        found: dict[tuple[int, int], Stored] = {}
        keys = sorted({key for key, _ in wanted})
        with self.reading() as connection:
            for start in range(0, len(keys), 500):
                rows = connection.execute(select(PAPERS).where(PAPERS.c.key.in_(keys[start : start + 500])))
                found.update({(r.key, r.rev): _stored(r) for r in rows if (r.key, r.rev) in wanted})
        return found

    def by_id(self, paper_id: str) -> Stored | None:
        """The paper of an id that it has or once had."""
        with self.reading() as connection:
            row = connection.execute(select(PAPERS).where(PAPERS.c.id == paper_id)).first()
            if row is None:
                alias = select(ALIASES.c.key).where(ALIASES.c.id == paper_id).scalar_subquery()
                row = connection.execute(select(PAPERS).where(PAPERS.c.key == alias)).first()
            return _stored(row) if row else None

    def by_title(self, title: str, *, part: bool = False) -> list[Stored]:
        """The papers of exactly this title, or with `part` those whose title has it: words, the last perhaps unfinished."""
        key = title_key(title)
        if not key:
            return []
        column = PAPERS.c.title_key
        match = column == key if not part else func.instr(" " + column, " " + key) > 0
        with self.reading() as connection:
            return [_stored(r) for r in connection.execute(select(PAPERS).where(match).order_by(PAPERS.c.key))]

    def titles(self, part: str, n: int) -> list[str]:
        """At most `n` titles that hold a word beginning with `part`; those that begin with it come first."""
        key = title_key(part)
        place = func.instr(" " + PAPERS.c.title_key, " " + key)
        query = select(PAPERS.c.title).where(place > 0).order_by(place > 1, PAPERS.c.day.desc(), PAPERS.c.key)
        with self.reading() as connection:
            return list(connection.scalars(query.limit(n))) if key else []

    def dates_of(self, titles: Sequence[str]) -> dict[str, date]:
        """The dates of those papers among `titles` that are known and dated, by title as given."""
        keys = {title_key(title): title for title in titles}
        found: dict[str, date] = {}
        names = list(keys)
        with self.reading() as connection:
            for start in range(0, len(names), 500):
                chosen = PAPERS.c.title_key.in_(names[start : start + 500]), PAPERS.c.date.is_not(None)
                rows = connection.execute(select(PAPERS.c.title_key, PAPERS.c.date).where(*chosen))
                found.update({keys[key]: date.fromisoformat(day) for key, day in rows})
        return found

    def only_notes(self) -> bool:
        """Whether there are papers, and all of them are notes, as in the bundled sample."""
        with self.reading() as connection:
            kinds = set(connection.scalars(select(PAPERS.c.kind).distinct()))
            return kinds == {"note"}

    def faults(self) -> list[str]:
        """What SQLite itself finds wrong with the file; nothing where it is sound."""
        with self.reading() as connection:
            told = connection.exec_driver_sql("PRAGMA integrity_check(10)").scalars()
            return [line for line in told if line != "ok"]

    def papers(self, dates: DateRange | None = None) -> list[Stored]:
        """All papers of the range, the newest day first, in the order of their coming in within a day."""
        query = select(PAPERS).order_by(PAPERS.c.day.desc(), PAPERS.c.key)
        if dates and dates.since:
            query = query.where(PAPERS.c.date >= dates.since.isoformat())
        if dates and dates.until:
            query = query.where(PAPERS.c.date <= dates.until.isoformat())
        with self.reading() as connection:
            return [_stored(row) for row in connection.execute(query)]

    def revisions(self) -> list[tuple[int, int, int]]:
        """(key, rev, number of sentences) of every paper."""
        size = func.json_array_length(PAPERS.c.sentences)
        with self.reading() as connection:
            rows = connection.execute(select(PAPERS.c.key, PAPERS.c.rev, size).order_by(PAPERS.c.key))
            return [(r[0], r[1], r[2]) for r in rows]

    def days(self) -> list[tuple[date, int]]:
        """Each day of which there are papers, with their number, oldest first."""
        query = select(PAPERS.c.date, func.count()).where(PAPERS.c.date.is_not(None)).group_by(PAPERS.c.date)
        with self.reading() as connection:
            return [(date.fromisoformat(d), n) for d, n in connection.execute(query.order_by(PAPERS.c.date))]

    def is_empty(self) -> bool:
        """Whether there is no paper at all."""
        with self.reading() as connection:
            return connection.execute(select(PAPERS.c.key).limit(1)).first() is None

    def count(self) -> tuple[int, int]:
        """How many papers there are, and how many chunks (titles and sentences)."""
        sentences = func.coalesce(func.sum(func.json_array_length(PAPERS.c.sentences) + 1), 0)
        with self.reading() as connection:
            papers, chunks = connection.execute(select(func.count(), sentences).select_from(PAPERS)).one()
            return papers, chunks

    def same(self, connection: Connection, paper: Paper) -> Stored | None:
        """The paper that `paper` is another record of: by number or given id, else by title.

        By title only where at least one of the two has neither number nor given id. Raises `Unusable` where its
        number and its given id name two different papers.
        """
        named = [
            column == value
            for column, value in ((PAPERS.c.arxiv_id, paper.arxiv_id), (PAPERS.c.given_id, paper.given_id))
            if value
        ]
        if named:
            ids = [i for i in (paper.id, paper.given_id) if i]
            alias = select(ALIASES.c.key).where(ALIASES.c.id.in_(ids))
            rows = connection.execute(select(PAPERS).where(or_(*named, PAPERS.c.key.in_(alias)))).all()
            if len(rows) > 1:
                raise Unusable(f"its number and its id belong to two papers, {rows[0].id} and {rows[1].id}")
            if rows:
                return _stored(rows[0])
        query = select(PAPERS).where(PAPERS.c.title_key == title_key(paper.title)).order_by(PAPERS.c.key)
        if named:
            query = query.where(PAPERS.c.arxiv_id.is_(None), PAPERS.c.given_id.is_(None))
        row = connection.execute(query).first()
        return _stored(row) if row else None

    # Writing; each is one step of `bot.library.writing`, inside its transaction

    def next_keys(self, connection: Connection, n: int) -> range:
        """`n` numbers never given before."""
        first = int(connection.scalar(select(STATE.c.value).where(STATE.c.name == "next_key")) or 1)
        self.set_state(connection, "next_key", str(first + n))
        return range(first, first + n)

    def set_state(self, connection: Connection, name: str, value: str) -> None:
        """Set a value of the state table."""
        connection.execute(update(STATE).where(STATE.c.name == name).values(value=value))

    def new_generation(self, connection: Connection) -> None:
        """Tell readers that the library has changed."""
        now = int(connection.scalar(select(STATE.c.value).where(STATE.c.name == "generation")) or 0)
        self.set_state(connection, "generation", str(now + 1))

    def save(self, connection: Connection, key: int, rev: int, paper: Paper, source: str) -> None:
        """Make `paper` the content of `key`; an id that it had before keeps resolving."""
        before = connection.execute(select(PAPERS.c.id, PAPERS.c.given_id).where(PAPERS.c.key == key)).first()
        row = _row(paper) | {"rev": rev, "source": source}
        if before is None:
            connection.execute(insert(PAPERS).values(key=key, **row))
        else:
            connection.execute(update(PAPERS).where(PAPERS.c.key == key).values(**row))
        old = {i for i in (before or ()) if i} | {paper.given_id or ""}
        for name in old - {paper.id, ""}:
            connection.execute(delete(ALIASES).where(ALIASES.c.id == name))
            connection.execute(insert(ALIASES).values(id=name, key=key))

    def remove(self, connection: Connection, stored: Stored) -> None:
        """Take a paper out of the catalogue."""
        connection.execute(delete(ALIASES).where(ALIASES.c.key == stored.key))
        connection.execute(delete(PAPERS).where(PAPERS.c.key == stored.key))

    def journal(self, connection: Connection) -> list[tuple[int, int, int]]:
        """The chunks that may stand in the indexes without belonging there: (key, rev, number of sentences)."""
        return [(r.key, r.rev, r.size) for r in connection.execute(select(JOURNAL))]

    def add_to_journal(self, connection: Connection, chunks: Sequence[tuple[int, int, int]]) -> None:
        """Note chunks that are about to be written, or that are to be deleted."""
        for key, rev, size in chunks:
            connection.execute(insert(JOURNAL).values(key=key, rev=rev, size=size))

    def clear_journal(self, connection: Connection, chunks: Sequence[tuple[int, int, int]]) -> None:
        """Strike out chunks that now belong to a paper, or are gone."""
        for key, rev, _ in chunks:
            connection.execute(delete(JOURNAL).where(JOURNAL.c.key == key, JOURNAL.c.rev == rev))


def _set_up(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's event below begins transactions, not the driver
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A writer takes its lock at the start: a transaction that reads first could fail when it comes to write.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _explain(error: DBAPIError, path: Path) -> PapersError:
    reason = str(error.orig)
    lowered = reason.lower()
    if "locked" in lowered or "busy" in lowered:
        return PapersError(f"the library {path} is locked by another program ({reason}); try again")
    if any(word in lowered for word in ("readonly", "unable to open", "full", "disk i/o", "permission")):
        return PapersError(
            f"cannot write to {path} ({reason}); check space and permissions, or set PAPERS_HOME elsewhere"
        )
    if isinstance(error, IntegrityError):
        return PapersError(f"the catalogue {path} refused a record ({reason}); nothing was changed")
    if isinstance(error, DatabaseError):
        return LibraryDamaged(
            f"the catalogue {path} is damaged ({reason}); nothing was changed: restore it from a copy, "
            "or move it away and ingest again"
        )
    return PapersError(f"the catalogue {path} failed: {reason}")


def _row(paper: Paper) -> dict[str, Any]:
    return {
        "id": paper.id,
        "arxiv_id": paper.arxiv_id,
        "given_id": paper.given_id,
        "title": paper.title,
        "title_key": title_key(paper.title),
        "abstract": paper.abstract,
        "sentences": json.dumps(paper.sentences, ensure_ascii=False),
        "day": int(f"{paper.date:%Y%m%d}") if paper.date else 0,
        "date": paper.date.isoformat() if paper.date else None,
        "url": paper.url,
        "authors": json.dumps(paper.authors, ensure_ascii=False),
        "upvotes": paper.upvotes,
        "kind": paper.kind,
        "keywords": json.dumps(paper.keywords, ensure_ascii=False),
    }


def _stored(row: Any) -> Stored:
    kind: Kind = "note" if row.kind == "note" else "abstract"
    paper = Paper(
        title=row.title,
        abstract=row.abstract,
        sentences=tuple(json.loads(row.sentences)),
        date=date.fromisoformat(row.date) if row.date else None,
        arxiv_id=row.arxiv_id,
        given_id=row.given_id,
        url=row.url,
        authors=tuple(json.loads(row.authors)),
        upvotes=row.upvotes,
        kind=kind,
        keywords=tuple(json.loads(row.keywords)),
    )
    return Stored(row.key, row.rev, paper, row.source)
