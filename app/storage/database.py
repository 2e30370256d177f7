"""Opening a database, and the two ways to use it: `session()` to read, `transaction()` to write."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, event, inspect, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import Invalid, ShelftalkerError, Unavailable
from app.storage import audit, epochs
from app.storage.dialects import WRITE, Dialect, dialect_of
from app.storage.migrations import HEAD, KNOWN

# How long one wait for a lock or a connection may last before the answer is "unavailable".
WAIT_S = 5.0


class Database:
    """A SQLite file or a PostgreSQL database, by URL (`sqlite:///path`, `postgresql://…`).

    Building it connects to nothing. `async with Database(url) as database` opens and closes it. Belongs to the
    event loop that opened it. Driver errors that a user can do something about (locked, read-only, full, damaged,
    unreachable, refused) leave every method as `Unavailable`, which names "database" or "disk".
    """

    def __init__(self, url: str, *, wait_s: float = WAIT_S) -> None:
        self.dialect: Dialect = dialect_of(url, wait_s=wait_s)
        self._wait_s = wait_s
        self._engine = self.dialect.engine()
        self._writing_engine = self._engine.execution_options(**{WRITE: True})
        self._snapshot_engine = self._engine.execution_options(**self.dialect.snapshot)
        # SQLite has one writer; writers of one process queue here in order instead of racing for the file's lock.
        self._writer = asyncio.Lock() if self.dialect.one_writer else None

    async def __aenter__(self) -> Self:
        try:
            await self.open()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def open(self) -> None:
        """Connect and see to the schema: SQLite is upgraded, PostgreSQL must have been (`shelftalker db upgrade`).

        Raises Unavailable where the database cannot be used, or its schema is older or newer than this program.
        """
        self.dialect.prepare()
        found = await self._schema_version()
        if found == HEAD:
            return
        if self.dialect.migrates_itself:
            await self.upgrade()
        elif found is None:
            raise Unavailable(
                "the database has no Shelftalker tables yet: run `shelftalker db upgrade` once",
                dependency="database",
            )
        else:
            _refuse_newer(found)
            raise Unavailable(
                f"the database has schema {found}, this program needs {HEAD}: run `shelftalker db upgrade`",
                dependency="database",
            )

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """A consistent view to read from. What is written through it is lost."""
        with self._explaining():
            async with AsyncSession(self._engine, expire_on_commit=False, autoflush=False) as session:
                yield session

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncSession]:
        """As `session`, and all statements see the same moment, however many there are and whatever others write.

        Keep it no longer than need be: meanwhile the database cannot clear away what others have replaced.
        """
        with self._explaining():
            async with AsyncSession(
                self._snapshot_engine, expire_on_commit=False, autoflush=False
            ) as session:
                yield session

    @asynccontextmanager
    async def transaction(self, *, keep: bool = True) -> AsyncIterator[AsyncSession]:
        """A transaction to write in: committed at the end, rolled back if the body raises.

        After the `with` has ended without error the writes are on disk. Keep it short: on SQLite one transaction
        writes at a time. `keep=False` rehearses: everything happens, and is undone at the end.
        """
        with self._explaining():
            async with (
                self._turn(),
                AsyncSession(self._writing_engine, expire_on_commit=False, autoflush=False) as session,
                session.begin() as begun,
            ):
                yield session
                await epochs.write(session, self.dialect)
                await audit.write(session, self.dialect)
                if not keep:
                    await begun.rollback()

    @asynccontextmanager
    async def holding(self, name: str) -> AsyncIterator[None]:
        """Hold `name` while the block runs, however long; others see it let go when this process dies.

        `dialect.is_abandoned` tells them, in a transaction of theirs.
        """
        with self._explaining():
            async with self.dialect.holding(self._engine, name):
                yield

    async def ping(self) -> None:
        """Ask the database for nothing. Raises Unavailable where it does not answer."""
        async with self.session() as session:
            await session.execute(text("SELECT 1"))

    async def upgrade(self) -> str:
        """Bring the schema up to date, in one transaction and however many processes try at once.

        Returns the schema's version. Raises Unavailable where the database is newer than this program.
        """
        self.dialect.prepare()
        with self._explaining():
            async with self._turn(), self._writing_engine.begin() as connection:
                await connection.run_sync(self._upgrade)
        return HEAD

    def _upgrade(self, connection: Connection) -> None:
        self.dialect.lock_for_upgrade(connection)
        found = _version_in(connection)
        if found == HEAD:
            return
        if found is not None:
            _refuse_newer(found)
        from app.storage.migrations.run import upgrade  # noqa: PLC0415 - Alembic takes 0.7 s to import

        upgrade(connection)

    async def _schema_version(self) -> str | None:
        with self._explaining():
            async with self._engine.connect() as connection:
                return await connection.run_sync(_version_in)

    def _turn(self) -> AbstractAsyncContextManager[None]:
        return self._writer or nullcontext()

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except ShelftalkerError:
            raise
        except UnicodeEncodeError as error:
            raise Invalid(
                "text with half a letter in it (a lone surrogate) cannot be stored or looked for"
            ) from error
        except Exception as error:
            explained = self.dialect.explain(error)
            if explained is None:
                raise
            raise explained from error


def after_commit(session: AsyncSession, call: Callable[[], None]) -> None:
    """Have something done once the transaction of this session is on disk; nothing where it is rolled back."""
    event.listen(session.sync_session, "after_commit", lambda _: call(), once=True)


def _version_in(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _refuse_newer(found: str) -> None:
    if found not in KNOWN:
        raise Unavailable(
            f"the database has schema {found}, which this program does not know: a newer Shelftalker wrote it",
            dependency="database",
        )
