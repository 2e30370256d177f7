"""The migrations lead to the tables that the code reads, on both databases, however many upgrade at once."""

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine

from app.errors import Unavailable
from app.storage.database import Database
from app.storage.migrations import HEAD, KNOWN
from app.storage.migrations.run import config
from app.storage.phrases import OWN
from app.storage.tables import metadata


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(
        connection,
        opts={
            "compare_type": True,
            "compare_server_default": True,
            # What one database has for itself is proven by what it finds: tests/conformance/test_copy_lists.py.
            "include_object": lambda _object, name, *_: name not in OWN,
        },
    )
    return list(compare_metadata(context, metadata))


def test_migrated_databases_have_the_tables_of_the_code(database_url: str) -> None:
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()


def test_the_steps_that_the_program_knows_are_the_files() -> None:
    steps = list(ScriptDirectory.from_config(config()).walk_revisions())
    assert tuple(step.revision for step in reversed(steps)) == KNOWN
    assert steps[0].revision == HEAD


async def test_sqlite_is_upgraded_when_it_is_opened(tmp_path: Path) -> None:
    async with Database(f"sqlite:///{tmp_path}/deep/folder/new.db") as database:
        await database.ping()
    with sqlite3.connect(tmp_path / "deep" / "folder" / "new.db") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]


async def test_many_processes_may_open_a_new_sqlite_file_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"

    async def start() -> None:
        async with Database(url) as database:
            await database.ping()

    await asyncio.gather(*(start() for _ in range(8)))


@pytest.mark.postgres
async def test_postgres_is_upgraded_by_command_alone(empty_postgres: str) -> None:
    with pytest.raises(Unavailable, match="shelftalker db upgrade") as caught:
        async with Database(empty_postgres):
            pass
    assert caught.value.dependency == "database"
    starts = [Database(empty_postgres) for _ in range(6)]
    assert await asyncio.gather(*(database.upgrade() for database in starts)) == [HEAD] * 6
    await asyncio.gather(*(database.close() for database in starts))
    async with Database(empty_postgres) as database:
        await database.ping()


async def test_a_newer_database_is_left_alone(database_url: str) -> None:
    _set_version(database_url, "9999")
    try:
        with pytest.raises(Unavailable, match="newer Shelftalker"):
            async with Database(database_url):
                pass
        database = Database(database_url)
        with pytest.raises(Unavailable, match="newer Shelftalker"):
            await database.upgrade()
        await database.close()
    finally:
        _set_version(database_url, HEAD)


def _set_version(url: str, version: str) -> None:
    statement = f"UPDATE alembic_version SET version_num = '{version}'"  # noqa: S608
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            connection.execute(statement)
    else:
        with psycopg.connect(url) as server:
            server.execute(statement)


def test_an_up_to_date_database_opens_without_alembic(database_url: str) -> None:
    code = (
        "import asyncio, sys\nfrom app.storage.database import Database\n"
        "async def main():\n    async with Database(sys.argv[1]): pass\n"
        "asyncio.run(main())\nassert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, database_url], check=True, timeout=60)
