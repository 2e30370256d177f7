"""An index on disk: a manifest with checksums beside the files that it names, switched by one rename."""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"


class IndexUnusable(ValueError):  # noqa: N818 - read as a word at every raise
    """The files of an index cannot be used; it is a cache, so build it again. The message says what is wrong."""


class IndexDamaged(IndexUnusable):
    """A file is absent, cut short or altered."""


class IndexOutdated(IndexUnusable):
    """The files are whole but made by another analyzer, embedder or layout."""


def write_files(folder: Path, files: Mapping[str, bytes], about: Mapping[str, Any]) -> None:
    """Write files and, last of all, the manifest that makes them the index.

    Each file gets a name of its own content, so a reader with the old manifest still finds the old files; what no
    manifest names any more is removed afterwards. Raises OSError where the disk refuses.
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries = {}
    for name, content in files.items():
        digest = hashlib.sha256(content).hexdigest()
        stored = f"{digest[:16]}-{name}"
        _write(folder / stored, content)
        entries[name] = {"file": stored, "sha256": digest, "bytes": len(content)}
    manifest = json.dumps({**about, "files": entries}, indent=1, sort_keys=True)
    _write(folder / MANIFEST, manifest.encode())
    kept = {MANIFEST, *(entry["file"] for entry in entries.values())}
    for old in folder.iterdir():
        if old.is_file() and old.name not in kept and _is_ours(old.name, files):
            old.unlink(missing_ok=True)


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
    try:
        entry = manifest["files"][name]
        content = (folder / Path(entry["file"]).name).read_bytes()
        whole = hashlib.sha256(content).hexdigest() == entry["sha256"]
    except (KeyError, TypeError) as error:
        raise IndexDamaged(f"{MANIFEST} does not name {name}") from error
    except FileNotFoundError as error:
        raise IndexDamaged(f"{name} is missing") from error
    if not whole:
        raise IndexDamaged(f"{name} is not what was written: its checksum differs")
    return content


def _is_ours(stored: str, files: Mapping[str, bytes]) -> bool:
    digest, _, name = stored.partition("-")
    return len(digest) == 16 and name in files


def _write(path: Path, content: bytes) -> None:
    """Write beside and rename, so that no reader ever sees half a file."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
