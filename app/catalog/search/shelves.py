"""The products that are on sale and those that are not any more, each in an index of its own.

Apart, because what is not sold must cost a search nothing: neither a filter on the way nor a say in which words are rare.
All methods may be called from any thread; those that change something take time and belong in one thread.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from app.catalog.product import Status
from retrieval.items import Item, Pending, SearchResult

if TYPE_CHECKING:
    from retrieval.embedding_values import Vectors
    from retrieval.index import Index

STATUSES: Final[tuple[Status, ...]] = ("active", "discontinued")
# With fewer vectors than that, those products that have one would win over better ones that have none yet.
COVERED = 0.95


class ShelfIndex(Protocol):
    """What a shelf is: any search index of the library."""

    def __len__(self) -> int:
        """How many items it has."""
        ...

    def upsert(self, items: Iterable[Item]) -> None:
        """Put items in, each in place of the one with its key."""
        ...

    def remove(self, keys: Iterable[str]) -> None:
        """Take items out."""
        ...

    def versions(self) -> Mapping[str, str]:
        """Give key → version of all items."""
        ...

    def pending(self, limit: int) -> list[Pending]:
        """Give up to `limit` items whose text has no vector yet."""
        ...

    def pending_count(self) -> int:
        """Give the number of items whose text has no vector yet."""
        ...

    def set_vectors(self, pending: Sequence[Pending], vectors: "Vectors") -> None:
        """Give items their vectors."""
        ...

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        category: Sequence[str] | None = None,
        brand: str | None = None,
        vector: "Vectors | None" = None,
    ) -> SearchResult:
        """Find items."""
        ...


class Shelves:
    """One index for each status of a product. `at_once`: how many products are put there in one go."""

    at_once = 5

    def __init__(self, indexes: "Mapping[Status, ShelfIndex]") -> None:
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


class FolderShelves(Shelves):
    """Shelves in memory, which are saved to a folder."""

    def __init__(self, indexes: "Mapping[Status, Index]") -> None:
        super().__init__(indexes)
        self._saved = indexes

    def text_hashes(self) -> frozenset[str]:
        """Give the hashes of all products' texts."""
        return frozenset().union(*(index.text_hashes() for index in self._saved.values()))

    def save(self, folder: Path) -> None:
        """Write every shelf to its folder. Raises OSError."""
        for status, index in self._saved.items():
            index.save(folder / status)


def new_shelves(make: "Callable[[], Index]") -> FolderShelves:
    """Give empty shelves."""
    return FolderShelves({status: make() for status in STATUSES})


def load_shelves(folder: Path, load: "Callable[[Path], Index]") -> FolderShelves:
    """Read shelves from their folder. Raises IndexDamaged or IndexOutdated where one of them cannot be used."""
    return FolderShelves({status: load(folder / status) for status in STATUSES})
