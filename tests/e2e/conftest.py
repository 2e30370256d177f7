"""The real server: `shelftalker serve` in a process of its own, on a free port, with a database of its own."""

import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

START_S = 60


@dataclass
class Served:
    """A running server."""

    process: subprocess.Popen[str]
    url: str
    data: Path
    lines: list[str]

    def client(self, **options) -> httpx2.Client:
        return httpx2.Client(base_url=self.url, timeout=30, **options)


def environment(data: Path) -> dict[str, str]:
    """The process's environment without any setting of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHELFTALKER_")}
    own = {"SHELFTALKER_DATA_DIR": str(data), "SHELFTALKER_EMBEDDING_MODEL": "off", "PYTHONUNBUFFERED": "1"}
    return kept | own


def shelftalker(data: Path, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        env=environment(data),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


@contextmanager
def serving(data: Path, *arguments: str, **settings: str) -> Iterator[Served]:
    """A server, until the block ends."""
    named = {f"SHELFTALKER_{name.upper()}": value for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "serve", "--port", "0", *arguments],
        env=environment(data) | named,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    lines: list[str] = []
    fresh: queue.Queue[str] = queue.Queue()

    def read() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            lines.append(line)
            fresh.put(line)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        url = ""
        while not url:
            found = re.search(r"http://\S+?:\d+", fresh.get(timeout=START_S))
            url = found[0] if found else ""
        served = Served(process, url, data, lines)
        with served.client() as client:
            # The listener queues connections before the application is up.
            assert client.get("/healthz").status_code == 200
        yield served
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        reader.join(timeout=5)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("data")) as server:
        yield server
