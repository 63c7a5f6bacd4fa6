"""What a paper is: one frozen record, made by `make_paper`, the only door through which text comes in."""

from __future__ import annotations  # the field `date` hides the type while the class is made

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from urllib.parse import urlsplit

from bot import limits
from bot.papers.text import clean, split_sentences, title_key

Kind = Literal["abstract", "note"]

# New-style numbers (2508.01234) and old-style ones (math.GT/0309136), https://info.arxiv.org/help/arxiv_identifier.html
_ARXIV = re.compile(r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?")


class Unusable(ValueError):
    """A record that cannot become a paper; the message is the reason, for a person."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper's title, its abstract and what is known of it. All text is clean (see `bot.papers.text`).

    `sentences` are verbatim parts of `abstract`, in order. `kind` is "note" where `abstract` is a note about
    the paper rather than its abstract.
    """

    title: str
    abstract: str
    sentences: tuple[str, ...]
    date: date | None = None
    arxiv_id: str | None = None
    given_id: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    upvotes: int | None = None
    kind: Kind = "abstract"
    keywords: tuple[str, ...] = field(default=())

    @property
    def id(self) -> str:
        """`arxiv:NUMBER` where it is known, else the given id, else `title:` and a hash of the title."""
        if self.arxiv_id:
            return f"arxiv:{self.arxiv_id}"
        return self.given_id or title_id(self.title)

    @property
    def link(self) -> str | None:
        """Where to read the paper: its own URL, else its arXiv page, else nothing."""
        return self.url or (f"https://arxiv.org/abs/{self.arxiv_id}" if self.arxiv_id else None)


def title_id(title: str) -> str:
    """The id of a paper of which only the title is known."""
    return "title:" + hashlib.sha256(title_key(title).encode()).hexdigest()[:16]


def make_paper(
    title: object,
    abstract: object,
    *,
    published: date | str | None = None,
    arxiv_id: object = None,
    given_id: object = None,
    url: object = None,
    authors: object = (),
    upvotes: object = None,
    kind: object = "abstract",
    keywords: object = (),
) -> Paper:
    """A `Paper` from untrusted values, cleaned; `abstract` is a string or a list of sentences.

    Raises `Unusable` with the reason where title or abstract are missing, of a wrong type or too long, or
    where an id or date is no such thing. Links that are not plain http(s), and author or upvote fields of a
    wrong type, are left out: a paper is worth more than its decoration.
    """
    if not isinstance(title, str) or not (title := clean(title)):
        raise Unusable("no title")
    if len(title) > limits.TITLE_CHARS:
        raise Unusable(f"the title has {len(title):,} characters; the limit is {limits.TITLE_CHARS:,}")
    if not title_key(title):
        raise Unusable("the title has no letters")
    sentences = _sentences(abstract)
    if not sentences:
        raise Unusable("no abstract")
    if kind not in ("abstract", "note"):
        raise Unusable(f"kind is 'abstract' or 'note', not {kind!r}")
    number = arxiv_number(arxiv_id) if arxiv_id not in (None, "") else None
    if number is None and isinstance(given_id, str) and given_id.startswith("arxiv:"):
        number, given_id = arxiv_number(given_id), None
    return Paper(
        title=title,
        abstract=" ".join(sentences),
        sentences=sentences,
        date=as_date(published),
        arxiv_id=number,
        given_id=_given_id(given_id),
        url=http_url(url),
        authors=_strings(authors),
        upvotes=upvotes if type(upvotes) is int and upvotes >= 0 else None,
        kind="note" if kind == "note" else "abstract",
        keywords=_strings(keywords),
    )


def arxiv_number(value: object) -> str:
    """The bare arXiv number in `value`: prefix, address and version removed. Raises `Unusable`."""
    text = clean(value) if isinstance(value, str) else ""
    text = re.sub(r"^(?:arxiv:|https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf)/)", "", text, flags=re.I)
    text = text.removesuffix(".pdf")
    if not _ARXIV.fullmatch(text):
        raise Unusable(f"{value!r} is no arXiv number such as 2508.01234")
    return re.sub(r"v\d+$", "", text)


def as_date(value: date | str | None) -> date | None:
    """`value` as a date; a string is YYYY-MM-DD, with or without a time behind it. Raises `Unusable`."""
    if value is None or isinstance(value, date):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d(?:[T ].*)?", value.strip()):
        raise Unusable(f"{value!r} is no date such as 2025-08-04")
    try:
        return date.fromisoformat(value.strip()[:10])
    except ValueError:
        raise Unusable(f"{value!r} is no date such as 2025-08-04") from None


def http_url(value: object) -> str | None:
    """`value` where it is a plain absolute http(s) URL without credentials, else None."""
    if not isinstance(value, str) or len(value) > 500 or re.search(r"[\s<>()\[\]\"'`\\|^{}]", value):
        return None
    if value != clean(value):
        return None
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    return value if parts.scheme in ("http", "https") and host and "@" not in parts.netloc else None


def _sentences(abstract: object) -> tuple[str, ...]:
    if abstract is None:
        return ()
    given = [abstract] if isinstance(abstract, str) else abstract
    if not isinstance(given, list) or not all(isinstance(s, str) for s in given):
        raise Unusable("the abstract is neither a string nor a list of sentences")
    parts = [part for part in map(clean, given) if part]
    length = sum(map(len, parts)) + len(parts) - 1
    if length > limits.ABSTRACT_CHARS:
        raise Unusable(f"the abstract has {length:,} characters; the limit is {limits.ABSTRACT_CHARS:,}")
    return tuple(split_sentences(parts[0])) if isinstance(abstract, str) and parts else tuple(parts)


def _given_id(value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not (text := clean(value)) or len(text) > 200:
        raise Unusable(f"{str(value)[:60]!r} is no usable id")
    return text


def _strings(value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        return ()
    cleaned = (clean(v) for v in value if isinstance(v, str))
    return tuple(v[:200] for v in cleaned if v)[: limits.AUTHORS]
