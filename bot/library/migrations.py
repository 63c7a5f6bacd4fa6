"""The catalogue's one ordered list of migrations; the names of those applied stand in its table `migrations`.

A migration never changes once it has been released: mend by adding another.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, text

from bot.errors import LibraryDamaged


def m001_papers(connection: Connection) -> None:
    """Papers, the ids they once had, and the journal of index writes under way."""
    _run(
        connection,
        """
        CREATE TABLE papers (
            key INTEGER PRIMARY KEY,
            rev INTEGER NOT NULL,
            id TEXT NOT NULL UNIQUE,
            arxiv_id TEXT UNIQUE,
            given_id TEXT UNIQUE,
            title TEXT NOT NULL,
            title_key TEXT NOT NULL,
            abstract TEXT NOT NULL,
            sentences TEXT NOT NULL,
            day INTEGER NOT NULL,
            date TEXT,
            url TEXT,
            authors TEXT NOT NULL,
            upvotes INTEGER,
            kind TEXT NOT NULL,
            keywords TEXT NOT NULL,
            source TEXT NOT NULL
        );
        CREATE INDEX papers_by_title ON papers (title_key);
        CREATE INDEX papers_by_day ON papers (day);
        CREATE TABLE aliases (id TEXT PRIMARY KEY, key INTEGER NOT NULL);
        CREATE TABLE journal (
            key INTEGER NOT NULL, rev INTEGER NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (key, rev)
        );
        CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
        INSERT INTO state VALUES ('generation', '0'), ('next_key', '1'), ('index', '1'), ('embeddings', ''),
            ('library', lower(hex(randomblob(4))));
        """,
    )


def m002_discord(connection: Connection) -> None:
    """What the Discord bot keeps: the answer log, feedback, threads, settings of servers, topics followed, posts."""
    _run(
        connection,
        """
        CREATE TABLE answers (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            asked_at REAL NOT NULL,
            person INTEGER NOT NULL,
            server INTEGER,
            place INTEGER NOT NULL,
            private INTEGER NOT NULL,
            parent INTEGER REFERENCES answers (id) ON DELETE SET NULL,
            question TEXT NOT NULL,
            answer TEXT NOT NULL
        );
        CREATE INDEX answers_by_place ON answers (place, person, id);
        CREATE INDEX answers_by_person ON answers (person);
        CREATE INDEX answers_by_parent ON answers (parent);
        CREATE INDEX answers_by_age ON answers (asked_at);
        CREATE TABLE answer_messages (
            message INTEGER PRIMARY KEY,
            answer INTEGER NOT NULL REFERENCES answers (id) ON DELETE CASCADE
        );
        CREATE INDEX answer_messages_by_answer ON answer_messages (answer);
        CREATE TABLE feedback (
            answer INTEGER NOT NULL REFERENCES answers (id) ON DELETE CASCADE,
            person INTEGER NOT NULL,
            vote INTEGER NOT NULL,
            reason TEXT,
            at REAL NOT NULL,
            PRIMARY KEY (answer, person)
        );
        CREATE TABLE threads (
            thread INTEGER PRIMARY KEY,
            answer INTEGER REFERENCES answers (id) ON DELETE SET NULL,
            hinted INTEGER NOT NULL,
            opened_at REAL NOT NULL
        );
        CREATE INDEX threads_by_answer ON threads (answer);
        CREATE TABLE lookups (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at REAL NOT NULL,
            person INTEGER NOT NULL,
            kind TEXT NOT NULL,
            body TEXT NOT NULL
        );
        CREATE INDEX lookups_by_age ON lookups (at);
        CREATE TABLE servers (server INTEGER PRIMARY KEY, settings TEXT NOT NULL);
        CREATE TABLE usage (
            day TEXT NOT NULL,
            kind TEXT NOT NULL,
            id INTEGER NOT NULL,
            questions INTEGER NOT NULL,
            PRIMARY KEY (day, kind, id)
        );
        CREATE TABLE follows (
            person INTEGER NOT NULL, topic TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (person, topic)
        );
        CREATE TABLE told (
            person INTEGER NOT NULL, paper INTEGER NOT NULL, at REAL NOT NULL, PRIMARY KEY (person, paper)
        );
        CREATE TABLE marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
        CREATE TABLE posts (
            channel INTEGER NOT NULL,
            day TEXT NOT NULL,
            server INTEGER NOT NULL,
            state TEXT NOT NULL,
            paper_day TEXT,
            message INTEGER,
            tries INTEGER NOT NULL,
            problem TEXT,
            at REAL NOT NULL,
            PRIMARY KEY (channel, day)
        );
        """,
    )


def m003_spending(connection: Connection) -> None:
    """What models cost, by day, person and model."""
    _run(
        connection,
        """
        CREATE TABLE spending (
            day TEXT NOT NULL,
            person TEXT NOT NULL,
            model TEXT NOT NULL,
            prompt_tokens INTEGER NOT NULL,
            completion_tokens INTEGER NOT NULL,
            cost_usd REAL,
            PRIMARY KEY (day, person, model)
        );
        """,
    )


def m004_mails(connection: Connection) -> None:
    """Daily summaries mailed: one row for each address, day of papers and topic."""
    _run(
        connection,
        """
        CREATE TABLE mails (
            address TEXT NOT NULL,
            day TEXT NOT NULL,
            topic TEXT NOT NULL,
            state TEXT NOT NULL,
            at REAL NOT NULL,
            PRIMARY KEY (address, day, topic)
        );
        """,
    )


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (m001_papers, m002_discord, m003_spending, m004_mails)


def pending(connection: Connection) -> list[Callable[[Connection], None]]:
    """The migrations still to be applied. Raises `LibraryDamaged` for a catalogue of a newer version."""
    known = {m.__name__ for m in MIGRATIONS}
    exists = connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'migrations'")).first()
    applied = {r[0] for r in connection.execute(text("SELECT name FROM migrations"))} if exists else set()
    if newer := sorted(applied - known):
        raise LibraryDamaged(
            f"the library was made by a newer version of papers-bot (it has {newer[0]}); "
            "update papers-bot, or choose another PAPERS_HOME"
        )
    return [m for m in MIGRATIONS if m.__name__ not in applied]


def migrate(connection: Connection) -> None:
    """Apply what is pending, inside the caller's transaction."""
    behind = pending(connection)
    connection.execute(text("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, at TEXT NOT NULL)"))
    for migration in behind:
        migration(connection)
        connection.execute(
            text("INSERT INTO migrations VALUES (:name, :at)"),
            {"name": migration.__name__, "at": datetime.now(UTC).isoformat(timespec="seconds")},
        )


def _run(connection: Connection, script: str) -> None:
    for statement in script.split(";"):
        if statement.strip():
            connection.execute(text(statement))
