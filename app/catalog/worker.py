"""The planning process of an import (`python -m app.catalog.worker`): tasks in, plans out, until the input ends."""

import contextlib
import sys
from typing import BinaryIO

from app.catalog.collection import rare_collections
from app.catalog.planning import plan_all
from app.catalog.wire import decode_start, decode_tasks, encode_plans, read_frame_from, write_frame_to

PIPE_BYTES = 2**20  # an answer lies whole in the pipe while the import has no time to take it


def main() -> None:
    """Serve the import at the other end of standard input and output."""
    source, answers = sys.stdin.buffer, sys.stdout.buffer
    start = read_frame_from(source)
    if start is None:
        return
    rules, version = decode_start(start)
    _widen(answers)
    write_frame_to(answers, b"up")
    with rare_collections():
        while (body := read_frame_from(source)) is not None:
            tasks = decode_tasks(body)
            write_frame_to(answers, encode_plans(plan_all(tasks, rules, version), tasks))


def _widen(pipe: BinaryIO) -> None:
    """Give a pipe more room, where the system lets one (Linux does)."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl  # noqa: PLC0415 - Windows has none

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)


if __name__ == "__main__":
    main()
