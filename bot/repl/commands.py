"""The commands of the conversation. One is a `Command` in the table at the end."""

from __future__ import annotations

import difflib
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import BadInput, PapersError
from bot.library.dates import parse_day
from bot.repl.saving import save
from bot.terminal.answers import explanation, show_paper, show_sources

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.library.catalogue import Stored
    from bot.repl.talk import Talk

NO_PAPERS_YET = "There are no papers yet; try /ingest sample."
_LISTED = 30
_RELATED = 3


@dataclass(frozen=True, slots=True)
class Command:
    """What is typed as `/name argument`; `titles` is whether titles complete its argument."""

    name: str
    argument: str
    help: str
    run: Callable[[Talk, str], None]
    titles: bool = False

    @property
    def usage(self) -> str:
        """How it is typed."""
        return f"/{self.name} {self.argument}".strip()


def obey(talk: Talk, line: str) -> None:
    """Do what a line beginning with `/` says. Raises `BadInput` for an unknown command."""
    name, _, argument = line[1:].partition(" ")
    command = next((c for c in COMMANDS if c.name == name.lower()), None)
    if command is None:
        near = difflib.get_close_matches(name.lower(), [c.name for c in COMMANDS], 1, 0.5)
        hint = f"did you mean /{near[0]}?" if near else "/help lists the commands"
        raise BadInput(f"there is no command /{name}; {hint}")
    command.run(talk, argument.strip())


def _daily(talk: Talk, text: str) -> None:
    from rich.console import Console

    from bot.digest.terminal import show_digest
    from bot.digest.write import daily_digest
    from bot.repl.talk import Listed

    day = parse_day(text) if text else None
    library, screen = talk.library, talk.screen
    screen.status("reading the day's papers …")
    digest = talk.run(daily_digest(library, day, models=talk.answerer.models, picture=False))
    screen.clear_status()
    if not digest.papers:
        screen.say(f"There are no papers of {digest.date}." if digest.date else NO_PAPERS_YET)
        return
    screen.flush()
    show_digest(digest, Console(file=screen.out))
    talk.numbered = [Listed(p.id, p.title, p.url) for p in digest.papers]


def _papers(talk: Talk, text: str) -> None:
    found = talk.library.find(text) if text else talk.library.papers()
    if not found and text:
        found = [hit.stored for hit in talk.library.search(text, 10)]
        if found:
            talk.screen.say(f"No title holds “{text}”; nearest are:")
    if not found:
        talk.screen.say(NO_PAPERS_YET)
    talk.show_list(found, _LISTED)


def _paper(talk: Talk, text: str) -> None:
    if not text:
        raise BadInput("/paper takes a title, a part of one, or a number of the last list")
    stored = _named(talk, text)
    if stored is None:
        return
    show_paper(talk.screen, stored)
    answer = talk.show(talk.answerer.summarise(stored), sources=False)
    related = [hit.stored for hit in talk.library.related(stored, _RELATED)]
    if related:
        talk.screen.say()
        talk.screen.say("Related papers", style="dim")
    talk.show_list(related, _RELATED)
    talk.remember(stored.paper.title, answer, [stored.id])


def _named(talk: Talk, text: str) -> Stored | None:
    """The paper that a number of the last list or a title names; None where candidates were listed instead."""
    if text.isdecimal() and 0 < int(text) <= len(talk.numbered):
        found = talk.library.find(talk.numbered[int(text) - 1].id)
    else:
        found = talk.library.find(text)
    if len(found) == 1:
        return found[0]
    if found:
        talk.screen.say(f"{len(found)} titles hold “{text}”; /paper N takes one of them:")
        talk.show_list(found, _LISTED)
        return None
    near = [hit.stored for hit in talk.library.search(text, _RELATED)]
    if not near:
        raise BadInput(f"no title holds {text!r}")
    talk.screen.say(f"No title holds “{text}”; nearest are:")
    talk.show_list(near, _RELATED)
    return None


def _sources(talk: Talk, _: str) -> None:
    answer = next((a for _, a in reversed(talk.exchanges) if a.sources), None)
    if answer is None:
        raise BadInput("nothing has been answered from papers yet")
    show_sources(talk.screen, answer, quotes=True)


def _explain(talk: Talk, _: str) -> None:
    if talk.traced is None:
        raise BadInput("nothing has been asked yet")
    for line in explanation(*talk.traced):
        talk.screen.say(line)


def _open(talk: Talk, text: str) -> None:
    if not text.isdecimal() or not 0 < int(text) <= len(talk.numbered):
        count = len(talk.numbered)
        raise BadInput(f"/open takes a number from 1 to {count}" if count else "no paper has been listed yet")
    listed = talk.numbered[int(text) - 1]
    if not listed.url:
        raise BadInput(f"no link is known for “{listed.title}”")
    talk.screen.say(listed.url)
    if talk.screen.live:
        import webbrowser

        webbrowser.open(listed.url)


def _since(talk: Talk, text: str) -> None:
    if text:
        talk.since = None if text in ("off", "none", "all") else parse_day(text)
    if talk.since:
        talk.screen.say(f"Papers since {talk.since} are looked at; /since off lifts that.")
    else:
        talk.screen.say("Papers of all days are looked at.")


def _model(talk: Talk, name: str) -> None:
    from bot.answers.models import ModelFailed

    try:
        if name:
            talk.use_model(name)
        held = talk.run(talk.answerer.model_name())
    except ModelFailed as error:
        raise PapersError(str(error)) from None
    if held:
        talk.screen.say(f"{held} answers; every sentence is checked against the abstracts.")
    else:
        talk.screen.say("No model: answers quote the papers word for word.")


def _ingest(talk: Talk, source: str) -> None:
    if not source:
        raise BadInput("/ingest takes a source: a file, an address, sample, hf, hf:2025-08-04 or arxiv:cs.CL")
    _in_thread(talk, source)


def _in_thread(talk: Talk, source: str) -> None:
    """Take a source in; Ctrl-C gives the prompt back at once, and the work stops before its next batch."""
    from bot.library.intake import Intake, take_in
    from bot.terminal.intake import show_intake
    from bot.terminal.progress import progress_bar

    library = talk.library
    stopped = threading.Event()
    told: list[Intake] = []
    failed: list[Exception] = []

    with progress_bar(talk.screen, source) as bar:

        def progress(done: int, total: int) -> None:
            if stopped.is_set():
                raise PapersError("stopped")
            bar(done, total)

        def work() -> None:
            try:
                told.append(take_in(library, source, progress=progress, read=lambda total: progress(0, total)))
            except Exception as error:  # told below, in the thread that talks
                failed.append(error)

        thread = threading.Thread(target=work, name="ingest", daemon=True)
        thread.start()
        try:
            thread.join()
        except KeyboardInterrupt:
            stopped.set()
            raise
    if failed:
        raise failed[0]
    show_intake(talk.screen, told[0])


def _new(talk: Talk, _: str) -> None:
    talk.forget()
    talk.screen.say("A new conversation.")


def _save(talk: Talk, name: str) -> None:
    if not name:
        raise BadInput("/save takes the name of a file, such as answers.md")
    path = Path(name).expanduser()
    save(path, talk.exchanges, again=path in talk.saved)
    talk.saved.add(path)
    talk.screen.say(f"Saved in {path}.")


def _help(talk: Talk, _: str) -> None:
    talk.screen.say("A line without a slash is a question; “it” and “that paper” mean what was last spoken of.")
    for command in COMMANDS:
        talk.screen.fact(f"  {command.usage}", command.help, 20)


def _quit(talk: Talk, _: str) -> None:
    talk.ended = True


COMMANDS: tuple[Command, ...] = (
    Command(
        "daily", "[DATE]", "sum up a day, by default the newest: what it brought, its themes, its papers", _daily
    ),
    Command("papers", "[TEXT]", "list papers, or those whose titles hold the text", _papers, titles=True),
    Command(
        "paper", "TITLE", "sum up one paper; a part of its title or a number listed is enough", _paper, titles=True
    ),
    Command("sources", "", "quote the sources of the last answer", _sources),
    Command("explain", "", "show how the last answer came about: what was searched for, what was found", _explain),
    Command("open", "N", "open the link of source or paper N in the browser", _open),
    Command("since", "DATE", "look only at papers of that day or later; off lifts it", _since),
    Command("model", "NAME", "ask another model, such as openai:gpt-5-mini; none quotes the papers", _model),
    Command("ingest", "SOURCE", "add papers: hf, hf:2025-08-04, arxiv:cs.CL, sample, a file or address", _ingest),
    Command("new", "", "begin a new conversation", _new),
    Command("save", "FILE.md", "save the conversation as Markdown", _save),
    Command("help", "", "show this", _help),
    Command("quit", "", "leave; so does Ctrl-D", _quit),
)
