"""A progress bar for long work: on standard error, and only in a terminal."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from bot.papers.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress

    from bot.terminal.screen import Screen


@contextmanager
def progress_bar(screen: Screen, words: str) -> Iterator[Callable[[int, int], None]]:
    """A function that is told how much of how much is done.

    The bar stands from the first telling to the end of the block; before it, `words` alone.
    """
    if not screen.err.isatty():
        yield lambda done, total: None
        return
    screen.status(f"{words} …")
    with ExitStack() as shown:
        bars: list[Progress] = []

        def tell(done: int, total: int) -> None:
            if not bars:
                screen.clear_status()
                bars.append(shown.enter_context(_bar(screen)))
                bars[0].add_task(clean(words))
            bars[0].update(bars[0].task_ids[0], completed=done, total=total)

        yield tell
    screen.clear_status()


def _bar(screen: Screen) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(file=screen.err),
        refresh_per_second=4,
        transient=True,
    )
