"""What a key costs: the processor time of a request with one, against the same request on a service without keys.

The application is called as a function, in turns with and without, so that both see the same machine; the service with
keys has 10,000, and a limit that is never reached. `product` reads one from the database; `prompts` asks the database
nothing, so that the key weighs most there. Compared are lower quartiles of the rounds: what other work on the machine does
to its caches only ever adds.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import MutableMapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from sqlalchemy import text

from app.main import create_app
from app.services import Services
from app.settings import Settings
from benchmarks.common import report

KEYS = 10_000
ROUNDS = 160
CALLS = 25  # of each kind in a round
BOUND = 1.15
PATHS = {"product": "/v1/products/T-1", "prompts": "/v1/prompts"}


async def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as opened:
            apps = {}
            for name in ("without", "with"):
                settings = Settings(data_dir=Path(folder) / name, embedding_model="off", _env_file=None)
                apps[name] = app = create_app(settings)
                await opened.enter_async_context(app.router.lifespan_context(app))
                await call(app, "PUT", PATHS["product"], body=b'{"title": "Tee"}')
            key = await with_keys(apps["with"].state.services)
            headers = {"without": [], "with": [(b"authorization", f"Bearer {key}".encode())]}
            figures: dict[str, Any] = {}
            for path_name, path in PATHS.items():
                spent: dict[str, list[float]] = {"without": [], "with": []}
                for turn in range(ROUNDS):
                    for name in ("without", "with") if turn % 2 else ("with", "without"):
                        spent[name].append(await cpu_s(apps[name], path, headers[name]))
                low = {name: statistics.quantiles(times, n=4)[0] for name, times in spent.items()}
                figures[path_name] = {
                    "without_us": round(low["without"] / CALLS * 1e6, 1),
                    "with_us": round(low["with"] / CALLS * 1e6, 1),
                    "ratio": round(low["with"] / low["without"], 3),
                }
    worst = max(figure["ratio"] for figure in figures.values())
    report(
        benchmark="authentication", keys=KEYS, **figures, worst_ratio=worst, bound=BOUND, ok=worst <= BOUND
    )
    return int(worst > BOUND)


async def with_keys(services: Services) -> str:
    """Ten thousand keys, and one of them."""
    rows = [{"id": f"{n:012d}", "hash": b"x" * 32} for n in range(KEYS - 1)]
    insert = (
        "INSERT INTO api_keys (id, secret_hash, role, name, created_at) "
        "VALUES (:id, :hash, 'server', 'Shop', '2026-11-24 08:00:00.000000')"
    )
    async with services.database.transaction() as session:
        await session.execute(text(insert), rows)
    return (await services.access.create_key("server", "Shop")).key


async def cpu_s(app: FastAPI, path: str, headers: list[tuple[bytes, bytes]]) -> float:
    """Processor time of all threads for so many calls."""
    started = time.process_time()
    for _ in range(CALLS):
        await call(app, "GET", path, headers)
    return time.process_time() - started


async def call(
    app: FastAPI, method: str, path: str, headers: list[tuple[bytes, bytes]] | None = None, body: bytes = b""
) -> None:
    """One request from this machine. Fails where the answer is no success."""
    scope: MutableMapping[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"localhost"), (b"content-type", b"application/json"), *(headers or [])],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
        "state": {},
    }
    status = 0

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)

    await app(scope, receive, send)
    assert status in {200, 201}, f"{method} {path}: {status}"


if __name__ == "__main__":
    import logging

    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    sys.exit(asyncio.run(main()))
