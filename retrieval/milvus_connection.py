"""The way to a Milvus server: one connection that is opened when it is needed, and errors in our words."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.milvus_places import MilvusPlace
from retrieval.milvus_rows import create_collection, create_indexes

if TYPE_CHECKING:
    from pymilvus import MilvusClient

_MAKING_S = 30.0  # how long the server may take to make a collection, once
_LEAST_S = 0.001  # what is left of a time that has run out: the call ends at once and says so


class IndexUnreachable(ConnectionError):  # noqa: N818 - read as a word at every raise
    """Milvus does not answer, or refuses; the message has its own words, and no secret."""


@dataclass(frozen=True, slots=True)
class Call:
    """A connection for some calls that share one span of time."""

    client: "MilvusClient"
    ends_at: float

    def left(self) -> float:
        """Seconds that are left for the next call."""
        return max(self.ends_at - time.monotonic(), _LEAST_S)


class MilvusConnection:
    """One connection to one collection, which is made where it is missing. Safe to use from several threads."""

    def __init__(self, place: MilvusPlace, collection: str, dimension: int, timeout_s: float) -> None:
        self._place, self._collection = place, collection
        self._dimension, self._timeout = dimension, timeout_s
        self._connecting = threading.Lock()
        self._client: MilvusClient | None = None

    def close(self) -> None:
        """End the connection; the next call opens a new one."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):  # it is gone either way
                client.close()

    @contextmanager
    def calls(self) -> Iterator[Call]:
        """Make calls, all of them together within the time that one answer may take. Raises IndexUnreachable."""
        try:
            from pymilvus import MilvusException  # noqa: PLC0415 - only where Milvus is used
        except ImportError as error:
            raise IndexUnreachable("pymilvus is not installed: pip install 'shelftalker[milvus]'") from error
        call: Call | None = None
        try:
            call = self._open(time.monotonic() + self._timeout)
            yield call
        except (MilvusException, OSError) as error:
            if isinstance(error, IndexUnreachable):
                raise
            # A channel that has failed waits longer and longer until it tries again; a new one tries at once.
            self.close()
            raise IndexUnreachable(self._told(error)) from None
        except ValueError as error:
            # gRPC's answer to a call on a channel that another thread has closed meanwhile.
            if call is not None and call.client is not self._client:
                raise IndexUnreachable(f"Milvus at {self._place.uri}: the connection was lost") from error
            raise

    def _open(self, ends_at: float) -> Call:
        client = self._client
        if client is not None:
            return Call(client, ends_at)
        if not self._connecting.acquire(timeout=max(ends_at - time.monotonic(), 0)):
            raise IndexUnreachable(f"Milvus at {self._place.uri}: no connection within {self._timeout:g} s")
        try:
            if self._client is None:
                self._client = self._connected(ends_at)
            return Call(self._client, ends_at)
        finally:
            self._connecting.release()

    def _connected(self, ends_at: float) -> "MilvusClient":
        from pymilvus import MilvusClient  # noqa: PLC0415 - only where Milvus is used

        # Its own log says with a traceback what the error that we raise says in a line.
        for name in ("pymilvus", "pymilvus.milvus_client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        # Dedicated: closing it then ends this connection and no other one's.
        call = Call(
            MilvusClient(
                self._place.uri,
                user=self._place.user,
                password=self._place.password,
                db_name=self._place.database,
                timeout=max(ends_at - time.monotonic(), _LEAST_S),
                dedicated=not self._place.in_process,
            ),
            ends_at,
        )
        try:
            self._see_to_collection(call)
        except BaseException:
            call.client.close()
            raise
        return call.client

    def _see_to_collection(self, call: Call) -> None:
        from pymilvus import MilvusException  # noqa: PLC0415 - only where Milvus is used

        if not call.client.has_collection(self._collection, timeout=call.left()):
            try:
                create_collection(call.client, self._collection, self._dimension, timeout_s=_MAKING_S)
            except MilvusException:  # another process was first
                if not call.client.has_collection(self._collection, timeout=call.left()):
                    raise
        create_indexes(call.client, self._collection, timeout_s=_MAKING_S)
        call.client.load_collection(self._collection, timeout=call.left())

    def _told(self, error: Exception) -> str:
        words = " ".join(str(getattr(error, "message", "") or error).split())
        if self._place.password:
            words = words.replace(self._place.password, "…")
        return f"Milvus at {self._place.uri}: {words[:300]}"
