"""A `.jsonl` of papers: one record a line, the keys as the README lists them."""

import json
from datetime import date

from bot import limits
from bot.errors import BadInput
from bot.papers.batch import Batch, Rejected, distinct
from bot.papers.encoding import decode, foreign_byte
from bot.papers.paper import Paper, Unusable, make_paper


def read_jsonl(data: bytes, *, source: str, given_date: date | None = None) -> Batch:
    """The papers of `data`; a line that holds none is in `rejected`. Keys that are not known are ignored.

    `given_date` dates the records without a date. Raises `BadInput` where no line holds anything.
    """
    entries: list[tuple[str, Paper]] = []
    rejected: list[Rejected] = []
    for number, line in enumerate(decode(data, source).split("\n"), 1):
        if not line.strip("\0 \t\r"):
            continue
        try:
            entries.append((f"line {number}", _record(line, number, given_date)))
        except Unusable as reason:
            rejected.append(Rejected(f"line {number}", str(reason)))
        except RecursionError:
            rejected.append(Rejected(f"line {number}", "nested too deeply"))
    if not entries and not rejected:
        raise BadInput(f"{source}: the file is empty")
    papers, doubles = distinct(entries)
    return Batch(source, tuple(papers), (*rejected, *doubles), given_date)


def _record(line: str, number: int, given_date: date | None) -> Paper:
    if len(line) > limits.LINE_BYTES:
        raise Unusable(f"the line has {len(line):,} characters; the limit is {limits.LINE_BYTES:,}")
    if foreign := foreign_byte(line, number):
        raise Unusable(foreign)
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise Unusable(f"no JSON: {error.msg} at column {error.colno}") from None
    except ValueError:  # a number of thousands of digits
        raise Unusable("a number too long to read") from None
    if not isinstance(record, dict):
        raise Unusable("not a JSON object")
    published = record.get("date")
    return make_paper(
        record.get("title"),
        record.get("abstract"),
        published=given_date if published in (None, "") else published,
        arxiv_id=record.get("arxiv_id"),
        given_id=record.get("id"),
        url=record.get("url"),
        authors=record.get("authors"),
        upvotes=record.get("upvotes"),
        kind=record.get("kind", "abstract"),
        keywords=record.get("keywords"),
    )
