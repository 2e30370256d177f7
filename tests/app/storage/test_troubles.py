"""What a user can do something about is said in one line, names the dependency, and leaves nothing half done."""

import asyncio
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event, func, insert, make_url, select, text

from app.errors import Invalid, Unavailable
from app.storage.database import Database
from app.storage.tables import copy_sentences

ROW = {"fingerprint": "f", "sku": "A", "copy_id": "c", "text": "It is blue."}


@pytest.fixture
def file(sqlite_template: Path, tmp_path: Path) -> Path:
    path = tmp_path / "folder" / "shelftalker.db"
    path.parent.mkdir()
    shutil.copy(sqlite_template, path)
    return path


@pytest.fixture
async def quick(file: Path) -> AsyncIterator[Database]:
    """A database that waits for locks a moment only."""
    async with Database(f"sqlite:///{file}", wait_s=0.2) as database:
        yield database


async def write(database: Database, *changes: dict[str, str]) -> None:
    """Rows in one transaction, statement by statement."""
    async with database.transaction() as session:
        for change in changes or ({},):
            await session.execute(insert(copy_sentences), [ROW | change])


async def count(database: Database) -> int:
    async with database.session() as session:
        return (await session.execute(select(func.count()).select_from(copy_sentences))).scalar_one()


@contextmanager
def another_program_holds(file: Path, how: str) -> Iterator[None]:
    """Another process in a transaction on the file."""
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); "
        "c.execute(sys.argv[2]); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(file), how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        try:
            yield
        finally:
            other.kill()


async def test_a_file_that_another_program_locks(quick: Database, file: Path) -> None:
    with another_program_holds(file, "BEGIN EXCLUSIVE"):
        with pytest.raises(Unavailable, match="locked by another program") as caught:
            await write(quick)
        assert caught.value.dependency == "database"
        assert await count(quick) == 0  # readers are not held up
    await write(quick)
    assert await count(quick) == 1


async def test_a_lock_that_is_let_go_in_time_is_waited_for(file: Path) -> None:
    async with Database(f"sqlite:///{file}", wait_s=5) as database:
        with another_program_holds(file, "BEGIN IMMEDIATE"):
            waiting = asyncio.create_task(write(database))
            await asyncio.sleep(0.3)
            assert not waiting.done()
        await waiting
        assert await count(database) == 1


WRITES = """
import asyncio, sys
from sqlalchemy import insert
from app.errors import ShelftalkerError
from app.storage.database import Database
from app.storage.tables import copy_sentences

async def main(url, words):
    try:
        async with Database(url, wait_s=0.2) as database, database.transaction() as session:
            await session.execute(insert(copy_sentences), [dict(fingerprint="f", sku="A", copy_id="c", text=words)])
    except ShelftalkerError as error:
        print(type(error).__name__, error.dependency, error.detail)
"""
# Everything is imported while the interpreter's files may still be read.
WITHOUT_RIGHTS = """
import os
asyncio.run(main(sys.argv[2], "t"))
os.setgroups([]); os.setgid(65534); os.setuid(65534)
asyncio.run(main(sys.argv[1], "t"))
"""
LIMITED = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
asyncio.run(main(sys.argv[1], "t" * 3_000_000))
"""


def said_by(code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", WRITES + code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def said_by_somebody_without_rights(url: str, tmp_path: Path) -> str:
    if os.getuid() != 0:
        pytest.skip("needs root to become somebody without rights")
    return said_by(WITHOUT_RIGHTS, url, f"sqlite:///{tmp_path}/first.db")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that others may enter, unlike pytest's."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_a_read_only_file(open_folder: Path, sqlite_template: Path, tmp_path: Path) -> None:
    open_folder.chmod(0o777)
    path = open_folder / "shelftalker.db"
    shutil.copy(sqlite_template, path)
    path.chmod(0o444)
    assert "Unavailable database the database" in (
        said := said_by_somebody_without_rights(f"sqlite:///{path}", tmp_path)
    )
    assert "read-only" in said


def test_a_read_only_folder(open_folder: Path, sqlite_template: Path, tmp_path: Path) -> None:
    path = open_folder / "shelftalker.db"
    shutil.copy(sqlite_template, path)
    path.chmod(0o666)
    assert said_by_somebody_without_rights(f"sqlite:///{path}", tmp_path).startswith("Unavailable database")


def test_a_folder_that_cannot_be_made(open_folder: Path, tmp_path: Path) -> None:
    said = said_by_somebody_without_rights(f"sqlite:///{open_folder}/new/shelftalker.db", tmp_path)
    assert said.startswith("Unavailable disk the data folder")
    assert "Permission denied" in said


async def test_a_full_disk(quick: Database, file: Path) -> None:
    await write(quick)
    async with quick.session() as session:  # SQLite's own limit gives the same error as a disk without space
        pages = (await session.execute(text("PRAGMA page_count"))).scalar_one()
    limited = Database(f"sqlite:///{file}", wait_s=0.2)

    @event.listens_for(limited._engine.sync_engine, "connect")
    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    async with limited:
        with pytest.raises(Unavailable, match="disk is full") as caught:
            await write(limited, {}, {"text": "x" * 1_000_000})
        assert caught.value.dependency == "disk"
        assert await count(limited) == 1
    await write(quick)
    assert await count(quick) == 2


async def test_a_process_that_may_write_no_more(file: Path) -> None:
    """The operating system refuses the bytes (a quota works alike)."""
    assert said_by(LIMITED, f"sqlite:///{file}").startswith("Unavailable disk the database")
    async with Database(f"sqlite:///{file}") as database:
        assert await count(database) == 0


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 8000])
async def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "shelftalker.db"
    path.write_bytes(content)
    with pytest.raises(Unavailable, match=r"not a database|damaged") as caught:
        async with Database(f"sqlite:///{path}"):
            pass
    assert caught.value.dependency == "database"
    assert path.read_bytes() == content


def damage(file: Path) -> None:
    """All pages but the first two and the last."""
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(file.read_bytes())
    content[8192:-4096] = b"\xaa" * len(content[8192:-4096])
    file.write_bytes(content)


async def open_and_write(file: Path) -> None:
    async with Database(f"sqlite:///{file}") as database:
        await count(database)
        await write(database)


async def test_a_damaged_file(quick: Database, file: Path) -> None:
    for _ in range(50):
        await write(quick, {"text": "x" * 2000})
    await quick.close()
    damage(file)
    with pytest.raises(Unavailable, match="damaged"):
        await open_and_write(file)


async def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be opened"):
        async with Database(f"sqlite:///{tmp_path}"):
            pass


async def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(Unavailable, match="data folder"):
        async with Database(f"sqlite:///{tmp_path}/data/shelftalker.db"):
            pass


async def test_a_server_that_is_not_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody else answers there
        url = f"postgresql://ada:s3cret@127.0.0.1:{taken.getsockname()[1]}/shop"
        with pytest.raises(Unavailable, match=r"127\.0\.0\.1") as caught:
            async with Database(url, wait_s=2):
                pass
    assert caught.value.dependency == "database"
    assert "s3cret" not in caught.value.detail
    assert "\n" not in caught.value.detail


@pytest.mark.postgres
async def test_a_user_that_the_server_does_not_know(postgres_server: str) -> None:
    url = make_url(postgres_server).set(username="nobody_of_that_name", password="s3cret")
    with pytest.raises(Unavailable, match="nobody_of_that_name") as caught:
        async with Database(url.render_as_string(hide_password=False)):
            pass
    assert "s3cret" not in caught.value.detail


@pytest.mark.postgres
async def test_a_database_that_the_server_does_not_have(postgres_server: str) -> None:
    url = make_url(postgres_server).set(database="no_such_database")
    with pytest.raises(Unavailable, match="no_such_database"):
        async with Database(url.render_as_string(hide_password=False)):
            pass


async def lose_the_connection(database: Database, url: str) -> None:
    async with database.transaction() as session:
        backend = (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", [backend])
        await session.execute(insert(copy_sentences), [ROW])


@pytest.mark.postgres
async def test_a_server_that_goes_away_and_comes_back(postgres_url: str) -> None:
    async with Database(postgres_url) as database:
        with pytest.raises(Unavailable) as caught:
            await lose_the_connection(database, postgres_url)
        assert caught.value.dependency == "database"
        await database.ping()


@pytest.mark.postgres
async def test_a_server_that_takes_no_writes(postgres_url: str) -> None:
    url = make_url(postgres_url).update_query_dict({"options": "-c default_transaction_read_only=on"})
    async with Database(url.render_as_string(hide_password=False)) as database:
        with pytest.raises(Unavailable, match="read-only"):
            await write(database)


@pytest.mark.postgres
async def test_a_lock_that_another_holds_too_long(postgres_url: str) -> None:
    async with Database(postgres_url, wait_s=0.2) as database:
        with psycopg.connect(postgres_url) as other:
            other.execute("LOCK TABLE copy_sentences IN EXCLUSIVE MODE")
            with pytest.raises(Unavailable, match="lock timeout"):
                await write(database)
            other.rollback()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://x/y", "mysql"),
        ("nonsense", "not a database URL"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("postgresql+asyncpg://h/x", "asyncpg"),
        ("postgresql://host:notaport/x", "not a database URL"),
    ],
)
def test_addresses_that_cannot_be(url: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        Database(url)
