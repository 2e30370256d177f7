"""Fixtures for every test: settings in a folder of their own, real databases, real data where it is at hand."""

import asyncio
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from app.settings import Settings
from app.storage.database import Database
from app.storage.tables import metadata
from tests.redis_server import COMMAND, RedisServer, redis_running

CI = os.environ.get("CI", "").lower() in {"1", "true"}
# Taken out of the environment: to the program every SHELFTALKER_ name is a setting, and this is none.
POSTGRES_URL = (
    os.environ.pop("SHELFTALKER_TEST_POSTGRES_URL", "") or "postgresql://postgres@127.0.0.1:5432/postgres"
)
SHARED_DATA = [
    Path(place)
    for place in (
        os.environ.get("SHARED_DATA", ""),
        Path(__file__).parents[1] / "shared" / "data",
        Path(__file__).parents[2] / "shared" / "data",
    )
    if place
]


def _absent(reason: str) -> None:
    """What a developer's machine may lack, the build machine must have."""
    if CI:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets, which are no part of the repository."""
    for place in SHARED_DATA:
        if place.is_dir():
            return place
    _absent("the shared real data is not here (SHARED_DATA names its folder)")
    raise AssertionError


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with a data folder of the test's own, whatever the developer's environment says."""
    for name in [name for name in os.environ if name.upper().startswith("SHELFTALKER_")]:
        monkeypatch.delenv(name)
    # By words alone: a model takes seconds to load, and what it adds has tests of its own.
    return Settings(data_dir=tmp_path / "data", embedding_model="off", _env_file=None)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, up-to-date SQLite file to copy: quicker than migrating for each test."""
    path = tmp_path_factory.mktemp("template") / "empty.db"

    async def make() -> None:
        async with Database(f"sqlite:///{path}"):
            pass

    asyncio.run(make())
    return path


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the exported embedding model, made once a run by the command, in a process of its own.

    Copy it, or only read. It loads in 0.3 s and without PyTorch, so real vectors cost a test next to nothing.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "exported"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SHELFTALKER_")}
    command = [sys.executable, "-m", "app", "embeddings", "export", "--json"]
    for _ in range(600):
        run = subprocess.run(
            command,
            env={**environ, "SHELFTALKER_DATA_DIR": str(folder)},
            capture_output=True,
            text=True,
            check=False,
        )
        if "another process is exporting" not in run.stderr:  # a worker beside this one
            break
        time.sleep(0.5)
    assert run.returncode == 0, run.stderr
    return folder


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """URL of a PostgreSQL server on which databases may be made."""
    try:
        psycopg.connect(POSTGRES_URL, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        reason = str(error).split("\n", 1)[0]
        _absent(f"no PostgreSQL server (SHELFTALKER_TEST_POSTGRES_URL names one): {reason}")
    return POSTGRES_URL


@pytest.fixture(scope="session")
def empty_postgres(postgres_server: str) -> Iterator[str]:
    """URL of a database made for this session, without tables."""
    with _made_database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of a database made for this session, up to date."""
    with _made_database(postgres_server) as url:

        async def make() -> None:
            database = Database(url)
            await database.upgrade()
            await database.close()

        asyncio.run(make())
        yield url


@contextmanager
def _made_database(server: str) -> Iterator[str]:
    name = f"shelftalker_test_{os.getpid()}_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty, up-to-date database: each test that asks for it runs on SQLite and on PostgreSQL."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
        with psycopg.connect(url) as connection:
            # The audit's triggers refuse this to everybody else.
            connection.execute("SET LOCAL session_replication_role = replica")
            connection.execute(f"TRUNCATE {', '.join(metadata.tables)} CASCADE")
        return url
    path = tmp_path / "shelftalker.db"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database, SQLite and PostgreSQL in turn."""
    async with Database(database_url) as opened:
        yield opened


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis for this session. Tests that stop it or count its keys start one of their own."""
    if COMMAND is None:
        _absent("no redis-server on the path")
    with redis_running(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
async def sqlite_database(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """An open SQLite database, for tests of what does not depend on the database."""
    path = tmp_path / "shelftalker.db"
    shutil.copy(sqlite_template, path)
    async with Database(f"sqlite:///{path}") as opened:
        yield opened
