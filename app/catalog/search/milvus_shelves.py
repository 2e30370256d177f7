"""The shelves in Milvus: its errors in our words, what is counted remembered, and no waiting for who is known to be away."""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.catalog.product import Status
from app.catalog.search.shelves import COVERED, STATUSES, Shelves
from app.errors import Unavailable
from retrieval.items import Item, Pending, SearchResult
from retrieval.milvus_places import MilvusPlace

if TYPE_CHECKING:
    from retrieval.embedding_values import Vectors
    from retrieval.milvus import MilvusIndex

NAME = "shelftalker"
ANSWERS_WITHIN_S = 4.0  # one answer of Milvus, or it is away
AGAIN_S = 1.0  # after Milvus did not answer, until one search tries again
# Milvus holds no vector of less than two numbers; where there is no model all of them are 0 and none is searched.
_NO_VECTOR = 2


@dataclass(frozen=True, slots=True)
class _Counted:
    products: int = 0
    pending: int = 0


class MilvusShelves(Shelves):
    """One collection for each status. What needs no answer of now (`len`, `dense`, …) is what `refresh` counted last.

    All other methods raise Unavailable("milvus"). While Milvus is away searches fail at once, but for one now and then
    that tries.
    """

    at_once = 256

    def __init__(self, indexes: "Mapping[Status, MilvusIndex]") -> None:
        super().__init__(indexes)
        self._collections = indexes
        self._counted = dict.fromkeys(indexes, _Counted())
        self._lock = threading.Lock()
        self._try_at = float("-inf")
        self.away: str | None = None

    @property
    def name(self) -> str:
        """The name of all of them together: of the first collection, which says analyzer and model."""
        return self._collections[STATUSES[0]].collection

    def __len__(self) -> int:
        return sum(one.products for one in self._counted.values())

    def pending_count(self) -> int:
        """How many products have no vector."""
        return sum(one.pending for one in self._counted.values())

    def dense(self, status: Status) -> bool:
        """Whether enough products of a shelf have a vector for meaning to have its say."""
        one = self._counted[status]
        return one.products > 0 and one.pending <= (1 - COVERED) * one.products

    def refresh(self) -> None:
        """Count anew."""
        with self._asking():
            self._counted = {
                status: _Counted(len(index), index.pending_count()) for status, index in self._indexes.items()
            }

    def put(self, status: Status, items: Sequence[Item]) -> None:
        """Put products on a shelf; they leave the other one."""
        with self._told():
            super().put(status, items)

    def remove(self, keys: Iterable[str]) -> None:
        """Take products away, from wherever they are."""
        with self._told():
            super().remove(keys)

    def versions(self) -> dict[str, str]:
        """Give key → version of all products."""
        with self._told():
            return super().versions()

    def pending(self, limit: int) -> list[Pending]:
        """Give up to `limit` products that have no vector; those on sale first."""
        with self._told():
            return super().pending(limit)

    def set_vectors(self, pending: Sequence[Pending], vectors: "Vectors") -> None:
        """Give products their vectors; each shelf takes those of its own."""
        with self._told():
            super().set_vectors(pending, vectors)

    def search(
        self,
        query: str,
        status: Status,
        *,
        limit: int,
        category: Sequence[str] | None,
        brand: str | None,
        vector: "Vectors | None",
    ) -> SearchResult:
        """Search one shelf."""
        self._refuse_while_away()
        with self._asking():
            return super().search(query, status, limit=limit, category=category, brand=brand, vector=vector)

    def close(self) -> None:
        """End the connections."""
        for index in self._collections.values():
            index.close()

    def _refuse_while_away(self) -> None:
        """Fail at once while Milvus is known to be away; one caller a second is let through to try."""
        with self._lock:
            if self.away is None:
                return
            if time.monotonic() < self._try_at:
                raise Unavailable(self.away, dependency="milvus")
            self._try_at = time.monotonic() + ANSWERS_WITHIN_S

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """As `_told`; and remember whether Milvus answers."""
        try:
            with self._told():
                yield
        except Unavailable as error:
            with self._lock:
                self.away, self._try_at = error.detail, time.monotonic() + AGAIN_S
            raise
        self.away = None

    @contextmanager
    def _told(self) -> Iterator[None]:
        """The library's errors as ours. What a write runs into may be its own fault: searches go on."""
        try:
            yield
        except ConnectionError as error:  # IndexUnreachable is one; importing it here would import numpy
            raise Unavailable(str(error), dependency="milvus") from error


def milvus_shelves(place: MilvusPlace, model: str | None, dimension: int) -> MilvusShelves:
    """The shelves at a place with the vectors of a model; connects to nothing yet."""
    from retrieval.milvus import MilvusIndex  # noqa: PLC0415 - numpy, for a process that searches

    return MilvusShelves(
        {
            status: MilvusIndex(
                place,
                f"{NAME}_{status}",
                dimension=dimension or _NO_VECTOR,
                model=model or "",
                timeout_s=ANSWERS_WITHIN_S,
            )
            for status in STATUSES
        }
    )
