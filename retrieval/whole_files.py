"""A file is there whole or not at all: it is written beside its name and renamed."""

import os
import re
import tempfile
from pathlib import Path

_PREFIX, _SUFFIX = ".", ".part"
_LEFTOVER = re.compile(r"\.[a-z0-9_]{8}\.part")  # as tempfile names them


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, on the disk before it has its name, so that no reader ever sees half of one. Raises OSError."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=_PREFIX, suffix=_SUFFIX)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def remove_leftovers(folder: Path) -> None:
    """Remove what writers that were killed left half-written. For the only writer of the folder. Raises OSError."""
    for file in folder.iterdir():
        if _LEFTOVER.fullmatch(file.name):
            file.unlink(missing_ok=True)
