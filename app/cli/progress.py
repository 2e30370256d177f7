"""How far long work has come: a bar on a terminal, a plain line now and then elsewhere, nothing with `--json`."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EVERY_S = 5.0  # between two plain lines: enough for a log to show life
Advance = Callable[[float, str], None]
"""`advance(share, note)`: share of the work done, from 0 to 1, and what has been counted so far."""


@contextmanager
def progress(title: str, *, quiet: bool) -> Iterator[Advance]:
    """Show progress on standard error while the block runs."""
    if quiet:
        yield lambda _share, _note: None
    elif sys.stderr.isatty():
        yield from _bar(title)
    else:
        yield _lines(title)


def _bar(title: str) -> Iterator[Advance]:
    from rich.console import Console  # noqa: PLC0415 - only where a bar is drawn
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[note]}", markup=False),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=1.0, note="")
        yield lambda share, note: bar.update(task, completed=min(share, 1.0), note=note)


def _lines(title: str) -> Advance:
    last = time.monotonic()

    def advance(share: float, note: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= EVERY_S:
            last = now
            print(f"{title}: {share:.0%}, {note}", file=sys.stderr, flush=True)

    return advance
