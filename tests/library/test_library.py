"""What the library promises to those who put papers in and look for them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

import chromadb
import pytest

from bot.errors import BadInput, LibraryDamaged, PapersError
from bot.library.dates import DateRange
from bot.library.library import Library
from bot.papers.paper import make_paper
from bot.settings import load_settings
from tests.library.conftest import entries, numbered

OpenLibrary = Callable[[], Library]


def titles(library: Library, query: str, k: int = 5, dates: DateRange | None = None) -> list[str]:
    return [hit.stored.paper.title for hit in library.search(query, k, dates)]


def test_papers_come_back_as_they_went_in(library: Library) -> None:
    paper = make_paper(
        "A title",
        "One sentence. Another.",
        published="2025-08-04",
        arxiv_id="2508.01234v2",
        authors=["A. B"],
        upvotes=3,
    )
    library.ingest([("line 1", paper)])
    stored = library.get("arxiv:2508.01234")
    assert stored is not None
    assert stored.paper == paper
    assert stored.paper.sentences == ("One sentence.", "Another.")


def test_p24_ingesting_again_changes_nothing(library: Library) -> None:
    papers = entries([numbered(n) for n in range(5)])
    first = library.ingest(papers, "page")
    generation = library.generation
    second = library.ingest(papers, "page")
    assert (first.added, first.updated, first.unchanged) == (5, 0, 0)
    assert (second.added, second.updated, second.unchanged) == (0, 0, 5)
    assert library.generation == generation
    assert library.catalogue.count() == (5, 15)


def test_p24_a_changed_text_is_changed_everywhere(library: Library) -> None:
    old = make_paper("One title", "It is about volcanoes. Lava flows.", upvotes=4, authors=["A. Uthor"])
    new = make_paper("One title", "It is about glaciers.")
    library.ingest([("line 1", old)], "page")
    told = library.ingest([("line 1", new)], "page")
    stored = library.papers()[0]
    assert told.updated == 1
    assert stored.paper == new  # fields that the source no longer gives are gone too
    assert library.search("volcanoes and lava", 1)[0].bm25 == 0
    assert library.search("glaciers", 1)[0].bm25 > 0
    assert library.check() == type(library.check())(0, 0, 0, 0)
    assert library.catalogue.count() == (1, 2)


def test_a_change_that_no_index_holds_leaves_the_chunks_alone(library: Library) -> None:
    paper = numbered(1)
    library.ingest([("line 1", paper)], "page")
    before = library.papers()[0]
    library.ingest([("line 1", replace(paper, upvotes=9))], "page")
    after = library.papers()[0]
    assert (after.rev, after.paper.upvotes) == (before.rev, 9)


def test_a_number_that_becomes_known_changes_the_id_and_keeps_the_old_one(library: Library) -> None:
    plain = numbered(1)
    library.ingest([("line 1", plain)], "page")
    library.ingest([("line 1", numbered(1, arxiv_id="2508.01234"))], "hf")
    assert [s.id for s in library.papers()] == ["arxiv:2508.01234"]
    found = library.get(plain.id)
    assert found is not None
    assert found.id == "arxiv:2508.01234"


def test_two_numbers_with_one_title_are_two_papers(library: Library) -> None:
    library.ingest(entries([numbered(1, arxiv_id="2508.00001"), numbered(1, arxiv_id="2508.00002")]))
    assert library.catalogue.count()[0] == 2


def test_one_paper_twice_in_a_batch_is_one_paper(library: Library) -> None:
    told = library.ingest(entries([numbered(1), numbered(1, arxiv_id="2508.00001")]))
    assert (told.added, told.unchanged) == (1, 1)
    assert [s.id for s in library.papers()] == ["arxiv:2508.00001"]


def test_a_record_that_names_two_papers_is_rejected(library: Library) -> None:
    library.ingest(entries([numbered(1, arxiv_id="2508.00001"), numbered(2, given_id="mine")]))
    told = library.ingest([("line 7", numbered(3, arxiv_id="2508.00001", given_id="mine"))])
    assert told.rejected[0].where == "line 7"
    assert library.catalogue.count()[0] == 2


def test_a_record_that_names_two_papers_of_its_own_batch_is_rejected(library: Library) -> None:
    one, other = numbered(1, given_id="mine"), numbered(2, arxiv_id="2508.00002")
    told = library.ingest([("1", one), ("2", other), ("3", numbered(3, given_id="mine", arxiv_id="2508.00002"))])
    assert (told.added, [r.where for r in told.rejected]) == (2, ["3"])


def test_two_papers_that_are_given_one_id_keep_apart(library: Library) -> None:
    first, second = numbered(1, arxiv_id="2508.00001"), numbered(2, arxiv_id="2508.00002")
    library.ingest(entries([first, second]))
    named = [replace(paper, given_id="mine") for paper in (first, second)]
    told = library.ingest([("1", named[0]), ("2", named[1])])
    assert (told.updated, [r.where for r in told.rejected]) == (1, ["2"])
    assert [s.paper.given_id for s in library.papers()].count("mine") == 1


def test_a_note_never_replaces_an_abstract_and_an_abstract_always_a_note(library: Library) -> None:
    note, abstract = numbered(1, 1, kind="note"), numbered(1, 2)
    library.ingest([("line 1", note)], "sample")
    library.ingest([("line 1", abstract)], "page")
    library.ingest([("line 1", note)], "sample")
    assert library.papers()[0].paper.kind == "abstract"
    assert library.papers()[0].paper.abstract == abstract.abstract


def test_search_finds_by_words_and_by_meaning(library: Library) -> None:
    library.ingest(entries([numbered(n) for n in range(10)]))
    assert "protein folding" in titles(library, "protein folding")[0]
    assert "speech recognition" in titles(library, "transcribing what people say aloud")[0]


def test_a_title_in_the_question_puts_its_paper_first(library: Library) -> None:
    library.ingest(entries([numbered(n) for n in range(10)]))
    assert titles(library, "what does 'Study 7 of protein folding' say?")[0] != "Study 2 of protein folding"
    for n in range(10):
        title = numbered(n).title
        assert titles(library, title)[0] == title


def test_search_keeps_to_the_days_asked_for(library: Library) -> None:
    library.ingest(entries([numbered(n) for n in range(10)]))
    range_ = DateRange(date(2025, 8, 3), date(2025, 8, 4))
    found = library.search("networks", 10, range_)
    assert {hit.stored.paper.date for hit in found} == {date(2025, 8, 3), date(2025, 8, 4)}
    assert library.search("networks", 10, DateRange(date(2026, 1, 1))) == []


def test_a_removed_paper_is_gone_everywhere(library: Library) -> None:
    library.ingest(entries([numbered(n) for n in range(3)]))
    gone = library.remove(numbered(1).id)
    assert library.get(gone.id) is None
    assert gone.paper.title not in titles(library, gone.paper.title)
    assert library.check() == type(library.check())(0, 0, 0, 0)
    with pytest.raises(BadInput, match="no paper has the id"):
        library.remove(gone.id)


def test_related_papers_are_near_in_meaning_and_never_the_paper_itself(library: Library) -> None:
    library.ingest(entries([numbered(n) for n in range(10)]))
    paper = library.find("Study 1 of protein folding")[0]
    related = [hit.stored.paper.title for hit in library.related(paper, 3)]
    assert related[0] == "Study 6 of protein folding"
    assert paper.paper.title not in related


def test_find_takes_an_id_a_title_or_a_part_of_it(library: Library) -> None:
    library.ingest(entries([numbered(1, arxiv_id="2508.00001"), numbered(6)]))
    assert (
        library.find("2508.00001") == library.find("arxiv:2508.00001") == library.find("STUDY 1 of protein folding!")
    )
    assert len(library.find("protein folding")) == 2
    assert library.find("nothing of the kind") == []


def test_repair_builds_the_indexes_anew(library: Library, open_library: OpenLibrary) -> None:
    library.ingest(entries([numbered(n) for n in range(5)]))
    other = open_library()
    assert titles(other, "protein folding")
    library.repair()
    assert library.check() == type(library.check())(0, 0, 0, 0)
    assert titles(library, "protein folding") == titles(other, "protein folding")
    assert [p.name for p in library.home.glob("index-*")] == ["index-2"]


def test_p27_a_damaged_index_is_told_and_mended(library: Library, open_library: OpenLibrary) -> None:
    library.ingest(entries([numbered(n) for n in range(5)]))
    library.close()
    database = library.home / "index-1" / "chroma" / "chroma.sqlite3"
    database.write_bytes(b"not a database" * 1000)
    with pytest.raises(LibraryDamaged, match="doctor --repair"):
        open_library().search("protein folding", 3)
    mended = open_library()
    mended.repair()
    assert "protein folding" in titles(mended, "protein folding")[0]


def test_p27_a_catalogue_of_a_newer_version_is_left_alone(library: Library, open_library: OpenLibrary) -> None:
    with library.catalogue.writing() as connection:
        connection.exec_driver_sql("INSERT INTO migrations VALUES ('m999_future', '2030-01-01')")
    library.close()
    before = (library.home / "catalogue.db").read_bytes()
    with pytest.raises(LibraryDamaged, match="newer version"):
        open_library()
    assert (library.home / "catalogue.db").read_bytes() == before


def test_p27_a_damaged_catalogue_is_told_and_left_alone(library: Library, open_library: OpenLibrary) -> None:
    library.ingest(entries([numbered(1)]))
    library.close()
    path = library.home / "catalogue.db"
    path.write_bytes(b"garbage" * 4096)
    with pytest.raises(LibraryDamaged, match="damaged"):
        open_library()
    assert path.read_bytes() == b"garbage" * 4096


def test_a_new_catalogue_takes_over_no_index_of_one_moved_away(library: Library, open_library: OpenLibrary) -> None:
    library.ingest(entries([numbered(1)]))
    library.close()
    for file in library.home.glob("catalogue.db*"):
        file.unlink()
    other = open_library()
    other.ingest(entries([numbered(2)]))
    assert titles(other, numbered(1).title) == [numbered(2).title]
    assert other.check() == type(other.check())(0, 0, 0, 0)


def test_p22_an_index_holds_vectors_on_disk_and_no_other_memory(library: Library, open_library: OpenLibrary) -> None:
    """Chroma writes an index without vectors as it was allocated, with what that memory held before."""
    library.ingest(entries([numbered(n) for n in range(3)]))
    written = [*library.home.rglob("length.bin"), *library.home.rglob("data_level0.bin")]
    assert len(written) == 4  # of passages and of papers; both still in Chroma's log alone
    for _ in range(2):
        assert all(not any(file.read_bytes()) for file in written)
        library.close()
        library = open_library()
        assert library.search(numbered(0).title, 1)


def test_vectors_of_another_model_are_not_mixed(library: Library) -> None:
    library.ingest(entries([numbered(1)]))
    with library.catalogue.writing() as connection:
        library.catalogue.set_state(connection, "embeddings", "another-model")
    with pytest.raises(PapersError, match="another-model"):
        library.search("protein", 1)


def server_collections(url: str) -> set[str]:
    address = urlsplit(url)
    client = chromadb.HttpClient(str(address.hostname), address.port or 80)
    return {collection.name for collection in client.list_collections()}


def test_a_chroma_server_serves_as_well(tmp_path: object, chroma_server: str) -> None:
    settings = load_settings({"PAPERS_HOME": str(tmp_path), "CHROMA_URL": chroma_server})
    with Library(settings) as library:
        library.ingest(entries([numbered(n) for n in range(5)]))
        assert "protein folding" in titles(library, "protein folding")[0]
        assert library.check().sound
        before = server_collections(chroma_server)
        library.repair()
        assert "protein folding" in titles(library, "protein folding")[0]
        after = server_collections(chroma_server)
        assert len(after) == len(before)  # the old ones are gone
        assert after != before
        assert not (library.home / "index-1" / "chroma").exists()
