"""The command line, put together: each command of the program is one line here."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import __version__
from bot.cli import asking, checking, conversing, daily, evaluating, holding, ingesting, modelling, searching, serving

app = typer.Typer(
    name="papers",
    help="Questions about the day's machine-learning papers, answered with checked citations.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command("ingest")(ingesting.ingest)
app.command("ask", cls=asking.FreeText)(asking.ask)
app.command("search", cls=asking.FreeText)(searching.search)
app.command("summary", cls=asking.FreeText)(asking.summary)
app.command("daily", cls=daily.Mailed)(daily.daily)
app.command("repl")(conversing.repl)
app.command("discord")(serving.discord)
app.command("list")(holding.list_papers)
app.command("stats")(holding.stats)
app.command("remove")(holding.remove)
app.command("doctor")(checking.doctor)
app.add_typer(modelling.app, name="model")
app.add_typer(evaluating.app, name="eval")


@app.callback(invoke_without_command=True)
def papers(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error; in any place.")] = False,
) -> None:
    """Questions about the day's machine-learning papers, answered with checked citations."""
    if version:
        typer.echo(f"papers-bot {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())
