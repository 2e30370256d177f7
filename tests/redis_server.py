"""A Redis of a test's own, on a socket in its folder: it may be stopped, killed and started again."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

COMMAND = shutil.which("redis-server")


class RedisServer:
    """A server and its URL."""

    def __init__(self, folder: Path, *arguments: str, url: str = "") -> None:
        self._socket = folder / "redis.sock"
        self.url = url or f"unix://{self._socket}"
        self._arguments = ["--dir", str(folder), "--save", "", "--appendonly", "no", *arguments]
        self.start()

    def start(self) -> None:
        where = ["--unixsocket", str(self._socket)]
        if "--port" not in self._arguments:
            where += ["--port", "0"]
        assert COMMAND
        self._process = subprocess.Popen(
            [COMMAND, *where, *self._arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 20
        while "PONG" not in self.ask("PING"):
            assert time.monotonic() < deadline, "redis-server does not answer"
            time.sleep(0.01)

    def ask(self, command: str) -> str:
        """One command in its plain form, and the raw answer."""
        with socket.socket(socket.AF_UNIX) as connection:
            try:
                connection.connect(str(self._socket))
            except OSError:
                return ""
            connection.sendall(command.encode() + b"\r\n")
            return connection.recv(65536).decode()

    def freeze(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(10)


def free_ports(count: int) -> list[int]:
    """Ports of this machine on which nothing listens."""
    with ExitStack() as opened:
        probes = [opened.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


@contextmanager
def redis_running(folder: Path, *arguments: str, url: str = "") -> Iterator[RedisServer]:
    server = RedisServer(folder, *arguments, url=url)
    try:
        yield server
    finally:
        server.kill()
