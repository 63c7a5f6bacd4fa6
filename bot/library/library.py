"""The library: one catalogue and the two indexes that follow it, behind one door."""

import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from types import TracebackType

import numpy as np

from bot.errors import BadInput, PapersError
from bot.library import reader
from bot.library.catalogue import Catalogue, Stored
from bot.library.dates import DateRange
from bot.library.embeddings import Embedder, Vectors, make_embedder
from bot.library.lexical import LexicalIndex
from bot.library.retriever import Hit, Retriever
from bot.library.vectors import VectorIndex, paper_vector
from bot.library.writing import Ingested, Progress, Writer, writer_lock
from bot.papers.paper import Paper
from bot.papers.text import clean
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Stats:
    """What is in the library."""

    papers: int
    chunks: int
    days: tuple[tuple[date, int], ...]
    data_dir: Path
    embedding_model: str
    generation: int


@dataclass(frozen=True, slots=True)
class Consistency:
    """How the indexes agree with the catalogue: chunks that are missing, and ones that belong to nothing."""

    missing_vectors: int
    stray_vectors: int
    missing_lexical: int
    stray_lexical: int

    @property
    def sound(self) -> bool:
        """Whether every paper can be found by both indexes; strays are harmless."""
        return not (self.missing_vectors or self.missing_lexical)


@dataclass(frozen=True, slots=True)
class _State:
    """One state of the indexes: which folders, and at which generation they were last opened."""

    index: int
    generation: int
    retriever: Retriever


class Library:
    """Papers, kept and found again. Reads are safe from several threads and beside another process's writes.

    Opening is cheap: indexes and the embedding model load at their first use. `embedder` is the model where it
    is at hand already. Raises `PapersError` where the data directory cannot be used.
    """

    def __init__(self, settings: Settings, embedder: Embedder | None = None) -> None:
        self.settings = settings
        if embedder:
            self.embedder = embedder
        self.home = settings.home
        self.catalogue = Catalogue(self.home / "catalogue.db")
        self._lock = threading.Lock()
        self._state: _State | None = None

    def __enter__(self) -> "Library":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all files."""
        with self._lock:
            if self._state:
                self._state.retriever.vectors.close()
                self._state = None
        self.catalogue.close()

    # Reading

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model that the settings name."""
        return make_embedder(self.settings)

    @property
    def generation(self) -> int:
        """A number that grows with every change of the library."""
        return int(self.catalogue.state("generation") or 0)

    def get(self, paper_id: str) -> Stored | None:
        """The paper of an id that it has or once had."""
        return self.catalogue.by_id(paper_id)

    def find(self, text: str) -> list[Stored]:
        """The papers that `text` names: by id, else by exact title, else by a part of the title."""
        text = clean(text)
        stored = self.catalogue.by_id(text) or self.catalogue.by_id(f"arxiv:{text}")
        if stored:
            return [stored]
        return self.catalogue.by_title(text) or self.catalogue.by_title(text, part=True)

    def papers(self, dates: DateRange | None = None) -> list[Stored]:
        """All papers of the range, the newest day first."""
        return self.catalogue.papers(dates)

    def days(self) -> list[tuple[date, int]]:
        """Each day of which there are papers, with their number, oldest first."""
        return self.catalogue.days()

    def stats(self) -> Stats:
        """Numbers of the library."""
        papers, chunks = self.catalogue.count()
        return Stats(
            papers,
            chunks,
            tuple(self.days()),
            self.home,
            self.catalogue.state("embeddings") or self.embedder.name,
            self.generation,
        )

    def search(self, query: str, k: int, dates: DateRange | None = None, vector: Vectors | None = None) -> list[Hit]:
        """The `k` best papers for `query`, best first; `vector` is the query's, where it is known already."""
        query = clean(query)
        if not query or self.catalogue.is_empty():
            return []
        return self._current().search(query, k, dates or DateRange(), vector)

    def related(self, stored: Stored, k: int) -> list[Hit]:
        """The `k` papers nearest to a paper in meaning, itself left out."""
        rows = self.chunk_vectors([stored])[0]
        hits = self._current().near(paper_vector(rows), k + 1, DateRange())
        return [hit for hit in hits if hit.stored.key != stored.key][:k]

    def chunk_vectors(self, papers: Sequence[Stored]) -> list[Vectors]:
        """The vectors of each paper: row 0 its title, row n its n-th sentence."""
        held = self._current().vectors.rows([s.chunks for s in papers])
        return [held[s.key, s.rev] if (s.key, s.rev) in held else self._embedded(s.paper) for s in papers]

    def sentence_vectors(self, papers: Sequence[Stored]) -> list[Vectors]:
        """The vectors of each paper's sentences, shape (sentences, dimension)."""
        return [rows[1:] for rows in self.chunk_vectors(papers)]

    def frequencies(self) -> Callable[[str], tuple[int, int]]:
        """Tells of the stem of a word how many papers hold it, and how many are indexed; of the library as it is now."""
        return self._current().lexical.document_frequency

    def warm(self) -> None:
        """Load what a first question would wait for."""
        self.embedder.embed(["warm"])
        self.search("warm", 1)
        reader.load()

    # Writing

    def ingest(
        self, papers: Sequence[tuple[str, Paper]], source: str = "", progress: Progress | None = None
    ) -> Ingested:
        """Add or update `papers`, each given with where it was found; see `bot.library.writing`.

        Raises `LibraryBusy` where another process writes, `PapersError` where the disk refuses; papers of
        batches that were reported stay.
        """
        with self._writer() as writer:
            return writer.ingest(papers, source, progress)

    def remove(self, paper_id: str) -> Stored:
        """Take a paper out. Raises `BadInput` where no paper has the id."""
        with self._writer() as writer:
            stored = self.get(paper_id)
            if stored is None:
                raise BadInput(f"no paper has the id {paper_id!r}; `papers list` shows them")
            writer.remove(stored)
            return stored

    def check(self) -> Consistency:
        """Compare the indexes with the catalogue."""
        retriever = self._current()
        wanted = self.catalogue.revisions()
        passages, wholes = retriever.vectors.ids()
        chunks = {f"{key}:{rev}:{place}" for key, rev, size in wanted for place in range(size + 1)}
        papers = {f"{key}:{rev}" for key, rev, _ in wanted}
        lexical = retriever.lexical.ids()
        pairs = {(key, rev) for key, rev, _ in wanted}
        return Consistency(
            len(chunks - passages) + len(papers - wholes),
            len(passages - chunks) + len(wholes - papers),
            len(pairs - lexical),
            len(lexical - pairs),
        )

    def repair(self, progress: Progress | None = None) -> None:
        """Build both indexes anew from the catalogue, beside the old ones, and change over in one step."""
        with writer_lock(self.home):
            old = int(self.catalogue.state("index"))
            new = old + 1
            shutil.rmtree(self._folder(new), ignore_errors=True)  # what an earlier repair left half done
            state = self._open(new, self.generation)
            state.retriever.vectors.drop()
            Writer(self.catalogue, state.retriever.vectors, state.retriever.lexical, self.embedder).rebuild(
                self.papers(), progress
            )
            with self.catalogue.writing() as connection:
                self.catalogue.set_state(connection, "index", str(new))
                self.catalogue.set_state(connection, "embeddings", self.embedder.name)
                journal = self.catalogue.journal(connection)
                self.catalogue.clear_journal(connection, journal)
                self.catalogue.new_generation(connection)
            state.retriever.vectors.close()
            self._open(old, self.generation).retriever.vectors.drop()
            shutil.rmtree(self._folder(old), ignore_errors=True)

    @contextmanager
    def _writer(self) -> Iterator[Writer]:
        with writer_lock(self.home):
            self._check_model(claim=True)
            retriever = self._current()
            retriever.vectors.reopen()  # a writer that died may have written without a new generation
            writer = Writer(self.catalogue, retriever.vectors, retriever.lexical, self.embedder)
            try:
                writer.mend()
                yield writer
            finally:
                with self._lock:
                    if self._state:
                        self._state = _State(self._state.index, self.generation, retriever)

    def _current(self) -> Retriever:
        """The indexes as they are now: opened anew where another process has changed them."""
        self._check_model()
        with self._lock:
            index, generation = int(self.catalogue.state("index")), self.generation
            if self._state is None or self._state.index != index:
                if self._state:
                    self._state.retriever.vectors.close()
                self._state = self._open(index, generation)
            elif self._state.generation != generation:
                self._state.retriever.vectors.reopen()
                self._state = _State(index, generation, self._state.retriever)
            return self._state.retriever

    def _open(self, index: int, generation: int) -> _State:
        where = self.settings.chroma_url or self._folder(index) / "chroma"
        suffix = f"{self.catalogue.state('library')}-{index}"
        vectors = VectorIndex(where, suffix)
        lexical = LexicalIndex(self._folder(index) / "lexical")
        return _State(index, generation, Retriever(self.catalogue, vectors, lexical, self.embedder))

    def _folder(self, index: int) -> Path:
        return self.home / f"index-{index}"

    def _check_model(self, *, claim: bool = False) -> None:
        made = self.catalogue.state("embeddings")
        if made and made != self.embedder.name:
            raise PapersError(
                f"the library's vectors were made by {made}, but this program uses {self.embedder.name}; run `papers "
                "doctor --repair` to make them anew, or set PAPERS_EMBEDDINGS back if it was changed"
            )
        if claim and not made:
            with self.catalogue.writing() as connection:
                self.catalogue.set_state(connection, "embeddings", self.embedder.name)

    def _embedded(self, paper: Paper) -> Vectors:
        return np.asarray(self.embedder.embed([paper.title, *paper.sentences]), np.float32)
