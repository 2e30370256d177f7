"""Files of an index: whole or not at all."""

import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.index_files import MANIFEST, FileMissing, IndexDamaged, read_file, read_manifest, write_files


def test_files_come_back_with_what_is_said_about_them(tmp_path: Path) -> None:
    write_files(tmp_path / "new", {"a.bin": b"\x00one", "b.txt": b""}, {"analyzer": "x"})
    manifest = read_manifest(tmp_path / "new")
    assert manifest["analyzer"] == "x"
    assert read_file(tmp_path / "new", manifest, "a.bin") == b"\x00one"
    assert read_file(tmp_path / "new", manifest, "b.txt") == b""


def test_until_the_manifest_is_switched_the_old_files_are_the_index(tmp_path: Path) -> None:
    """A process that is killed while it writes leaves new files beside the old manifest."""
    write_files(tmp_path, {"a": b"one"}, {})
    old = (tmp_path / MANIFEST).read_bytes()
    kept = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    write_files(tmp_path, {"a": b"two"}, {})
    for name, content in kept.items():
        (tmp_path / name).write_bytes(content)
    assert (tmp_path / MANIFEST).read_bytes() == old
    assert read_file(tmp_path, read_manifest(tmp_path), "a") == b"one"
    write_files(tmp_path, {"a": b"three"}, {})
    assert {file.read_bytes() for file in tmp_path.glob("*-a")} == {b"one", b"three"}


def test_files_stay_for_a_reader_of_the_manifest_before(tmp_path: Path) -> None:
    write_files(tmp_path, {"a": b"one"}, {})
    first = read_manifest(tmp_path)
    write_files(tmp_path, {"a": b"two"}, {})
    assert read_file(tmp_path, first, "a") == b"one"
    second = read_manifest(tmp_path)
    write_files(tmp_path, {"a": b"three"}, {})
    assert read_file(tmp_path, second, "a") == b"two"
    with pytest.raises(FileMissing):
        read_file(tmp_path, first, "a")
    assert len(list(tmp_path.iterdir())) == 3


def test_files_of_others_stay(tmp_path: Path) -> None:
    for name in ("notes.txt", "notes.part", ".part"):
        (tmp_path / name).write_text("mine")
    write_files(tmp_path, {"a": b"one"}, {})
    for name in ("notes.txt", "notes.part", ".part"):
        assert (tmp_path / name).read_text() == "mine"


def test_what_a_killed_writer_left_goes_with_the_next_save(tmp_path: Path) -> None:
    """The writer is killed between its first byte and the rename."""
    code = (
        "import os, sys; from pathlib import Path; from retrieval.whole_files import write_whole; "
        "os.fsync = lambda handle: os.kill(os.getpid(), 9); write_whole(Path(sys.argv[1]) / 'a', b'half')"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert [file.suffix for file in tmp_path.iterdir()] == [".part"]
    write_files(tmp_path, {"a": b"one"}, {})
    assert sorted(file.name[-2:] for file in tmp_path.iterdir()) == ["-a", "on"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"files": 1}', b"\xff"])
def test_a_manifest_that_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(content)
    with pytest.raises(IndexDamaged, match=MANIFEST):
        read_manifest(tmp_path)


def test_a_manifest_cannot_lead_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    folder = tmp_path / "index"
    write_files(folder, {"a": b"one"}, {})
    manifest = read_manifest(folder)
    manifest["files"]["a"]["file"] = "../secret"
    with pytest.raises(IndexDamaged, match="a is missing"):
        read_file(folder, manifest, "a")
