"""The entry point of `papers`: what happens to errors, Ctrl-C and closed pipes is decided here, once."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.terminal.session import Session

INTERRUPTED = 130  # 128 + SIGINT, as shells count
USAGE = 2


def main() -> NoReturn:
    """Be the program: run what the command line says, and end with its exit status."""
    status = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    # Not by `sys.exit`: Python's shutting down kills threads that may still be loading a model or an index
    # behind an answer that needed none, and C++ libraries abort the process for that.
    os._exit(status)


def run(arguments: Sequence[str]) -> int:
    """Run the command that `arguments` name (without the program's name); the exit status.

    An error is one line on standard error; with `--debug`, in any place, its traceback stands above it.
    """
    given = list(arguments)
    options = given[: given.index("--")] if "--" in given else given
    debug = "--debug" in options
    if debug:
        given.remove("--debug")
    _prepare_streams()
    # Imports make millions of objects and no garbage: looking for it at every 700th costs a tenth of the time.
    gc.set_threshold(50_000, 20, 20)

    from bot.terminal.session import Session

    session = Session()
    try:
        try:
            return _command(given, session)
        finally:
            session.close()
            session.screen.flush()
    except KeyboardInterrupt:
        session.screen.tell("stopped")
        return INTERRUPTED
    except BrokenPipeError:  # whoever read the output has had enough
        _drop_output()
        return 0
    except Exception as error:  # the last stop of whatever went wrong
        return _explain(error, session, debug=debug)


def _command(arguments: list[str], session: Session) -> int:
    import typer
    from typer.main import get_command

    from bot.cli.app import app

    # Not by the command's `main`, which would end the program itself on Ctrl-C and closed pipes.
    command = get_command(app)
    try:
        with command.make_context("papers", arguments, obj=session) as context:
            status = command.invoke(context)
    except typer.Exit as stop:
        return int(stop.exit_code)
    return status if isinstance(status, int) else 0


def _explain(error: Exception, session: Session, *, debug: bool) -> int:
    """Say on standard error what went wrong; the exit status.

    What people must hear of and wrong usage have their own words; whatever else is a fault of the program.
    """
    import typer

    from bot.errors import PapersError
    from bot.terminal.screen import Unwritable

    [usage_error] = typer.BadParameter.__bases__  # typer brings its own, under no public name
    tell = session.screen.tell
    if debug:
        import traceback

        sys.stderr.write(session.redact("".join(traceback.format_exception(error))))
    if isinstance(error, PapersError):
        if isinstance(error, Unwritable):
            _drop_output()
        for line in session.redact(f"papers: {error}").split("\n"):
            tell(line)
        return error.status
    if isinstance(error, usage_error):
        context = getattr(error, "ctx", None)
        path = context.command_path if context else "papers"
        reason = str(getattr(error, "format_message")()).rstrip(".")  # noqa: B009 - see above
        tell(f"{path}: {reason}. See `{path} --help`.")
        return USAGE
    reason = session.redact(f"{type(error).__name__}: {error}".strip().split("\n")[0])
    tell(f"papers: unexpected {reason}; with --debug the traceback is shown")
    return 1


def _prepare_streams() -> None:
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started the program
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115 - open as long as the program
        elif hasattr(stream, "reconfigure"):  # an encoding without some character is no reason to fail
            stream.reconfigure(errors="replace")


def _drop_output() -> None:
    """Let what is still to be written go nowhere, so that the end of the program is quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
