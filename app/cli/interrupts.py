"""Ctrl-C in long work: the first one asks it to stop at the next good place, the second one ends it at once."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def stop_at_interrupt() -> Iterator[asyncio.Event]:
    """An event that the first SIGINT sets; the next one interrupts as usual. Must be entered in a running loop."""
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()

    def ask() -> None:
        asked.set()
        loop.remove_signal_handler(signal.SIGINT)  # the next one is Python's own: KeyboardInterrupt
        print("stopping ...", file=sys.stderr, flush=True)

    try:
        loop.add_signal_handler(signal.SIGINT, ask)
    except (NotImplementedError, RuntimeError):  # Windows, or not the main thread: Ctrl-C interrupts as usual
        yield asked
        return
    try:
        yield asked
    finally:
        loop.remove_signal_handler(signal.SIGINT)
