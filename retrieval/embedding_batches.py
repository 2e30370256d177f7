"""Long work: many texts in batches that can be watched and stopped, with as little padding as may be."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from retrieval.embedders import Embedder
from retrieval.embedding_values import Vectors

WINDOW: Final = (
    16  # batches that are sorted by length together: enough for little padding, and order nearly kept
)
BATCH: Final = 64  # texts: half a second to a second on one thread, so a stop is soon heeded


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """The vectors of some of the texts; `positions` says of which, a row each."""

    positions: tuple[int, ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Progress:
    """How many texts are done, of how many."""

    done: int
    of: int


def embed_all(
    embedder: Embedder,
    texts: Sequence[str],
    batch: int = BATCH,
    on_progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[Batch]:
    """Embed the texts batch by batch; each batch is given as soon as it is done, so that it can be kept at once.

    Within a window of 16 batches texts are taken by their length, which spares padding; windows come in the order of
    the texts. `cancelled` is asked before each batch, and ends the work without error; `on_progress` is told after
    each, once the batch has been taken. Raises ValueError for a batch of less than one.
    """
    if batch < 1:
        raise ValueError(f"a batch of {batch}")
    done = 0
    for start in range(0, len(texts), batch * WINDOW):
        window = range(start, min(start + batch * WINDOW, len(texts)))
        by_length = sorted(window, key=lambda position: len(texts[position]))
        for first in range(0, len(by_length), batch):
            if cancelled is not None and cancelled():
                return
            positions = tuple(by_length[first : first + batch])
            yield Batch(positions, embedder.embed([texts[position] for position in positions]))
            done += len(positions)
            if on_progress is not None:
                on_progress(Progress(done, len(texts)))
