"""The bundled sample: notes on one day's papers, so that a first question can be asked at once."""

from dataclasses import replace
from importlib import resources

from bot.papers.batch import Batch
from bot.papers.jsonl import read_jsonl
from bot.papers.sources import Request


def handles(source: str) -> bool:
    """Whether `source` is the word sample."""
    return source == "sample"


def read(source: str, request: Request) -> Batch:
    """The notes of the bundled sample, with the day they are all of."""
    data = resources.files("bot.papers").joinpath("sample.jsonl").read_bytes()
    batch = read_jsonl(data, source=source)
    days = {paper.date for _, paper in batch.papers}
    return replace(batch, date=days.pop() if len(days) == 1 else None)
