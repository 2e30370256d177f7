"""What tests of search share: a small shop, and an embedder that is real, if simple."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from retrieval.embedding_values import Vectors
from retrieval.items import Item, Pending, SearchResult

SHOP = (
    Item(
        "24-MB02", "Fusion Backpack", "Luma", ("Gear", "Bags"), "backpack", "For laptops up to 15.6 inches.",
        codes=("00012345678905",), version="1",
    ),
    Item("24-MB03", "Crown Summit Backpack", "Luma", ("Gear", "Bags"), "backpack", version="1"),
    Item("24-UG06", "Affirm Water Bottle", "Luma", ("Gear", "Fitness"), "bottle", "Holds 0.5 l.", version="2"),
    Item("NB-1", "EliteBook 840", "Acme", ("Computers",), "notebook", 'A 15.6" notebook.', version="3"),
    Item("SL-1", "Laptop sleeve", "Acme", ("Gear", "Bagsy"), "sleeve", version="4"),
)  # fmt: skip
LETTERS = 26


class AnyIndex(Protocol):
    """What every search index promises."""

    def __len__(self) -> int: ...
    def upsert(self, items: Sequence[Item]) -> None: ...
    def remove(self, keys: Sequence[str]) -> None: ...
    def versions(self) -> Mapping[str, str]: ...
    def pending(self, limit: int) -> list[Pending]: ...
    def pending_count(self) -> int: ...
    def set_vectors(self, pending: Sequence[Pending], vectors: Vectors) -> None: ...
    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        category: Sequence[str] | None = None,
        brand: str | None = None,
        vector: Vectors | None = None,
    ) -> SearchResult: ...


class LetterEmbedder:
    """Texts with the same letters are near each other."""

    def __init__(self, name: str = "letters", dimension: int = LETTERS) -> None:
        self._name, self.dimension = name, dimension

    @property
    def id(self) -> str:
        return self._name

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.full((len(texts), self.dimension), 0.01, np.float32)
        for row, text in zip(rows, texts, strict=True):
            for letter in text.lower():
                if "a" <= letter <= "z":
                    row[(ord(letter) - ord("a")) % self.dimension] += 1
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def embed(index: AnyIndex, embedder: LetterEmbedder, limit: int = 1_000) -> None:
    """Give items that wait for their vectors what they wait for."""
    pending = index.pending(limit)
    index.set_vectors(pending, embedder.embed([one.text for one in pending]))


def keys(index: AnyIndex, query: str, **how: object) -> list[str]:
    """The keys that a search finds, best first."""
    return [hit.key for hit in index.search(query, **how).hits]  # type: ignore[arg-type]
