"""Where vectors come from, as the keeper sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from retrieval.items import Pending

if TYPE_CHECKING:
    from retrieval.embedding_values import Vectors

# What a search may wait for the vector of its query; the words have their answer by then.
PATIENCE_S = 0.2


@dataclass(frozen=True, slots=True)
class Given:
    """Texts with their vectors, row by row."""

    pending: Sequence[Pending]
    vectors: "Vectors | None"  # None: there are none


class Encoder(Protocol):
    """Texts to vectors. All methods but `query` and `texts` end without error, whatever is missing."""

    @property
    def model(self) -> str | None:
        """Model, backend and weights in a word: vectors of two models never mix. None: no vectors."""
        ...

    @property
    def dimension(self) -> int:
        """How many numbers a vector has; 0 where there are none."""
        ...

    @property
    def reason(self) -> str | None:
        """Why there are no vectors, or no new ones; None where all is well."""
        ...

    @property
    def quick(self) -> bool:
        """Whether a query's vector is a matter of milliseconds."""
        ...

    async def open(self) -> None:
        """Find out which model there is."""
        ...

    async def warm_up(self) -> None:
        """Load what the vectors of queries take; called once there are vectors to compare them with."""
        ...

    async def query(self, text: str, patience_s: float = PATIENCE_S) -> "Vectors | None":
        """The vector of a query; None where it cannot be had within that time."""
        ...

    async def vectors_of(self, texts: Sequence[str], patience_s: float) -> "list[Vectors | None]":
        """The vectors of texts that somebody waits for, in their order; None for those not to be had within that time.

        They are made one after the other and queries come in between; the first ones are the surest.
        """
        ...

    async def texts(self, pending: Sequence[Pending], *, embed: bool) -> Given:
        """The vectors of some of the texts: those that are on disk; where none is, with `embed`, of all of them.

        Raises Unavailable("embeddings") where the model does not answer.
        """
        ...

    async def forget_all_but(self, text_hashes: frozenset[str]) -> None:
        """Let go of vectors on disk whose texts are not these, where they have become many."""
        ...

    async def close(self) -> None:
        """Let go of the model, within a second."""
        ...


@dataclass(frozen=True, slots=True)
class WordsOnly:
    """No vectors at all; `reason` says why."""

    reason: str | None
    model: str | None = None
    quick: bool = True
    dimension: int = 0

    async def open(self) -> None:
        """Nothing to find out."""

    async def warm_up(self) -> None:
        """Nothing to load."""

    async def query(self, text: str, patience_s: float = PATIENCE_S) -> None:
        """None."""

    async def vectors_of(self, texts: Sequence[str], patience_s: float) -> "list[Vectors | None]":  # noqa: ARG002 - the protocol's
        """None of them has one."""
        return [None] * len(texts)

    async def texts(self, pending: Sequence[Pending], *, embed: bool) -> Given:  # noqa: ARG002 - the protocol's
        """None of them has one."""
        return Given((), None)

    async def forget_all_but(self, text_hashes: frozenset[str]) -> None:
        """Nothing to forget."""

    async def close(self) -> None:
        """Nothing to let go."""
