"""The lexical score of the embedded index for the rows that a server put forward.

The server ranks by BM25 over one column and has one length and one saturation for all fields. Of its best rows each
says how often it has which term in which field, so BM25F is computed here anew (see `retrieval.bm25`). What a row
does not say is how rare a term is in the whole collection; but the server's scores do: each is a sum over terms of
rarity times a known factor, and the rarities are what fits all of them best (least squares). Mean lengths of fields are
those of the rows at hand.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.analyzer import WHOLE, Word
from retrieval.bm25 import FIELDS, Document, Tuning

# One text column, so one k1 and b for all fields: those of the fields that say what a product is.
SATURATION, LENGTH = 0.9, 0.75
_MOST_REPEATED = 12  # times that a term is written down for one item: BM25 is all but saturated there
# Rarity (ln of about N / n) of a term of which the scores say nothing, and how much a score must say to count.
_USUAL_RARITY, _TRUST = 3.0, 0.1
_LEAST_RARITY = 0.05
_LONGEST_TERM = 32
_HEAD = 80  # bytes at most before the counts
HASH = 8
"""Bytes of a hash, which is written in twice as many letters."""


@dataclass(frozen=True, slots=True)
class Fielded:
    """Terms as the server knows them, each with its counts by field in hexadecimal (of units of `WHOLE`).

    `lengths` are those of the fields, `repeated` is the number of words in the server's column.
    """

    counts: Mapping[str, str]
    lengths: Sequence[int]
    repeated: int


@dataclass(frozen=True, slots=True)
class Columns:
    """The words of an item as two columns of text: what the server ranks by, and the counts by field."""

    terms: str
    counts: str


def columns_of(document: Document, tuning: Tuning, longest: int) -> Columns:
    """Write the words of an item, each column in `longest` bytes at most: what does not fit is left out."""
    terms: list[str] = []
    counts: list[str] = []
    terms_left = counts_left = longest - _HEAD
    repeated = 0
    for term, row in document.counts.items():
        plain, times = plain_term(term), repeats(row, tuning)
        terms_left -= times * (len(plain) + 1)
        counts_left -= len(plain) + 2 * len(row) + 2
        if min(terms_left, counts_left) < 0:
            break
        terms += [plain] * times
        counts += plain, row.hex()
        repeated += times
    head = ",".join(map(str, (*document.lengths, repeated)))
    return Columns(" ".join(terms), " ".join((head, *counts)))


def parsed(counts: str) -> Fielded:
    """Read a column of counts."""
    head, *pairs = counts.split()
    *lengths, repeated = map(int, head.split(","))
    return Fielded(dict(zip(pairs[::2], pairs[1::2], strict=True)), lengths, repeated)


def plain_term(term: str) -> str:
    """Give a term as a word that any tokenizer leaves whole."""
    return term if term.isascii() and term.isalnum() and len(term) <= _LONGEST_TERM else f"x{hashed(term)}"


def hashed(text: str) -> str:
    """Give the hash by which a value is compared."""
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=HASH).hexdigest()


def repeats(row: Sequence[int], tuning: Tuning) -> int:
    """How often a term is written down in the server's column, by its counts in the fields and their weights."""
    weight = sum(count * factor for count, factor in zip(row, tuning.weights, strict=True)) / WHOLE
    return max(1, min(_MOST_REPEATED, round(weight)))


def lexical_scores(
    words: Sequence[Word], rows: Sequence[Fielded], server: Sequence[float], tuning: Tuning
) -> NDArray[np.float32]:
    """Give the BM25F score of each row, with the share of the query that it has, as `retrieval.bm25` would.

    `words` have their terms as the server knows them; `server` are its scores of the rows.
    """
    if not rows:
        return np.zeros(0, np.float32)
    terms = list(dict.fromkeys(term for word in words for term in (*word.parts, word.whole) if term))
    none = "00" * len(FIELDS)
    counts = np.array(
        [[tuple(bytes.fromhex(row.counts.get(term, none))) for term in terms] for row in rows], float
    )
    there = np.asarray(counts.any(axis=2), np.bool_)
    rarity = _rarities(rows, counts, np.asarray(server, float), tuning)
    impact = _impacts(rows, counts, tuning) * rarity
    place = {term: number for number, term in enumerate(terms)}
    scores, matched = np.zeros(len(rows)), np.zeros(len(rows))
    total = 0.0
    for word in words:
        parts = [place[part] for part in word.parts]
        weight = float(rarity[parts].sum())
        own, own_matched = impact[:, parts].sum(axis=1), (there * rarity)[:, parts].sum(axis=1)
        if word.whole:
            whole = place[word.whole]
            weight = weight or float(rarity[whole])
            own = np.maximum(own, impact[:, whole])
            own_matched = np.where(there[:, whole], weight, own_matched)
        scores, matched, total = scores + own, matched + own_matched, total + weight
    if tuning.coverage and total > 0:
        scores *= matched / total
    return scores.astype(np.float32)


def _impacts(rows: Sequence[Fielded], counts: NDArray[np.float64], tuning: Tuning) -> NDArray[np.float64]:
    """What each term adds to each row's score, but for the term's rarity."""
    lengths = np.array([row.lengths for row in rows], float)
    b = np.array(tuning.length)
    shortened = 1 - b + b * lengths / np.maximum(lengths.mean(axis=0), 1e-9)
    factors = np.array(tuning.weights) / WHOLE
    frequency = (counts * factors / np.maximum(shortened, 1e-9)[:, None, :]).sum(axis=2)
    saturated: NDArray[np.float64] = frequency * (tuning.saturation + 1) / (frequency + tuning.saturation)
    return saturated


def _rarities(
    rows: Sequence[Fielded], counts: NDArray[np.float64], server: NDArray[np.float64], tuning: Tuning
) -> NDArray[np.float64]:
    """How rare each term is in the collection, by the scores that the server gave (ridge regression)."""
    times = np.array(
        [[repeats(row, tuning) if any(row) else 0 for row in of] for of in counts.tolist()], float
    )
    lengths = np.array([row.repeated for row in rows], float)
    shortened = 1 - LENGTH + LENGTH * lengths / max(float(lengths.mean()), 1e-9)
    known = times * (SATURATION + 1) / (times + SATURATION * shortened[:, None])
    size = times.shape[1]
    found, *_ = np.linalg.lstsq(
        np.vstack([known, np.eye(size) * _TRUST]),
        np.concatenate([server, np.full(size, _USUAL_RARITY * _TRUST)]),
        rcond=None,
    )
    return np.asarray(np.maximum(found, _LEAST_RARITY), np.float64)
