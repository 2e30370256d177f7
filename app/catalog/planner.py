"""Who plans the records of an import: the import's own thread, and for large files a process beside it.

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
    if size < LARGE_FILE or not _another_core():
        yield in_thread
        return
    beside = ProcessPlanner(rules, in_thread)
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
    """Plans in a child process once it is up; until then, and should it fail, `spare` plans."""

    def __init__(self, rules: Rules, spare: Planner) -> None:
        self._rules = rules
        self._spare = spare
        self._starting = asyncio.create_task(self._start())
        self._turn = asyncio.Lock()
        self._broken = False

    async def __call__(self, tasks: Sequence[Task], products: Sequence[Product]) -> list[Plan]:
        """One plan for each task."""
        async with self._turn:
            if not self._broken and self._starting.done():
                try:
                    return await self._ask(tasks)
                except (
                    OSError,
                    EOFError,
                    ValueError,
                    NotImplementedError,
                ):  # it died, or cannot be (out of memory, killed): go on without
                    self._broken = True
        return await self._spare(tasks, products)

    async def close(self) -> None:
        """End the child."""
        self._starting.cancel()
        with contextlib.suppress(asyncio.CancelledError, OSError, EOFError, NotImplementedError):
            child = await self._starting
            child.kill()
            await child.wait()

    async def _start(self) -> asyncio.subprocess.Process:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "app.catalog.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # what ends the child here is met again, and told, by `spare`
            start_new_session=True,  # Ctrl-C is the import's to handle
            env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        try:
            await write_frame(child, encode_start(self._rules.facts, self._rules.version))
            await read_frame(child)  # it is up
        except BaseException:
            child.kill()
            raise
        return child

    async def _ask(self, tasks: Sequence[Task]) -> list[Plan]:
        child = self._starting.result()
        await write_frame(child, encode_tasks(tasks))
        return decode_plans(await read_frame(child))


def _another_core() -> bool:
    """Whether this process may use more than one core."""
    try:
        return len(os.sched_getaffinity(0)) > 1
    except AttributeError:  # macOS and Windows
        return (os.cpu_count() or 1) > 1
