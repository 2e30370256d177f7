"""`shelftalker import`."""

import io
import sqlite3
import sys

import pytest

from app.storage.database import Database
from tests.app.cli.conftest import FEED


def test_a_summary_that_says_what_to_do_next(cli, feed):
    answer = cli("import", str(feed))
    assert answer.code == 0
    assert "2 products" in answer.out
    assert "2 new" in answer.out
    assert "line 3" in answer.out
    assert "shelftalker generate --all" in answer.out


def test_the_same_file_twice_changes_nothing(filled, feed):
    report = filled("import", str(feed), "--json").document
    assert (report["created"], report["updated"], report["unchanged"]) == (0, 0, 2)
    assert [row["line"] for row in report["rejected"]] == [3]


def test_a_dry_run_writes_nothing(cli, feed):
    answer = cli("import", str(feed), "--dry-run")
    assert answer.code == 0
    assert "Nothing was written" in answer.out
    assert cli("import", str(feed), "--json").document["created"] == 2


def test_standard_input(cli, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FEED.encode())))
    assert cli("import", "-", "--json").document["created"] == 2


def test_a_full_import_that_would_empty_the_shop_is_held(filled, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("sku,title\nX-1,Only One\n")
    answer = filled("import", str(other), "--mode", "full")
    assert answer.code == 1
    assert "--force" in answer.out
    assert filled("import", str(other), "--mode", "full", "--force", "--json").document["discontinued"] == 2


@pytest.mark.parametrize(
    "content",
    [b"", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(200), b"%PDF-1.7\n\xe2\xe3\n", b"just words\nand more\n"],
    ids=["empty", "png", "pdf", "no header"],
)
def test_a_file_that_cannot_be_read_is_one_line(cli, tmp_path, content):
    bad = tmp_path / "bad.csv"
    bad.write_bytes(content)
    answer = cli("import", str(bad))
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.count("\n") == 1


def test_no_such_file_and_a_folder(cli, tmp_path):
    for name in ("nothing.csv", str(tmp_path)):
        answer = cli("import", name)
        assert answer.code == 2
        assert answer.err.count("\n") == 1


def test_text_of_a_feed_cannot_drive_the_terminal(cli, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("sku,title\n\x1b[2J\x1b]0;owned\x07,\n")
    answer = cli("import", str(bad))
    assert "\x1b" not in answer.out + answer.err


def test_a_locked_database_is_code_3(filled, feed, tmp_path, monkeypatch):
    monkeypatch.setitem(Database.__init__.__kwdefaults__, "wait_s", 0.2)
    other = sqlite3.connect(tmp_path / "data" / "shelftalker.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        changed = tmp_path / "changed.csv"
        changed.write_text(FEED.replace("stoneware", "porcelain"))
        answer = filled("import", str(changed), "--json")
        assert answer.code == 3
        assert answer.err.count("\n") == 1
        assert answer.document["error"]["dependency"] == "database"
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_a_data_folder_that_cannot_be_is_code_3(cli, feed, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SHELFTALKER_DATA_DIR", str(tmp_path / "file" / "data"))
    answer = cli("import", str(feed))
    assert answer.code == 3
    assert answer.err.count("\n") == 1
