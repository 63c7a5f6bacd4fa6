"""The commands as Discord holds them, brought in line with their definitions only where the two differ."""

import logging
from typing import Any

import discord
from discord import app_commands

log = logging.getLogger(__name__)

# What Discord fills in or leaves out, and what therefore says nothing.
_DEFAULTS: dict[str, Any] = {
    "type": 1,
    "description": "",
    "required": False,
    "autocomplete": False,
    "nsfw": False,
    "dm_permission": True,
    "contexts": [],
    "integration_types": [0],
    "default_member_permissions": None,
    "options": [],
    "choices": [],
    "channel_types": [],
}
_COMPARED = frozenset(_DEFAULTS) | {"name", "value", "min_value", "max_value", "min_length", "max_length"}
_GLOBAL_ONLY = frozenset({"contexts", "integration_types", "dm_permission"})


def same(ours: list[dict[str, Any]], held: list[dict[str, Any]], *, server: bool = False) -> bool:
    """Whether Discord holds just `ours`. `server`: commands of one server, which have no contexts."""

    def by_name(commands: list[dict[str, Any]]) -> dict[tuple[Any, Any], Any]:
        return {(c.get("type", 1), c.get("name")): _plain(c, server=server) for c in commands}

    return by_name(ours) == by_name(held)


def _plain(value: Any, *, server: bool, key: str = "") -> Any:
    if isinstance(value, list):
        made = [_plain(v, server=server) for v in value]
        return sorted(made) if key in ("contexts", "integration_types", "channel_types") else made
    if not isinstance(value, dict):
        return str(value) if key == "default_member_permissions" else value
    ignored = _GLOBAL_ONLY if server else frozenset({"dm_permission"})  # replaced by contexts
    made_of = {
        k: _plain(v, server=server, key=k)
        for k, v in value.items()
        if k in _COMPARED and k not in ignored and v is not None
    }
    return {k: v for k, v in made_of.items() if v != _DEFAULTS.get(k, ...)}


async def sync(tree: app_commands.CommandTree[Any], server: int | None) -> bool:
    """Fetch what Discord holds, and write all commands if it differs; whether it did.

    For one `server` at once (development), else for all. A failure is logged: the bot can still serve the
    commands that Discord holds.
    """
    client = tree.client
    application = client.application_id
    assert application is not None, "known after login"
    target = discord.Object(server) if server else None
    if target is not None:
        tree.copy_global_to(guild=target)
    ours = [dict(command.to_dict(tree)) for command in tree.get_commands(guild=target)]
    try:
        held: Any = (
            await client.http.get_guild_commands(application, target.id)
            if target
            else await client.http.get_global_commands(application)
        )
        if same(ours, [dict(command) for command in held], server=target is not None):
            log.info("Discord holds the %d commands as they are defined", len(ours))
            return False
        await tree.sync(guild=target)
    except discord.HTTPException as error:
        log.warning("could not bring the commands up to date with Discord: %s", error)
        return False
    log.info("wrote %d commands to Discord%s", len(ours), " for one server" if target else "")
    return True
