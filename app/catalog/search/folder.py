"""The folder of an index: which of several processes may write it, and what it says about itself."""

import contextlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from retrieval.file_locks import FileLock, LockHeld
from retrieval.whole_files import write_whole

LOCK, HOLDER, ABOUT = "keeper.lock", "keeper.pid", "about.json"


@dataclass(frozen=True, slots=True)
class About:
    """What a saved index says about itself. `at`: seconds since 1970."""

    products: int
    vectors: int
    model: str | None
    at: float


class FolderLock:
    """The right to write a folder. It ends with the process, however that ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock: FileLock | None = None

    @property
    def held(self) -> bool:
        """Whether this process has it."""
        return self._lock is not None

    def take(self) -> bool:
        """Take it, if nobody has it; never waits. Raises OSError where the folder cannot be written."""
        if self._lock is None:
            try:
                self._lock = FileLock(self._folder / LOCK)
            except LockHeld:
                return False
            (self._folder / HOLDER).write_text(str(os.getpid()), "ascii")
        return True

    def holder(self) -> int | None:
        """The id of the process that has it; None where nobody has, or it cannot be told."""
        if self._lock is not None:
            return os.getpid()
        if not (self._folder / LOCK).exists():
            return None
        try:
            FileLock(self._folder / LOCK).release()
        except LockHeld:
            with contextlib.suppress(OSError, ValueError):
                return int((self._folder / HOLDER).read_text("ascii"))
        except OSError:
            pass
        return None

    def release(self) -> None:
        """Give it back."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None


def write_about(folder: Path, about: About) -> None:
    """Write what a saved index says about itself, whole or not at all. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / ABOUT, json.dumps(asdict(about)).encode())


def read_about(folder: Path) -> About | None:
    """What the saved index says about itself; None where there is none, or it is not what was written."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads((folder / ABOUT).read_text("utf-8"))
        model = told["model"]
        if model is None or isinstance(model, str):
            return About(int(told["products"]), int(told["vectors"]), model, float(told["at"]))
    return None
