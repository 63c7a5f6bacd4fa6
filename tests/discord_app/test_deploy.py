"""What `deploy/` and `docs/discord.md` tell people to use."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.discord_app.commands import all_commands
from bot.discord_app.running import INVITE_PERMISSIONS
from bot.settings import NAMES

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "discord.md").read_text()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze, which is not here")
def test_systemd_takes_the_unit(tmp_path: Path):
    unit = (ROOT / "deploy" / "papers-bot.service").read_text()
    # verify wants the command to be there; any that is will do.
    copy = tmp_path / "papers-bot.service"
    copy.write_text(re.sub(r"ExecStart=\S+", f"ExecStart={sys.executable}", unit))
    checked = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, text=True)
    assert "papers-bot.service" not in checked.stderr, checked.stderr


def test_the_guide_names_every_command_and_only_settings_that_exist():
    for command in all_commands():
        assert command.name in GUIDE
    named = set(re.findall(r"\b(?:PAPERS|DISCORD|OPENAI)_[A-Z_]+\b", GUIDE))
    assert named <= set(NAMES)


def test_the_guide_lists_the_permissions_that_the_invite_asks_for():
    for name, granted in INVITE_PERMISSIONS:
        if granted:
            words = name.replace("_", " ").title().replace(" In ", " in ")
            assert {"Read Messages": "View Channels"}.get(words, words) in GUIDE


def test_the_guides_links_lead_somewhere():
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", GUIDE):
        assert (ROOT / "docs" / target).resolve().exists(), target
