"""What of a text is compared: its runs of three words, with names and numbers masked, and their MinHash.

Two descriptions that differ only in the product's name or in a number are the same text to a reader and to a search
engine, so what is looked at is what is left without them.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from retrieval.near_duplicates import normalise, words_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

SHINGLE = 3
"""Words in a run: the same as between sentences (`retrieval.near_duplicates`)."""
BANDS, ROWS = 32, 3
"""32 bands of 3 of the 96 hash values: a text that shares half of its runs is met with probability 0.986.

Chosen by `benchmarks/duplicates.py` among 64, 96 and 128 values; docs/duplicates.md has the figures.
"""
_NAME, _NUMBER = "\u00a4", "0"
_ARTICLES_TEXT = "the a an der die das ein eine le la les un une el los las il lo gli het een de"
_ARTICLES = frozenset(_ARTICLES_TEXT.split())


@dataclass(frozen=True, slots=True)
class Sketch:
    """A text as it is compared: its words, the hashes of its runs (sorted, each once), its bands for the LSH."""

    words: tuple[str, ...]
    shingles: "Hashes"
    bands: "Hashes"


@lru_cache(maxsize=256)
def sketch_of(text: str, names: tuple[str, ...] = ()) -> Sketch:
    """The sketch of a text. `names`: what its product is called (title, brand), masked in it."""
    words = words_of(text)
    shingles = shingles_of(words, names)
    return Sketch(words, shingles, _bands(shingles))


def shingles_of(words: Sequence[str], names: Iterable[str]) -> "Hashes":
    """The hashes of the runs of three words, sorted, each once. Fewer words are one run; none are none.

    64 bits wide, so that two different runs of a pair of texts share a hash once in 10^14 pairs.
    """
    import numpy as np  # noqa: PLC0415 - not before the first text is compared

    masked = _masked(words, names)
    if not masked:
        return np.empty(0, dtype=np.uint64)
    hashes = np.fromiter(map(_hash_of, masked), dtype=np.uint64, count=len(masked))
    width = min(SHINGLE, len(masked))
    mixed = np.zeros(len(masked) - width + 1, dtype=np.uint64)
    for offset in range(width):
        mixed = _mixed(mixed + hashes[offset : offset + len(mixed)])
    return np.unique(mixed)


def names_in(words: Sequence[str], names: Iterable[str]) -> bool:
    """Whether a text says any of these names."""
    firsts, pairs = _name_words(tuple(names))
    return not firsts.isdisjoint(words) or any(pair in pairs for pair in pairwise(words))


def _masked(words: Sequence[str], names: Iterable[str]) -> list[str]:
    """The words with each name and each number as one mark.

    Of a name its first word counts ("the Wayfarer"), and any two of its words in a row ("Messenger Bag"); a later
    word of it alone ("bag") says what the thing is, and stays.
    """
    firsts, pairs = _name_words(tuple(names))
    hidden = [word in firsts for word in words]
    if pairs:
        for i, pair in enumerate(pairwise(words)):
            if pair in pairs:
                hidden[i] = hidden[i + 1] = True
    found: list[str] = []
    for word, is_name in zip(words, hidden, strict=True):
        mark = _NAME if is_name else _NUMBER if any(map(str.isdigit, word)) else word
        if mark is word or not found or found[-1] != mark:
            found.append(mark)
    return found


@lru_cache(maxsize=1024)
def _name_words(names: tuple[str, ...]) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    firsts: set[str] = set()
    pairs: set[tuple[str, str]] = set()
    for name in names:
        words = normalise(name)
        start = 1 if len(words) > 1 and words[0] in _ARTICLES else 0
        firsts.update(words[start : start + 1])
        pairs.update(pairwise(words))
    return frozenset(firsts), frozenset(pairs)


@lru_cache(maxsize=65536)
def _hash_of(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")


def _mixed(values: "Hashes") -> "Hashes":
    """Spread every bit over the whole width (the finaliser of SplitMix64, Steele, Lea and Flood 2014)."""
    import numpy as np  # noqa: PLC0415

    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Hashes = (values ^ (values >> np.uint64(31))) + np.uint64(0x9E3779B97F4A7C15)
    return mixed


def _bands(shingles: "Hashes") -> "Hashes":
    """The hash values of the MinHash (Broder 1997), band by band; equal bands make two texts candidates."""
    import numpy as np  # noqa: PLC0415

    if not len(shingles):
        return np.empty(0, dtype=np.uint64)
    minhash = _empty_minhash().copy()
    minhash.update_batch(((shingles ^ (shingles >> np.uint64(32))) & np.uint64(0xFFFFFFFF)).tolist())
    rows = minhash.hashvalues.astype(np.uint64).reshape(BANDS, ROWS)
    mixed = np.arange(BANDS, dtype=np.uint64)
    for column in range(ROWS):
        mixed = _mixed(mixed + rows[:, column])
    return mixed


@cache
def _empty_minhash() -> Any:
    from datasketch import MinHash  # type: ignore[import-untyped]  # noqa: PLC0415 - brings scipy along

    return MinHash(BANDS * ROWS, seed=1, hashfunc=int, scheme="affine32")
