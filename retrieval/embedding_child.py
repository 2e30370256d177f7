"""The process of an embedding worker: loads the model, embeds what it is sent, and never outlives its parent."""

import contextlib
import os
import queue
import sys
import threading
import time
from pathlib import Path
from typing import IO, Final

from retrieval.embedders import Embedder, open_embedder
from retrieval.embedding_frames import Frame, WorkerGone, receive, send
from retrieval.embedding_models import NoEmbedder

NICENESS: Final = 10  # other work on the machine goes first
LOOK_EVERY_S: Final = 1.0


def serve() -> None:
    """Answer on standard output what comes on standard input, until that is closed."""
    inbox, outbox = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the frames
    parent = os.getppid()
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    if hasattr(os, "nice"):
        with contextlib.suppress(OSError):
            os.nice(NICENESS)
    with contextlib.suppress(WorkerGone):
        _work(_frames(inbox), outbox)


def _end_with(parent: int) -> None:
    """End this process when its parent has ended, however: then another one has become its parent."""
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_S)
    os._exit(1)


def _frames(inbox: IO[bytes]) -> "queue.SimpleQueue[Frame]":
    """The frames, read by a thread of their own: a closed pipe ends the process even while it loads or embeds."""
    waiting: queue.SimpleQueue[Frame] = queue.SimpleQueue()

    def read() -> None:
        while True:
            try:
                waiting.put(receive(inbox))
            except WorkerGone:
                os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return waiting


def _work(frames: "queue.SimpleQueue[Frame]", outbox: IO[bytes]) -> None:
    first = frames.get()
    embedder = open_embedder(first.about["model"], Path(first.about["folder"]))
    if isinstance(embedder, NoEmbedder):
        send(outbox, Frame("none", {"reason": embedder.reason}))
        return
    send(outbox, Frame("ready", {"id": embedder.id, "dimension": embedder.dimension}))
    while True:
        send(outbox, _answer(embedder, frames.get()))


def _answer(embedder: Embedder, frame: Frame) -> Frame:
    try:
        return Frame("vectors", vectors=embedder.embed(frame.about["texts"]))
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent must hear of it
        return Frame("failed", {"reason": f"{type(error).__name__}: {error}"})
