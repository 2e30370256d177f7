"""Items as rows of a Milvus collection: which columns there are, and what stands in them.

Words go in as terms of our own analyzer, so that both indexes read "15.6″" and "24-MB02" alike: whatever tokenizer the
server has leaves a word of plain letters and digits whole, and any other term is written as a hash of such a word.
Codes, brands and category paths are compared as hashes too: of one length, and with nothing that a filter expression
would have to escape.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrieval.analyzer import Word, fold, is_quantity
from retrieval.bm25 import Tuning, prepare
from retrieval.items import Item, pending_of
from retrieval.milvus_scores import HASH, LENGTH, SATURATION, columns_of, hashed, plain_term
from retrieval.query import read
from retrieval.records import plain_code, record_of

if TYPE_CHECKING:
    from pymilvus import MilvusClient

LONGEST_KEY = 1_024
"""Bytes of a key (a SKU)."""
MOST_CODES = 4_096
"""Codes of one item that find it; Milvus bounds an array."""
_LONGEST_TEXT = 65_000  # bytes of a column of text; Milvus allows 65,535
_LONGEST_TITLE = 4_096
_LONGEST_VERSION = 128

LAYOUT = "2"
"""Changes with the columns: rows of another layout are in another collection."""
READ_BACK = ["key", "title", "embedded", "vector"]
"""What a search needs of a hit; one found by words also has its `counts`."""
WRITTEN = [
    "key", "version", "title", "brand", "paths", "codes", "terms", "counts", "text", "text_hash", "embedded", "vector",
]  # fmt: skip
"""All columns but the one that the server makes."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a stored row says of an item's vector, which is empty while there is none."""

    text_hash: str
    vector: Sequence[float]


def row_of(item: Item, dimension: int, kept: Kept | None, tuning: Tuning) -> dict[str, Any]:
    """Give the row of an item; `kept` is the vector it had, which stays while the text that was embedded does.

    Raises ValueError for a key or a version that is longer than Milvus can hold.
    """
    if len(item.key.encode()) > LONGEST_KEY:
        raise ValueError(
            f"the key {item.key[:40]!r}… is longer than the {LONGEST_KEY} bytes that Milvus holds"
        )
    if len(item.version.encode()) > _LONGEST_VERSION:
        raise ValueError(
            f"{item.key}: its version is longer than the {_LONGEST_VERSION} bytes that Milvus holds"
        )
    record, waiting = record_of(item), pending_of(item)
    words = columns_of(prepare(item), tuning, _LONGEST_TEXT)
    stays = kept is not None and len(kept.vector) > 0 and kept.text_hash == waiting.text_hash
    return {
        "key": item.key,
        "version": item.version,
        "title": _cut(item.title, _LONGEST_TITLE),
        "brand": hashed(record.brand),
        "paths": [path_hash(record.category[: depth + 1]) for depth in range(len(record.category))][:64],
        "codes": [hashed(code) for code in record.codes[:MOST_CODES]],
        "terms": words.terms,
        "counts": words.counts,
        "text": _cut(waiting.text, _LONGEST_TEXT),
        "text_hash": waiting.text_hash,
        "embedded": stays,
        "vector": list(kept.vector) if stays and kept else [0.0] * dimension,
    }


def query_terms(text: str) -> tuple[Word, ...]:
    """Give the words of a cleaned query in the server's terms; none where there is nothing to search for."""
    # Which words the catalog has is the server's knowledge: a quantity is searched in all its spellings instead.
    return tuple(
        Word(tuple(map(plain_term, word.parts)), plain_term(word.whole) if word.whole else None, word.text)
        for word in read(text, lambda term: 0 if is_quantity(term) else 1)
    )


def filter_of(category: Sequence[str] | None, brand: str | None) -> str:
    """Give the filter expression for a category path's beginning and a brand; empty for no filter."""
    path, name = tuple(fold(part) for part in category or ()), fold(brand or "")
    parts = [f'array_contains(paths, "{path_hash(path)}")'] if path else []
    parts += [f'brand == "{hashed(name)}"'] if name else []
    return " and ".join(parts)


def code_filter(text: str) -> str:
    """Give the filter expression for the items of which the text is a code."""
    return f'array_contains(codes, "{hashed(plain_code(text))}")'


def path_hash(path: Sequence[str]) -> str:
    """Give the hash of a folded category path."""
    return hashed("\x1f".join(path))


def create_collection(client: "MilvusClient", name: str, dimension: int, *, timeout_s: float) -> None:
    """Create the collection of an index: its columns and the BM25 function."""
    from pymilvus import DataType, Function, FunctionType  # noqa: PLC0415 - only where Milvus is used

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    text = DataType.VARCHAR
    schema.add_field("key", text, is_primary=True, max_length=LONGEST_KEY)
    for column, longest in (("version", _LONGEST_VERSION), ("title", _LONGEST_TITLE), ("brand", 2 * HASH)):
        schema.add_field(column, text, max_length=longest)
    schema.add_field("paths", DataType.ARRAY, element_type=text, max_capacity=64, max_length=2 * HASH)
    schema.add_field("codes", DataType.ARRAY, element_type=text, max_capacity=MOST_CODES, max_length=2 * HASH)
    schema.add_field(
        "terms", text, max_length=65_535, enable_analyzer=True, analyzer_params={"tokenizer": "standard"}
    )
    schema.add_field("counts", text, max_length=65_535)
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
    client.create_collection(name, schema=schema, consistency_level="Session", timeout=timeout_s)


def create_indexes(client: "MilvusClient", name: str, *, timeout_s: float) -> None:
    """Create the server's indexes over a collection, those that are missing."""
    from pymilvus import MilvusException  # noqa: PLC0415 - only where Milvus is used

    wanted: dict[str, dict[str, Any]] = {
        "sparse": {
            "index_type": "SPARSE_INVERTED_INDEX",
            "metric_type": "BM25",
            "params": {"bm25_k1": SATURATION, "bm25_b": LENGTH},
        },
        "vector": {"index_type": "AUTOINDEX", "metric_type": "IP"},
        **{column: {"index_type": "INVERTED"} for column in ("brand", "embedded", "paths", "codes")},
    }
    there = client.list_indexes(name, timeout=timeout_s)
    for column, index in wanted.items():
        if column in there:
            continue
        parameters = client.prepare_index_params()
        parameters.add_index(column, index_name=column, **index)
        try:
            client.create_index(name, parameters, timeout=timeout_s)
        except MilvusException:
            # The edition that installs with pip has none over lists: it looks through all rows instead.
            if column not in {"paths", "codes"}:
                raise


def _cut(text: str, longest: int) -> str:
    """Cut a text to so many bytes, at a whole character."""
    raw = text.encode(errors="replace")
    return text if len(raw) <= longest and raw.isascii() else raw[:longest].decode(errors="ignore")
