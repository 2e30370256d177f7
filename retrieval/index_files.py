"""An index on disk: a manifest with checksums beside the files that it names, switched by one rename."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.whole_files import remove_leftovers, write_whole

MANIFEST = "manifest.json"
_OURS = re.compile(r"[0-9a-f]{16}-.+")


class IndexUnusable(ValueError):  # noqa: N818 - read as a word at every raise
    """The files of an index cannot be used; it is a cache, so build it again. The message says what is wrong."""


class IndexDamaged(IndexUnusable):
    """A file is absent, cut short or altered."""


class FileMissing(IndexDamaged):
    """A file that the manifest names is not there: it is lost, or a save has replaced manifest and file meanwhile."""


class IndexOutdated(IndexUnusable):
    """The files are whole but made by another analyzer, embedder or layout."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as the manifest names it."""

    file: str
    sha256: str
    bytes: int

    def stands_in(self, folder: Path) -> bool:
        """Whether there is a file of this name and length; what is in it is not looked at."""
        try:
            return (folder / self.file).stat().st_size == self.bytes
        except OSError:
            return False


Content = bytes | Callable[[], bytes] | Entry
"""What a file is to hold; or one that stands in the folder and was written or read, and found whole, by this process."""


def write_files(folder: Path, files: Mapping[str, Content], about: Mapping[str, Any]) -> dict[str, Entry]:
    """Write files and, last of all, the manifest that makes them the index; gives what it says of each file.

    Each file gets a name of its own content, so a reader with the old manifest still finds the old files: they stay
    until the save after this one. What neither manifest names, and what a killed writer left, is removed. One writer
    at a time, who has the folder to itself. Raises OSError where the disk refuses.
    """
    folder.mkdir(parents=True, exist_ok=True)
    remove_leftovers(folder)
    before = _files_named(folder)
    entries = {name: _entry(folder, name, content) for name, content in files.items()}
    named = {name: {"file": e.file, "sha256": e.sha256, "bytes": e.bytes} for name, e in entries.items()}
    manifest = json.dumps({**about, "files": named}, indent=1, sort_keys=True)
    write_whole(folder / MANIFEST, manifest.encode())
    kept = before | {entry.file for entry in entries.values()}
    for old in folder.iterdir():
        if old.is_file() and old.name not in kept and _OURS.fullmatch(old.name):
            old.unlink(missing_ok=True)
    return entries


def _files_named(folder: Path) -> set[str]:
    """The files of the manifest that stands in the folder; none where it cannot be read."""
    try:
        manifest = read_manifest(folder)
        return {entry_of(manifest, name).file for name in manifest["files"]}
    except IndexDamaged:
        return set()


def _entry(folder: Path, name: str, content: Content) -> Entry:
    if isinstance(content, Entry):
        return content
    whole = content if isinstance(content, bytes) else content()
    digest = hashlib.sha256(whole).hexdigest()
    entry = Entry(f"{digest[:16]}-{name}", digest, len(whole))
    write_whole(folder / entry.file, whole)
    return entry


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest. Raises IndexDamaged where there is none or it is no JSON object with files."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError as error:
        raise IndexDamaged(f"no index at {folder}: {MANIFEST} is missing") from error
    except ValueError as error:
        raise IndexDamaged(f"{MANIFEST} is not JSON") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise IndexDamaged(f"{MANIFEST} names no files")
    return manifest


def read_file(folder: Path, manifest: Mapping[str, Any], name: str) -> bytes:
    """Read one file of the index. Raises IndexDamaged where it is missing or not what was written."""
    entry = entry_of(manifest, name)
    try:
        content = (folder / entry.file).read_bytes()
    except FileNotFoundError as error:
        raise FileMissing(f"{name} is missing") from error
    if hashlib.sha256(content).hexdigest() != entry.sha256:
        raise IndexDamaged(f"{name} is not what was written: its checksum differs")
    return content


def entry_of(manifest: Mapping[str, Any], name: str) -> Entry:
    """What the manifest says of a file. Raises IndexDamaged where it says nothing that can be read."""
    try:
        entry = manifest["files"][name]
        return Entry(Path(entry["file"]).name, str(entry["sha256"]), int(entry["bytes"]))
    except (KeyError, TypeError, ValueError) as error:
        raise IndexDamaged(f"{MANIFEST} does not name {name}") from error
