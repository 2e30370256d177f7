"""Vectors on disk by the hash of their text, for one embedder: what has been embedded once is never embedded again.

The file is only added to, in whole blocks that are on the disk before `add` returns: a process killed at any moment
loses the batch it had not added, and nothing else. One process writes (a lock that dies with it); any number read, and
see whole blocks alone. What is damaged is as if it had never been embedded: the hashes are missing, and come again.
"""

import hashlib
import os
import re
import threading
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np

from retrieval.embedding_values import Vectors
from retrieval.file_locks import FileLock
from retrieval.vector_blocks import (
    MOST_ROWS,
    Block,
    Damage,
    Owner,
    Tail,
    block_bytes,
    head_bytes,
    head_end,
    scan,
)

SUFFIX: Final = ".vectors"
COMPACTED_AT_ONCE: Final = 1_024  # rows copied at a time


def vector_file(folder: Path, embedder_id: str) -> Path:
    """Where the vectors of an embedder lie in a folder: a readable name with a hash, for ids contain slashes."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", embedder_id)[:60]
    return folder / f"{plain}-{hashlib.blake2b(embedder_id.encode(), digest_size=4).hexdigest()}{SUFFIX}"


class _FileBytes:
    """A file that is read like bytes, as long as it was at first. Not mapped: a writer may cut a mapped file short."""

    def __init__(self, file: FileIO) -> None:
        self._file = file
        self._size = os.fstat(file.fileno()).st_size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        start, end, _ = part.indices(self._size)
        self._file.seek(start)
        parts, left = [], end - start
        while left > 0 and (data := self._file.read(left)):
            parts.append(data)
            left -= len(data)
        return b"".join(parts)


class VectorReader:
    """The vectors of a file as they were at the last `refresh`. Safe for several threads."""

    def __init__(self, folder: Path, embedder_id: str, dimension: int) -> None:
        """Read what there is; a missing file is an empty one. Raises OSError."""
        self.path = vector_file(folder, embedder_id)
        self.dimension = dimension
        self._owner = Owner(embedder_id, dimension)
        self._guard = threading.RLock()
        self._file: FileIO | None = None
        self._forget()
        self.refresh()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, text_hash: str) -> bool:
        return text_hash in self._places

    @property
    def damage(self) -> tuple[Damage, ...]:
        """Places in the middle of the file whose vectors are lost; they are gone after the next compaction."""
        return tuple(self._damage)

    def missing(self, text_hashes: Iterable[str]) -> list[str]:
        """Those hashes that have no vector, each once, in their order."""
        return [one for one in dict.fromkeys(text_hashes) if one not in self._places]

    def vectors(self, text_hashes: Sequence[str]) -> Vectors:
        """The vectors of these hashes, a row each. Raises KeyError for a hash without one, OSError."""
        found = np.empty((len(text_hashes), self.dimension), np.float32)
        with self._guard:
            places = [self._places[one] for one in text_hashes]
            data = _FileBytes(self._opened()) if places else b""
            for row in sorted(range(len(places)), key=places.__getitem__):  # in the order of the disk
                floats = data[places[row] : places[row] + 4 * self.dimension]
                if len(floats) < 4 * self.dimension:
                    raise OSError(f"{self.path}: ends before a vector that was there")
                found[row] = np.frombuffer(floats, "<f4")
        return found

    def refresh(self) -> None:
        """See what has been added since, and a file that has been put in this one's place. Raises OSError."""
        with self._guard:
            if self._file is not None and not self._is_current(self._file):
                self._shut()
                self._forget()
            if self._file is None:
                with suppress(FileNotFoundError):
                    self._file = self._open()
            if self._file is not None:
                self._take_in(self._file)

    def close(self) -> None:
        """Close the file; no vectors can be read afterwards."""
        with self._guard:
            self._shut()
            self._closed = True

    _closed = False

    def _open(self) -> FileIO:
        return FileIO(self.path, "rb")

    def _opened(self) -> FileIO:
        if self._file is None:
            raise ValueError(f"{self.path} is closed")
        return self._file

    def _shut(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _forget(self) -> None:
        self._places: dict[str, int] = {}
        self._damage: list[Damage] = []
        self._end = 0  # of the last whole part

    def _is_current(self, file: FileIO) -> bool:
        try:
            there, here = self.path.stat(), os.fstat(file.fileno())
        except FileNotFoundError:
            return False
        return (there.st_ino, there.st_dev) == (here.st_ino, here.st_dev) and here.st_size >= self._end

    def _take_in(self, file: FileIO) -> None:
        data = _FileBytes(file)
        start = self._end or head_end(self._owner, data)
        for part in scan(self._owner, data, start):
            match part:
                case Block(keys, vectors, _):
                    for row, key in enumerate(keys):
                        self._places[key] = vectors + 4 * self.dimension * row
                case Damage():
                    self._damage.append(part)
                case Tail(end):
                    self._end = end


class VectorWriter(VectorReader):
    """The one that may add. Whatever a kill or a full disk left behind the last whole block is cut off."""

    def __init__(self, folder: Path, embedder_id: str, dimension: int) -> None:
        """Take the lock, and read. Damage is cleared away; a file with nothing in it for us is put aside.

        Raises LockHeld where another process writes, and OSError.
        """
        self._lock = FileLock(vector_file(folder, embedder_id).with_suffix(".lock"))
        try:
            super().__init__(folder, embedder_id, dimension)
            self._mend()
        except BaseException:
            self.close()
            raise

    def add(self, text_hashes: Sequence[str], vectors: Vectors) -> None:
        """Add the vectors, a row each; they are on the disk when this returns.

        Raises ValueError where the shape is another or the writer is closed, and OSError where the disk refuses: then
        nothing was added.
        """
        if np.shape(vectors) != (len(text_hashes), self.dimension):
            raise ValueError(
                f"vectors of shape {np.shape(vectors)}, not {(len(text_hashes), self.dimension)}"
            )
        with self._guard:
            for start in range(0, len(text_hashes), MOST_ROWS):
                part = slice(start, start + MOST_ROWS)
                self._append(block_bytes(self._owner, text_hashes[part], vectors[part]))

    def compact(self, keep: Collection[str] | None = None) -> None:
        """Write the file anew with the vectors of `keep` (all, if not given), and without damage.

        Readers go on with the old file until they refresh. Raises OSError; the old file stands then.
        """
        with self._guard:
            if self._closed:
                raise ValueError(f"{self.path} is closed")
            kept = [one for one in self._places if keep is None or one in keep]
            new = self.path.with_suffix(".new")
            with new.open("wb") as out:
                out.write(head_bytes(self._owner))
                for start in range(0, len(kept), COMPACTED_AT_ONCE):
                    part = kept[start : start + COMPACTED_AT_ONCE]
                    out.write(block_bytes(self._owner, part, self.vectors(part)))
                out.flush()
                os.fsync(out.fileno())
            self._shut()  # Windows replaces no open file
            new.replace(self.path)
            _settle_folder(self.path.parent)
            self._forget()
            self.refresh()

    def close(self) -> None:
        """Close the file and let another write."""
        super().close()
        self._lock.release()

    def _open(self) -> FileIO:
        return FileIO(self.path, "rb+")

    def _mend(self) -> None:
        """Make the file one that can be added to."""
        self.path.with_suffix(".new").unlink(missing_ok=True)
        if self._file is not None and self._end == 0:
            self._shut()
            self.path.replace(self.path.with_suffix(".damaged"))
        if self._file is None or self._damage:
            self.compact()
        else:
            self._file.truncate(self._end)

    def _append(self, block: bytes) -> None:
        file = self._opened()
        try:
            file.seek(self._end)
            left = memoryview(block)
            while left:
                left = left[file.write(left) :]
            os.fsync(file.fileno())
        except OSError:
            with suppress(OSError):  # what cannot be cut now is cut by the next writer
                file.truncate(self._end)
            raise
        self._take_in(file)


def _settle_folder(folder: Path) -> None:
    """A new name is on the disk when its folder is."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
