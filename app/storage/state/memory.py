"""State in this process alone."""

import time
from collections.abc import Callable

from app.storage.state.protocols import Standing

MINUTE_S = 60.0
"""The time in which an empty bucket fills: one that was left alone for so long is full, and need not be kept."""


class MemoryRateLimits:
    """`RateLimits` of one process. `clock` gives seconds and is never set back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}  # name → tokens, and when they were counted
        self._swept_at = clock()

    async def take(self, name: str, per_minute: int) -> Standing:
        """See `RateLimits.take`."""
        now = self._clock()
        if now - self._swept_at > MINUTE_S:
            self._sweep(now)
        per_s = per_minute / MINUTE_S
        held, at = self._buckets.get(name, (per_minute, now))
        tokens = min(float(per_minute), held + (now - at) * per_s)
        if allowed := tokens >= 1:
            tokens -= 1
        self._buckets[name] = (tokens, now)
        retry_s = 0.0 if allowed else (1 - tokens) / per_s
        return Standing(allowed, int(tokens), (per_minute - tokens) / per_s, retry_s)

    def _sweep(self, now: float) -> None:
        self._buckets = {name: held for name, held in self._buckets.items() if now - held[1] <= MINUTE_S}
        self._swept_at = now
