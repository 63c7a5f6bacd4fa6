"""A summary in the terminal."""

import io

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.digest.digest import Digest
from bot.digest.view import Line, PaperView, ThemeView, view_of


def text_of(digest: Digest) -> str:
    """`digest` as plain text, a paragraph a line."""
    out = io.StringIO()
    show_digest(digest, Console(file=out, force_terminal=False))
    return out.getvalue()


def show_digest(digest: Digest, console: Console) -> None:
    """Print `digest` to `console`: styled and wrapped in a terminal, else plain, a paragraph a line.

    Text of papers is never read as rich markup.
    """
    view = view_of(digest)
    _say(console, Text(view.title, "bold"))
    _say(console, Text(view.intro))
    if view.overview:
        _heading(console, "Overview")
        for line in view.overview:
            _say(console, _sentence(line), 2)
        for trend in view.trends:
            _say(console, Text(trend), 2)
    if len(view.themes) > 1:
        _heading(console, "Themes")
        for theme in view.themes:
            _theme(console, theme)
    if view.papers:
        _heading(console, "Papers")
        for paper in view.papers:
            _paper(console, paper, len(str(len(view.papers))))
    if view.notes:
        _say(console, Text())
        for note in view.notes:
            _say(console, Text(note, "dim"))


def _heading(console: Console, words: str) -> None:
    _say(console, Text())
    _say(console, Text(words, "bold cyan"))


def _theme(console: Console, theme: ThemeView) -> None:
    _say(console, Text.assemble((theme.name, "bold"), (f" ({theme.size})", "dim")), 2)
    for line in theme.lines:
        _say(console, _sentence(line), 4)
    _say(console, Text("Papers " + ", ".join(str(p.n) for p in theme.papers), "dim"), 4)


def _paper(console: Console, paper: PaperView, width: int) -> None:
    title = Text(paper.title, "bold")
    if paper.url:
        title.stylize(f"link {paper.url}")
    title.append(f" ({'; '.join(paper.facts)})" if paper.facts else "", "not bold dim")
    if console.is_terminal:
        row = Table.grid(padding=(0, 1, 0, 0))
        row.add_column(width=width + 1, justify="right", style="dim")
        row.add_row(f"{paper.n}.", Text("\n").join([title, Text(paper.about)] if paper.about else [title]))
        console.print(row)
        return
    _say(console, Text(f"{paper.n}. ") + title)
    for more in (paper.about, paper.url):
        if more:
            _say(console, Text(more), 4)


def _sentence(line: Line) -> Text:
    return Text.assemble((f"{line.lead}: " if line.lead else "", "bold"), line.text, (f" {line.marks}", "cyan"))


def _say(console: Console, text: Text, indent: int = 0) -> None:
    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, indent)))
    else:
        console.print(Text(" " * indent) + text, soft_wrap=True)
