"""A small Discord on loopback: real HTTP and a real gateway, for what a virtual one cannot show.

SimCord replaces discord.py's network and clock; here the bot is a process of its own that is spoken to as
Discord does, so that signals, heartbeats, a blocked event loop and real waiting are seen. It knows one
server with one channel, and what the bot needs of the API.
"""

import asyncio
import itertools
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

TOKEN = "good.token.for-tests"
BOT, SERVER, CHANNEL, OWNER = 1000, 2000, 3000, 4000
MESSAGE_CONTENT = 1 << 15
PERMISSIONS = str(0xFFFFFFFFFFFF)


@dataclass
class Interaction:
    """An interaction that was sent, and what became of it; moments are seconds of `time.monotonic`."""

    id: int
    token: str
    sent: float
    acknowledged: float | None = None
    kind: int | None = None
    finished: float | None = None
    shown: list[tuple[float, dict[str, Any]]] = field(default_factory=list)

    @property
    def last(self) -> dict[str, Any]:
        """What is shown last."""
        return self.shown[-1][1] if self.shown else {}

    @property
    def text(self) -> str:
        """The words that are shown last."""
        return _text(self.last)


def _text(body: dict[str, Any]) -> str:
    embeds = body.get("embeds") or []
    return "\n".join([body.get("content") or "", *(e.get("description") or "" for e in embeds)]).strip()


class Loopback:
    """The server, in a thread of its own. Use as a context manager."""

    def __init__(self, heartbeat: float = 0.5) -> None:
        self.heartbeat = heartbeat
        self.heartbeats: list[float] = []
        self.identified = threading.Event()
        self.ready = threading.Event()
        self.closed = threading.Event()
        self.close_code: int | None = None
        self.interactions: dict[str, Interaction] = {}
        self.messages: list[dict[str, Any]] = []
        self.on_message: Callable[[], object] = lambda: None  # after a message came, before that is answered
        self.commands: list[dict[str, Any]] = []
        self.writes = 0
        self.wrong_requests: list[str] = []
        self._ids = itertools.count(5_000_000_000)
        self._sequence = itertools.count(1)
        self._loop = asyncio.new_event_loop()
        self._serving = threading.Event()
        self._socket: web.WebSocketResponse | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.port = 0

    @property
    def base(self) -> str:
        """What discord.py's `Route.BASE` is to be."""
        return f"http://127.0.0.1:{self.port}/api/v10"

    def __enter__(self) -> "Loopback":
        self._thread.start()
        assert self._serving.wait(10)
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    # What people do

    def slash(self, name: str, person: int = 9000, *, number: int | None = None, **options: Any) -> Interaction:
        """Use a slash command; with `number` one that was sent before is sent again."""
        given = [{"name": k, "type": 5 if isinstance(v, bool) else 3, "value": v} for k, v in options.items()]
        data = {"id": "1", "name": name, "type": 1, "options": given}
        return self._interact(2, data, person, number)

    def mention(self, text: str, person: int = 9000, number: int | None = None) -> int:
        """Write a message that mentions the bot; its id."""
        made = number or next(self._ids)
        message = {
            **self._message(made, {"content": f"<@{BOT}> {text}"}),
            "author": _user(person),
            "member": _member(person),
            "mentions": [_user(BOT, bot=True)],
            "guild_id": str(SERVER),
        }
        self.dispatch("MESSAGE_CREATE", message)
        return made

    def _interact(self, kind: int, data: dict[str, Any], person: int, number: int | None) -> Interaction:
        made = number or next(self._ids)
        token = f"token-{made}"
        interaction = self.interactions.setdefault(token, Interaction(made, token, time.monotonic()))
        payload = {
            "id": str(made),
            "application_id": str(BOT),
            "type": kind,
            "token": token,
            "version": 1,
            "data": data,
            "guild_id": str(SERVER),
            "channel_id": str(CHANNEL),
            "channel": _channel(),
            "member": {**_member(person), "user": _user(person), "permissions": PERMISSIONS},
            "locale": "en-GB",
            "app_permissions": PERMISSIONS,
            "authorizing_integration_owners": {"0": str(SERVER)},
            "context": 0,
            "entitlements": [],
            "attachment_size_limit": 10_000_000,
        }
        self.dispatch("INTERACTION_CREATE", payload)
        return interaction

    def dispatch(self, event: str, data: dict[str, Any]) -> None:
        """Send a gateway event."""
        asyncio.run_coroutine_threadsafe(self._send(0, data, event), self._loop).result(10)

    # The server

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        app = web.Application(client_max_size=30_000_000)
        app.router.add_get("/gateway", self._gateway)
        app.router.add_get("/gateway/", self._gateway)
        app.router.add_route("*", "/api/v10/{path:.*}", self._api)
        runner = web.AppRunner(app, access_log=None)
        self._loop.run_until_complete(runner.setup())
        site = web.TCPSite(runner, "127.0.0.1", 0, backlog=512)
        self._loop.run_until_complete(site.start())
        self.port = runner.addresses[0][1]
        self._serving.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())

    async def _send(self, op: int, data: Any, event: str | None = None) -> None:
        assert self._socket is not None
        number = next(self._sequence) if op == 0 else None
        await self._socket.send_str(json.dumps({"op": op, "d": data, "s": number, "t": event}))

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        self._socket = socket
        await self._send(10, {"heartbeat_interval": int(self.heartbeat * 1000)})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            told = json.loads(message.data)
            if told["op"] == 1:
                self.heartbeats.append(time.monotonic())
                await self._send(11, None)
            elif told["op"] == 2:
                await self._identified(told["d"])
        self.close_code = socket.close_code
        self.closed.set()
        return socket

    async def _identified(self, told: dict[str, Any]) -> None:
        self.intents = told["intents"]
        if self.intents & MESSAGE_CONTENT:
            assert self._socket is not None
            await self._socket.close(code=4014)  # the intent was not granted
            return
        ready = {
            "v": 10,
            "user": _user(BOT, bot=True),
            "guilds": [{"id": str(SERVER), "unavailable": True}],
            "session_id": "session",
            "resume_gateway_url": f"ws://127.0.0.1:{self.port}/gateway/",
            "application": {"id": str(BOT), "flags": 0},
        }
        await self._send(0, ready, "READY")
        await self._send(0, _server(), "GUILD_CREATE")
        self.identified.set()
        self._loop.call_later(2.5, self.ready.set)  # discord.py itself waits two seconds for more servers

    async def _api(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        parts = path.split("/")
        body = await self._body(request)
        if parts[0] in ("interactions", "webhooks"):
            return self._interaction(request.method, parts, body)
        if request.headers.get("Authorization") != f"Bot {TOKEN}":
            return _json({"message": "401: Unauthorized", "code": 0}, status=401)
        if path == "users/@me":
            return _json(_user(BOT, bot=True))
        if path == "oauth2/applications/@me":
            return _json(_application())
        if path == "gateway/bot":
            limits = {"total": 1000, "remaining": 999, "reset_after": 1, "max_concurrency": 1}
            address = f"ws://127.0.0.1:{self.port}/gateway"
            return _json({"url": address, "shards": 1, "session_start_limit": limits})
        if parts[0] == "applications" and parts[-1] == "commands":
            return self._commands(request.method, body)
        if parts[0] == "channels" and parts[-1] == "typing":
            return web.Response(status=204)
        if parts[0] == "channels" and parts[2] == "messages":
            return self._channel_message(request.method, parts, body)
        self.wrong_requests.append(f"{request.method} {path}")
        return _json({"message": "404: Not Found", "code": 0}, status=404)

    async def _body(self, request: web.Request) -> Any:
        if request.content_type.startswith("multipart/"):
            fields = await request.post()
            return json.loads(str(fields.get("payload_json", "{}")))
        return await request.json() if request.can_read_body else {}

    def _commands(self, method: str, body: Any) -> web.Response:
        if method == "PUT":
            self.writes += 1
            head = {"application_id": str(BOT), "version": "1", "description": ""}
            self.commands = [{"id": str(n), **head, **command} for n, command in enumerate(body, 1)]
        return _json(self.commands)

    def _interaction(self, method: str, parts: list[str], body: dict[str, Any]) -> web.Response:
        found = self.interactions.get(parts[2])
        if found is None:
            return _json({"message": "Unknown Webhook", "code": 10015}, status=404)
        now = time.monotonic()
        if parts[-1] == "callback":
            if found.acknowledged is not None:
                error = {"message": "Interaction has already been acknowledged.", "code": 40060}
                return _json(error, status=400)
            found.acknowledged, found.kind = now, body["type"]
            if body["type"] == 4:
                found.finished = now
                found.shown.append((now, body["data"]))
            told = {"id": parts[1], "type": 2, "response_message_id": str(found.id + 1)}
            return _json({"interaction": told})
        found.shown.append((now, body))
        if body.get("components"):
            found.finished = now
        return _json(self._message(found.id + 1, body))

    def _channel_message(self, method: str, parts: list[str], body: dict[str, Any]) -> web.Response:
        if method == "GET":
            return _json([_shown(made) for made in reversed(self.messages)])
        number = int(parts[3]) if method == "PATCH" else next(self._ids)
        made = {**self._message(number, body), "at": time.monotonic(), "method": method, "sent": body}
        self.messages.append(made)
        self.on_message()
        return _json(_shown(made))

    def _message(self, number: int, body: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": str(number),
            "channel_id": str(CHANNEL),
            "author": _user(BOT, bot=True),
            "content": body.get("content") or "",
            "timestamp": "2026-01-01T00:00:00+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": body.get("embeds") or [],
            "components": body.get("components") or [],
            "pinned": False,
            "type": 0,
            "flags": 0,
        }


def _shown(made: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in made.items() if k not in ("at", "method", "sent")}


def _json(value: Any, status: int = 200) -> web.Response:
    # discord.py takes an answer for JSON only if its type is written just so, as Discord writes it.
    return web.Response(body=json.dumps(value), status=status, headers={"Content-Type": "application/json"})


def _user(number: int, *, bot: bool = False) -> dict[str, Any]:
    name = "papers" if bot else f"person{number}"
    return {
        "id": str(number), "username": name, "discriminator": "0", "global_name": None, "avatar": None,
        "bot": bot, "flags": 0, "public_flags": 0,
    }  # fmt: skip


def _member(number: int) -> dict[str, Any]:
    return {
        "roles": [], "joined_at": "2025-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0,
        "nick": None, "pending": False, "avatar": None,
    }  # fmt: skip


def _channel() -> dict[str, Any]:
    return {
        "id": str(CHANNEL), "type": 0, "name": "papers", "guild_id": str(SERVER), "position": 0,
        "permission_overwrites": [], "nsfw": False, "parent_id": None, "topic": None, "flags": 0,
        "rate_limit_per_user": 0, "permissions": PERMISSIONS,
    }  # fmt: skip


def _application() -> dict[str, Any]:
    return {
        "id": str(BOT), "name": "papers", "icon": None, "description": "", "bot_public": True,
        "bot_require_code_grant": False, "verify_key": "0" * 64, "flags": 0, "summary": "", "team": None,
        "owner": _user(OWNER), "rpc_origins": [], "redirect_uris": [],
    }  # fmt: skip


def _server() -> dict[str, Any]:
    role = {
        "id": str(SERVER), "name": "@everyone", "color": 0, "colors": {"primary_color": 0}, "hoist": False,
        "position": 0, "permissions": PERMISSIONS, "managed": False, "mentionable": False, "flags": 0,
    }  # fmt: skip
    return {
        "id": str(SERVER), "name": "Papers", "owner_id": str(OWNER), "roles": [role], "emojis": [],
        "features": [], "afk_timeout": 300, "verification_level": 0, "default_message_notifications": 0,
        "explicit_content_filter": 0, "mfa_level": 0, "system_channel_flags": 0, "premium_tier": 0,
        "preferred_locale": "en-US", "nsfw_level": 0, "stickers": [], "joined_at": "2025-01-01T00:00:00+00:00",
        "large": False, "unavailable": False, "member_count": 2, "voice_states": [], "threads": [],
        "presences": [], "stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": [],
        "members": [{**_member(BOT), "user": _user(BOT, bot=True)}], "channels": [_channel()],
    }  # fmt: skip
