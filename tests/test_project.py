"""The project as a whole: the wheel carries what the program needs, and the rooms keep their order."""

import ast
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bench.tables import DOCS, TABLES, filled

ROOT = Path(__file__).parents[1]

# A room may import those before it, never those behind it.
ROOMS = ("papers", "library", "answers", "digest", "terminal", "cli", "repl", "discord_app")


def imports(file: Path) -> set[str]:
    """Every `bot.ROOM` that a file imports, at its head or inside its functions."""
    modules: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules.add(node.module)
    return {module.split(".")[1] for module in modules if module.startswith("bot.")}


@pytest.mark.parametrize("room", ROOMS[: ROOMS.index("terminal")])
def test_no_room_imports_one_behind_it(room: str) -> None:
    behind = set(ROOMS[ROOMS.index(room) + 1 :])
    found = {
        f"{file.name} imports {name}"
        for file in (ROOT / "bot" / room).rglob("*.py")
        for name in imports(file) & behind
    }
    assert found == set()


def test_the_core_knows_nothing_of_discord_or_terminals() -> None:
    for room in ("papers", "library", "answers", "digest"):
        for file in (ROOT / "bot" / room).rglob("*.py"):
            text = file.read_text()
            assert "import discord" not in text, file
            assert "import typer" not in text, file


def test_a_wheel_installed_elsewhere_has_prompts_and_sample(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    script = (
        "import bot; from importlib import resources; from bot.answers.prompts import VARIABLES, _load\n"
        "print(bot.__file__)\n"
        "[_load(task) for task in VARIABLES]\n"
        "print(len(resources.files('bot.papers').joinpath('sample.jsonl').read_text().splitlines()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=installed,
        env={"PYTHONPATH": str(installed)},
        check=True,
        capture_output=True,
        text=True,
    )
    file, papers = done.stdout.split()
    assert file.startswith(str(installed))
    assert papers == "68"


def test_no_other_file_names_a_package_index() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "--hash=sha256:" in lock
    assert "://" not in lock


def test_the_tables_of_docs_hold_the_figures_of_the_results() -> None:
    pages = {page.name: page.read_text("utf-8") for page in DOCS.glob("*.md")}
    assert sum(text.count("<!-- table: ") for text in pages.values()) == len(TABLES)
    assert {name: filled(text) for name, text in pages.items()} == pages
