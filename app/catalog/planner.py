"""Who plans the records of an import: the import's own thread, and for large files processes beside it.

Drawing facts is most of an import's work and pure Python, so that a second core helps only in a second process. It
is a plain child that reads tasks from its standard input and ends when that does: nothing stays behind when the
import is killed. Work is handed out in small pieces, and what no child has begun the import's own thread takes: so
all are done at the same time, whatever share of the work the facts are.
"""

import asyncio
import contextlib
import os
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.catalog.children import Child, end_children, start_children
from app.catalog.facts import FactRules
from app.catalog.planning import Plan, Task, plan_all
from app.catalog.product import Product

# The child needs some tenths of a second to start; smaller files are done by then.
LARGE_FILE = 2_000_000
# With two children the import itself, which reads and writes, is what takes longest.
MOST_CHILDREN = 2
# Tasks handed out at once: one or two hundredths of a second of work.
PIECE = 200
# Pieces that a child has at a time: the one that it is at, and the next, so that it never waits.
AT_A_TIME = 2
# With so many pieces waiting for each child the import's own thread takes one too: reading and writing, which nobody
# else can do, are then ahead of the children.
BACKLOG = 12


@dataclass(frozen=True, slots=True)
class Rules:
    """By which rules facts are drawn, and how their version is called."""

    facts: FactRules
    version: str


@contextlib.asynccontextmanager
async def open_planner(
    rules: Rules, size: int, off_loop: Callable[[Callable[[], list[Plan]]], Awaitable[list[Plan]]]
) -> AsyncIterator["Planner"]:
    """A planner for a file of that many bytes."""
    in_thread = ThreadPlanner(rules, off_loop)
    spare_cores = _cores() - 1
    if size < LARGE_FILE or spare_cores < 1:
        yield in_thread
        return
    beside = ProcessPlanner(rules, in_thread, min(spare_cores, MOST_CHILDREN))
    try:
        yield beside
    finally:
        await beside.close()


class Planner(Protocol):
    """Plans tasks in order. `products` are the tasks' products, already decoded.

    `ahead`: so many batches are worth planning at the same time.
    """

    ahead: int

    async def __call__(self, tasks: Sequence[Task], products: Sequence[Product]) -> list[Plan]:
        """One plan for each task."""
        ...


class ThreadPlanner:
    """Plans where `off_loop` runs things: on the import's thread."""

    ahead = 1

    def __init__(
        self, rules: Rules, off_loop: Callable[[Callable[[], list[Plan]]], Awaitable[list[Plan]]]
    ) -> None:
        self._rules = rules
        self._off_loop = off_loop

    async def __call__(self, tasks: Sequence[Task], products: Sequence[Product]) -> list[Plan]:
        """One plan for each task."""
        rules = self._rules
        return await self._off_loop(lambda: plan_all(tasks, rules.facts, rules.version, products))


class ProcessPlanner:
    """Plans in child processes, and with `spare` what they do not get to: all of it until they are up."""

    ahead = 5  # enough for a backlog that keeps the children at work

    def __init__(self, rules: Rules, spare: Planner, children: int = 1) -> None:
        self._spare = spare
        self._waiting: deque[_Piece] = deque()
        self._running: set[asyncio.Task[None]] = set()
        self._spare_is_free = True
        self._free: dict[Child, int] = {}  # child → pieces that it could take
        self._broken = False
        self._starting = asyncio.create_task(start_children(rules.facts, rules.version, children))
        self._starting.add_done_callback(self._started)

    async def __call__(self, tasks: Sequence[Task], products: Sequence[Product]) -> list[Plan]:
        """One plan for each task."""
        loop = asyncio.get_running_loop()
        pieces = [
            _Piece(tasks[at : at + PIECE], products[at : at + PIECE], loop.create_future())
            for at in range(0, len(tasks), PIECE)
        ]
        self._waiting += pieces
        self._hand_out()
        answers = await asyncio.gather(*(piece.plans for piece in pieces))
        return [plan for answer in answers for plan in answer]

    async def ready(self) -> None:
        """Wait until the children are up. Raises OSError where they cannot be."""
        await asyncio.shield(self._starting)

    async def close(self) -> None:
        """End the children, whatever they are at."""
        self._starting.cancel()
        self._waiting.clear()
        for running in self._running:
            running.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        with contextlib.suppress(asyncio.CancelledError, OSError, EOFError, NotImplementedError):
            await end_children(await self._starting)

    def _started(self, starting: "asyncio.Task[list[Child]]") -> None:
        if starting.cancelled() or starting.exception() is not None:
            self._broken = True
        else:
            self._free = dict.fromkeys(starting.result(), AT_A_TIME)
        self._hand_out()

    def _hand_out(self) -> None:
        """Give what waits to whoever is free, the oldest first."""
        for child in self._free:
            while self._waiting and self._free[child]:
                self._free[child] -= 1
                self._begin(self._ask(child, self._waiting.popleft()))
        if self._spare_is_free and len(self._waiting) > BACKLOG * len(self._free):
            self._spare_is_free = False
            self._begin(self._do(self._waiting.popleft()))

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _ask(self, child: Child, piece: "_Piece") -> None:
        try:
            plans = await child.plan(piece.tasks)
        except (OSError, EOFError, ValueError):  # it died
            self._broken = True
            self._free.pop(child, None)
            child.kill()
            self._waiting.appendleft(piece)
        else:
            if child in self._free:
                self._free[child] += 1
            piece.answer(plans)
        self._hand_out()

    async def _do(self, piece: "_Piece") -> None:
        try:
            piece.answer(await self._spare(piece.tasks, piece.products))
        except Exception as error:  # noqa: BLE001 - whoever waits for the plans is told
            if not piece.plans.done():
                piece.plans.set_exception(error)
        self._spare_is_free = True
        self._hand_out()


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some tasks, and where their plans are awaited."""

    tasks: Sequence[Task]
    products: Sequence[Product]
    plans: asyncio.Future[list[Plan]]

    def answer(self, plans: list[Plan]) -> None:
        """Hand over the plans, unless nobody waits any more."""
        if not self.plans.done():
            self.plans.set_result(plans)


def _cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows
        return os.cpu_count() or 1
