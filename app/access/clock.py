"""A clock that is never set back while the process runs."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta


class SteadyClock:
    """The time of `wall`, except that it never goes back: where `wall` does, it goes on as `monotonic` counts.

    So a key that has expired stays expired when somebody sets the machine's clock back. The price: a clock that was
    ahead by mistake, and is put right, is ahead for this process until it is started again.
    """

    def __init__(self, wall: Callable[[], datetime], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._latest, self._at = wall(), monotonic()

    def __call__(self) -> datetime:
        """The time, at least as late as ever before, plus what has passed since."""
        counted = self._monotonic()
        self._latest = max(self._wall(), self._latest + timedelta(seconds=counted - self._at))
        self._at = counted
        return self._latest
