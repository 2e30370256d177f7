"""The lexical half of the index: BM25 over terms, updated product by product."""

import math
from collections import Counter

import numpy as np

from retrieval.analyzer import terms_of
from retrieval.items import Item

_K1, _B = 1.2, 0.75


class LexicalIndex:
    """Postings in memory. Not locked: `Index` is."""

    def __init__(self) -> None:
        self._documents: dict[str, Counter[str]] = {}
        self._postings: dict[str, dict[str, int]] = {}
        self._length = 0

    def upsert(self, item: Item) -> None:
        """Put an item in, in place of the one with its key."""
        self.remove(item.key)
        text = [item.title, item.title, item.brand, item.type, " ".join(item.category), item.description]
        terms = Counter(terms_of(" ".join([*text, *(value for _, value in item.attributes)])))
        self._documents[item.key] = terms
        self._length += terms.total()
        for term, count in terms.items():
            self._postings.setdefault(term, {})[item.key] = count

    def remove(self, key: str) -> None:
        """Take an item out; one that is not there is no error."""
        terms = self._documents.pop(key, None)
        if terms is None:
            return
        self._length -= terms.total()
        for term in terms:
            posting = self._postings[term]
            del posting[key]
            if not posting:
                del self._postings[term]

    def search(self, query: str, limit: int, allowed: set[str] | None) -> list[tuple[str, float]]:
        """Find the best items by BM25 (Robertson and Zaragoza 2009), best first."""
        scores: dict[str, float] = {}
        count = len(self._documents)
        average = self._length / count if count else 1.0
        for term in set(terms_of(query)):
            posting = self._postings.get(term, {})
            idf = math.log(1 + (count - len(posting) + 0.5) / (len(posting) + 0.5))
            for key, frequency in posting.items():
                if allowed is None or key in allowed:
                    norm = _K1 * (1 - _B + _B * self._documents[key].total() / average)
                    scores[key] = scores.get(key, 0.0) + idf * frequency * (_K1 + 1) / (frequency + norm)
        if not scores:
            return []
        keys = list(scores)
        order = np.lexsort((keys, -np.fromiter(scores.values(), dtype=np.float64)))[:limit]
        return [(keys[i], scores[keys[i]]) for i in order]
