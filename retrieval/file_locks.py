"""One process at a time: a lock on a file that the system itself lets go when its holder dies, however it dies."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class LockHeld(Exception):  # noqa: N818 - a fact, read as words at every raise
    """Another process holds the lock."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"another process holds {path}")
        self.path = path


class FileLock:
    """A held lock; `release` lets it go. Also excludes a second holder within this process."""

    def __init__(self, path: Path) -> None:
        """Take the lock at once. Raises LockHeld, or OSError where the file cannot be made or locked at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            if says_held(error):
                raise LockHeld(path) from error
            raise

    def release(self) -> None:
        """Let go; more than once is no error. The file stays: deleting it would race with the next holder."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def says_held(error: OSError) -> bool:
    """Whether the system refused a lock because another has it; not so where there are no locks (ENOLCK, ENOTSUP)."""
    return error.errno in (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES)


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock while the block runs. Raises LockHeld or OSError."""
    lock = FileLock(path)
    try:
        yield
    finally:
        lock.release()


if os.name == "nt":  # pragma: no cover - not run on the build machine
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
