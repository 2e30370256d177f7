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


@dataclass(slots=True, eq=False)
class _Channel:
    """An open connection, and how many calls go through it. One that is given up is closed behind the last of them."""

    client: "MilvusClient"
    calls: int = 0
    given_up: bool = False


class MilvusConnection:
    """One connection to one collection, which is made where it is missing. Safe to use from several threads."""

    def __init__(self, place: MilvusPlace, collection: str, dimension: int, timeout_s: float) -> None:
        self._place, self._collection = place, collection
        self._dimension, self._timeout = dimension, timeout_s
        self._connecting = threading.Lock()
        self._lock = threading.Lock()
        self._channel: _Channel | None = None

    def close(self) -> None:
        """End the connection, as soon as no call goes through it; the next call opens a new one."""
        with self._lock:
            channel = self._channel
        if channel is not None:
            self._give_up(channel)

    @contextmanager
    def calls(self) -> Iterator[Call]:
        """Make calls, all of them together within the time that one answer may take. Raises IndexUnreachable."""
        try:
            from pymilvus import MilvusException  # noqa: PLC0415 - only where Milvus is used
        except ImportError as error:
            raise IndexUnreachable("pymilvus is not installed: pip install 'shelftalker[milvus]'") from error
        ends_at = time.monotonic() + self._timeout
        channel: _Channel | None = None
        try:
            channel = self._open(ends_at)
            yield Call(channel.client, ends_at)
        except (MilvusException, OSError) as error:
            if isinstance(error, IndexUnreachable):
                raise
            # A channel that has failed waits longer and longer until it tries again; a new one tries at once.
            if channel is not None:
                self._give_up(channel)
            raise IndexUnreachable(self._told(error)) from None
        finally:
            if channel is not None:
                self._leave(channel)

    def _open(self, ends_at: float) -> _Channel:
        if (channel := self._entered()) is not None:
            return channel
        if not self._connecting.acquire(timeout=max(ends_at - time.monotonic(), 0)):
            raise IndexUnreachable(f"Milvus at {self._place.uri}: no connection within {self._timeout:g} s")
        try:
            if (channel := self._entered()) is not None:
                return channel
            channel = _Channel(self._connected(ends_at), calls=1)
            with self._lock:
                self._channel = channel
            return channel
        finally:
            self._connecting.release()

    def _entered(self) -> _Channel | None:
        with self._lock:
            if self._channel is not None:
                self._channel.calls += 1
            return self._channel

    def _leave(self, channel: _Channel) -> None:
        with self._lock:
            channel.calls -= 1
            done = channel.given_up and not channel.calls
        if done:
            _close(channel.client)

    def _give_up(self, channel: _Channel) -> None:
        with self._lock:
            if self._channel is channel:
                self._channel = None
            done = not channel.given_up and not channel.calls
            channel.given_up = True
        if done:
            _close(channel.client)

    def _connected(self, ends_at: float) -> "MilvusClient":
        from pymilvus import MilvusClient  # noqa: PLC0415 - only where Milvus is used

        self._quieten()
        # Dedicated: closing it then ends this connection and no other one's.
        client = MilvusClient(
            self._place.uri,
            user=self._place.user,
            password=self._place.password,
            db_name=self._place.database,
            timeout=max(ends_at - time.monotonic(), _LEAST_S),
            dedicated=not self._place.in_process,
        )
        try:
            self._see_to_collection(Call(client, ends_at))
        except BaseException:
            _close(client)
            raise
        return client

    def _quieten(self) -> None:
        """Keep out of the log what says with a traceback what the error that we raise says in a line."""
        names = ["pymilvus", "pymilvus.milvus_client"]
        if self._place.in_process:
            names.append("grpc._server")  # that edition's, which lives in this process
        for name in names:
            logging.getLogger(name).setLevel(logging.CRITICAL)

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


def _close(client: "MilvusClient") -> None:
    with suppress(Exception):  # it is gone either way
        client.close()
