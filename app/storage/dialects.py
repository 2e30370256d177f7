"""All that Shelftalker knows of the difference between SQLite and PostgreSQL."""

import asyncio
import random
import sqlite3
import time
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import orjson
from sqlalchemy import URL, ColumnElement, Table, Text, any_, event, func, literal, make_url, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.sql.dml import Insert
from sqlalchemy.util import await_only

from app.errors import Invalid, ShelftalkerError, Unavailable
from retrieval.file_locks import FileLock, LockHeld

WRITE = "shelftalker_write"  # execution option of connections that will write


class Dialect(Protocol):
    """What differs. `migrates_itself`: the schema is brought up to date when the database is opened."""

    name: str
    migrates_itself: bool
    one_writer: bool
    snapshot: Mapping[str, Any]  # execution options of connections on which all statements see one moment

    def engine(self) -> AsyncEngine:
        """A new engine; connects to nothing yet."""
        ...

    def prepare(self) -> None:
        """Make ready what must exist before the first connection. Raises Unavailable."""
        ...

    def upsert(self, table: Table, keys: Collection[str], replaced: Collection[str]) -> Insert:
        """INSERT that replaces the columns `replaced` where a row with the same `keys` exists."""
        ...

    def insert_new(self, table: Table, keys: Collection[str]) -> Insert:
        """INSERT that does nothing where a row with the same `keys` exists."""
        ...

    def among(self, column: ColumnElement[str], values: Sequence[str]) -> ColumnElement[bool]:
        """Whether a column holds one of the values, however many: they are one parameter of the statement."""
        ...

    async def lock(self, session: AsyncSession, name: str) -> None:
        """Within a write transaction: wait until nobody else holds `name`, and hold it to the end."""
        ...

    def holding(self, engine: AsyncEngine, name: str) -> AbstractAsyncContextManager[None]:
        """Hold `name`, which is nobody else's, outside of any transaction: to the end or to this process's death."""
        ...

    async def is_abandoned(self, session: AsyncSession, name: str) -> bool:
        """Within a write transaction: whether nobody holds `name`, because its holder has ended or died."""
        ...

    def lock_for_upgrade(self, connection: Connection) -> None:
        """Within the transaction of an upgrade: let one process at a time through."""
        ...

    def explain(self, error: BaseException) -> ShelftalkerError | None:
        """The expected error that a driver's error stands for; None for what is a bug of ours."""
        ...


def dialect_of(url: str, *, wait_s: float) -> Dialect:
    """The dialect for a database URL; `wait_s` bounds each wait for a lock or a connection.

    Raises Invalid for URLs that are neither a SQLite file nor PostgreSQL.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise Invalid(
            "SHELFTALKER_DATABASE_URL: not a database URL, such as postgresql://user:password@host/name"
        ) from None
    backend = parsed.get_backend_name()
    if backend in {"postgresql", "postgres"}:
        driver = parsed.drivername.partition("+")[2]
        if driver not in {"", "psycopg"}:
            raise Invalid(f"SHELFTALKER_DATABASE_URL: PostgreSQL is spoken through psycopg, not {driver}")
        return Postgresql(parsed.set(drivername="postgresql+psycopg"), wait_s)
    if backend == "sqlite":
        if not parsed.database or parsed.database == ":memory:" or parsed.database.startswith("file:"):
            raise Invalid("SHELFTALKER_DATABASE_URL: SQLite needs a file, such as sqlite:///shelftalker.db")
        return Sqlite(parsed.set(drivername="sqlite+aiosqlite", query={}), wait_s)
    raise Invalid(f"SHELFTALKER_DATABASE_URL: {backend} is not supported; postgresql:// and sqlite:/// are")


class Sqlite:
    """One file beside the program: readers in parallel (WAL), one writer at a time."""

    name = "sqlite"
    migrates_itself = True
    one_writer = True
    snapshot: Mapping[str, Any] = MappingProxyType({})  # a transaction of WAL is one

    def __init__(self, url: URL, wait_s: float) -> None:
        self._url = url
        self._wait_s = wait_s
        self.path = Path(url.database or "").absolute()

    def engine(self) -> AsyncEngine:
        """Connections in autocommit mode, with transactions begun by `_begin` alone.

        Python's sqlite3 would begin a transaction only at the first write, which is too late to queue: two
        transactions that have read and then want to write cannot both be served, and the second fails at once.
        """
        engine = create_async_engine(
            self._url,
            connect_args={"timeout": self._wait_s, "isolation_level": None},
            pool_timeout=self._wait_s * 6,
        )
        event.listen(engine.sync_engine, "connect", self._connect)
        event.listen(engine.sync_engine, "begin", self._begin)
        return engine

    def prepare(self) -> None:
        """Make the folder of the file, and see that the file can be opened at all.

        The connection of an event loop has a thread of its own, which a failure to open would leave behind.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(
                f"the data folder {self.path.parent} cannot be made: {error.strerror}", dependency="disk"
            ) from error
        try:
            sqlite3.connect(self.path).close()
        except sqlite3.Error as error:
            raise self.explain(error) or error from error

    def _connect(self, connection: DBAPIConnection, _record: object) -> None:
        try:
            cursor = connection.cursor()
            # Of a new file only. A product's row is some 2.5 KB: pages of 4 KB hold one, and 40 % of the file stays empty.
            cursor.execute("PRAGMA page_size = 16384")
            self._use_wal(cursor)
            # FULL syncs the log at every commit: what was acknowledged survives a power cut too. With NORMAL a
            # killed process would lose nothing either, but a machine that loses power could lose the last commits.
            cursor.execute("PRAGMA synchronous = FULL")
            cursor.execute("PRAGMA foreign_keys = ON")
            # The log is copied back into the file after 16 MB: the pages of an index that each batch of an import touches
            # are then written once for many batches. The cache holds them meanwhile.
            cursor.execute("PRAGMA wal_autocheckpoint = 1000")
            cursor.execute("PRAGMA cache_size = -8000")
            cursor.close()
        except BaseException:
            connection.close()  # the pool does not know it yet; its thread would outlive the loop
            raise

    def _use_wal(self, cursor: DBAPICursor) -> None:
        """Switch the file to its write-ahead log; where it is, nothing happens.

        SQLite answers "busy" at once, without waiting, where two connections switch a new file at the same time (a wait
        could be a deadlock): so the waiting is ours, as long as any other wait for a lock.
        """
        deadline = time.monotonic() + self._wait_s
        while True:
            try:
                cursor.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                await_only(asyncio.sleep(random.uniform(0.005, 0.025)))  # noqa: S311 - spreads the tries, no secret
            else:
                return

    @staticmethod
    def _begin(connection: Connection) -> None:
        # IMMEDIATE queues for the write lock at the start, where waiting (busy_timeout) still helps.
        writes = connection.get_execution_options().get(WRITE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    def upsert(self, table: Table, keys: Collection[str], replaced: Collection[str]) -> Insert:
        """INSERT … ON CONFLICT DO UPDATE."""
        statement = sqlite.insert(table)
        return statement.on_conflict_do_update(
            index_elements=list(keys), set_={name: statement.excluded[name] for name in replaced}
        )

    def insert_new(self, table: Table, keys: Collection[str]) -> Insert:
        """INSERT … ON CONFLICT DO NOTHING."""
        return sqlite.insert(table).on_conflict_do_nothing(index_elements=list(keys))

    def among(self, column: ColumnElement[str], values: Sequence[str]) -> ColumnElement[bool]:
        """The values as a JSON array; https://www.sqlite.org/json1.html#jeach."""
        each = func.json_each(literal(orjson.dumps(values).decode(), Text)).table_valued("value")
        return column.in_(select(each.c.value))

    async def lock(self, session: AsyncSession, name: str) -> None:
        """Nothing to do: BEGIN IMMEDIATE is the one lock there is."""

    @asynccontextmanager
    async def holding(self, engine: AsyncEngine, name: str) -> AsyncIterator[None]:  # noqa: ARG002 - as in Dialect
        """A locked file beside the database. Where none can be made, `name` looks abandoned."""
        try:
            lock = FileLock(self._lock_file(name))
        except OSError:
            yield
            return
        try:
            yield
        finally:
            lock.release()
            self._lock_file(name).unlink(missing_ok=True)

    async def is_abandoned(self, session: AsyncSession, name: str) -> bool:  # noqa: ARG002 - as in Dialect
        """Whether the file can be locked."""
        try:
            FileLock(self._lock_file(name)).release()
        except LockHeld:
            return False
        except OSError:
            return True
        self._lock_file(name).unlink(missing_ok=True)
        return True

    def _lock_file(self, name: str) -> Path:
        return self.path.with_name(f"{self.path.name}-{name}.lock")

    def lock_for_upgrade(self, connection: Connection) -> None:
        """Nothing to do: BEGIN IMMEDIATE is the one lock there is."""

    def explain(self, error: BaseException) -> ShelftalkerError | None:
        """By SQLite's result codes, https://www.sqlite.org/rescode.html (the low byte is the primary code)."""
        if isinstance(error, PoolTimeout):
            return Unavailable("the database is too busy: no connection became free", dependency="database")
        cause = _driver_error(error, sqlite3.Error)
        if cause is None:
            return None
        found = _SQLITE_TROUBLES.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
        if found is None:
            return None
        dependency, what = found
        return Unavailable(f"the database {self.path} {what}", dependency=dependency)


_READ_ONLY = ("database", "cannot be written: the file or its folder is read-only")
_SQLITE_TROUBLES = {
    sqlite3.SQLITE_BUSY: ("database", "is locked by another program"),
    sqlite3.SQLITE_LOCKED: ("database", "is locked by another program"),
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: ("database", "cannot be opened: is its folder there, and may it be written?"),
    sqlite3.SQLITE_NOTADB: ("database", "is not a database, or is damaged"),
    sqlite3.SQLITE_CORRUPT: ("database", "is damaged; restore it from a backup"),
    sqlite3.SQLITE_FULL: ("disk", "cannot grow: the disk is full"),
    sqlite3.SQLITE_IOERR: ("disk", "cannot be read or written: the disk reports an error or is full"),
}


class Postgresql:
    """A server that many processes share."""

    name = "postgresql"
    migrates_itself = False  # many processes start at once; one person or deployment step upgrades
    one_writer = False
    snapshot: Mapping[str, Any] = MappingProxyType(
        {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    )

    def __init__(self, url: URL, wait_s: float) -> None:
        self._url = url
        self._wait_s = wait_s

    def engine(self) -> AsyncEngine:
        """Connections by psycopg 3. A stale pooled connection is noticed before use; no lock is waited for without end."""
        given = self._url.query
        ours = f"-c lock_timeout={round(self._wait_s * 1000)} -c timezone=UTC"
        defaults = {"connect_timeout": max(2, round(self._wait_s)), "application_name": "shelftalker"}
        return create_async_engine(
            self._url.difference_update_query(["options"]),
            pool_pre_ping=True,
            pool_timeout=self._wait_s * 2,
            connect_args={
                **{name: value for name, value in defaults.items() if name not in given},
                "options": f"{ours} {given.get('options', '')}",  # the later one of two settings holds
            },
        )

    def prepare(self) -> None:
        """Nothing to do: a server is there or not."""

    def upsert(self, table: Table, keys: Collection[str], replaced: Collection[str]) -> Insert:
        """INSERT … ON CONFLICT DO UPDATE."""
        statement = postgresql.insert(table)
        return statement.on_conflict_do_update(
            index_elements=list(keys), set_={name: statement.excluded[name] for name in replaced}
        )

    def insert_new(self, table: Table, keys: Collection[str]) -> Insert:
        """INSERT … ON CONFLICT DO NOTHING."""
        return postgresql.insert(table).on_conflict_do_nothing(index_elements=list(keys))

    def among(self, column: ColumnElement[str], values: Sequence[str]) -> ColumnElement[bool]:
        """The values as an array."""
        return column == any_(literal(list(values), ARRAY(Text)))

    async def lock(self, session: AsyncSession, name: str) -> None:
        """An advisory lock by name."""
        await session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"shelftalker:{name}"}
        )

    @asynccontextmanager
    async def holding(self, engine: AsyncEngine, name: str) -> AsyncIterator[None]:
        """An advisory lock of a session of its own, which the server lets go when that breaks."""
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(
                text("SELECT pg_advisory_lock(hashtextextended(:name, 0))"), {"name": f"shelftalker:{name}"}
            )
            try:
                yield
            finally:
                await connection.invalidate()  # ends the session, and the lock with it

    async def is_abandoned(self, session: AsyncSession, name: str) -> bool:
        """Whether the advisory lock can be had."""
        found = await session.execute(
            text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))"),
            {"name": f"shelftalker:{name}"},
        )
        return bool(found.scalar_one())

    def lock_for_upgrade(self, connection: Connection) -> None:
        """An advisory lock, held to the end of the upgrade's transaction however long another upgrade takes."""
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtextextended('shelftalker:upgrade', 0))")

    def explain(self, error: BaseException) -> ShelftalkerError | None:
        """By SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html (two digits: the class)."""
        if isinstance(error, PoolTimeout):
            return Unavailable("the database is too busy: no connection became free", dependency="database")
        import psycopg  # noqa: PLC0415 - only a PostgreSQL user pays for its import

        cause = _driver_error(error, psycopg.Error)
        if not isinstance(cause, psycopg.Error):
            return None
        reason = _first_line(cause)
        state = cause.sqlstate or ""
        if state == "53100":
            return Unavailable(f"{self._where}: the server's disk is full", dependency="disk")
        # Without SQLSTATE the connection was not made (server away, wrong password), or it broke.
        broken = not state and isinstance(cause, psycopg.OperationalError)
        if (
            broken or state[:2] in _POSTGRESQL_TROUBLES or state == "42501"
        ):  # the last: insufficient privilege
            return Unavailable(f"{self._where}: {reason}", dependency="database")
        if not state and isinstance(cause, psycopg.DataError):
            return Invalid(f"cannot be stored or looked for: {reason}")  # NUL in a text
        return None

    @property
    def _where(self) -> str:
        return f"the PostgreSQL server {self._url.host or 'on this machine'}"


# Classes: connection, authorization, transaction state (read-only), no such database, rollback (deadlock), resources,
# locks, operator intervention (shutdown), system error, internal error.
_POSTGRESQL_TROUBLES = frozenset({"08", "28", "25", "3D", "40", "53", "55", "57", "58", "XX"})


def _driver_error(error: BaseException, kind: type[BaseException]) -> BaseException | None:
    """The driver's own error in what SQLAlchemy wrapped around it."""
    seen: Any = error
    while seen is not None:
        if isinstance(seen, kind):
            return seen
        seen = seen.orig if isinstance(seen, DBAPIError) else seen.__cause__
    return None


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n", 1)[0]


def insert_new(session: AsyncSession, table: Table) -> Insert:
    """INSERT that leaves out rows whose key is there already, for the database of a session."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
