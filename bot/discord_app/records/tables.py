"""The bot's tables in the catalogue; they are created by the migration `m002_discord` of `bot.library.migrations`.

Ids of people, servers, places (a channel, thread or direct message) and messages are Discord's own numbers;
moments are seconds since 1970; days are YYYY-MM-DD.
"""

from sqlalchemy import Column, Float, Integer, String, Table

from bot.library.catalogue import METADATA

ANSWERS = Table(
    "answers",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("asked_at", Float),
    Column("person", Integer),
    Column("server", Integer),
    Column("place", Integer),
    Column("private", Integer),
    Column("parent", Integer),
    Column("question", String),
    Column("answer", String),
)
"""The answer log and the conversations: `parent` is the answer that a question went on from."""

ANSWER_MESSAGES = Table(
    "answer_messages",
    METADATA,
    Column("message", Integer, primary_key=True),
    Column("answer", Integer),
)
FEEDBACK = Table(
    "feedback",
    METADATA,
    Column("answer", Integer, primary_key=True),
    Column("person", Integer, primary_key=True),
    Column("vote", Integer),
    Column("reason", String),
    Column("at", Float),
)
THREADS = Table(
    "threads",
    METADATA,
    Column("thread", Integer, primary_key=True),
    Column("answer", Integer),
    Column("hinted", Integer),
    Column("opened_at", Float),
)
"""Threads that the bot opened, and the answer that each began with."""

LOOKUPS = Table(
    "lookups",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", Float),
    Column("person", Integer),
    Column("kind", String),
    Column("body", String),
)
"""What the pages of a search or summary are made from when someone turns them."""

SERVERS = Table("servers", METADATA, Column("server", Integer, primary_key=True), Column("settings", String))

USAGE = Table(
    "usage",
    METADATA,
    Column("day", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("id", Integer, primary_key=True),
    Column("questions", Integer),
)
"""Questions asked in a day, by person and by server (`kind`)."""

FOLLOWS = Table(
    "follows",
    METADATA,
    Column("person", Integer, primary_key=True),
    Column("topic", String, primary_key=True),
    Column("at", Float),
)
TOLD = Table(
    "told",
    METADATA,
    Column("person", Integer, primary_key=True),
    Column("paper", Integer, primary_key=True),
    Column("at", Float),
)
"""Papers (by their key) that a follower has been told of."""

MARKS = Table("marks", METADATA, Column("name", String, primary_key=True), Column("value", Integer))
"""How far something has got: `news` is the key of the newest paper that followers were told of."""

POSTS = Table(
    "posts",
    METADATA,
    Column("channel", Integer, primary_key=True),
    Column("day", String, primary_key=True),
    Column("server", Integer),
    Column("state", String),
    Column("paper_day", String),
    Column("message", Integer),
    Column("tries", Integer),
    Column("problem", String),
    Column("at", Float),
)
"""Daily summaries: one row for each channel and local day, claimed before it is sent."""

MIGRATION = """
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
)
"""
