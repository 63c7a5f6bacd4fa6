"""Changing the library so that a crash at any moment leaves nothing half visible and loses nothing told.

One batch goes through five steps. 1. The texts are embedded. 2. The chunks to come are noted in the journal.
3. They are written to both indexes. 4. One transaction of the catalogue makes the papers visible, strikes the
new chunks from the journal and notes the old ones there. 5. The old chunks are deleted, the journal cleared.
Whatever stands in the journal when a writer begins is rubbish of one that died, and is deleted first.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from bot import limits
from bot.errors import LibraryBusy, PapersError
from bot.library.catalogue import Catalogue, Stored
from bot.library.embeddings import Embedder, Vectors
from bot.library.lexical import LexicalDocument, LexicalIndex
from bot.library.vectors import PaperVectors, VectorIndex, day_number
from bot.papers.batch import Rejected
from bot.papers.merge import merge
from bot.papers.paper import Paper, Unusable
from bot.papers.text import title_key

Progress = Callable[[int, int], None]
"""Told after each batch: papers done, papers in all."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What an ingestion did; `rejected` are papers that the library could not take."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: tuple[Rejected, ...] = ()
    new_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Change:
    """A paper to be written: `before` is what the library holds of it, if anything."""

    key: int
    rev: int
    paper: Paper
    before: Stored | None

    @property
    def chunks(self) -> tuple[int, int, int]:
        return self.key, self.rev, len(self.paper.sentences)

    @property
    def reindexed(self) -> bool:
        return self.before is None or self.rev != self.before.rev


class Writer:
    """The one who may change the library; holds its lock from `writer_lock` until it is done."""

    def __init__(self, catalogue: Catalogue, vectors: VectorIndex, lexical: LexicalIndex, embedder: Embedder) -> None:
        self._catalogue = catalogue
        self._vectors = vectors
        self._lexical = lexical
        self._embedder = embedder

    def ingest(self, papers: Sequence[tuple[str, Paper]], source: str, progress: Progress | None = None) -> Ingested:
        """Add or update `papers`, given with where each was found, in batches that become visible one by one.

        `source` says where they come from: a record of the same source as before replaces it, one of another
        source is merged with it.
        """
        added = updated = unchanged = 0
        rejected: list[Rejected] = []
        new_ids: list[str] = []
        for start in range(0, len(papers), limits.INGEST_BATCH):
            batch = papers[start : start + limits.INGEST_BATCH]
            changes = self._changes(batch, source, rejected)
            real = [c for c in changes if c.before is None or c.before.paper != c.paper]
            self._apply(real, source)
            fresh = [c.paper.id for c in real if c.before is None]
            new_ids += fresh
            added += len(fresh)
            updated += len(real) - len(fresh)
            unchanged += len(batch) - len(real)
            if progress:
                progress(start + len(batch), len(papers))
        return Ingested(added, updated, unchanged - len(rejected), tuple(rejected), tuple(new_ids))

    def remove(self, stored: Stored) -> None:
        """Take one paper out of the library."""
        with self._catalogue.writing() as connection:
            self._catalogue.remove(connection, stored)
            self._catalogue.add_to_journal(connection, [stored.chunks])
            self._catalogue.new_generation(connection)
        self.mend()

    def rebuild(self, papers: Sequence[Stored], progress: Progress | None = None) -> None:
        """Write all `papers` into this writer's indexes, which are new and empty."""
        for start in range(0, len(papers), limits.INGEST_BATCH):
            batch = [_Change(s.key, s.rev, s.paper, None) for s in papers[start : start + limits.INGEST_BATCH]]
            self._index(batch)
            if progress:
                progress(start + len(batch), len(papers))

    def _changes(self, batch: Sequence[tuple[str, Paper]], source: str, rejected: list[Rejected]) -> list[_Change]:
        """What each paper of the batch means for the library; two records of one paper become one change."""
        changes: dict[int, _Change] = {}
        found_at: dict[int, str] = {}
        pending: list[tuple[str, Paper]] = []
        with self._catalogue.reading() as connection:
            for where, paper in batch:
                try:
                    before = self._catalogue.same(connection, paper)
                except Unusable as error:
                    rejected.append(Rejected(where, f"{paper.title}: {error}"))
                    continue
                if before is None:
                    pending.append((where, paper))
                    continue
                found_at[before.key] = where
                earlier = changes.get(before.key)
                base = earlier.paper if earlier else before.paper
                merged = merge(base, paper, same_source=source == before.source)
                moved = _indexed(merged) != _indexed(before.paper)
                changes[before.key] = _Change(before.key, before.rev + moved, merged, before)
        distinct: list[tuple[str, Paper]] = []
        for where, paper in pending:
            twins = [i for i, (_, other) in enumerate(distinct) if _same(other, paper)]
            if len(twins) > 1:
                rejected.append(Rejected(where, f"{paper.title}: its number and its id belong to two papers"))
            elif twins:
                first, other = distinct[twins[0]]
                distinct[twins[0]] = first, merge(other, paper, same_source=False)
            else:
                distinct.append((where, paper))
        if distinct:
            with self._catalogue.writing() as connection:
                keys = self._catalogue.next_keys(connection, len(distinct))
            for key, (where, paper) in zip(keys, distinct, strict=True):
                changes[key], found_at[key] = _Change(key, 1, paper, None), where
        return _without_clashes(changes, found_at, rejected)

    def _apply(self, changes: Sequence[_Change], source: str) -> None:
        if not changes:
            return
        moved = [c for c in changes if c.reindexed]
        fresh = [c.chunks for c in moved]
        stale = [c.before.chunks for c in moved if c.before]
        vectors = self._embed(moved)
        if fresh:
            with self._catalogue.writing() as connection:
                self._catalogue.add_to_journal(connection, fresh)
        try:
            self._index(moved, vectors)
            with self._catalogue.writing() as connection:
                for change in changes:
                    self._catalogue.save(connection, change.key, change.rev, change.paper, source)
                self._catalogue.clear_journal(connection, fresh)
                self._catalogue.add_to_journal(connection, stale)
                self._catalogue.new_generation(connection)
        except BaseException:
            with suppress(PapersError):  # what cannot be tidied now, the next writer tidies
                self.mend()
            raise
        if stale:
            self.mend()

    def _embed(self, changes: Sequence[_Change]) -> list[PaperVectors]:
        if not changes:
            return []
        texts = [text for c in changes for text in (c.paper.title, *c.paper.sentences)]
        rows: Vectors = self._embedder.embed(texts)
        vectors = []
        start = 0
        for c in changes:
            end = start + 1 + len(c.paper.sentences)
            vectors.append(PaperVectors(c.key, c.rev, day_number(c.paper.date), rows[start:end]))
            start = end
        return vectors

    def _index(self, changes: Sequence[_Change], vectors: list[PaperVectors] | None = None) -> None:
        if not changes:
            return
        self._vectors.add(self._embed(changes) if vectors is None else vectors)
        self._lexical.add(
            [
                LexicalDocument(c.key, c.rev, day_number(c.paper.date), c.paper.title, c.paper.abstract)
                for c in changes
            ]
        )

    def mend(self) -> None:
        """Delete from the indexes what the journal names: chunks of a dead writer, or of an older text."""
        with self._catalogue.reading() as connection:
            left = self._catalogue.journal(connection)
        if left:
            self._vectors.delete(left)
            self._lexical.delete([(key, rev) for key, rev, _ in left])
            with self._catalogue.writing() as connection:
                self._catalogue.clear_journal(connection, left)


@contextmanager
def writer_lock(home: Path) -> Iterator[None]:
    """Be the only writer of the library at `home`; a crash releases it.

    Raises `LibraryBusy`, naming the holder, after `limits.LOCK_SECONDS`.
    """
    holder = home / "writer.json"
    lock = FileLock(home / "writer.lock", timeout=limits.LOCK_SECONDS, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise LibraryBusy(f"the library {home} is being written by {_holder(holder)}; try again later") from None
    except OSError as error:
        raise PapersError(f"cannot write to {home}: {error.strerror}; set PAPERS_HOME elsewhere") from error
    try:
        with suppress(OSError):  # only a courtesy to whoever has to wait
            command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])
            since = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
            holder.write_text(json.dumps({"pid": os.getpid(), "command": command, "since": since}))
        yield
    finally:
        with suppress(OSError):
            holder.unlink()
        lock.release()


def holder_of(home: Path) -> str | None:
    """Who is writing the library at `home` now, in words; None where nobody is."""
    try:
        with FileLock(home / "writer.lock", timeout=0, thread_local=False):
            return None
    except Timeout:
        return _holder(home / "writer.json")
    except OSError:
        return None


def _holder(path: Path) -> str:
    try:
        told = json.loads(path.read_text())
        return f"process {told['pid']} ({told['command']}, since {told['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


def _without_clashes(
    changes: dict[int, _Change], found_at: dict[int, str], rejected: list[Rejected]
) -> list[_Change]:
    """`changes` but for those that would give a paper the number or the id that another change gives to its own."""
    owners: dict[tuple[str, str], int] = {}
    kept = []
    for key, change in changes.items():
        names = [("number", change.paper.arxiv_id or ""), ("id", change.paper.given_id or "")]
        taken = [f"{what} {name}" for what, name in names if name and owners.get((what, name), key) != key]
        if taken:
            rejected.append(Rejected(found_at[key], f"{change.paper.title}: another paper has its {taken[0]}"))
            continue
        owners |= {(what, name): key for what, name in names if name}
        kept.append(change)
    return kept


def _same(one: Paper, other: Paper) -> bool:
    """Whether two new records are one paper; the rule of `Catalogue.same`."""
    if (one.arxiv_id and one.arxiv_id == other.arxiv_id) or (one.given_id and one.given_id == other.given_id):
        return True
    nameless = not all(p.arxiv_id or p.given_id for p in (one, other))
    return nameless and title_key(one.title) == title_key(other.title)


def _indexed(paper: Paper) -> Paper:
    """The part of a paper that the indexes hold; a change of anything else leaves them alone."""
    return replace(
        paper, arxiv_id=None, given_id=None, url=None, authors=(), upvotes=None, kind="abstract", keywords=()
    )
