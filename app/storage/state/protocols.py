"""What state stores promise, by behaviour. `memory` and `redis` implement all of it; `connect` picks by URL."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Standing:
    """How a limit stands after a call: `remaining` more may follow at once.

    `full_s`: seconds until the whole limit is there again. `retry_s`: seconds until the next call is allowed, 0 where
    one is.
    """

    allowed: bool
    remaining: int
    full_s: float
    retry_s: float = 0.0


class RateLimits(Protocol):
    """Token buckets by name."""

    async def take(self, name: str, per_minute: int) -> Standing:
        """Take one of the bucket's tokens, if there is one.

        A bucket that was never used is full: it holds `per_minute` tokens and gets as many back within a minute, evenly.
        Atomic: of callers at the same time, in any process that shares the store, no two get the same token. Whatever
        clock a caller has, the store's own counts, and one that is set back gives and takes nothing. A bucket that
        nobody asks for is forgotten once it is full. Raises Unavailable where the store does not answer.
        """
        ...
