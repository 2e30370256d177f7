"""Vectors on disk: nothing added is lost, nothing damaged is believed, whatever happens to process, disk and file."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.file_locks import LockHeld
from retrieval.vector_files import VectorReader, VectorWriter, vector_file

MODEL, DIMENSION = "a-model/torch/0123456789abcdef", 6


def vector_of(key: str) -> np.ndarray:
    """What a key's vector is, so that any mixture of keys and vectors shows."""
    return np.random.default_rng(list(key.encode())).standard_normal(DIMENSION).astype(np.float32)


def vectors_of(keys: list[str]) -> np.ndarray:
    return np.array([vector_of(key) for key in keys], np.float32).reshape(len(keys), DIMENSION)


def names(batch: int, count: int = 5) -> list[str]:
    return [f"{batch}-{i}-{'é' * (i % 3)}" for i in range(count)]


def written(folder: Path, batches: int = 4) -> Path:
    with VectorWriter(folder, MODEL, DIMENSION) as writer:
        for batch in range(batches):
            writer.add(names(batch), vectors_of(names(batch)))
    return vector_file(folder, MODEL)


def read(folder: Path) -> set[str]:
    """All keys, each proven to have its own vector."""
    with VectorReader(folder, MODEL, DIMENSION) as reader:
        everything = [key for batch in range(50) for key in names(batch)]
        here = [key for key in everything if key in reader]
        assert len(here) == len(reader)
        assert np.array_equal(reader.vectors(here), vectors_of(here))
        assert reader.missing(everything) == [key for key in everything if key not in here]
        return set(here)


def all_of(*batches: int) -> set[str]:
    return {key for batch in batches for key in names(batch)}


def test_what_was_added_is_there_for_the_next_process(tmp_path):
    written(tmp_path)
    assert read(tmp_path) == all_of(0, 1, 2, 3)
    with VectorWriter(tmp_path, MODEL, DIMENSION) as writer:
        writer.add(names(4), vectors_of(names(4)))
        assert len(writer) == 25
    assert read(tmp_path) == all_of(0, 1, 2, 3, 4)


def test_a_missing_file_and_a_missing_folder_are_empty(tmp_path):
    with VectorReader(tmp_path / "not" / "there", MODEL, DIMENSION) as reader:
        assert len(reader) == 0
        assert reader.missing(["a", "a", "b"]) == ["a", "b"]
        assert reader.vectors([]).shape == (0, DIMENSION)
    with VectorWriter(tmp_path / "not" / "there", MODEL, DIMENSION) as writer:
        writer.add(["a"], vectors_of(["a"]))
        assert "a" in writer


def test_an_unknown_hash_is_a_key_error(tmp_path):
    written(tmp_path)
    with VectorReader(tmp_path, MODEL, DIMENSION) as reader, pytest.raises(KeyError, match="unknown"):
        reader.vectors([names(0)[0], "unknown"])


def test_embedders_do_not_share_files_nor_dimensions(tmp_path):
    written(tmp_path)
    with VectorWriter(tmp_path, "a-model/onnx-int8/0123456789abcdef", DIMENSION) as other:
        assert len(other) == 0
        other.add(names(0), -vectors_of(names(0)))
    assert read(tmp_path) == all_of(0, 1, 2, 3)
    path = vector_file(tmp_path, "another-model/torch/00")
    path.write_bytes(vector_file(tmp_path, MODEL).read_bytes())  # renamed by hand
    with VectorReader(tmp_path, "another-model/torch/00", DIMENSION) as reader:
        assert len(reader) == 0
    with VectorWriter(tmp_path, "another-model/torch/00", DIMENSION) as writer:
        assert len(writer) == 0
    assert path.with_suffix(".damaged").is_file()


def test_a_later_vector_of_a_hash_replaces_the_earlier(tmp_path):
    with VectorWriter(tmp_path, MODEL, DIMENSION) as writer:
        writer.add(["a"], vectors_of(["a"]) + 1)
        writer.add(["a"], vectors_of(["a"]))
        assert len(writer) == 1
        assert np.array_equal(writer.vectors(["a"]), vectors_of(["a"]))


@pytest.mark.parametrize("keys", [[""], ["a\0b"]])
def test_a_key_that_cannot_be_kept_is_refused(tmp_path, keys):
    with VectorWriter(tmp_path, MODEL, DIMENSION) as writer, pytest.raises(ValueError, match="key"):
        writer.add(keys, vectors_of(keys))
    with VectorWriter(tmp_path, MODEL, DIMENSION) as writer, pytest.raises(ValueError, match="shape"):
        writer.add(["a"], np.zeros((2, DIMENSION), np.float32))


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_cut_at_any_byte_the_whole_blocks_stay_and_work_goes_on(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("cut")
    path = written(folder)
    whole = path.read_bytes()
    size = data.draw(st.integers(0, len(whole)))
    path.write_bytes(whole[:size])
    kept = read(folder)
    assert kept in [all_of(*range(n)) for n in range(5)]
    assert len(kept) == 5 * max(0, (size - (len(whole) - 4 * block_size(whole))) // block_size(whole))
    with VectorWriter(folder, MODEL, DIMENSION) as writer:
        writer.add(names(7), vectors_of(names(7)))
        assert not writer.damage
    assert read(folder) == kept | all_of(7)


def block_size(whole: bytes) -> int:
    """All blocks of `written` are of one size."""
    first = whole.index(b"\x93STBLK1\n")
    return whole.index(b"\x93STBLK1\n", first + 1) - first


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_flipped_bytes_cost_their_blocks_and_no_others(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("flip")
    path = written(folder)
    whole = bytearray(path.read_bytes())
    each, head = block_size(bytes(whole)), len(whole) - 4 * block_size(bytes(whole))
    hit = data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=3, unique=True))
    for at in hit:
        whole[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(whole)
    lost = {(at - head) // each for at in hit if at >= head}
    intact = [batch for batch in range(4) if batch not in lost]
    assert read(folder) == all_of(*intact)
    with VectorReader(folder, MODEL, DIMENSION) as reader:
        middle = any(batch < max(intact, default=-1) for batch in lost) or (intact and min(hit) < head)
        assert bool(reader.damage) == bool(middle)
        for damage in reader.damage:
            assert any(damage.start <= at < damage.end for at in hit)
    with VectorWriter(folder, MODEL, DIMENSION) as writer:  # mends it
        assert not writer.damage
        assert len(writer) == len(all_of(*intact))
        writer.add(names(9), vectors_of(names(9)))
    assert read(folder) == all_of(*intact, 9)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400), st.booleans())
def test_any_rubbish_is_read_as_nothing_and_put_aside(tmp_path_factory, rubbish, alike):
    folder = tmp_path_factory.mktemp("rubbish")
    path = vector_file(folder, MODEL)
    path.write_bytes((b"\x93STVEC1\n" if alike else b"") + rubbish + b"\x93STBLK1\n" * alike)
    assert read(folder) == set()
    with VectorWriter(folder, MODEL, DIMENSION) as writer:
        writer.add(names(0), vectors_of(names(0)))
    assert read(folder) == all_of(0)


def test_compaction_keeps_what_is_asked_for(tmp_path):
    path = written(tmp_path)
    before = path.stat().st_size
    with VectorReader(tmp_path, MODEL, DIMENSION) as reader:
        with VectorWriter(tmp_path, MODEL, DIMENSION) as writer:
            writer.compact(all_of(1, 3) | {"unknown"})
            assert len(writer) == 10
            writer.add(names(5), vectors_of(names(5)))
        assert len(reader) == 20  # the old file, until it looks again
        assert np.array_equal(reader.vectors(names(0)), vectors_of(names(0)))
        reader.refresh()
        assert len(reader) == 15
        assert np.array_equal(reader.vectors(names(5)), vectors_of(names(5)))
    assert read(tmp_path) == all_of(1, 3, 5)
    assert path.stat().st_size < before


def test_one_writes_and_others_read(tmp_path):
    with (
        VectorWriter(tmp_path, MODEL, DIMENSION) as writer,
        VectorReader(tmp_path, MODEL, DIMENSION) as reader,
    ):
        with pytest.raises(LockHeld, match="another"):
            VectorWriter(tmp_path, MODEL, DIMENSION)
        writer.add(names(0), vectors_of(names(0)))
        assert len(reader) == 0
        reader.refresh()
        assert len(reader) == 5
    with VectorWriter(tmp_path, MODEL, DIMENSION) as again:
        assert len(again) == 5
    with pytest.raises(ValueError, match="closed"):
        again.add(["a"], vectors_of(["a"]))
    with pytest.raises(ValueError, match="closed"):
        again.vectors(names(0))


WRITE = """
    import sys
    from pathlib import Path
    sys.path[:0] = [{root!r}, {here!r}]
    from test_vector_files import DIMENSION, MODEL, names, vectors_of
    from retrieval.vector_files import VectorWriter
    writer = VectorWriter(Path(sys.argv[1]), MODEL, DIMENSION)
"""


def script(body: str) -> str:
    root, here = str(Path(__file__).parents[2]), str(Path(__file__).parent)
    return textwrap.dedent(WRITE).format(root=root, here=here) + textwrap.dedent(body)


def test_a_killed_writer_loses_nothing_it_had_added(tmp_path):
    """The child says each batch that is added; readers look on meanwhile; the lock is free when it is dead."""
    body = """
    for batch in range(10_000):
        writer.add(names(batch, 400), vectors_of(names(batch, 400)))
        print(batch, flush=True)
    """
    child = subprocess.Popen([sys.executable, "-c", script(body), str(tmp_path)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    said = -1
    with VectorReader(tmp_path, MODEL, DIMENSION) as reader:
        for line in child.stdout:
            said = int(line)
            reader.refresh()
            assert not reader.damage
            assert set(names(said, 400)) <= {key for key in names(said, 400) if key in reader}
            if said == 8:
                break
        time.sleep(0.013)  # somewhere in the middle of a batch
        child.send_signal(signal.SIGKILL)
        said = max([said, *(int(line) for line in child.stdout)])
        child.wait()
        child.stdout.close()
    with VectorWriter(tmp_path, MODEL, DIMENSION) as writer:
        added = [key for batch in range(said + 1) for key in names(batch, 400)]
        assert writer.missing(added) == []
        assert np.array_equal(writer.vectors(added), vectors_of(added))
        assert len(writer) in {len(added), len(added) + 400}


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX")
def test_a_full_disk_is_an_error_and_leaves_whole_blocks(tmp_path):
    body = """
    import resource
    writer.add(names(0), vectors_of(names(0)))
    limit = writer.path.stat().st_size + 100
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        writer.add(names(1), vectors_of(names(1)))
    except OSError:
        print("refused", len(writer), writer.path.stat().st_size == limit - 100)
    """
    done = subprocess.run(
        [sys.executable, "-c", script(body), str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "refused 5 True"
    assert read(tmp_path) == all_of(0)


def test_a_reader_survives_a_file_that_was_cut_in_place(tmp_path):
    path = written(tmp_path)
    with VectorReader(tmp_path, MODEL, DIMENSION) as reader:
        os.truncate(path, path.stat().st_size - 40)
        with pytest.raises(OSError, match="ends before"):
            reader.vectors(names(3))
        reader.refresh()
        assert reader.missing(names(3)) == names(3)
