"""SOURCE as a path."""

import os
from datetime import date

import pytest

from bot import limits
from bot.errors import BadInput
from bot.papers.sources import read_source

TODAY = date(2026, 3, 2)
PAGE = "Aug 4, 2025\n\nA Title\n\nIt is a short abstract. It works.\n"


@pytest.fixture
def source(settings):
    def source(name, **changes):
        return read_source(str(name), settings=settings, today=TODAY, **changes)

    return source


def test_the_ending_tells_a_jsonl_from_a_page(source, tmp_path):
    page, records = tmp_path / "page.md", tmp_path / "Papers.JSONL"
    page.write_text(PAGE)
    records.write_text('{"title": "B Title", "abstract": "Text."}\n')
    assert source(page).papers[0][1].title == "A Title"
    assert source(records).papers[0][1].title == "B Title"
    assert source(page).source == str(page)


def test_a_date_in_the_folders_name_is_not_the_pages(source, tmp_path):
    page = tmp_path / "2024-01-01" / "page.txt"
    page.parent.mkdir()
    page.write_text(PAGE.replace("Aug 4, 2025", "Aug 4"))
    assert source(page).date == date(2025, 8, 4)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing.txt", "missing.txt: no such file, and no source of that name"),
        (".", "is a directory"),
        ("page.txt/x", "not a directory"),
        ("a" * 5000, "file name too long"),
        ("a\0b", "no usable path"),
        ("~no-such-person/x", "no usable path"),
    ],
)
def test_a_path_that_cannot_be_read_is_bad_input_with_its_reason(source, tmp_path, monkeypatch, name, reason):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.txt").write_text(PAGE)
    with pytest.raises(BadInput, match="(?i)" + reason):
        source(name)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_bad_input(source, tmp_path):
    page = tmp_path / "page.txt"
    page.write_text(PAGE)
    page.chmod(0)
    with pytest.raises(BadInput, match="permission denied"):
        source(page)


def test_a_file_beyond_the_limit_is_refused(source, tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "FILE_BYTES", 2**20)
    page = tmp_path / "page.txt"
    page.write_bytes(PAGE.encode() + b"x" * 2**20)
    with pytest.raises(BadInput, match="larger than 1 MB; split it"):
        source(page)


@pytest.mark.parametrize("name", ["", "  "])
def test_an_empty_source_is_bad_input(source, name):
    with pytest.raises(BadInput, match="empty"):
        source(name)


@pytest.mark.parametrize("name", ["/etc/passwd", "page.txt", "~/x.jsonl"])
def test_someone_elsewhere_may_name_no_file_of_this_machine(source, name):
    with pytest.raises(BadInput, match="is no source"):
        source(name, trusted=False)
