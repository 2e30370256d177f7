"""Vectors on disk: read as they were written, written again only where they changed, and damage seen in every file."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval import index_vectors
from retrieval.dense import DenseIndex
from retrieval.dense_rows import Rows
from retrieval.index_files import MANIFEST, IndexDamaged, entry_of, read_manifest, write_files
from retrieval.index_vectors import CHUNK, GRAPH, KEYS, OnDisk, read_vectors, vector_files
from retrieval.vector_graph import graph_of, links_of

DIMENSION = 16
FEW = {"flat_limit": 1_000, "tail_limit": 500}


def directions(count: int, seed: int = 0) -> np.ndarray:
    found = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def names(count: int) -> list[str]:
    return [f"p{number}" for number in range(count)]


def written(folder: Path, index: DenseIndex, before: OnDisk | None = None) -> OnDisk:
    rows = index.rows
    about = {"dimension": index.dimension}
    return OnDisk(folder, rows, write_files(folder, vector_files(folder, rows, before), about))


def read(folder: Path) -> Rows:
    rows = read_vectors(folder, read_manifest(folder))
    assert rows is not None
    return rows


def inodes(folder: Path) -> dict[str, int]:
    """Files by the name in the manifest, and it. A file that is written again is another one."""
    manifest = read_manifest(folder)
    files = {name: folder / entry_of(manifest, name).file for name in manifest["files"]} | {
        MANIFEST: folder / MANIFEST
    }
    return {name: file.stat().st_ino for name, file in files.items()}


@pytest.fixture(scope="module")
def large() -> DenseIndex:
    """Three chunks of rows, most of them in a graph, some of them dead."""
    index = DenseIndex(DIMENSION, **FEW)
    index.upsert(names(9_000), directions(9_000))
    assert index.settle(60)
    index.upsert(names(300), directions(300, seed=1))
    index.remove(["p500", "p8999"])
    return index


def test_rows_and_graph_are_what_they_were(large: DenseIndex, tmp_path: Path) -> None:
    written(tmp_path, large)
    rows = read(tmp_path)
    assert rows.graph is not None
    assert len(rows.graph) == large.rows.in_graph
    assert rows.dead == large.rows.dead == 302
    loaded = DenseIndex.of(rows, **FEW)
    assert loaded.rows.live.keys() == large.rows.live.keys()
    assert np.array_equal(loaded.vectors(names(9_000)), large.vectors(names(9_000)))
    for query in directions(20, seed=2):
        assert loaded.search(query, 10) == large.search(query, 10)
    loaded.upsert(names(800), directions(800, seed=3))  # so many that the graph takes them in
    assert loaded.settle(60)
    assert len(loaded.rows.graph or ()) > len(rows.graph)
    assert loaded.search(directions(800, seed=3)[7], 1)[0].key == "p7"


def test_one_change_writes_the_last_chunk_alone(large: DenseIndex, tmp_path: Path) -> None:
    written(tmp_path, large)
    loaded = DenseIndex.of(read(tmp_path), **FEW)
    manifest = read_manifest(tmp_path)
    assert len([name for name in manifest["files"] if name.startswith("vectors-")]) == 3
    known = written(tmp_path, loaded)
    before = inodes(tmp_path)
    loaded.upsert(["p5"], directions(1, seed=4))
    known = written(tmp_path, loaded, known)
    after = inodes(tmp_path)
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    assert changed == {"manifest.json", KEYS, f"vectors-{loaded.rows.count // CHUNK:06}.f32"}
    assert DenseIndex.of(read(tmp_path), **FEW).vector("p5") == pytest.approx(directions(1, seed=4)[0])
    loaded.remove(names(4_000))  # dead rows are cleared away: all rows have another number
    assert loaded.settle(60)
    written(tmp_path, loaded, known)
    again = DenseIndex.of(read(tmp_path), **FEW)
    assert again.rows.live.keys() == loaded.rows.live.keys()
    assert np.array_equal(again.vectors(names(9_000)), loaded.vectors(names(9_000)))


def test_into_another_folder_everything_is_written(large: DenseIndex, tmp_path: Path) -> None:
    known = written(tmp_path / "one", large)
    written(tmp_path / "two", large, known)
    assert inodes(tmp_path / "two").keys() == inodes(tmp_path / "one").keys()
    assert read(tmp_path / "two").count == large.rows.count


@pytest.mark.parametrize("harm", ["unlink", "cut"])
def test_what_was_lost_since_is_written_again(large: DenseIndex, tmp_path: Path, harm: str) -> None:
    known = written(tmp_path, large)
    for file in tmp_path.iterdir():
        if harm == "unlink":
            file.unlink()
        else:
            file.write_bytes(file.read_bytes()[:-1])
    written(tmp_path, large, known)
    assert read(tmp_path).graph is not None


def test_damage_is_named_and_a_damaged_graph_is_built_again(large: DenseIndex, tmp_path: Path) -> None:
    written(tmp_path, large)
    query = directions(1, seed=5)[0]
    for file in sorted(tmp_path.iterdir()):
        name = file.name.partition("-")[2]
        whole = file.read_bytes()
        for broken in (None, whole[: len(whole) // 2], whole[:-1] + bytes([whole[-1] ^ 1])):
            file.unlink(missing_ok=True)
            if broken is not None:
                file.write_bytes(broken)
            if name == GRAPH:
                rows = read(tmp_path)
                assert rows.graph is None
                loaded = DenseIndex.of(rows, **FEW)
                found, wanted = loaded.search(query, 5), large.search(query, 5)
                assert [near.key for near in found] == [near.key for near in wanted]
                # By comparing all, where the graph compares some: not to the last bit.
                assert [n.score for n in found] == pytest.approx([n.score for n in wanted], abs=1e-5)
                assert loaded.settle(60)
                assert loaded.rows.graph is not None
            elif name:
                with pytest.raises(IndexDamaged, match=name):
                    read(tmp_path)
        file.write_bytes(whole)
    assert read(tmp_path).graph is not None


def test_links_that_do_not_fit_the_vectors_are_no_graph(large: DenseIndex) -> None:
    graph = large.rows.graph
    assert graph is not None
    links, count = links_of(graph), len(graph)
    fitting = graph_of(links, directions(count + 5))
    assert fitting is not None
    assert len(fitting) == count
    assert graph_of(links, directions(count - 1)) is None
    assert graph_of(links, directions(count)[:, :8].copy()) is None
    assert graph_of(links[:100], directions(count)) is None
    assert graph_of(b"", directions(count)) is None


steps = st.lists(
    st.tuples(st.sampled_from(["upsert", "remove", "save", "load"]), st.lists(st.integers(0, 40), max_size=25)),
    max_size=16,
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps, st.integers(0, 2**32 - 1))
def test_any_run_of_changes_and_saves_is_read_as_it_stands(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, changes, seed: int
) -> None:
    monkeypatch.setattr(index_vectors, "CHUNK", 7)
    folder = tmp_path_factory.mktemp("index")
    rng = np.random.default_rng(seed)
    index, known = DenseIndex(DIMENSION), None
    for kind, numbers in changes:
        keys = [f"k{number}" for number in numbers]
        if kind == "upsert":
            index.upsert(keys, rng.standard_normal((len(keys), DIMENSION)).astype(np.float32))
        elif kind == "remove":
            index.remove(keys)
        else:
            known = written(folder, index, known)
            if kind == "load":
                rows, manifest = read(folder), read_manifest(folder)
                files = {name: entry_of(manifest, name) for name in manifest["files"]}
                index, known = DenseIndex.of(rows), OnDisk(folder, rows, files)
    written(folder, index, known)
    loaded = DenseIndex.of(read(folder))
    assert loaded.rows.live.keys() == index.rows.live.keys()
    everything = sorted(index.rows.live)
    assert np.array_equal(loaded.vectors(everything), index.vectors(everything))
