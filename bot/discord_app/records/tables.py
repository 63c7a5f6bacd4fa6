"""The bot's tables in the catalogue; the migration `m002_discord` of `bot.library.migrations` creates them.

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
