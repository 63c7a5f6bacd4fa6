"""Days to summarise: papers written for the tests, and a small embedding of words that needs no model."""

import zlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from bot.digest.day import DayPaper
from bot.library.embeddings import Vectors


@lru_cache(maxsize=20_000)
def _word(word: str) -> Vectors:
    return np.random.default_rng(zlib.crc32(word.encode())).standard_normal(64).astype(np.float32)


def embed(texts: Sequence[str]) -> Vectors:
    """Texts by their words: those that share words are alike."""
    rows = np.stack([sum((_word(w) for w in t.lower().split()), _word("") * 0.1) for t in texts])
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def paper(n: int, title: str, *sentences: str, upvotes: int | None = None, url: str | None = None) -> DayPaper:
    return DayPaper(n, f"title:{n}", title, sentences, embed([title, *sentences]), url=url, upvotes=upvotes)


FIELDS = (
    ("Spiking neural networks", "spiking neural networks on neuromorphic chips with sparse spikes"),
    ("Video generation", "video generation by diffusion models with consistent motion of objects"),
    ("Protein folding", "protein folding from amino acid sequences with equivariant attention"),
    ("Speech recognition", "speech recognition of low resource languages from raw audio"),
)


def day_of(papers: int, fields: Sequence[tuple[str, str]] = FIELDS) -> list[DayPaper]:
    """A day of so many papers, spread evenly over the fields."""
    made = []
    for i in range(papers):
        field, about = fields[i % len(fields)]
        made.append(
            paper(
                i + 1,
                f"Method{i}: {field} with trick {i}",
                f"Much work has been done on {about}.",
                f"However, {field.lower()} remains slow and costly.",
                f"We propose Method{i}, which improves {about} by trick {i}.",
                f"Experiments show that Method{i} is {i + 2} times faster on {field.lower()}.",
                upvotes=(i * 7) % 11,
                url=f"https://arxiv.org/abs/2508.{i:05}",
            )
        )
    return made


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[click](javascript:alert(1)) ![x](https://evil.example/p.png)",
    "[bold red]not markup[/] [link=https://evil.example]x[/link]",
    "# heading\n## another\n- list",
    "]]></content><evil/>&amp;&lt;",
    "\x1b[31mred\x1b[0m \u202egnp.exe \u200bzero\x00width\ufffe",
    "| a | b |\n|---|---|",
    "1. one *two* _three_ `four` ~~five~~ $x$ @everyone",
    "{{7*7}} ${HOME} %s %(x)s {0}",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16") * 3,
    "سلام " * 5,
)
