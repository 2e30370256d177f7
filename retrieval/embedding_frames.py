"""What an embedding worker and its parent say to each other over pipes: a line of JSON, then floats if it names any."""

import json
from dataclasses import dataclass, field
from typing import IO, Any

import numpy as np

from retrieval.embedding_values import Vectors


class WorkerGone(Exception):  # noqa: N818 - a fact, read as words at every raise
    """The other end of the pipe is closed, or speaks another language."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One message: its kind, its members, and an array where there is one."""

    kind: str
    about: dict[str, Any] = field(default_factory=dict)
    vectors: Vectors | None = None


def send(pipe: IO[bytes], frame: Frame) -> None:
    """Write a frame whole. Raises WorkerGone."""
    shape = None if frame.vectors is None else list(frame.vectors.shape)
    try:
        # ASCII with escapes: a text of lone surrogates, which UTF-8 cannot say, passes too.
        pipe.write(json.dumps({"kind": frame.kind, "about": frame.about, "shape": shape}).encode() + b"\n")
        if frame.vectors is not None:
            pipe.write(np.ascontiguousarray(frame.vectors, "<f4").tobytes())
        pipe.flush()
    except (OSError, ValueError) as error:  # ValueError: the pipe has been closed here
        raise WorkerGone(str(error)) from error


def receive(pipe: IO[bytes]) -> Frame:
    """Read the next frame. Raises WorkerGone."""
    try:
        line = pipe.readline()
        if not line:
            raise WorkerGone("the pipe is closed")
        head = json.loads(line)
        vectors = None
        if head["shape"] is not None:
            rows, columns = head["shape"]
            data = pipe.read(4 * rows * columns)
            vectors = np.frombuffer(data, "<f4").reshape(rows, columns)
        return Frame(head["kind"], head["about"], vectors)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WorkerGone(f"{type(error).__name__}: {error}") from error
