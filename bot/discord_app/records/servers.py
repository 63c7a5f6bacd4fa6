"""What the admins of a server have set. Held in memory, so that reading it never waits; changes are stored."""

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import delete, insert, select

from bot import limits
from bot.discord_app.records.tables import SERVERS
from bot.library.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class DigestPlan:
    """When and where the daily summary is posted: local `time` HH:MM in the time zone `zone`.

    Times before the moment `since` are not caught up. With `say_empty` a day without papers is said to be one.
    """

    channel: int
    time: str
    zone: str
    since: float
    say_empty: bool = False


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """The settings of one server. No `allowed` channel means all but the `denied`."""

    allowed: tuple[int, ...] = ()
    denied: tuple[int, ...] = ()
    person_quota: int = limits.QUESTIONS_PERSON_DAY
    server_quota: int = limits.QUESTIONS_SERVER_DAY
    digest: DigestPlan | None = None
    sources: tuple[str, ...] = ()

    def answers_in(self, channel: int) -> bool:
        """Whether questions are answered in this channel (of a thread: the channel that it is in)."""
        return channel not in self.denied and (not self.allowed or channel in self.allowed)

    def allow(self, channel: int) -> "ServerSettings":
        """A channel that was denied is so no longer; any other becomes one of the only channels."""
        if channel in self.denied:
            return replace(self, denied=tuple(c for c in self.denied if c != channel))
        return replace(self, allowed=(*self.allowed, channel) if channel not in self.allowed else self.allowed)

    def deny(self, channel: int) -> "ServerSettings":
        """No answers in this channel."""
        return replace(
            self,
            allowed=tuple(c for c in self.allowed if c != channel),
            denied=(*self.denied, channel) if channel not in self.denied else self.denied,
        )


DEFAULT = ServerSettings()


class Servers:
    """The settings of all servers. `load` once; then `get` answers at once, `change` and `forget` block."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._held: dict[int, ServerSettings] = {}

    def load(self) -> None:
        """Read all settings."""
        with self._catalogue.reading() as connection:
            rows = connection.execute(select(SERVERS)).all()
        self._held = {row.server: _settings(json.loads(row.settings)) for row in rows}

    def get(self, server: int | None) -> ServerSettings:
        """The settings in force for a server, the defaults elsewhere."""
        return self._held.get(server, DEFAULT) if server is not None else DEFAULT

    def all(self) -> dict[int, ServerSettings]:
        """Every server with settings of its own."""
        return dict(self._held)

    def change(self, server: int, settings: ServerSettings) -> None:
        """Store a server's settings; they are in force at once."""
        values = {"server": server, "settings": json.dumps(asdict(settings), ensure_ascii=False)}
        with self._catalogue.writing() as connection:
            connection.execute(insert(SERVERS).prefix_with("OR REPLACE").values(**values))
        self._held[server] = settings

    def forget(self, server: int) -> None:
        """Remove a server's settings."""
        with self._catalogue.writing() as connection:
            connection.execute(delete(SERVERS).where(SERVERS.c.server == server))
        self._held.pop(server, None)


def _settings(held: dict[str, Any]) -> ServerSettings:
    plan = held.get("digest")
    lists = {name: tuple(held.get(name, ())) for name in ("allowed", "denied", "sources")}
    return ServerSettings(**{**held, **lists, "digest": DigestPlan(**plan) if plan else None})
