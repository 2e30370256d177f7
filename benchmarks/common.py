"""What the measurements share: where the data is, what a machine is worth today, one JSON line."""

import hashlib
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson


def shared_data() -> Path:
    """The folder of real data: `SHARED_DATA`, else `../shared/data`. Ends the run where it is absent."""
    folder = Path(os.environ.get("SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not folder.is_dir():
        report(skipped=f"no shared data at {folder}")
        sys.exit(0)
    return folder


def report(**figures: Any) -> None:
    """One JSON line on standard output."""
    print(orjson.dumps(figures).decode(), flush=True)


def median_ms(run: Callable[[], object], rounds: int) -> float:
    """Median duration of a call in milliseconds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        run()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def machine_ms() -> float:
    """Milliseconds of a fixed piece of pure Python work: the baseline that ratios are taken against."""

    def work() -> str:
        digest = hashlib.sha256()
        words = ["one", "fact", "one", "sentence", "one", "proof"]
        for i in range(2_000):
            digest.update(" ".join(sorted(word + str(i) for word in words)).encode())
        return digest.hexdigest()

    return median_ms(work, 25)


def wilson(hits: int, of: int) -> list[float]:
    """95 % interval of a share (Wilson 1927), as [low, high]."""
    if of == 0:
        return [0.0, 1.0]
    z, share = 1.959963985, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * ((share * (1 - share) / of + z * z / (4 * of * of)) ** 0.5)
    return [round(middle - half, 4), round(middle + half, 4)]
