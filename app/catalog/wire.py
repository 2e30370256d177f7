"""What an import and its planning process say to each other: frames of JSON, each behind its length."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, BinaryIO

import orjson

from app.catalog.codec import fact_from_row, fact_to_row
from app.catalog.facts import FactChange, FactRules
from app.catalog.feeds import Rejected
from app.catalog.planning import PLANNED_COLUMNS, Before, Plan, Planned, Task

LENGTH = 8  # bytes before each frame
_DATA = PLANNED_COLUMNS.index("data")


async def write_frame(child: asyncio.subprocess.Process, body: bytes) -> None:
    """Send a frame. Raises OSError where the child is gone."""
    if child.stdin is None:
        raise BrokenPipeError
    child.stdin.write(len(body).to_bytes(LENGTH, "big") + body)
    await child.stdin.drain()


async def read_frame(child: asyncio.subprocess.Process) -> bytes:
    """Receive a frame. Raises EOFError where the child is gone."""
    if child.stdout is None:
        raise EOFError
    return await child.stdout.readexactly(int.from_bytes(await child.stdout.readexactly(LENGTH), "big"))


def read_frame_from(file: BinaryIO) -> bytes | None:
    """Receive a frame on the child's side; None when the parent has ended."""
    head = file.read(LENGTH)
    size = int.from_bytes(head, "big")
    body = file.read(size) if len(head) == LENGTH else b""
    return body if len(head) == LENGTH and len(body) == size else None


def write_frame_to(file: BinaryIO, body: bytes) -> None:
    """Send a frame on the child's side."""
    file.write(len(body).to_bytes(LENGTH, "big") + body)
    file.flush()


def encode_start(rules: FactRules, version: str) -> bytes:
    """By which rules to draw facts."""
    return orjson.dumps([asdict(rules), version], default=list)


def decode_start(body: bytes) -> tuple[FactRules, str]:
    """What `encode_start` was given."""
    rules, version = orjson.loads(body)
    return FactRules(**{name: frozenset(value) for name, value in rules.items()}), version


def encode_tasks(tasks: Sequence[Task]) -> bytes:
    """Tasks, those of one feed: most have the same `present`, which is said once."""
    spoken: dict[frozenset[str] | None, int] = {}
    rows = [
        (
            task.data,
            task.data_hash,
            spoken.setdefault(task.present, len(spoken)),
            task.line,
            _before_to_row(task.before) if task.before else None,
            task.own_sentences,
        )
        for task in tasks
    ]
    return orjson.dumps([[None if names is None else list(names) for names in spoken], rows])


def _before_to_row(old: Before) -> tuple[str, ...]:
    # `astuple` looks into every value for more dataclasses, which takes longer than all the rest.
    return old.data, old.data_hash, old.facts, old.facts_hash, old.fact_ids, old.facts_rules


def decode_tasks(body: bytes) -> list[Task]:
    """What `encode_tasks` was given."""
    spoken, rows = orjson.loads(body)
    present = [None if names is None else frozenset(names) for names in spoken]
    return [
        Task(data, data_hash, present[which], line, Before(*before) if before else None, own)
        for data, data_hash, which, line, before, own in rows
    ]


def encode_plans(plans: Sequence[Plan], tasks: Sequence[Task]) -> bytes:
    """Plans, in the order of their tasks."""
    return orjson.dumps([_plan_to_row(plan, task) for plan, task in zip(plans, tasks, strict=True)])


def decode_plans(body: bytes, tasks: Sequence[Task]) -> list[Plan]:
    """What `encode_plans` was given."""
    return [_plan_from_row(row, task) for row, task in zip(orjson.loads(body), tasks, strict=True)]


def _plan_to_row(plan: Plan, task: Task) -> tuple[Any, ...] | None:
    match plan:
        case None:
            return None
        case Rejected():
            return plan.line, plan.sku, plan.detail, plan.kept
        case Planned():
            values = [plan.columns[name] for name in PLANNED_COLUMNS]
            if values[_DATA] == task.data:
                values[_DATA] = None  # most of the bytes, and the import has them
            return plan.sku, plan.outcome, values, [_change_to_row(change) for change in plan.changes], 0


def _plan_from_row(row: list[Any] | None, task: Task) -> Plan:
    if row is None:
        return None
    if len(row) == 4:
        return Rejected(*row)
    sku, outcome, values, changed, _ = row
    if values[_DATA] is None:
        values[_DATA] = task.data
    columns = dict(zip(PLANNED_COLUMNS, values))  # noqa: B905 - thousands of times; both have the same length
    return Planned(sku, outcome, columns, tuple(map(_change_from_row, changed)) if changed else ())


def _change_to_row(change: FactChange) -> tuple[Any, ...]:
    return change.id, change.old and fact_to_row(change.old), change.new and fact_to_row(change.new)


def _change_from_row(row: list[Any]) -> FactChange:
    return FactChange(row[0], row[1] and fact_from_row(row[1]), row[2] and fact_from_row(row[2]))
