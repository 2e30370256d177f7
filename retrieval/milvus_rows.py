"""Items as rows of a Milvus collection: which columns there are, and what stands in them.

Words go in as terms of our own analyzer, so that both indexes read "15.6″" and "24-MB02" alike: whatever tokenizer the
server has leaves a word of plain letters and digits whole, and any other term is written as a hash of such a word.
Codes, brands and category paths are compared as hashes too: of one length, and with nothing that a filter expression
would have to escape.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrieval.analyzer import WHOLE, fold, is_quantity
from retrieval.bm25 import Tuning, prepare
from retrieval.items import Item, pending_of
from retrieval.query import read
from retrieval.records import plain_code, record_of

if TYPE_CHECKING:
    from pymilvus import MilvusClient

LONGEST_KEY = 512
"""Bytes of a key (a SKU)."""
MOST_CODES = 4_096
"""Codes of one item that find it; Milvus bounds an array."""
_LONGEST_TEXT = 65_000  # bytes of a column of text; Milvus allows 65,535
_LONGEST_TITLE = 4_096
_MOST_REPEATED = 12  # times that a term is written down for one item: BM25 is all but saturated there
_HASH = 8  # bytes
# One text column, so one k1 and b for all fields: those of the fields that say what a product is.
SATURATION, LENGTH = 0.9, 0.75

READ_BACK = ["key", "title", "embedded", "vector"]
"""What a search needs of a hit."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a stored row says of an item's vector."""

    text_hash: str
    vector: Sequence[float]


def row_of(item: Item, dimension: int, kept: Kept | None, tuning: Tuning) -> dict[str, Any]:
    """Give the row of an item; `kept` is the vector it had, which stays while the text that was embedded does.

    Raises ValueError for a key that is longer than Milvus can hold.
    """
    if len(item.key.encode()) > LONGEST_KEY:
        raise ValueError(
            f"the key {item.key[:40]!r}… is longer than the {LONGEST_KEY} bytes that Milvus holds"
        )
    record, waiting = record_of(item), pending_of(item)
    stays = kept is not None and kept.text_hash == waiting.text_hash
    return {
        "key": item.key,
        "version": item.version,
        "title": _cut(item.title, _LONGEST_TITLE),
        "brand": hashed(record.brand),
        "paths": [path_hash(record.category[: depth + 1]) for depth in range(len(record.category))][:64],
        "codes": [hashed(code) for code in record.codes[:MOST_CODES]],
        "terms": _cut(_terms(item, tuning), _LONGEST_TEXT),
        "text": _cut(waiting.text, _LONGEST_TEXT),
        "text_hash": waiting.text_hash,
        "embedded": stays,
        "vector": list(kept.vector) if stays and kept else [0.0] * dimension,
    }


def query_terms(text: str) -> str:
    """Give a cleaned query as the server searches it; empty where there is nothing to search for."""
    # Which words the catalog has is the server's knowledge: a quantity is searched in all its spellings instead.
    words = read(text, lambda term: 0 if is_quantity(term) else 1)
    terms = dict.fromkeys(term for word in words for term in (*word.parts, word.whole) if term)
    return " ".join(map(_plain, terms))


def filter_of(category: Sequence[str] | None, brand: str | None) -> str:
    """Give the filter expression for a category path's beginning and a brand; empty for no filter."""
    path, name = tuple(fold(part) for part in category or ()), fold(brand or "")
    parts = [f'array_contains(paths, "{path_hash(path)}")'] if path else []
    parts += [f'brand == "{hashed(name)}"'] if name else []
    return " and ".join(parts)


def code_filter(text: str) -> str:
    """Give the filter expression for the items of which the text is a code."""
    return f'array_contains(codes, "{hashed(plain_code(text))}")'


def hashed(text: str) -> str:
    """Give the hash by which a value is compared."""
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=_HASH).hexdigest()


def path_hash(path: Sequence[str]) -> str:
    """Give the hash of a folded category path."""
    return hashed("\x1f".join(path))


def create_collection(client: "MilvusClient", name: str, dimension: int) -> None:
    """Create the collection of an index: columns, the BM25 function and the two vector indexes."""
    from pymilvus import DataType, Function, FunctionType  # noqa: PLC0415 - only where Milvus is used

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    text = DataType.VARCHAR
    schema.add_field("key", text, is_primary=True, max_length=LONGEST_KEY)
    for column, longest in (("version", 128), ("title", _LONGEST_TITLE), ("brand", 2 * _HASH)):
        schema.add_field(column, text, max_length=longest)
    schema.add_field("paths", DataType.ARRAY, element_type=text, max_capacity=64, max_length=2 * _HASH)
    schema.add_field(
        "codes", DataType.ARRAY, element_type=text, max_capacity=MOST_CODES, max_length=2 * _HASH
    )
    schema.add_field(
        "terms", text, max_length=65_535, enable_analyzer=True, analyzer_params={"tokenizer": "standard"}
    )
    schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
    schema.add_field("text", text, max_length=65_535)
    schema.add_field("text_hash", text, max_length=64)
    schema.add_field("embedded", DataType.BOOL)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
    schema.add_function(
        Function(
            name="bm25",
            input_field_names=["terms"],
            output_field_names=["sparse"],
            function_type=FunctionType.BM25,
        )
    )
    indexes = client.prepare_index_params()
    indexes.add_index(
        "sparse",
        index_type="SPARSE_INVERTED_INDEX",
        metric_type="BM25",
        params={"bm25_k1": SATURATION, "bm25_b": LENGTH},
    )
    indexes.add_index("vector", index_type="AUTOINDEX", metric_type="IP")
    client.create_collection(name, schema=schema, index_params=indexes, consistency_level="Session")


def _terms(item: Item, tuning: Tuning) -> str:
    """All terms of an item, each as often as its fields' weights make it count."""
    counted = []
    for term, row in prepare(item).counts.items():
        weight = sum(count * factor for count, factor in zip(row, tuning.weights, strict=True)) / WHOLE
        counted += [_plain(term)] * max(1, min(_MOST_REPEATED, round(weight)))
    return " ".join(counted)


def _plain(term: str) -> str:
    return term if term.isascii() and term.isalnum() else f"x{hashed(term)}"


def _cut(text: str, longest: int) -> str:
    """Cut a text to so many bytes, at a whole character."""
    raw = text.encode(errors="replace")
    return text if len(raw) <= longest and raw.isascii() else raw[:longest].decode(errors="ignore")
