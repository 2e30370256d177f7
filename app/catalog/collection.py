"""Python's cyclic garbage collector while an import runs."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Objects made between two searches for unreachable cycles. An import makes millions, and hardly a cycle among them.
# Among those that a search comes upon are the batches under way, of which the more are gone the later it comes.
COLLECT_EVERY = 100_000


class _Running:
    """How many imports run, and what the threshold was before the first."""

    count = 0
    threshold = gc.get_threshold()


@contextmanager
def rare_collections() -> Iterator[None]:
    """Search for cycles more rarely, and not among what was there before.

    By default every import of 50,000 rows spends a second looking through all of the program's own objects again
    and again. What becomes unreachable meanwhile is freed afterwards.
    """
    if _Running.count == 0:
        _Running.threshold = gc.get_threshold()
        gc.freeze()
        gc.set_threshold(COLLECT_EVERY, *_Running.threshold[1:])
    _Running.count += 1
    try:
        yield
    finally:
        _Running.count -= 1
        if _Running.count == 0:
            gc.set_threshold(*_Running.threshold)
            gc.unfreeze()
