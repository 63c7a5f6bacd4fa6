"""The lexical index by itself."""

import shutil
from pathlib import Path

from bot.library.dates import DateRange
from bot.library.lexical import LexicalDocument, LexicalIndex


def test_what_a_killed_writer_noted_of_deletions_is_not_in_the_way(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path / "index")
    index.add([LexicalDocument(n, 1, 20250804, f"Owls number {n}", "They see at night.") for n in range(3)])
    spare = tmp_path / "spare"
    shutil.copytree(tmp_path / "index", spare)
    LexicalIndex(spare).delete([(1, 1)])
    [noted] = {p.name for p in spare.glob("*.del")} - {p.name for p in (tmp_path / "index").glob("*.del")}
    (tmp_path / "index" / noted).touch()  # as if it had been killed before the commit
    index.delete([(1, 1)])
    assert index.ids() == {(0, 1), (2, 1)}
    assert len(index.search("owls", 9, DateRange())) == 2
    index.add([LexicalDocument(3, 1, 20250804, "More owls", "They still see at night.")])
    assert index.ids() == {(0, 1), (2, 1), (3, 1)}
