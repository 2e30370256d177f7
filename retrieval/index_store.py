"""The parts of an index as files, and back."""

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from retrieval.analyzer import ANALYZER_ID
from retrieval.bm25 import FIELDS, LexicalIndex
from retrieval.columns import Column
from retrieval.dense import DenseIndex
from retrieval.index_files import (
    Content,
    FileMissing,
    IndexDamaged,
    IndexOutdated,
    entry_of,
    read_file,
    read_manifest,
    write_files,
)
from retrieval.index_vectors import OnDisk, read_vectors, vector_files
from retrieval.postings import Postings
from retrieval.records import Record, Records

LAYOUT: Final = 3
"""Changes with the files' form."""
_TRIES = 4


@dataclass(frozen=True, slots=True)
class Parts:
    """What an index consists of. Slots are swept: there is a record for each."""

    lexical: LexicalIndex
    records: Records
    vectors: DenseIndex | None
    embedder_id: str | None
    on_disk: OnDisk | None = None  # what of the vectors need not be written again


def write_index(folder: Path, parts: Parts) -> OnDisk | None:
    """Write the parts to a folder; gives what the next save there need not write again. Raises OSError."""
    rows = parts.vectors.rows if parts.vectors is not None else None
    files: dict[str, Content] = {
        "terms.txt": "\n".join(parts.lexical.postings.terms()).encode(),
        "records.jsonl": "\n".join(json.dumps(_row(record)) for record in parts.records).encode(),
        "lengths.npy": _packed(parts.lexical.lengths.values),
    }
    files |= {f"{name}.npy": _packed(array) for name, array in parts.lexical.postings.to_arrays().items()}
    files |= vector_files(folder, rows, parts.on_disk) if rows is not None else {}
    about = {
        "layout": LAYOUT,
        "analyzer": ANALYZER_ID,
        "embedder": parts.embedder_id,
        "fields": list(FIELDS),
        "dimension": rows.dimension if rows is not None else None,
    }
    entries = write_files(folder, files, about)
    return OnDisk(folder, rows, entries) if rows is not None else None


def read_index(folder: Path, embedder_id: str | None) -> Parts:
    """Read the parts. `embedder_id` is that of the caller's embedder, None to take vectors as they are.

    While it reads, saves may replace what it reads: then it begins again, a few times. Raises IndexDamaged or
    IndexOutdated.
    """
    manifest = read_manifest(folder)
    for _ in range(_TRIES - 1):
        try:
            return _read(folder, manifest, embedder_id)
        except FileMissing:
            before, manifest = manifest, read_manifest(folder)
            if manifest == before:
                raise
    return _read(folder, manifest, embedder_id)


def _read(folder: Path, manifest: dict[str, Any], embedder_id: str | None) -> Parts:
    made_by = manifest.get("layout"), manifest.get("analyzer"), manifest.get("fields")
    if made_by != (LAYOUT, ANALYZER_ID, list(FIELDS)):
        raise IndexOutdated(
            f"made by analyzer {made_by[1]}, layout {made_by[0]}; now {ANALYZER_ID}, {LAYOUT}"
        )
    if embedder_id and manifest.get("embedder") not in (None, embedder_id):
        raise IndexOutdated(f"its vectors are of {manifest['embedder']}, not of {embedder_id}")
    try:
        return _parts(folder, manifest)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise (
            error if isinstance(error, IndexDamaged) else IndexDamaged(f"files do not fit together: {error}")
        ) from error


def _parts(folder: Path, manifest: dict[str, Any]) -> Parts:
    def text(name: str) -> str:
        return read_file(folder, manifest, name).decode()

    def rows(name: str) -> NDArray[Any]:
        return np.asarray(np.load(io.BytesIO(read_file(folder, manifest, f"{name}.npy")), allow_pickle=False))

    lexical, records = LexicalIndex(), Records()
    terms = text("terms.txt").split("\n") if text("terms.txt") else []
    lexical.postings = Postings.of_arrays(terms, rows("offsets"), rows("slots"), rows("counts"))
    lexical.lengths = Column.of(rows("lengths"))
    lexical.alive = Column.of(np.ones(len(lexical.lengths), np.bool_))
    lexical.restore_totals()
    for slot, line in enumerate(text("records.jsonl").split("\n") if len(lexical.lengths) else []):
        records.add(_record(json.loads(line)), slot)
    if len(records) != len(lexical.lengths):
        raise ValueError(f"{len(records)} records, {len(lexical.lengths)} documents")
    rows_read = read_vectors(folder, manifest)
    live = rows_read.live.keys() if rows_read is not None else set()
    if live != {record.key for record in records if record.text is None}:
        raise ValueError("vectors are not those of the records")
    if rows_read is None:
        return Parts(lexical, records, None, manifest.get("embedder"))
    entries = {name: entry_of(manifest, name) for name in manifest["files"]}
    on_disk = OnDisk(folder, rows_read, entries)
    return Parts(lexical, records, DenseIndex.of(rows_read), manifest.get("embedder"), on_disk)


def _packed(rows: NDArray[Any]) -> bytes:
    out = io.BytesIO()
    np.save(out, rows, allow_pickle=False)
    return out.getvalue()


def _row(record: Record) -> list[Any]:
    return [
        record.key, record.title, record.version, record.brand, record.category, record.codes,
        record.text_hash, record.text,
    ]  # fmt: skip


def _record(row: list[Any]) -> Record:
    key, title, version, brand, category, codes, text_hash, text = row
    return Record(key, title, version, brand, tuple(category), tuple(codes), text_hash, text)
