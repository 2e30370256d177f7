"""Embedding in a process of its own: PyTorch's 450 MB and the work's hours stay out of the process that serves."""

import contextlib
import itertools
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np

from retrieval.embedding_frames import Frame, WorkerGone, receive, send
from retrieval.embedding_models import DEFAULT_MODEL, NoEmbedder
from retrieval.embedding_values import Vectors

START_TIMEOUT_S: Final = 120.0  # PyTorch on a busy machine with a cold disk
BATCH_TIMEOUT_S: Final = 300.0
RESTARTS: Final = 2  # of one batch: a third process will not survive what killed two
KEPT_CRASHES: Final = 10
# The child imports what the parent could: its module path is handed on, as `multiprocessing` does when it spawns.
_CODE: Final = (
    "import sys, json, signal; signal.signal(signal.SIGINT, signal.SIG_IGN); "  # Ctrl-C is the parent's to answer
    "sys.path[:] = json.loads(sys.argv[1]); "
    "from retrieval.embedding_child import serve; serve()"
)


class EmbeddingFailed(Exception):  # noqa: N818 - a fact, read as words at every raise
    """The worker cannot embed; the message says why."""


class EmbeddingWorker:
    """A child process as an `Embedder`. Calls of several threads take turns.

    The child runs on one thread with low priority, and ends with its parent, also when that is killed. Where it dies
    or hangs it is started anew and the batch is sent again, up to `restarts` times; `crashes` tells of the last ones.
    A start is bounded by `start_timeout_s`, a batch by `batch_timeout_s`.
    """

    def __init__(
        self,
        model: str = DEFAULT_MODEL,
        folder: Path = Path(),
        *,
        start_timeout_s: float = START_TIMEOUT_S,
        batch_timeout_s: float = BATCH_TIMEOUT_S,
        restarts: int = RESTARTS,
    ) -> None:
        """Set it up; the process starts with `start`, or the first batch."""
        self._about = {"model": model, "folder": str(folder)}
        self._start_timeout_s = start_timeout_s
        self._batch_timeout_s = batch_timeout_s
        self._restarts = restarts
        self._turn = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._id = ""
        self._dimension = 0
        self.crashes: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def id(self) -> str:
        """The embedder's id; empty before the first start."""
        return self._id

    @property
    def dimension(self) -> int:
        """The vectors' dimension; 0 before the first start."""
        return self._dimension

    @property
    def pid(self) -> int | None:
        """The child's process id; None where there is none."""
        return self._child.pid if self._child is not None else None

    def start(self) -> NoEmbedder | None:
        """Start the process and load the model; the reason where there is no embedder. Raises EmbeddingFailed."""
        with self._turn:
            for attempt in itertools.count():
                try:
                    return self._started()
                except WorkerGone as gone:
                    self._crashed("while it started", gone, attempt)
        raise AssertionError

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The texts' vectors. Raises EmbeddingFailed where the worker cannot, after its restarts."""
        with self._turn:
            for attempt in itertools.count():
                try:
                    if (missing := self._started()) is not None:
                        raise EmbeddingFailed(missing.reason)
                    if not texts:
                        return np.empty((0, self._dimension), np.float32)
                    return self._embedded(list(texts))
                except WorkerGone as gone:
                    self._crashed(f"with a batch of {len(texts)}", gone, attempt)
        raise AssertionError

    def close(self) -> None:
        """End the process at once; a call that waits for it fails."""
        self._closed = True
        child = self._child
        if child is not None:
            child.kill()
        with self._turn:
            self._end()

    def _started(self) -> NoEmbedder | None:
        if self._closed:
            raise EmbeddingFailed("the worker is closed")
        if self._child is not None:
            return None
        path = [entry for entry in sys.path if entry]  # not the folder that we happen to stand in
        self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-P", "-c", _CODE, json.dumps(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={
                **os.environ,
                "HF_HUB_OFFLINE": "1",
                "TOKENIZERS_PARALLELISM": "false",
                "OMP_NUM_THREADS": "1",
                "OPENBLAS_NUM_THREADS": "1",
            },
        )
        if self._closed:  # meanwhile: whoever closed may not have seen this child
            raise WorkerGone("closed")
        answer = self._asked(Frame("open", dict(self._about)), self._start_timeout_s)
        if answer.kind == "none":
            self._end()
            return NoEmbedder(answer.about["reason"])
        self._take_id(answer)
        return None

    def _take_id(self, ready: Frame) -> None:
        found = ready.about["id"]
        if self._id and found != self._id:  # an export was made, or deleted, between two starts
            self._end()
            raise EmbeddingFailed(f"the embedder has become {found}, it was {self._id}")
        self._id, self._dimension = found, ready.about["dimension"]

    def _embedded(self, texts: list[str]) -> Vectors:
        answer = self._asked(Frame("embed", {"texts": texts}), self._batch_timeout_s)
        if answer.kind == "failed":
            raise EmbeddingFailed(answer.about["reason"])
        if answer.vectors is None or answer.vectors.shape != (len(texts), self._dimension):
            raise WorkerGone("it answers what was not asked")
        return answer.vectors

    def _asked(self, frame: Frame, timeout_s: float) -> Frame:
        """Send, and wait for the answer. The child is killed where that takes too long. Raises WorkerGone."""
        child = self._child
        if child is None or child.stdin is None or child.stdout is None:
            raise WorkerGone("there is no process")
        late = threading.Event()

        def end_late() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(timeout_s, end_late)
        timer.daemon = True
        timer.start()
        try:
            send(child.stdin, frame)
            return receive(child.stdout)
        except WorkerGone as gone:
            if late.is_set():
                raise WorkerGone(f"no answer within {timeout_s:g} s") from gone
            raise
        finally:
            timer.cancel()

    def _crashed(self, doing: str, gone: WorkerGone, attempt: int) -> None:
        """Note it, and make way for another attempt. Raises EmbeddingFailed where there have been enough."""
        code = self._end()
        if self._closed:
            raise EmbeddingFailed("the worker is closed") from gone
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        said = f"the embedding process ended {doing} ({how}; {gone})"
        self.crashes = (*self.crashes, said)[-KEPT_CRASHES:]
        if attempt >= self._restarts:
            raise EmbeddingFailed(said) from gone
        time.sleep(0.1 * (attempt + 1))  # a machine short of memory needs a moment

    def _end(self) -> int:
        """End the child, if there is one; its exit code."""
        child, self._child = self._child, None
        if child is None:
            return 0
        child.kill()
        code = child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return code
