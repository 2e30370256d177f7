"""Gzip files unpacked onto disk, within limits."""

import gzip
import shutil
import zlib
from pathlib import Path

from app.errors import Invalid, Unavailable

MAX_PLAIN_BYTES = 8 * 1024**3
# Feeds pack 5 to 40 times; deflate cannot do more than about 1,032. Small files may be as repetitive as they like.
MAX_RATIO = 120
FREE_BYTES = 64 * 1024**2
_CHUNK = 1024 * 1024


def unpacked(path: Path, folder: Path) -> Path:
    """The file itself, or, where it is gzip by content, its plain copy in `folder`.

    Raises `Invalid` for damaged, cut or exploding gzip files, `Unavailable` where the disk is full.
    """
    with path.open("rb") as file:
        if file.read(2) != b"\x1f\x8b":
            return path
    plain = folder / "plain"
    limit = min(MAX_PLAIN_BYTES, max(FREE_BYTES, MAX_RATIO * path.stat().st_size))
    try:
        with gzip.open(path, "rb") as packed, plain.open("wb") as out:
            size = 0
            while chunk := packed.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise Invalid(
                        f"The gzip file unpacks to more than {limit // 1024**2} MB; it is not a product feed."
                    )
                out.write(chunk)
    except EOFError as error:
        raise Invalid("The gzip file is cut off: its end is missing. Transfer it again.") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise Invalid("The gzip file is damaged and cannot be unpacked.") from error
    except OSError as error:
        if shutil.disk_usage(folder).free < _CHUNK:
            raise Unavailable("The disk is full: no room to unpack the file.", dependency="disk") from error
        raise
    return plain
