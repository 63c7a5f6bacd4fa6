"""A conversation as a Markdown file."""

import re
from collections.abc import Sequence
from pathlib import Path

from bot.answers import words
from bot.answers.answer import Answer
from bot.errors import BadInput, PapersError
from bot.papers.text import clean
from bot.terminal.answers import NOTE, how_made

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~$&])")


def save(path: Path, exchanges: Sequence[tuple[str, Answer]], *, again: bool) -> None:
    """Write the conversation to `path`; a file that is there already is replaced only with `again`.

    Raises `BadInput` where there is nothing to save or the file is there, `PapersError` where it cannot be
    written.
    """
    if not exchanges:
        raise BadInput("nothing has been said yet")
    text = "\n\n".join(["# A conversation about papers", *(part for e in exchanges for part in _exchange(*e))])
    try:
        with path.open("w" if again else "x", encoding="utf-8") as file:
            file.write(text + "\n")
    except FileExistsError:
        raise BadInput(f"{path} is there already; choose another name") from None
    except OSError as error:
        raise PapersError(f"cannot write {path}: {error.strerror}") from None


def _exchange(question: str, answer: Answer) -> list[str]:
    parts = [f"## {_plain(question)}", *(_plain(line) for line in answer.answer.split("\n"))]
    if answer.sources:
        parts.append(f"Sources ({how_made(answer)}):")
        parts.append("\n".join(_source_lines(answer)))
    if answer.closest:
        parts.append(words.CLOSEST)
        parts.append("\n".join(f"- {_plain(near.title)}" for near in answer.closest))
    return parts


def _source_lines(answer: Answer) -> list[str]:
    lines = []
    for source in answer.sources:
        title = _plain(source.title)
        linked = f"[{title}](<{source.url}>)" if source.url else title
        facts = [*([str(source.date)] if source.date else []), *([NOTE] if source.kind == "note" else [])]
        known = f" ({'; '.join(facts)})" if facts else ""
        lines.append(f"{source.n}. {linked}{known}")
        lines.append(f"   > {_plain(source.quote)}")
    return lines


def _plain(text: str) -> str:
    """`text` as it stands, whatever signs of Markdown are in it."""
    return _SPECIAL.sub(r"\\\1", clean(text))
