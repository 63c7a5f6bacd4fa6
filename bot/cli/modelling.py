"""Models that run in this process: `papers model list`, `papers model get`."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.options import Json
from bot.terminal.session import session_of

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of a model, as `papers model list` shows it.")]

_MB = 2**20

app = typer.Typer(rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def models(context: typer.Context) -> None:
    """Models that run on this machine."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command("list")
def list_models(context: typer.Context, as_json: Json = False) -> None:
    """List the pinned local models: name, size, licence, sha256, and whether it is here."""
    from bot.answers.local_models import PINNED

    session = session_of(context)
    screen = session.screen
    home = session.settings.home
    if as_json:
        told = [
            {
                "name": model.name,
                "size": model.size,
                "licence": model.licence,
                "sha256": model.sha256,
                "file": model.file,
                "url": model.url(session.settings.hf_url),
                "here": model.path(home).is_file(),
            }
            for model in PINNED.values()
        ]
        screen.json({"models": told})
        return
    for model in PINNED.values():
        here = "here" if model.path(home).is_file() else "not here"
        size = f"{model.size // _MB:,} MB"
        if screen.live:
            screen.say(f"{model.name}  {size}  {model.licence}  {here}")
            screen.say(f"sha256 {model.sha256}", indent=4, style="dim")
        else:
            screen.row(model.name, size, model.licence, model.sha256, here)


@app.command("get")
def get_model(context: typer.Context, name: Name, as_json: Json = False) -> None:
    """Fetch a pinned model from Hugging Face; a fetch that broke off goes on where it was."""
    from importlib.util import find_spec

    from bot.answers.local_models import pinned
    from bot.answers.model_get import get_model
    from bot.terminal.progress import progress_bar

    session = session_of(context)
    screen = session.screen
    model = pinned(name)
    with progress_bar(screen, f"fetching {model.name} (MB)") as progress:
        path, fetched = get_model(
            model,
            session.settings.home,
            session.settings.hf_url,
            lambda done, total: progress(done // _MB, total // _MB),
        )
    if as_json:
        screen.json({"name": model.name, "path": str(path), "fetched": fetched})
    else:
        screen.say(f"{'fetched' if fetched else 'here already'}: {path}")
    screen.tell(f"use it with PAPERS_MODEL=local:{model.name}")
    if find_spec("xllamacpp") is None:
        screen.tell("it needs one more package: pip install 'papers-bot[local]'")
