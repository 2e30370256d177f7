"""The lexical score of rows, from what a server says of them."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analyzer import Word
from retrieval.bm25 import LexicalIndex, Tuning, prepare
from retrieval.items import Item
from retrieval.milvus_scores import (
    LENGTH,
    SATURATION,
    Fielded,
    columns_of,
    lexical_scores,
    parsed,
    plain_term,
)
from retrieval.query import read

TUNING = Tuning()
CATALOG = [
    Item(f"p{n}", f"{kind} {n}", brand, description=text)
    for n, (kind, brand, text) in enumerate(
        [
            ("Oak table", "Nord", "A table of oak for six, oiled, with a drawer."),
            ("Pine table", "Nord", "A table of pine for the kitchen."),
            ("Pine bench", "Sued", "A bench that goes with the pine table and with a table of any oak."),
            ("Lamp", "Licht", "It stands on a table."),
            (
                "Table lamp of brass",
                "Licht",
                "A lamp of brass for a table, with a long cord and a brass foot.",
            ),
            ("Drawer", "Nord", "A drawer to be put in later."),
        ]
    )
]


def rows() -> list[Fielded]:
    return [parsed(columns_of(prepare(item), TUNING, 65_000).counts) for item in CATALOG]


def served(query: str) -> list[float]:
    """What a server with BM25 over one column answers, written down from its formula."""
    columns = [columns_of(prepare(item), TUNING, 65_000).terms.split() for item in CATALOG]
    mean = sum(map(len, columns)) / len(columns)
    scores = []
    for column in columns:
        score = 0.0
        for word in read(query, lambda _term: 1):
            for term in map(plain_term, word.parts):
                holding = sum(term in other for other in columns)
                rarity = math.log(1 + (len(columns) - holding + 0.5) / (holding + 0.5))
                times = column.count(term)
                score += (
                    rarity
                    * times
                    * (SATURATION + 1)
                    / (times + SATURATION * (1 - LENGTH + LENGTH * len(column) / mean))
                )
        scores.append(score)
    return scores


def test_rows_are_ranked_as_the_embedded_index_ranks_them() -> None:
    embedded = LexicalIndex(TUNING)
    for item in CATALOG:
        embedded.add(prepare(item))
    for query in ("oak table", "brass lamp table", "pine", "drawer oak nord"):
        wanted = embedded.search(read(query, embedded.known), 10)
        words = [Word(tuple(map(plain_term, w.parts)), w.whole) for w in read(query, embedded.known)]
        found = lexical_scores(words, rows(), served(query), TUNING)
        order = [slot for slot in np.argsort(-found, kind="stable") if found[slot] > 0]
        assert order == wanted.slots.tolist()
        assert np.corrcoef(found[order], wanted.scores)[0, 1] > 0.98


def test_no_rows_no_scores() -> None:
    assert lexical_scores([Word(("a",))], [], [], TUNING).tolist() == []


@given(st.lists(st.text(min_size=1, max_size=50), max_size=60), st.integers(200, 4_000))
def test_columns_fit_and_are_read_again(words: list[str], longest: int) -> None:
    document = prepare(Item("key", " ".join(words), description=" ".join(reversed(words))))
    columns = columns_of(document, TUNING, longest)
    assert len(columns.terms.encode()) <= longest
    assert len(columns.counts.encode()) <= longest
    fielded = parsed(columns.counts)
    assert fielded.repeated == len(columns.terms.split())
    assert set(columns.terms.split()) == set(fielded.counts)
    assert all(
        bytes.fromhex(fielded.counts[plain_term(term)]) == row
        for term, row in document.counts.items()
        if plain_term(term) in fielded.counts
    )
    assert tuple(fielded.lengths) == document.lengths
    if longest > 40 * len(document.counts) * 12:
        assert len(fielded.counts) == len(document.counts)
