"""What the embedded index has to itself: spelling, sweeps, files. tests/conformance has what all indexes promise."""

import itertools
import json
import random
import threading
import time
import tracemalloc
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from retrieval.index import Index
from retrieval.index_files import MANIFEST, IndexDamaged, IndexOutdated
from retrieval.items import Item
from tests.searching import SHOP, LetterEmbedder, embed, keys


def shop(embedder: LetterEmbedder | None = None) -> Index:
    index = Index(embedder)
    index.upsert(SHOP)
    return index


def test_a_slip_of_the_pen_finds_what_was_meant() -> None:
    assert keys(shop(), "botle")[0] == "24-UG06"


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("iphone15", "phone"),
        ("ryzen7", "cpu"),
        ("5800x", "cpu"),
        ("playstation5", "console"),
        ("1/4", "jack"),
        ("¼", "pipe"),
        ("1¼", "valve"),
        ("1 1/4 inch", "valve"),
    ],
)
def test_what_is_written_together_or_as_a_fraction_is_found(query: str, key: str) -> None:
    index = Index()
    index.upsert(
        [
            Item("phone", "iPhone 15 128 GB"),
            Item("cpu", "AMD Ryzen 7 5800X"),
            Item("console", "PlayStation 5 console"),
            Item("jack", "Jack plug ¼ inch"),
            Item("pipe", "Pipe 1/4 copper"),
            Item("valve", "Valve 1 ¼ inch"),
        ]
    )
    assert key in keys(index, query)


class TimedLock:
    """A lock that adds up the processor time of the threads that hold it."""

    def __init__(self, lock: AbstractContextManager[object]) -> None:
        self._lock, self._since, self.held_s = lock, 0.0, 0.0

    def __enter__(self) -> None:
        self._lock.__enter__()
        self._since = time.thread_time()

    def __exit__(self, *error: object) -> None:
        self.held_s += time.thread_time() - self._since
        self._lock.__exit__(None, None, None)


@pytest.mark.parametrize("listing", [Index.versions, Index.text_hashes])
def test_searches_do_not_wait_while_items_are_listed(listing: Callable[[Index], Collection[str]]) -> None:
    index = Index()
    index.upsert(Item(f"p{number}", f"bag number{number}", version="1") for number in range(20_000))
    index._lock = lock = TimedLock(index._lock)  # type: ignore[assignment]
    started = time.thread_time()
    for _ in range(5):
        assert len(listing(index)) == 20_000
    assert lock.held_s < (time.thread_time() - started) / 3


def test_senseless_queries_leave_nothing_behind() -> None:
    index = shop()
    index.search("warm up")
    letters = random.Random(3)  # noqa: S311 - draws test cases
    queries = [
        " ".join("".join(letters.choices("bcdfghjklmnpqrstvwxz", k=28)) for _ in range(16)) for _ in range(10)
    ]
    tracemalloc.start()
    try:
        for query in queries:
            assert index.search(query).hits == ()
        ours = [
            tracemalloc.Filter(True, f"*/{room}/*") for room in ("retrieval", "seo")
        ]  # not other tests' threads
        grown = sum(
            one.size for one in tracemalloc.take_snapshot().filter_traces(ours).statistics("filename")
        )
    finally:
        tracemalloc.stop()
    assert grown < 1_000_000


def test_many_updates_are_swept_and_stay_right() -> None:
    index = Index()
    for colour in ("amber", "black", "crimson", "denim", "emerald", "fuchsia"):
        index.upsert(Item(f"p{number}", f"bag number{number} {colour}") for number in range(400))
    index.remove(f"p{number}" for number in range(0, 400, 2))
    assert len(index) == 200
    assert keys(index, "number7") == ["p7"]
    assert keys(index, "emerald") == []
    assert len(keys(index, "fuchsia", limit=500)) == 200
    assert len(keys(index, "bag", brand="")) == 10
    index.upsert([Item("p1", "bag", "Acme")])
    assert keys(index, "bag", brand="acme") == ["p1"]
    assert keys(index, "bag", brand="nobody's") == []
    index.remove(["p1"])
    assert keys(index, "bag", brand="acme") == []


# -- files


def test_saved_and_loaded_it_answers_the_same(tmp_path: Path) -> None:
    embedder = LetterEmbedder()
    index = shop(embedder)
    embed(index, embedder, limit=3)
    index.upsert([Item("24-MB03", "Crown Summit Backpack, blue")])
    index.save(tmp_path)
    loaded = Index.load(tmp_path, embedder)
    assert len(loaded) == len(index)
    assert loaded.versions() == index.versions()
    assert sorted(one.key for one in loaded.pending(10)) == sorted(one.key for one in index.pending(10))
    for query in ("backpack", "24-mb02", "500 ml", "laptop", "15.6 inch"):
        assert keys(loaded, query) == keys(index, query)
        assert loaded.search(query).dense
    loaded.upsert([Item("new", "Zebra flask")])
    assert keys(loaded, "zebra")[0] == "new"
    loaded.save(tmp_path)
    assert len(Index.load(tmp_path)) == len(SHOP) + 1


def test_an_empty_index_is_saved_too(tmp_path: Path) -> None:
    Index().save(tmp_path)
    assert len(Index.load(tmp_path)) == 0
    index = Index()
    index.upsert([Item("a", "")])
    index.save(tmp_path)
    assert Index.load(tmp_path).versions() == {"a": ""}


def test_damage_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match=MANIFEST):
        Index.load(tmp_path)
    index, embedder = shop(), LetterEmbedder()
    embed(index, embedder, limit=3)
    index.save(tmp_path)
    assert any("vectors-" in file.name for file in tmp_path.iterdir())
    for file in sorted(tmp_path.iterdir()):
        whole = file.read_bytes()
        name = file.name.partition("-")[2] or file.name
        for broken in (whole[: len(whole) // 2], b"?" + whole[1:] if whole else b"?"):
            file.write_bytes(broken)
            with pytest.raises(IndexDamaged, match=name):
                Index.load(tmp_path)
        file.unlink()
        with pytest.raises(IndexDamaged, match=name):
            Index.load(tmp_path)
        file.write_bytes(whole)
    assert len(Index.load(tmp_path)) == len(SHOP)


def test_another_analyzer_or_embedder_is_outdated(tmp_path: Path) -> None:
    embedder = LetterEmbedder()
    index = shop(embedder)
    embed(index, embedder)
    index.save(tmp_path)
    with pytest.raises(IndexOutdated, match="letters"):
        Index.load(tmp_path, LetterEmbedder("others"))
    assert Index.load(tmp_path).search("backpack", vector=embedder.embed(["backpack"])[0]).dense
    manifest = tmp_path / MANIFEST
    manifest.write_text(manifest.read_text().replace("shop-en-", "shop-xx-"))
    with pytest.raises(IndexOutdated, match="shop-xx-"):
        Index.load(tmp_path)


def test_saving_leaves_only_what_the_last_two_manifests_name(tmp_path: Path) -> None:
    index = shop()
    named = []
    for number in range(4):
        index.upsert([Item("new", f"Zebra flask {number}")])
        index.save(tmp_path)
        files = json.loads((tmp_path / MANIFEST).read_bytes())["files"]
        named.append({entry["file"] for entry in files.values()})
    assert {file.name for file in tmp_path.iterdir()} == named[2] | named[3] | {MANIFEST}


def test_a_reader_opens_while_another_saves(tmp_path: Path) -> None:
    """Each save replaces most files. Loads begin again when a save has overtaken them."""
    index = Index()
    index.upsert(Item(f"p{number}", f"bag number{number}") for number in range(300))
    index.save(tmp_path)
    stop, loads = threading.Event(), 0

    def save() -> None:
        for number in itertools.count():
            if stop.is_set():
                return
            index.upsert([Item("p0", f"bag round{number}")])
            index.save(tmp_path)

    saver = threading.Thread(target=save)
    saver.start()
    try:
        until = time.monotonic() + 3
        while time.monotonic() < until:
            assert len(Index.load(tmp_path)) == 300
            loads += 1
    finally:
        stop.set()
        saver.join()
    assert loads > 10


def test_vectors_that_are_not_those_of_the_records_are_no_index(tmp_path: Path) -> None:
    """A manifest that was put together of two."""
    index, embedder = shop(), LetterEmbedder()
    embed(index, embedder, limit=3)
    index.save(tmp_path / "three")
    embed(index, embedder)
    index.save(tmp_path / "all")
    three, whole = (json.loads((tmp_path / name / MANIFEST).read_bytes()) for name in ("three", "all"))
    whole["files"]["records.jsonl"] = three["files"]["records.jsonl"]
    (tmp_path / "all" / MANIFEST).write_text(json.dumps(whole))
    for file in (tmp_path / "three").iterdir():
        if "records" in file.name:
            (tmp_path / "all" / file.name).write_bytes(file.read_bytes())
    with pytest.raises(IndexDamaged, match="not those of the records"):
        Index.load(tmp_path / "all")


def test_changed_after_a_save_and_saved_again_it_is_loaded_as_it_was(tmp_path: Path) -> None:
    """Vectors on disk that need no writing are those of the rows that there are, whichever came and went."""
    embedder = LetterEmbedder()
    index = shop(embedder)
    embed(index, embedder)
    for turn in range(4):
        index.save(tmp_path / str(turn % 2))
        index = Index.load(tmp_path / str(turn % 2), embedder) if turn == 2 else index
        index.upsert([Item(f"new-{turn}", f"Zebra flask {'x' * turn}"), Item("24-MB02", f"Fusion {turn}")])
        index.remove([f"new-{turn - 2}"])
        embed(index, embedder)
        index.save(tmp_path / str(turn % 2))
        loaded = Index.load(tmp_path / str(turn % 2), embedder)
        assert loaded.versions() == index.versions()
        assert loaded.pending(10) == []
        for query in ("zebra", "fusion", "something to carry"):
            assert loaded.search(query) == index.search(query)
