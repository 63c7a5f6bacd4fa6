"""The dense index: chunk vectors in Chroma, embedded here or on a Chroma server.

Two collections. *passages* holds one vector for each title and sentence; its ids are `key:rev:place`, where
place 0 is the title and place n the n-th sentence. *papers* holds one vector for each paper, made from those
(see `paper_vector`), under `key:rev`. `key` and `rev` are the catalogue's number of the paper and of its
text: a chunk whose pair the catalogue does not hold is not part of the library, whatever wrote it.

Embedded Chroma is safe for one process at a time only, so every opening, and every write, holds a file lock;
what another process wrote is seen by opening again, which `Library` asks for when the generation changes.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import numpy as np
from filelock import FileLock

from bot.errors import LibraryDamaged, PapersError
from bot.library.dates import DateRange
from bot.library.embeddings import Vectors

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

T = TypeVar("T")

_KINDS = ("passages", "papers")
_SLICE = 500  # vectors a write: a third of a second, so that a waiting reader is soon let in


@dataclass(frozen=True, slots=True)
class ChunkId:
    """Where a chunk belongs: paper, its revision, and the place in it (0 the title, n the n-th sentence)."""

    key: int
    rev: int
    place: int

    def __str__(self) -> str:
        return f"{self.key}:{self.rev}:{self.place}"

    @classmethod
    def parse(cls, text: str) -> "ChunkId":
        """The inverse of `str`."""
        key, rev, place = map(int, text.split(":"))
        return cls(key, rev, place)


@dataclass(frozen=True, slots=True)
class PaperVectors:
    """The vectors of one paper: row 0 its title, row n its n-th sentence; shape (1 + sentences, dimension)."""

    key: int
    rev: int
    day: int  # YYYYMMDD, 0 where unknown
    rows: Vectors


def paper_vector(rows: Vectors, title: float = 2.0) -> Vectors:
    """One vector for a paper: the mean of its sentences plus `title` times its title, normalised; shape (dimension,).

    Not a model's own, but made without embedding anything twice.
    """
    mixed = rows[1:].mean(axis=0) + title * rows[0] if len(rows) > 1 else rows[0]
    return np.asarray(mixed / max(float(np.linalg.norm(mixed)), 1e-12), np.float32)


class VectorIndex:
    """Chunk vectors in Chroma. Safe to use from several threads; opened at the first use.

    `where` is the folder of the embedded database, or the address of a Chroma server.
    """

    def __init__(self, where: Path | str, suffix: str) -> None:
        self._where = where
        self._suffix = suffix
        self._lock = threading.RLock()
        self._client: ClientAPI | None = None
        self._opened: tuple[Collection, Collection] | None = None

    # Writing

    def add(self, papers: Sequence[PaperVectors]) -> None:
        """Add the chunks of `papers`; returns when they are durable. Raises `PapersError`."""
        passages: list[tuple[str, Any, dict[str, int]]] = []
        wholes: list[tuple[str, Any, dict[str, int]]] = []
        for paper in papers:
            day = {"key": paper.key, "day": paper.day}
            wholes.append((f"{paper.key}:{paper.rev}", paper_vector(paper.rows, title=0), day))
            for place, row in enumerate(paper.rows):
                passages.append((str(ChunkId(paper.key, paper.rev, place)), row, {**day, "place": place}))
        for which, items in ((0, passages), (1, wholes)):
            for start in range(0, len(items), _SLICE):
                self._upsert(which, items[start : start + _SLICE])

    def _upsert(self, which: int, items: Sequence[tuple[str, Any, dict[str, int]]]) -> None:
        ids, rows, metadata = zip(*items, strict=True)

        def run(collections: "tuple[Collection, Collection]") -> None:
            collections[which].upsert(ids=list(ids), embeddings=np.stack(rows), metadatas=list(metadata))
            self._wipe_unused()

        with self._process_lock():
            self._do(run)

    def delete(self, chunks: Sequence[tuple[int, int, int]]) -> None:
        """Delete all chunks of each (key, rev, number of sentences); unknown ones are no error."""
        passages = [str(ChunkId(key, rev, place)) for key, rev, size in chunks for place in range(size + 1)]
        for which, ids in ((0, passages), (1, [f"{key}:{rev}" for key, rev, _ in chunks])):
            for start in range(0, len(ids), _SLICE):
                self._delete(which, ids[start : start + _SLICE])

    def _delete(self, which: int, ids: list[str]) -> None:
        with self._process_lock():
            self._do(lambda c: c[which].delete(ids=ids))

    # Reading

    def passages(self, query: Vectors, n: int, dates: DateRange) -> list[tuple[ChunkId, float]]:
        """The `n` chunks nearest to the vector `query` within `dates`, with their cosine, best first."""
        return [(ChunkId.parse(i), s) for i, s in self._query(0, query, n, dates)]

    def papers(self, query: Vectors, n: int, dates: DateRange) -> list[tuple[tuple[int, int], float]]:
        """The `n` papers, as (key, rev), nearest to the vector `query` within `dates`, with their cosine."""
        found = self._query(1, query, n, dates)
        return [((int(key), int(rev)), s) for (key, _, rev), s in ((i.partition(":"), s) for i, s in found)]

    def rows(self, papers: Sequence[tuple[int, int, int]]) -> dict[tuple[int, int], Vectors]:
        """The vectors of each (key, rev, number of sentences), as in `PaperVectors.rows`.

        A paper of which a chunk is missing is left out.
        """
        ids = [str(ChunkId(key, rev, place)) for key, rev, size in papers for place in range(size + 1)]
        if not ids:
            return {}
        got = self._do(lambda c: c[0].get(ids=ids, include=["embeddings"]))
        by_id = dict(zip(got["ids"], got["embeddings"] if got["embeddings"] is not None else [], strict=True))
        whole: dict[tuple[int, int], Vectors] = {}
        for key, rev, size in papers:
            rows = [by_id.get(str(ChunkId(key, rev, place))) for place in range(size + 1)]
            if all(row is not None for row in rows):
                whole[key, rev] = np.array(rows, np.float32)
        return whole

    def ids(self) -> tuple[set[str], set[str]]:
        """All ids held: of passages and of papers."""
        return self._do(lambda c: (set(c[0].get(include=[])["ids"]), set(c[1].get(include=[])["ids"])))

    def reopen(self) -> None:
        """See what other processes have written since; the next use opens the files anew."""
        with self._lock:
            self._opened = None
            if self._client is not None:
                with suppress(Exception):  # whatever closing says, the client is not used again
                    self._client.close()  # type: ignore[attr-defined]  # every client has it, the base class not
                self._client = None

    close = reopen

    def drop(self) -> None:
        """Delete the collections where they are on a server; a folder is its owner's to delete. Raises `PapersError`."""
        if isinstance(self._where, str):
            with self._lock:
                try:
                    self._client = client = _connect(self._where)
                    names = {c.name for c in client.list_collections()}
                    for name in names & {self._name(kind) for kind in _KINDS}:
                        client.delete_collection(name)
                except BaseException as error:
                    raise self._failure(_chroma_error(error)) from error
                self.reopen()

    def _query(self, which: int, query: Vectors, n: int, dates: DateRange) -> list[tuple[str, float]]:
        where = _where(dates)

        def run(collections: "tuple[Collection, Collection]") -> list[tuple[str, float]]:
            collection = collections[which]
            size = min(n, collection.count())
            if size == 0:
                return []
            found = collection.query(
                query_embeddings=query.reshape(1, -1), n_results=size, where=where, include=["distances"]
            )
            distances = found["distances"] or [[]]
            return [(i, 1.0 - float(d)) for i, d in zip(found["ids"][0], distances[0], strict=True)]

        return self._do(run)

    def _do(self, action: "Callable[[tuple[Collection, Collection]], T]") -> T:
        """Run `action` on the collections; once more after opening anew, where another process interfered."""
        with self._lock:
            try:
                return action(self._open())
            except BaseException as error:  # its Rust core raises many kinds, panics among them
                first = _chroma_error(error)
            self.reopen()
            try:
                return action(self._open())
            except BaseException as error:
                second = _chroma_error(error)
            self.reopen()
            raise self._failure(second) from first

    def _failure(self, error: BaseException) -> PapersError:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        if isinstance(self._where, str):
            return PapersError(f"the Chroma server at {self._where} failed: {reason}; is it running?")
        if _is_full(reason):
            return PapersError(f"cannot write to {self._where}: {reason}; free some space and try again")
        return LibraryDamaged(f"the vectors in {self._where} cannot be used ({reason}); run `papers doctor --repair`")

    def _open(self) -> "tuple[Collection, Collection]":
        if self._opened is None:
            with self._process_lock():
                self._client = _connect(self._where)
                passages, papers = map(self._collection, _KINDS)
                self._opened = passages, papers
                # The first look at a collection may still write what the last writer left to be done.
                for collection in self._opened:
                    if collection.count():
                        collection.get(limit=1, include=["embeddings"])
                self._wipe_unused()
        return self._opened

    def _wipe_unused(self) -> None:
        """Overwrite the memory of this process, keys among it, that Chroma leaves on disk.

        It writes an index that holds no vector yet with the space for its first hundred, as it was allocated, both
        when it makes the index and at each opening until the first thousand are there. The number of vectors stands
        in `header.bin` behind a version (4 bytes), an offset and a capacity (8 bytes each).
        """
        if isinstance(self._where, str):
            return
        for header in self._where.glob("*/header.bin"):
            if not any(header.read_bytes()[20:28]):
                for path in (header.parent / "data_level0.bin", header.parent / "length.bin"):
                    with path.open("r+b") as file:
                        file.write(bytes(path.stat().st_size))

    def _name(self, kind: str) -> str:
        return f"{kind}-{self._suffix}"

    def _collection(self, kind: str) -> "Collection":
        assert self._client is not None
        return self._client.get_or_create_collection(
            self._name(kind),
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
        )

    @contextmanager
    def _process_lock(self) -> Iterator[None]:
        if isinstance(self._where, str):
            yield
            return
        with self._lock:
            self._where.mkdir(parents=True, exist_ok=True)
            with self._file_lock:
                yield

    @property
    def _file_lock(self) -> FileLock:
        assert isinstance(self._where, Path)
        # One object a path, so that an opening inside a write enters the lock again instead of waiting for it.
        return FileLock(str(self._where) + ".lock", is_singleton=True)


def _connect(where: Path | str) -> "ClientAPI":
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if isinstance(where, Path):
        return chromadb.PersistentClient(str(where), settings=settings)
    parts = urlsplit(where)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 8000)
    return chromadb.HttpClient(host=parts.hostname or "", port=port, ssl=secure, settings=settings)


def _chroma_error(error: BaseException) -> BaseException:
    """`error` where it is Chroma's; else it is raised on."""
    if isinstance(error, Exception) and not isinstance(error, PapersError):
        return error
    if type(error).__name__ == "PanicException":
        return error
    raise error


def _where(dates: DateRange) -> Any:
    limits: list[dict[str, Any]] = [{"day": {"$gt": 0}}] if dates.bounded else []
    if dates.since:
        limits.append({"day": {"$gte": day_number(dates.since)}})
    if dates.until:
        limits.append({"day": {"$lte": day_number(dates.until)}})
    return None if not limits else limits[0] if len(limits) == 1 else {"$and": limits}


def day_number(day: Any) -> int:
    """A date as YYYYMMDD; 0 for None."""
    return int(f"{day:%Y%m%d}") if day else 0


def _is_full(reason: str) -> bool:
    return any(
        word in reason.lower() for word in ("full", "no space", "readonly", "read-only", "too large", "permission")
    )
