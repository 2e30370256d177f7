"""Where vectors come from, as the keeper sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from retrieval.items import Pending

if TYPE_CHECKING:
    from retrieval.index import Vectors


@dataclass(frozen=True, slots=True)
class Given:
    """Texts with their vectors, row by row."""

    pending: Sequence[Pending]
    vectors: "Vectors"


class Encoder(Protocol):
    """Texts to vectors. `model` names model, backend and weights, None where there is none; `reason` says why."""

    @property
    def model(self) -> str | None:
        """Model, backend and weights in a word: vectors of two models never mix. None: no vectors."""
        ...

    @property
    def reason(self) -> str | None:
        """Why there are no vectors, or no new ones; None where all is well."""
        ...

    async def open(self) -> None:
        """Find out which model there is. Never raises: without one `reason` says why."""
        ...

    async def query(self, text: str) -> "Vectors | None":
        """The vector of a query; None where there is none within the time that a search may take."""
        ...

    async def texts(self, pending: Sequence[Pending], *, embed: bool) -> "Given":
        """The vectors of texts: those on disk already, and with `embed` those of all, which are then kept on disk.

        Raises Unavailable("embeddings") where the model does not answer.
        """
        ...

    async def close(self) -> None:
        """Let go of the model, within a second."""
        ...


@dataclass(frozen=True, slots=True)
class WordsOnly:
    """No vectors at all; `reason` says why."""

    reason: str | None
    model: str | None = None

    async def open(self) -> None:
        """Nothing to find out."""

    async def query(self, text: str) -> None:
        """None."""

    async def texts(self, pending: Sequence[Pending], *, embed: bool) -> Given:  # noqa: ARG002 - the protocol's
        """None of them has one."""
        import numpy as np  # noqa: PLC0415 - not for commands that do not search

        return Given((), np.zeros((0, 0), dtype=np.float32))

    async def close(self) -> None:
        """Nothing to let go."""
