"""One holder at a time, and a system without locks is no other holder."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.file_locks import FileLock, LockHeld, exclusive, says_held


def test_a_second_holder_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.lock"
    lock = FileLock(path)
    with pytest.raises(LockHeld, match="another process"):
        FileLock(path)
    lock.release()
    lock.release()
    with exclusive(path), pytest.raises(LockHeld):
        FileLock(path)
    FileLock(path).release()


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    code = (
        "import sys, time; from pathlib import Path; from retrieval.file_locks import FileLock; "
        "lock = FileLock(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(LockHeld):
            FileLock(path)
        other.kill()
    FileLock(path).release()


def test_a_file_that_cannot_be_made_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        FileLock(tmp_path)


@pytest.mark.parametrize(
    ("number", "held"),
    [
        (errno.EWOULDBLOCK, True),
        (errno.EACCES, True),
        (errno.ENOLCK, False),
        (errno.EOPNOTSUPP, False),
        (errno.EIO, False),
    ],
)
def test_only_some_refusals_mean_that_another_has_it(number: int, held: bool) -> None:
    assert says_held(OSError(number, "refused")) is held
