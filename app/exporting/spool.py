"""Bytes that are made as fast as they can be and taken as fast as somebody reads them, with a file between."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator

from app.errors import Unavailable

PIECE = 256 * 1024


class Spool:
    """A file that grows at one end while it is read at the other.

    A reader on a slow line thus holds no transaction open, and memory stays flat. `put`, then `end` or `fail`.
    """

    def __init__(self) -> None:
        # A folder that is full shows when it is written to.
        self._file = tempfile.TemporaryFile(prefix="shelftalker-export-")  # noqa: SIM115 - closed by `close`
        self._size = 0
        self._ended = False
        self._error: BaseException | None = None
        self._news = asyncio.Event()

    def put(self, data: bytes) -> None:
        """Add bytes. Raises Unavailable where the disk is full."""
        try:
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            raise Unavailable(f"no room for the export: {error.strerror}", dependency="disk") from error
        self._size += len(data)
        self._news.set()

    def end(self) -> None:
        """There is no more."""
        self._ended = True
        self._news.set()

    def fail(self, error: BaseException) -> None:
        """The rest cannot be made; whoever reads is told."""
        self._error = error
        self._news.set()

    async def read(self) -> AsyncIterator[bytes]:
        """All bytes, as they come. Raises what `fail` was told."""
        at = 0
        while True:
            if at < self._size:
                data = os.pread(self._file.fileno(), min(PIECE, self._size - at), at)
                at += len(data)
                yield data
            elif self._error is not None:
                raise self._error
            elif self._ended:
                return
            else:
                self._news.clear()
                await self._news.wait()

    def close(self) -> None:
        """Remove the file."""
        self._file.close()
