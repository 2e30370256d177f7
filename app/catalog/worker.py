"""The planning process of an import (`python -m app.catalog.worker`): tasks in, plans out, until the input ends."""

import sys

from app.catalog.planning import plan
from app.catalog.wire import decode_start, decode_tasks, encode_plans, read_frame_from, write_frame_to


def main() -> None:
    """Serve the import at the other end of standard input and output."""
    source, answers = sys.stdin.buffer, sys.stdout.buffer
    start = read_frame_from(source)
    if start is None:
        return
    rules, version = decode_start(start)
    write_frame_to(answers, b"up")
    while (body := read_frame_from(source)) is not None:
        write_frame_to(answers, encode_plans([plan(task, rules, version) for task in decode_tasks(body)]))


if __name__ == "__main__":
    main()
