"""A Milvus server in a process of its own, on a port: the edition that installs with pip, as it would stand elsewhere."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def milvus_server(folder: Path, port: int) -> Iterator[None]:
    """Serve a folder until the block is left, however: then the server is killed."""
    command = [
        *(sys.executable, "-m", "milvus_lite", "server"),
        *("--data-dir", str(folder), "--host", "127.0.0.1", "--port", str(port)),
    ]
    with (folder.parent / "milvus.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, (folder.parent / "milvus.log").read_text("utf-8")
            time.sleep(0.1)
        yield
    finally:
        process.kill()
        process.wait()


@contextmanager
def mute_server() -> Iterator[int]:
    """A port where somebody takes calls and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        yield listener.getsockname()[1]
