"""Replies that are kept."""

from pathlib import Path

import pytest

from bot.digest.cache import StoredReplies


def test_a_reply_is_found_again_by_its_key_and_by_another_process(tmp_path: Path) -> None:
    StoredReplies(tmp_path / "r.db").put("key", "reply")
    again = StoredReplies(tmp_path / "r.db")
    assert again.get("key") == "reply"
    assert again.get("other") is None


def test_a_newer_reply_replaces_the_old_one(tmp_path: Path) -> None:
    replies = StoredReplies(tmp_path / "r.db")
    replies.put("key", "old")
    replies.put("key", "new")
    assert replies.get("key") == "new"


def test_replies_long_unused_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replies = StoredReplies(tmp_path / "r.db")
    monkeypatch.setattr("time.time", lambda: 0.0)
    replies.put("old", "reply")
    monkeypatch.setattr("time.time", lambda: 61 * 24 * 3600.0)
    replies.put("new", "reply")
    assert replies.get("old") is None
    assert replies.get("new") == "reply"


@pytest.mark.parametrize("damaged", [b"no database at all", None])
def test_a_file_that_cannot_be_used_is_as_good_as_an_empty_one(tmp_path: Path, damaged: bytes | None) -> None:
    path = tmp_path / "r.db"
    if damaged is None:
        (tmp_path / "file").touch()
        path = tmp_path / "file" / "r.db"  # no folder can be made there
    else:
        path.write_bytes(damaged)
    replies = StoredReplies(path)
    replies.put("key", "reply")
    assert replies.get("key") is None
