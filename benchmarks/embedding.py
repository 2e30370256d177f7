"""The exported int8 model against PyTorch, in one run: a query, a batch, the first vector, and what ranking loses.

Bounds: a query's embedding at most 0.3 times PyTorch's (medians, processor time); nDCG within 0.01, of vectors alone
and of the whole search. `python -m benchmarks.embedding FOLDER` keeps the export in a folder.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.common import report
from benchmarks.icecat import MODEL, Embedded, Rated, embedded, rated
from benchmarks.search import Quality, bootstrap, dense_ranking, give_vectors, ranked_by, scores
from retrieval.embedders import Embedder, open_exported_embedder, open_torch_embedder
from retrieval.embedding_batches import embed_all
from retrieval.embedding_models import NoEmbedder
from retrieval.embedding_values import Vectors
from retrieval.index import Index
from retrieval.onnx_export import export_model

ROUNDS = 20
BATCH_TEXTS = 320
FIRST_VECTOR = (
    "import sys, time; started = time.process_time()\n"
    "from pathlib import Path; from retrieval.embedders import open_embedder\n"
    "open_embedder(sys.argv[1], Path(sys.argv[2])).embed(['first'])\n"
    "import resource\n"
    "print(time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
)


@dataclass(frozen=True, slots=True)
class Backends:
    """Both embedders of one model."""

    torch: Embedder
    onnx: Embedder


def main() -> None:
    data = rated()
    with tempfile.TemporaryDirectory() as empty:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(empty) / "exported"
        export = export_model(MODEL, folder)
        first = [first_vector(place) for place in (folder, Path(empty) / "nothing")]
        backends = both(folder)
        queries = data.queries
        onnx, torch = query_ms(backends, queries)
        texts = [item.title + ". " + item.description for item in data.items[:BATCH_TEXTS]]
        rates = [texts_per_second(one, texts) for one in (backends.onnx, backends.torch)]
        report(
            benchmark="embedding",
            cosine_mean=export.mean,
            cosine_worst=export.worst,
            query_onnx_ms=round(onnx, 2),
            query_torch_ms=round(torch, 2),
            query_ratio=round(onnx / torch, 3),
            query_ratio_bound=0.3,
            onnx_texts_per_second=round(rates[0], 1),
            torch_texts_per_second=round(rates[1], 1),
            first_vector_onnx_cpu_seconds=round(first[0].seconds, 2),
            first_vector_torch_cpu_seconds=round(first[1].seconds, 2),
            first_vector_onnx_mb=round(first[0].megabytes),
            first_vector_torch_mb=round(first[1].megabytes),
        )
        quality(data, Both(embedded(data, backends.onnx), embedded(data, backends.torch)))


@dataclass(frozen=True, slots=True)
class Both:
    """The vectors of the rated products and queries by either backend."""

    onnx: Embedded
    torch: Embedded


def quality(data: Rated, vectors: Both) -> None:
    """What ranking loses by the export: with vectors alone, and in the whole search."""
    for of, score in {"vectors alone": scores_alone, "hybrid": scores_hybrid}.items():
        onnx, torch = score(data, vectors.onnx), score(data, vectors.torch)
        report(
            benchmark="embedding_quality",
            of=of,
            queries=len(data.queries),
            ndcg_onnx=round(float(onnx.mean()), 4),
            ndcg_torch=round(float(torch.mean()), 4),
            **bootstrap(onnx - torch),
            bound="difference ≥ -0.01",
        )


def both(folder: Path) -> Backends:
    """Both embedders of the model; exports into `folder` where no export is there. Ends the run without a model."""
    export_model(MODEL, folder)
    torch, onnx = open_torch_embedder(MODEL), open_exported_embedder(MODEL, folder)
    if isinstance(torch, NoEmbedder) or isinstance(onnx, NoEmbedder):
        raise SystemExit(f"no embedder: {torch} {onnx}")
    return Backends(torch, onnx)


def vectors_by(embedder: Embedder, texts: list[str]) -> Vectors:
    """The vectors of many texts, in their order, embedded in batches as the service does."""
    found = np.empty((len(texts), embedder.dimension), np.float32)
    for batch in embed_all(embedder, texts):
        found[list(batch.positions)] = batch.vectors
    return found


def query_ms(backends: Backends, queries: list[str]) -> tuple[float, float]:
    """Median milliseconds of a query, by ONNX and by PyTorch, turn by turn."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for query in queries:
            for embedder, spent in zip((backends.onnx, backends.torch), times, strict=True):
                spent.append(cpu_seconds(lambda e=embedder, q=query: e.embed([q])) * 1000)
    return statistics.median(times[0]), statistics.median(times[1])


def texts_per_second(embedder: Embedder, texts: list[str]) -> float:
    """Texts of products, embedded in a second of processor time."""
    return len(texts) / cpu_seconds(lambda: vectors_by(embedder, texts))


def cpu_seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


@dataclass(frozen=True, slots=True)
class First:
    """What a fresh process needs for its first vector: processor time and its highest memory."""

    seconds: float
    megabytes: float


def first_vector(folder: Path) -> First:
    """Start a process that embeds one text with what it finds in the folder; the second start counts, files warm."""
    command = [sys.executable, "-c", FIRST_VECTOR, MODEL, str(folder)]
    for _ in range(2):
        run = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, megabytes = map(float, run.stdout.split())
    return First(seconds, megabytes)


def scores_alone(data: Rated, vectors: Embedded) -> Quality:
    """nDCG@10 of each query, ranked by the vectors alone."""
    return scores([dense_ranking(vector, data, vectors) for vector in vectors.queries], data)


def scores_hybrid(data: Rated, vectors: Embedded) -> Quality:
    """nDCG@10 of each query by the index as it is set, words and vectors."""
    index = Index()
    index.upsert(data.items)
    give_vectors(index, data, vectors)
    return scores(ranked_by(index, data, vectors), data)


if __name__ == "__main__":
    main()
