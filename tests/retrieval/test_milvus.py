"""What the index in Milvus has to itself: its URL, its limits, and a server that is away. The rest is in tests/conformance."""

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.items import Item
from retrieval.milvus import IndexUnreachable, MilvusIndex, MilvusPlace, milvus_place
from tests.milvus_server import free_port, milvus_server, mute_server
from tests.searching import LETTERS, SHOP, keys

SECRET = "open-sesame-7"


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("milvus://localhost", MilvusPlace("http://localhost:19530")),
        ("milvus://vectors.example:9000/", MilvusPlace("http://vectors.example:9000")),
        ("milvus://h/shop?tls=true", MilvusPlace("https://h:19530", database="shop")),
        ("milvus://h?tls=no", MilvusPlace("http://h:19530")),
        ("milvus://[::1]:7", MilvusPlace("http://[::1]:7")),
        ("milvus://ada:p%40ss%3A%2F@h:1/a%20b", MilvusPlace("http://h:1", "ada", "p@ss:/", "a b")),
        ("milvus:///data/a%20shop.db", MilvusPlace("/data/a shop.db")),
    ],
)
def test_urls(url: str, place: MilvusPlace) -> None:
    assert milvus_place(url) == place


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:19530",
        "http://ada:open-sesame-7@h",
        "milvus://ada:open-sesame-7@h:port",
        "milvus://ada:open-sesame-7@h:99999999",
        "milvus://ada:open-sesame-7@[h",
        "milvus://:open-sesame-7@h",
        "milvus://ada:open-sesame-7@h?ssl=true",
        "milvus://ada:open-sesame-7@h?tls=perhaps",
        "milvus:///folder",
        "milvus://",
        "milvus://h:0x1",
    ],
)
def test_urls_that_are_none_are_refused_without_repeating_a_secret(url: str) -> None:
    with pytest.raises(ValueError, match=r"milvus|port") as caught:
        milvus_place(url)
    assert SECRET not in str(caught.value)


@given(st.text(max_size=60))
def test_any_url_is_read_or_refused(rest: str) -> None:
    try:
        place = milvus_place(f"milvus://{rest}")
    except ValueError:
        return
    assert place.uri


def test_a_place_does_not_show_its_password() -> None:
    assert SECRET not in repr(milvus_place(f"milvus://ada:{SECRET}@h"))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> MilvusPlace:
    return milvus_place(f"milvus://{tmp_path_factory.mktemp('milvus')}/own.db")


def test_what_milvus_cannot_hold_is_named(place: MilvusPlace) -> None:
    index = MilvusIndex(place, "limits", dimension=3, timeout_s=30)
    index.upsert([Item("k" * 1_024, "Kettle", version="v" * 128)])
    assert keys(index, "kettle") == ["k" * 1_024]
    with pytest.raises(ValueError, match="longer than the 1024 bytes"):
        index.upsert([Item("ä" * 513, "Kettle")])
    with pytest.raises(ValueError, match="a: its version is longer"):
        index.upsert([Item("a", "Kettle", version="v" * 129)])
    with pytest.raises(ValueError, match="vectors of 4 numbers in an index of 3"):
        index.set_vectors(index.pending(1), np.ones((1, 4), np.float32))
    assert len(index) == 1


def test_indexes_of_two_models_are_apart(place: MilvusPlace) -> None:
    first = MilvusIndex(place, "models", dimension=3, model="first", timeout_s=30)
    first.upsert(SHOP)
    second = MilvusIndex(place, "models", dimension=3, model="second", timeout_s=30)
    assert (len(first), len(second)) == (len(SHOP), 0)
    assert len(MilvusIndex(place, "models", dimension=3, model="first", timeout_s=30)) == len(SHOP)


def test_a_dropped_index_is_empty(place: MilvusPlace) -> None:
    index = MilvusIndex(place, "dropped", dimension=3, timeout_s=30)
    index.upsert(SHOP)
    index.drop()
    assert len(index) == 0


def test_nobody_listens() -> None:
    index = MilvusIndex(
        milvus_place(f"milvus://ada:{SECRET}@127.0.0.1:{free_port()}"), "away", dimension=3, timeout_s=1
    )
    started = time.monotonic()
    for work in (
        lambda: index.search("mug"),
        lambda: index.upsert(SHOP),
        lambda: index.remove(["a"]),
        index.versions,
        index.pending_count,
        lambda: index.pending(1),
        lambda: len(index),
        index.drop,
    ):
        with pytest.raises(IndexUnreachable, match=r"Milvus at http://127.0.0.1:\d+: ") as caught:
            work()
        assert SECRET not in str(caught.value)
        assert caught.value.__cause__ is None
    assert time.monotonic() - started < 8 * 1.5 + 5


def test_who_takes_the_call_and_says_nothing_is_away_too() -> None:
    with mute_server() as port:
        index = MilvusIndex(milvus_place(f"milvus://127.0.0.1:{port}"), "mute", dimension=3, timeout_s=1)
        started = time.monotonic()
        with pytest.raises(IndexUnreachable):
            index.search("mug")
        assert time.monotonic() - started < 5


def test_a_server_that_comes_back_is_found_again(tmp_path: Path) -> None:
    port = free_port()
    index = MilvusIndex(milvus_place(f"milvus://127.0.0.1:{port}"), "back", dimension=LETTERS, timeout_s=10)
    with milvus_server(tmp_path / "data", port):
        index.upsert(SHOP)
        assert keys(index, "sleeve") == ["SL-1"]
    with pytest.raises(IndexUnreachable):
        index.search("sleeve")
    with milvus_server(tmp_path / "data", port):
        assert keys(index, "sleeve") == ["SL-1"]
