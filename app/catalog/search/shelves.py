"""The products that are on sale and those that are not any more, each in an index of its own.

Apart, because what is not sold must cost a search nothing: neither a filter on the way nor a say in which words are rare.
All methods may be called from any thread; those that change something take time and belong in one thread.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.catalog.product import Status
from retrieval.items import Item, Pending, SearchResult

if TYPE_CHECKING:
    from retrieval.index import Index, Vectors

STATUSES: Final[tuple[Status, ...]] = ("active", "discontinued")
# With fewer vectors than that, those products that have one would win over better ones that have none yet.
COVERED = 0.95


class Shelves:
    """One index for each status of a product."""

    def __init__(self, indexes: "Mapping[Status, Index]") -> None:
        self._indexes = indexes

    def __len__(self) -> int:
        return sum(map(len, self._indexes.values()))

    def put(self, status: Status, items: Sequence[Item]) -> None:
        """Put products on a shelf; they leave the other one."""
        for other, index in self._indexes.items():
            if other != status:
                index.remove([item.key for item in items])
        self._indexes[status].upsert(items)

    def remove(self, keys: Iterable[str]) -> None:
        """Take products away, from wherever they are."""
        gone = list(keys)
        for index in self._indexes.values():
            index.remove(gone)

    def versions(self) -> dict[str, str]:
        """Give key → version of all products.

        A process that was killed between the two shelves' saving may have left a product on both: it is given no
        version, so that it is read again.
        """
        found: dict[str, str] = {}
        for index in self._indexes.values():
            for key, version in index.versions().items():
                found[key] = "" if key in found else version
        return found

    def text_hashes(self) -> frozenset[str]:
        """Give the hashes of all products' texts."""
        return frozenset().union(*(index.text_hashes() for index in self._indexes.values()))

    def pending(self, limit: int) -> list[Pending]:
        """Give up to `limit` products that have no vector; those on sale first."""
        found: list[Pending] = []
        for status in STATUSES:
            if len(found) < limit:
                found += self._indexes[status].pending(limit - len(found))
        return found

    def pending_count(self) -> int:
        """How many products have no vector."""
        return sum(index.pending_count() for index in self._indexes.values())

    def set_vectors(self, pending: Sequence[Pending], vectors: "Vectors") -> None:
        """Give products their vectors; each shelf takes those of its own."""
        for index in self._indexes.values():
            index.set_vectors(pending, vectors)

    def dense(self, status: Status) -> bool:
        """Whether enough products of a shelf have a vector for meaning to have its say."""
        index = self._indexes[status]
        return len(index) > 0 and index.pending_count() <= (1 - COVERED) * len(index)

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
        return self._indexes[status].search(query, limit=limit, category=category, brand=brand, vector=vector)

    def save(self, folder: Path) -> None:
        """Write every shelf to its folder. Raises OSError."""
        for status, index in self._indexes.items():
            index.save(folder / status)


def new_shelves(make: "Callable[[], Index]") -> Shelves:
    """Give empty shelves."""
    return Shelves({status: make() for status in STATUSES})


def load_shelves(folder: Path, load: "Callable[[Path], Index]") -> Shelves:
    """Read shelves from their folder. Raises IndexDamaged or IndexOutdated where one of them cannot be used."""
    return Shelves({status: load(folder / status) for status in STATUSES})


def in_pieces(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """Cut a list into pieces."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
