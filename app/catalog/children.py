"""The planning processes of an import: starting them, asking them, ending them."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Sequence

from app.catalog.facts import FactRules
from app.catalog.planning import Plan, Task
from app.catalog.wire import decode_plans, encode_start, encode_tasks, read_frame, write_frame


class Child:
    """One process. It may be asked again before it has answered: so it never waits for its next question."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        # Both locks serve in the order of asking, and so does the process: each answer finds its question.
        self._writing = asyncio.Lock()
        self._reading = asyncio.Lock()

    async def start(self, rules: FactRules, version: str) -> None:
        """Tell the rules and wait until it is up. Raises OSError or EOFError where it ended."""
        await write_frame(self._process, encode_start(rules, version))
        await read_frame(self._process)

    async def plan(self, tasks: Sequence[Task]) -> list[Plan]:
        """One plan for each task. Raises OSError or EOFError where the process has ended."""
        async with self._writing:
            await write_frame(self._process, encode_tasks(tasks))
        async with self._reading:
            answer = await read_frame(self._process)
        return decode_plans(answer, tasks)

    def kill(self) -> None:
        """End it at once."""
        with contextlib.suppress(ProcessLookupError):  # it has ended already
            self._process.kill()

    async def ended(self) -> None:
        """Wait for its end."""
        await self._process.wait()


async def start_children(rules: FactRules, version: str, count: int) -> list[Child]:
    """Start processes and wait until all are up. Raises OSError, EOFError or NotImplementedError where one cannot be."""
    children: list[Child] = []
    try:
        for _ in range(count):
            children.append(Child(await _process()))  # noqa: PERF401 - those that have started are ended below
        await asyncio.gather(*(child.start(rules, version) for child in children))
    except BaseException:
        await end_children(children)
        raise
    return children


async def end_children(children: Sequence[Child]) -> None:
    """End processes, whatever they are at."""
    for child in children:
        child.kill()
    for child in children:
        await child.ended()


async def _process() -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.catalog.worker",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # what ends a child here is met again, and told, by the spare planner
        start_new_session=True,  # Ctrl-C is the import's to handle
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        limit=2**22,  # an answer is received whole, without stopping its sender in between
    )
