"""The lexical index: BM25 over title and abstract in tantivy, which reads beside a writer without ado."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import tantivy

from bot.errors import LibraryDamaged, PapersError
from bot.library.dates import DateRange
from bot.library.stop_words import ENGLISH
from bot.library.vectors import day_number

# English words without content; cut from queries only, so that the index keeps every word.
STOP_WORDS = ENGLISH | frozenset(
    """
    below down explain few find give let more no nor not paper papers please show tell yours
    """.split()  # noqa: SIM905
)
_HEAP = 30_000_000  # bytes of the writer's buffer; tantivy asks for at least 15 MB


@dataclass(frozen=True, slots=True)
class LexicalDocument:
    """What is indexed of one paper."""

    key: int
    rev: int
    day: int
    title: str
    abstract: str


class LexicalIndex:
    """BM25 by tantivy: English stems, the title counted twice. One writer at a time, any number of readers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, documents: Sequence[LexicalDocument]) -> None:
        """Add `documents` and commit. Raises `PapersError` where the disk refuses."""
        self._write([tantivy.Document(**_fields(d)) for d in documents], [])

    def delete(self, revisions: Sequence[tuple[int, int]]) -> None:
        """Delete the document of each (key, rev) and commit; unknown ones are no error."""
        if revisions:
            self._write([], [f"{key}:{rev}" for key, rev in revisions])

    def _write(self, documents: list[Any], deleted: list[str]) -> None:
        try:
            index = self._index
            self._sweep()
            writer = index.writer(_HEAP, 1)
            for name in deleted:
                writer.delete_documents_by_term("id", name)
            for document in documents:
                writer.add_document(document)
            writer.commit()
            writer.wait_merging_threads()
        except (ValueError, OSError) as error:
            raise PapersError(f"cannot write to {self._folder}: {_first_line(error)}") from error

    def _sweep(self) -> None:
        """Remove what a writer noted of deletions and was killed before it committed.

        The next one that does as many operations would give its notes the same name, and be refused for good.
        """
        committed = json.loads((self._folder / "meta.json").read_text("utf-8"))["opstamp"]
        for path in self._folder.glob("*.del"):
            stamp = path.stem.rpartition(".")[2]
            if stamp.isdigit() and int(stamp) > committed:
                path.unlink(missing_ok=True)

    def search(self, query: str, n: int, dates: DateRange) -> list[tuple[tuple[int, int], float]]:
        """The `n` papers, as (key, rev), that share words with `query`, with their BM25 score, best first."""
        parsed = self._parse(query, dates)
        if parsed is None:
            return []
        try:
            self._index.reload()
            searcher = self._index.searcher()
            hits = searcher.search(parsed, n, count=False).hits
            names = [searcher.doc(address).get_first("id") for _, address in hits]
        except (ValueError, OSError) as error:
            raise self._damaged(error) from error
        return [(_pair(str(name)), float(score)) for name, (score, _) in zip(names, hits, strict=True)]

    def ids(self) -> set[tuple[int, int]]:
        """The (key, rev) of every document held."""
        try:
            self._index.reload()
            searcher = self._index.searcher()
            total = max(1, searcher.num_docs)
            hits = searcher.search(tantivy.Query.all_query(), total, count=False).hits
            return {_pair(str(searcher.doc(address).get_first("id"))) for _, address in hits}
        except (ValueError, OSError) as error:
            raise self._damaged(error) from error

    def document_frequency(self, stem: str) -> tuple[int, int]:
        """How many documents hold `stem`, and how many documents there are."""
        searcher = self._index.searcher()
        return searcher.doc_freq("body", stem), searcher.num_docs

    def _parse(self, query: str, dates: DateRange) -> Any | None:
        stems = query_stems(query)
        if not stems:
            return None
        schema = self._index.schema
        words = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "body", s, "freq")) for s in stems]
        parsed = tantivy.Query.boolean_query(words)
        if dates.bounded:
            window = tantivy.Query.range_query(
                schema,
                "day",
                tantivy.FieldType.Integer,
                day_number(dates.since) or 1,
                day_number(dates.until) or 99_999_999,
            )
            silent = tantivy.Query.const_score_query(window, 0.0)
            parsed = tantivy.Query.boolean_query([(tantivy.Occur.Must, parsed), (tantivy.Occur.Must, silent)])
        return parsed

    @cached_property
    def _index(self) -> tantivy.Index:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_integer_field("day", indexed=True, fast=True)
        builder.add_text_field("body", tokenizer_name="en_stem", index_option="freq")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            return tantivy.Index(builder.build(), str(self._folder), reuse=True)
        except OSError as error:
            raise PapersError(f"cannot write to {self._folder}: {error.strerror or error}") from error
        except ValueError as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> LibraryDamaged:
        return LibraryDamaged(
            f"the lexical index in {self._folder} cannot be used ({_first_line(error)}); run `papers doctor --repair`"
        )


def query_stems(query: str) -> list[str]:
    """The distinct stems of the content words of `query`; all its words where none is a content word."""
    words = re.findall(r"\w+", query.lower())
    content = [w for w in words if w not in STOP_WORDS] or words
    return list(dict.fromkeys(s for w in content for s in stem(w)))


@lru_cache(maxsize=50_000)
def stem(word: str) -> tuple[str, ...]:
    """The stems of `word`, as the index holds them; more than one where punctuation divides it."""
    return tuple(_analyzer().analyze(word))


@lru_cache(maxsize=1)
def _analyzer() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(40))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def _fields(document: LexicalDocument) -> dict[str, Any]:
    body = f"{document.title}\n{document.title}\n{document.abstract}"
    return {"id": f"{document.key}:{document.rev}", "day": document.day, "body": body}


def _pair(name: str) -> tuple[int, int]:
    key, _, rev = name.partition(":")
    return int(key), int(rev)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
