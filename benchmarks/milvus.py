"""The index in Milvus beside the embedded one: nDCG@10 on the rated queries, and what a row and an answer weigh.

The server is the edition that installs with pip: quality and sizes are those of a real one, its speed is not, and is
not measured.
"""

import tempfile

import numpy as np
import orjson

from benchmarks.common import report
from benchmarks.icecat import CUT, Embedded, Rated, embedded, ndcg, rated, torch_embedder
from retrieval.bm25 import Tuning
from retrieval.fusion import DEPTH
from retrieval.index import Index
from retrieval.milvus import MilvusIndex, milvus_place
from retrieval.milvus_rows import READ_BACK, row_of

AT_ONCE = 1_000


def main() -> None:
    """Measure, and print a line for each figure."""
    data = rated()
    vectors = embedded(data, torch_embedder())
    report(measure="milvus", **weights(data))
    with tempfile.TemporaryDirectory() as folder:
        served = MilvusIndex(
            milvus_place(f"milvus://{folder}/icecat.db"),
            "icecat",
            dimension=vectors.items.shape[1],
            timeout_s=120,
        )
        for name, index in {"embedded": Index(), "milvus": served}.items():
            fill(index, data, vectors)
            for half in ("words", "words and vectors"):
                rows = vectors.queries if half != "words" else [None] * len(data.queries)
                values = [
                    ndcg(
                        [hit.key for hit in index.search(query, limit=CUT, vector=vector).hits],
                        data.ratings[query],
                    )
                    for query, vector in zip(data.queries, rows, strict=True)
                ]
                report(measure="milvus", index=name, by=half, ndcg=round(float(np.mean(values)), 4))
        served.close()


def fill(index: Index | MilvusIndex, data: Rated, vectors: Embedded) -> None:
    """Put the products in, and their vectors."""
    index.upsert(data.items)
    place = {item.key: row for row, item in enumerate(data.items)}
    while pending := index.pending(AT_ONCE):
        index.set_vectors(pending, vectors.items[[place[one.key] for one in pending]])


def weights(data: Rated) -> dict[str, object]:
    """Bytes of a row by column, and of what a search brings back (each half puts forward `DEPTH` rows)."""
    rows = [row_of(item, 384, None, Tuning()) for item in data.items]
    mean = {
        column: round(float(np.mean([weight(row[column]) for row in rows])))
        for column in rows[0]
        if column != "vector"
    } | {"vector": 4 * 384}
    hit = sum(mean[column] for column in READ_BACK)
    return {
        "bytes_a_row": sum(mean.values()),
        "by_column": mean,
        "answer_bytes_at_most": 2 * DEPTH * hit + DEPTH * mean["counts"],
    }


def weight(value: object) -> int:
    """Bytes of a value as it is sent, near enough: texts as they are, lists as JSON."""
    return len(value.encode()) if isinstance(value, str) else len(orjson.dumps(value))


if __name__ == "__main__":
    main()
