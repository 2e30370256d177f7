"""The lexical half of the index: BM25F over the fields of a product, updated product by product.

BM25F (Robertson, Zaragoza and Taylor 2004; Robertson and Zaragoza 2009, 3.6): a term's counts are weighted and normalised
by length field by field, added up, and saturated once. The sum over the query's terms is multiplied by the share of the
query (by weight of its words) that the product holds: of two products, the one that has all words wins.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.analyzer import WHOLE, Terms, Word, document_terms
from retrieval.columns import Column
from retrieval.items import Item
from retrieval.postings import Postings

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

FIELDS = ("title", "kind", "description", "attributes")
_LARGEST = 255  # of a count, which is one byte
# Dead documents are swept out when they are this share of all (and worth the trouble).
_SWEEP_SHARE, _FEWEST_DEAD = 0.2, 1_000
_CACHED_POSTINGS = 4_000_000
_ENTRY = 64  # what the objects around a cached term take, in postings


@dataclass(frozen=True, slots=True)
class Tuning:
    """The free numbers of the lexical half; docs/retrieval.md says how they were chosen.

    `weights` and `length` (b: 0 ignores a field's length, 1 divides by it) are by field, in the order of `FIELDS`.
    `saturation` is k1. `coverage`: whether the score is multiplied by the share of the query that matched.
    """

    weights: tuple[float, ...] = (4.0, 4.0, 4.0, 0.5)
    length: tuple[float, ...] = (0.75, 0.5, 0.75, 0.5)
    saturation: float = 0.9
    coverage: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """An item made ready for the index: term → one byte a field, and the fields' lengths."""

    item: Item
    counts: dict[str, bytes]
    lengths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """Documents with a score above 0, best first; equal scores in the order of their coming."""

    slots: NDArray[np.intp]
    scores: Floats


@dataclass(frozen=True, slots=True)
class _Impact:
    """What a term adds to the score of each of its living documents."""

    slots: NDArray[np.int32]
    scores: Floats
    weight: float


def prepare(item: Item) -> Document:
    """Analyse an item. This is the slow part of an update (about 1 ms) and needs no lock."""
    title = item.title if item.brand.lower() in item.title.lower() else f"{item.title} {item.brand}"
    # Numbers that are codes are found as codes; as words they would only meet sizes and years.
    codes = (code for code in (item.key, *item.codes) if not code.isdigit())
    attributes = (value if value.lower() != "true" else _words(name) for name, value in item.attributes)
    kind = " / ".join((*item.category, item.type))
    fields = (title, kind, item.description, "\n".join((*attributes, *codes)))
    terms = [document_terms(text) for text in fields]
    counts: dict[str, bytearray] = {}
    for place, field in enumerate(terms):
        for term, count in field.counts.items():
            counts.setdefault(term, bytearray(len(FIELDS)))[place] = min(count, _LARGEST)
    return Document(item, {term: bytes(row) for term, row in counts.items()}, tuple(map(_length, terms)))


def _words(name: str) -> str:
    return name.replace("_", " ")


def _length(terms: Terms) -> int:
    return terms.length


class LexicalIndex:
    """Documents in numbered slots. Not locked: `Index` is."""

    def __init__(self, tuning: Tuning | None = None) -> None:
        self.tuning = tuning or Tuning()
        self.postings = Postings(len(FIELDS))
        self.alive = Column(np.bool_)
        self.lengths = Column(np.float32, len(FIELDS))
        self._dead = 0
        self._totals: NDArray[np.float64] = np.zeros(len(FIELDS))
        self._impacts: dict[str, _Impact | None] = {}
        self._cached = 0

    def __len__(self) -> int:
        return len(self.alive) - self._dead

    def add(self, document: Document) -> int:
        """Add a document and give its slot."""
        slot = self.alive.append(True)
        self.lengths.append(document.lengths)
        self.postings.add(slot, document.counts)
        self._totals += document.lengths
        self._forget()
        return slot

    def remove(self, slot: int) -> None:
        """Take the document of a slot out; the slot is not used again until a sweep."""
        self.alive.values[slot] = False
        self._totals -= self.lengths.values[slot]
        self._dead += 1
        self._forget()

    @property
    def wants_merge(self) -> bool:
        """Whether `postings.merged()` should be made and swapped in."""
        return self.postings.wants_merge

    @property
    def wants_sweep(self) -> bool:
        """Whether so many documents are dead that the slots should be numbered anew."""
        return self._dead > max(_FEWEST_DEAD, _SWEEP_SHARE * len(self.alive))

    def swept_numbers(self) -> NDArray[np.int32]:
        """Give each slot the number that it has after a sweep, -1 for the dead."""
        alive = self.alive.values
        return np.where(alive, np.cumsum(alive) - 1, -1).astype(np.int32)

    def swap(self, postings: Postings, renumbered: NDArray[np.int32] | None = None) -> None:
        """Take postings that were merged (and renumbered) aside, when nothing was written meanwhile."""
        self.postings = postings
        if renumbered is not None:
            kept = self.alive.values.copy()
            self.alive, self.lengths = self.alive.taken(kept), self.lengths.taken(kept)
            self._dead = 0
        self._forget()

    def has(self, term: str) -> bool:
        """Whether a document has, or once had, the term. Needs no lock and costs a look into a dictionary."""
        return term in self.postings

    def begins(self, head: str) -> bool:
        """Whether a document has, or once had, a term that begins with these letters. As cheap as `has`."""
        return self.postings.begins(head)

    def known(self, term: str) -> int:
        """Give the number of living documents with the term."""
        if term in self._impacts:
            impact = self._impacts[term]
            return len(impact.slots) if impact else 0
        posting = self.postings.get(term)
        return int(np.count_nonzero(self.alive.values[posting.slots])) if posting else 0

    def search(self, words: Sequence[Word], limit: int, allowed: Mask | None = None) -> Scored:
        """Find the best `limit` documents for the words of a query among the `allowed`."""
        scores = self._scores(words)
        if allowed is not None:
            scores = np.where(allowed, scores, np.float32(0))
        return best(scores, limit)

    def _scores(self, words: Sequence[Word]) -> Floats:
        size = len(self.alive)
        scores, matched = np.zeros(size, np.float32), np.zeros(size, np.float32)
        total = 0.0
        for word in words:
            total += self._add_word(word, scores, matched)
        if self.tuning.coverage and total > 0 and len(words) > 0:
            scores *= matched
            scores /= np.float32(total)
        return scores

    def _add_word(self, word: Word, scores: Floats, matched: Floats) -> float:
        """Add a word's score and matched weight to those of the documents; give the weight of the whole word."""
        parts = [self._impact(part) for part in word.parts]
        whole = self._impact(word.whole) if word.whole else None
        rarest = math.log(1 + len(self) * 2)
        weight = sum(part.weight if part else rarest for part in parts)
        if whole is None:
            for part in parts:
                if part:
                    scores[part.slots] += part.scores
                    matched[part.slots] += part.weight
            return weight
        weight = weight or whole.weight
        own, own_matched = np.zeros_like(scores), np.zeros_like(scores)
        for part in parts:
            if part:
                own[part.slots] += part.scores
                own_matched[part.slots] += part.weight
        own[whole.slots] = np.maximum(own[whole.slots], whole.scores)
        own_matched[whole.slots] = weight
        scores += own
        matched += own_matched
        return weight

    def _impact(self, term: str) -> _Impact | None:
        if term not in self.postings:
            return None
        if term not in self._impacts:
            impact = self._weighed(term)
            self._cached += _ENTRY + (len(impact.slots) if impact else 0)
            if self._cached > _CACHED_POSTINGS:
                self._forget()
            self._impacts[term] = impact
        return self._impacts[term]

    def _weighed(self, term: str) -> _Impact | None:
        posting = self.postings.get(term)
        if posting is None:
            return None
        living = self.alive.values[posting.slots]
        slots, counts = posting.slots[living], posting.counts[living]
        if not len(slots):
            return None
        weight = math.log(1 + (len(self) - len(slots) + 0.5) / (len(slots) + 0.5))
        b = np.array(self.tuning.length)
        average = np.maximum(self._totals / len(self), 1e-9)
        factors = np.array(self.tuning.weights) / WHOLE
        frequency = (counts * factors / (1 - b + b * self.lengths.values[slots] / average)).sum(axis=1)
        k1 = self.tuning.saturation
        return _Impact(slots, (weight * frequency * (k1 + 1) / (frequency + k1)).astype(np.float32), weight)

    def _forget(self) -> None:
        self._impacts.clear()
        self._cached = 0

    def restore_totals(self) -> None:
        """Count lengths and dead anew after the columns were loaded from files."""
        self._totals = self.lengths.values[self.alive.values].sum(axis=0, dtype=np.float64)
        self._dead = int(len(self.alive) - self.alive.values.sum())
        self._forget()


def best(scores: Floats, limit: int) -> Scored:
    """Give the `limit` highest scores above 0, best first, equal ones by place."""
    found = np.flatnonzero(scores)
    if len(found) > limit:
        values = scores[found]
        bar = np.partition(values, len(values) - limit)[len(values) - limit]
        found = found[values >= bar]
    order = np.argsort(-scores[found], kind="stable")[:limit]
    return Scored(found[order], scores[found[order]])
