"""The commands as they are synced: who may use them where, and that they are written only when they differ."""

import copy

import pytest

from bot.discord_app.sync import same, sync
from tests.discord_app.conftest import MakeBot, World, world_of

NAMES = ("ask", "daily", "paper", "search", "follow", "settings", "privacy", "help", "about")
MENUS = ("Ask about this", "Find related papers")
GUILD, BOT_DM, PRIVATE_CHANNEL = 0, 1, 2
BY_SERVER, BY_PERSON = 0, 1


@pytest.fixture
def payload(make_bot: MakeBot) -> dict[str, dict]:
    """What is sent to Discord, by name."""
    tree = make_bot().tree
    return {command.name: command.to_dict(tree) for command in tree.get_commands()}


def test_every_command_and_menu_is_there(payload):
    assert [name for name, command in payload.items() if command["type"] == 1] == list(NAMES)
    assert [name for name, command in payload.items() if command["type"] == 3] == list(MENUS)


def test_people_may_install_it_for_themselves_and_use_it_everywhere(payload):
    for name in (*NAMES, *MENUS):
        if name != "settings":
            assert sorted(payload[name]["contexts"]) == [GUILD, BOT_DM, PRIVATE_CHANNEL], name
            assert sorted(payload[name]["integration_types"]) == [BY_SERVER, BY_PERSON], name


def test_p13_settings_belong_to_servers_and_those_who_manage_them(payload):
    assert payload["settings"]["contexts"] == [GUILD]
    assert payload["settings"]["integration_types"] == [BY_SERVER]
    assert int(payload["settings"]["default_member_permissions"]) == 1 << 5


def test_options_are_those_of_the_contract(payload):
    def names(command: dict) -> dict:
        return {o["name"]: names(o) if o["type"] in (1, 2) else bool(o.get("required")) for o in command["options"]}

    assert names(payload["ask"]) == {"question": True, "private": False, "since": False, "until": False}
    assert names(payload["daily"]) == {"date": False, "topic": False}
    assert names(payload["paper"]) == {"title": True}
    assert names(payload["search"]) == {"query": True}
    assert set(names(payload["follow"])) == {"add", "list", "remove"}
    settings = names(payload["settings"])
    assert set(settings) == {"show", "digest", "channels", "quota", "sources"}
    assert {"channel", "time", "timezone"} <= set(settings["digest"])
    assert {"allow", "deny"} <= set(settings["channels"])
    assert set(settings["quota"]) == {"person", "server"}
    assert set(settings["sources"]) == {"add", "remove"}
    assert set(names(payload["privacy"])) == {"show", "forget"}
    title = payload["paper"]["options"][0]
    assert (title["max_length"], title["autocomplete"]) == (300, True)


def test_p07_texts_and_counts_keep_discords_limits(payload):
    def walk(command: dict, depth: int = 0) -> int:
        assert len(command["name"]) <= 32
        assert len(command.get("options", [])) <= 25
        size = len(command["name"]) + len(command.get("description", ""))
        if command.get("type", 1) != 3 or depth:
            assert 1 <= len(command["description"]) <= 100, command["name"]
        size += sum(len(c["name"]) + len(str(c["value"])) for c in command.get("choices", []))
        return size + sum(walk(option, depth + 1) for option in command.get("options", []))

    for command in payload.values():
        assert walk(command) <= 8000


def as_discord_holds(commands: list[dict]) -> list[dict]:
    """How Discord gives commands back: with its own fields, without what is its default."""
    held = copy.deepcopy(commands)
    for n, command in enumerate(held, 1):
        command.update(id=str(n), application_id="1", version="7", default_permission=True, name_localizations=None)
        command["integration_types"] = sorted(command["integration_types"], reverse=True)
        for option in command.get("options", []):
            if not option.get("required"):
                option.pop("required", None)
    return held


def test_what_discord_holds_is_known_to_be_the_same_or_not(payload):
    ours = list(payload.values())
    held = as_discord_holds(ours)
    assert same(ours, held)
    assert not same(ours, held[1:])
    changes = (
        lambda c: c["ask"].update(description="Another"),
        lambda c: c["ask"]["options"][0].update(max_length=7),
        lambda c: c["ask"]["options"].reverse(),
        lambda c: c["ask"].update(contexts=[GUILD]),
        lambda c: c["settings"].update(default_member_permissions="0"),
        lambda c: c["settings"]["options"][1]["options"][3]["choices"].pop(),
    )
    for change in changes:
        changed = copy.deepcopy(held)
        change({command["name"]: command for command in changed})
        assert not same(ours, changed)


def writes(world: World) -> int:
    return sum(r.method == "PUT" and str(r.path).endswith("/commands") for r in world.env.http_requests)


async def test_commands_are_written_once_and_again_only_when_discord_holds_others(world: World, make_bot: MakeBot):
    assert writes(world) == 1
    await world.env.restart_bot(make_bot())
    assert writes(world) == 1
    with world.env._bot_scope():
        world.bot.tree.remove_command("about")
        assert await sync(world.bot.tree, None)
    await world.env.restart_bot(make_bot())
    assert writes(world) == 3


async def test_for_development_commands_are_written_to_one_server(make_bot: MakeBot):
    async with world_of(make_bot(DISCORD_GUILD_ID="77")) as world:
        paths = [str(r.path) for r in world.env.http_requests if r.method == "PUT"]
        assert [path for path in paths if path.endswith("/commands")] == [p for p in paths if "/guilds/77/" in p]


async def test_the_bot_starts_although_commands_cannot_be_written(make_bot: MakeBot, world: World):
    world.env.inject_error("GET", "/applications/*/commands", status=503, times=None)
    await world.env.restart_bot(make_bot())
    result = await world.alice.slash(world.channel, "help")
    assert result.acknowledged
