"""What an import and its planning process say to each other: frames, each behind its length.

A frame of tasks or plans is a head in JSON and texts behind it, as they are: products and facts are JSON themselves, and
to write that into JSON once more, and read it out again, would take longer than all the rest of the talk.
"""

import asyncio
from array import array
from collections.abc import Sequence
from dataclasses import asdict
from itertools import accumulate, pairwise
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
    rows: list[tuple[int, int, bool, int]] = []
    texts: list[str] = []
    for task in tasks:
        which = spoken.setdefault(task.present, len(spoken))
        rows.append((which, task.line, task.before is not None, len(task.own_sentences)))
        texts += (task.data, task.data_hash)
        if (old := task.before) is not None:
            texts += (old.data, old.data_hash, old.facts, old.facts_hash, old.fact_ids, old.facts_rules)
        texts += task.own_sentences
    return _packed([[None if names is None else list(names) for names in spoken], rows], texts)


def decode_tasks(body: bytes) -> list[Task]:
    """What `encode_tasks` was given."""
    (spoken, rows), texts = _unpacked(body)
    present = [None if names is None else frozenset(names) for names in spoken]
    tasks: list[Task] = []
    at = 0
    for which, line, known, own in rows:
        data, data_hash = texts[at : at + 2]
        own_at = at + 2 + (_BEFORE if known else 0)
        before = Before(*texts[at + 2 : own_at]) if known else None
        at = own_at + own
        tasks.append(Task(data, data_hash, present[which], line, before, tuple(texts[own_at:at])))
    return tasks


def encode_plans(plans: Sequence[Plan], tasks: Sequence[Task]) -> bytes:
    """Plans, in the order of their tasks."""
    texts: list[str] = []
    return _packed([_plan_to_row(plan, task, texts) for plan, task in zip(plans, tasks, strict=True)], texts)


def decode_plans(body: bytes, tasks: Sequence[Task]) -> list[Plan]:
    """What `encode_plans` was given."""
    rows, texts = _unpacked(body)
    plans: list[Plan] = []
    at, width = 0, len(PLANNED_COLUMNS)
    for row, task in zip(rows, tasks, strict=True):
        if row is None:
            plans.append(None)
        elif len(row) == _REJECTED:
            plans.append(Rejected(*row))
        else:
            plans.append(_planned(row, texts[at : at + width], task))
            at += width
    return plans


_BEFORE = 6  # texts of a stored product
_REJECTED = 4  # members of a rejection; a plan has one less


def _plan_to_row(plan: Plan, task: Task, texts: list[str]) -> tuple[Any, ...] | None:
    """What the head says of a plan; its columns go to `texts`."""
    match plan:
        case None:
            return None
        case Rejected():
            return plan.line, plan.sku, plan.detail, plan.kept
        case Planned():
            values = [plan.columns[name] for name in PLANNED_COLUMNS]
            if values[_DATA] == task.data:
                values[_DATA] = None  # a third of the bytes, and the import has them
            lacking = [place for place, value in enumerate(values) if value is None]
            texts += [value or "" for value in values]
            return plan.outcome, lacking, [_change_to_row(change) for change in plan.changes]


def _planned(row: Sequence[Any], values: list[Any], task: Task) -> Planned:
    outcome, lacking, changed = row
    for place in lacking:
        values[place] = task.data if place == _DATA else None
    columns = dict(zip(PLANNED_COLUMNS, values))  # noqa: B905 - thousands of times; both have the same length
    return Planned(columns["sku"], outcome, columns, tuple(map(_change_from_row, changed)) if changed else ())


def _packed(head: Any, texts: Sequence[str]) -> bytes:
    """A head and texts: the sizes of both, the head, the length of each text in characters, all texts in one."""
    said = orjson.dumps(head)
    lengths = array("Q", map(len, texts)).tobytes()
    sizes = len(said).to_bytes(LENGTH, "big") + len(lengths).to_bytes(LENGTH, "big")
    return b"".join((sizes, said, lengths, "".join(texts).encode()))


def _unpacked(body: bytes) -> tuple[Any, list[str]]:
    """What `_packed` was given."""
    head = 2 * LENGTH + int.from_bytes(body[:LENGTH], "big")
    start = head + int.from_bytes(body[LENGTH : 2 * LENGTH], "big")
    lengths, text = array("Q", body[head:start]), body[start:].decode()
    places = pairwise(accumulate(lengths, initial=0))
    return orjson.loads(body[2 * LENGTH : head]), [text[begin:end] for begin, end in places]


def _change_to_row(change: FactChange) -> tuple[Any, ...]:
    return change.id, change.old and fact_to_row(change.old), change.new and fact_to_row(change.new)


def _change_from_row(row: list[Any]) -> FactChange:
    return FactChange(row[0], row[1] and fact_from_row(row[1]), row[2] and fact_from_row(row[2]))
