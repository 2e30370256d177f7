"""Who plans the records of an import: the import's own thread, and for large files processes beside it.

Drawing facts is most of an import's work and pure Python, so that a second core helps only in a second process. It
is a plain child that reads tasks from its standard input and ends when that does: nothing stays behind when the
import is killed.
"""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.catalog.facts import FactRules
from app.catalog.planning import Plan, Task, plan
from app.catalog.product import Product
from app.catalog.wire import decode_plans, encode_start, encode_tasks, read_frame, write_frame

# The child needs about a second to start; smaller files are done by then.
LARGE_FILE = 2_000_000
# With two children the import itself, which reads and writes, is what takes longest.
MOST_CHILDREN = 2


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
    """Plans tasks in order. `products` are the tasks' products, already decoded."""

    async def __call__(self, tasks: Sequence[Task], products: Sequence[Product]) -> list[Plan]:
        """One plan for each task."""
        ...


class ThreadPlanner:
    """Plans where `off_loop` runs things: on the import's thread."""

    def __init__(
        self, rules: Rules, off_loop: Callable[[Callable[[], list[Plan]]], Awaitable[list[Plan]]]
    ) -> None:
        self._rules = rules
        self._off_loop = off_loop

    async def __call__(self, tasks: Sequence[Task], products: Sequence[Product]) -> list[Plan]:
        """One plan for each task."""
        rules = self._rules
        return await self._off_loop(
            lambda: [
                plan(task, rules.facts, rules.version, product)
                for task, product in zip(tasks, products, strict=True)
            ]
        )


class ProcessPlanner:
    """Plans in child processes once they are up; until then, and should one fail, `spare` plans."""

    def __init__(self, rules: Rules, spare: Planner, children: int = 1) -> None:
        self._spare = spare
        self._starting = asyncio.create_task(_start_all(rules, children))
        self._turn = asyncio.Lock()  # a child answers one question after the other
        self._broken = False

    async def __call__(self, tasks: Sequence[Task], products: Sequence[Product]) -> list[Plan]:
        """One plan for each task."""
        async with self._turn:
            if not self._broken and self._starting.done():
                try:
                    return await self._ask(tasks)
                except (OSError, EOFError, ValueError, NotImplementedError):  # it died, or cannot be
                    self._broken = True
        return await self._spare(tasks, products)

    async def ready(self) -> None:
        """Wait until the children are up. Raises OSError where they cannot be."""
        await asyncio.shield(self._starting)

    async def close(self) -> None:
        """End the children."""
        self._starting.cancel()
        with contextlib.suppress(asyncio.CancelledError, OSError, EOFError, NotImplementedError):
            await _end_all(await self._starting)

    async def _ask(self, tasks: Sequence[Task]) -> list[Plan]:
        children = self._starting.result()
        share = -(-len(tasks) // len(children))
        shares = [tasks[start : start + share] for start in range(0, len(tasks), share)]
        answers = await asyncio.gather(*map(_ask_one, children, shares))
        return [plan for answer in answers for plan in answer]


async def _start_all(rules: Rules, count: int) -> list[asyncio.subprocess.Process]:
    children = [await _start_one() for _ in range(count)]
    try:
        for child in children:
            await write_frame(child, encode_start(rules.facts, rules.version))
        for child in children:
            await read_frame(child)  # it is up
    except BaseException:
        await _end_all(children)
        raise
    return children


async def _start_one() -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.catalog.worker",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # what ends a child here is met again, and told, by `spare`
        start_new_session=True,  # Ctrl-C is the import's to handle
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )


async def _ask_one(child: asyncio.subprocess.Process, tasks: Sequence[Task]) -> list[Plan]:
    await write_frame(child, encode_tasks(tasks))
    return decode_plans(await read_frame(child))


async def _end_all(children: Sequence[asyncio.subprocess.Process]) -> None:
    for child in children:
        with contextlib.suppress(ProcessLookupError):  # it has ended already
            child.kill()
    for child in children:
        await child.wait()


def _cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows
        return os.cpu_count() or 1
