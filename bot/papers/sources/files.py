"""Files on this machine: a `.jsonl` of papers, else a page."""

import errno
from pathlib import Path

from bot import limits
from bot.errors import BadInput, PapersError
from bot.papers.batch import Batch
from bot.papers.jsonl import read_jsonl
from bot.papers.page import read_page
from bot.papers.sources import Request


def handles(source: str) -> bool:
    """Never: a path is what no other source handles."""
    return False


def read(source: str, request: Request) -> Batch:
    """The papers of the file at `source`."""
    if not request.trusted:
        raise BadInput(f"{source!r} is no source: name hf, arxiv:CATEGORY or the address of a page")
    data = _bytes(source)
    if Path(source).suffix.lower() in (".jsonl", ".ndjson"):
        return read_jsonl(data, source=source, given_date=request.given_date)
    return read_page(
        data,
        source=source,
        name=Path(source).name,
        given_date=request.given_date,
        known_dates=request.known_dates,
        today=request.today,
    )


def _bytes(source: str) -> bytes:
    try:
        path = Path(source).expanduser()
        with path.open("rb") as file:
            data = file.read(limits.FILE_BYTES + 1)
    except FileNotFoundError:
        raise BadInput(f"{source}: no such file, and no source of that name") from None
    except (IsADirectoryError, PermissionError, NotADirectoryError) as error:
        raise BadInput(f"{source}: cannot be read: {(error.strerror or 'refused').lower()}") from None
    except (ValueError, RuntimeError) as error:  # a NUL in the path; a home directory that does not exist
        raise BadInput(f"{source!r}: no usable path: {error}") from None
    except OSError as error:
        if error.errno in (errno.ENAMETOOLONG, errno.ELOOP):
            raise BadInput(f"{source[:80]}: no usable path: {error.strerror}") from None
        raise PapersError(f"{source}: cannot be read: {error.strerror or error}") from None
    if len(data) > limits.FILE_BYTES:
        raise BadInput(f"{source}: larger than {limits.FILE_BYTES // 2**20} MB; split it into smaller files")
    return data
