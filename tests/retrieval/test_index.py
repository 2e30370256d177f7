"""The embedded index from outside: codes, words, vectors, filters, updates, files."""

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval.embedding_values import Vectors
from retrieval.index import Index
from retrieval.index_files import MANIFEST, IndexDamaged, IndexOutdated
from retrieval.items import Item, Pending

SHOP = (
    Item(
        "24-MB02", "Fusion Backpack", "Luma", ("Gear", "Bags"), "backpack", "For laptops up to 15.6 inches.",
        codes=("00012345678905",), version="1",
    ),
    Item("24-MB03", "Crown Summit Backpack", "Luma", ("Gear", "Bags"), "backpack", version="1"),
    Item("24-UG06", "Affirm Water Bottle", "Luma", ("Gear", "Fitness"), "bottle", "Holds 0.5 l.", version="2"),
    Item("NB-1", "EliteBook 840", "Acme", ("Computers",), "notebook", 'A 15.6" notebook.', version="3"),
    Item("SL-1", "Laptop sleeve", "Acme", ("Gear", "Bagsy"), "sleeve", version="4"),
)  # fmt: skip


class LetterEmbedder:
    """A real, if simple, embedder: texts with the same letters are near each other."""

    def __init__(self, name: str = "letters", dimension: int = 26) -> None:
        self._name, self.dimension = name, dimension

    @property
    def id(self) -> str:
        return self._name

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.full((len(texts), self.dimension), 0.01, np.float32)
        for row, text in zip(rows, texts, strict=True):
            for letter in text.lower():
                if "a" <= letter <= "z":
                    row[(ord(letter) - ord("a")) % self.dimension] += 1
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def shop(embedder: LetterEmbedder | None = None) -> Index:
    index = Index(embedder)
    index.upsert(SHOP)
    return index


def embed(index: Index, embedder: LetterEmbedder, limit: int = 1_000) -> None:
    pending = index.pending(limit)
    index.set_vectors(pending, embedder.embed([one.text for one in pending]))


def keys(index: Index, query: str, **how: object) -> list[str]:
    return [hit.key for hit in index.search(query, **how).hits]  # type: ignore[arg-type]


# -- codes


@pytest.mark.parametrize(
    "query",
    [
        "24-MB02",
        "24-mb02",
        "24MB02",
        " 24 MB02 ",
        "00012345678905",
        "12345678905",
        "0 0012345-678905",
        "012345678905",
    ],
)
def test_a_code_finds_its_product_first(query: str) -> None:
    hit = shop().search(query).hits[0]
    assert (hit.key, hit.exact) == ("24-MB02", True)


def test_a_code_that_two_products_share_finds_both() -> None:
    index = shop()
    index.upsert([Item("twin", "Other", codes=("24-MB02",))])
    assert [(hit.key, hit.exact) for hit in index.search("24-MB02").hits][:2] == [
        ("24-MB02", True),
        ("twin", True),
    ]
    index.remove(["24-MB02"])
    assert keys(index, "24-MB02")[0] == "twin"


def test_a_code_that_was_taken_away_finds_no_more() -> None:
    index = shop()
    index.upsert([Item("24-MB02", "Fusion Backpack")])
    assert not any(hit.exact for hit in index.search("00012345678905").hits)


# -- words


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("water bottles", "24-UG06"),
        ("500ml bottle", "24-UG06"),
        ("MB03", "24-MB03"),
        ("elite book", "NB-1"),
        ("botle", "24-UG06"),
        ("acme notebook", "NB-1"),
        ("laptop", "SL-1"),
    ],
)
def test_words_find(query: str, first: str) -> None:
    result = shop().search(query)
    assert result.hits[0].key == first
    assert not result.dense
    assert result.hits[0].lexical_rank == 1
    assert result.hits[0].dense_rank is None


@pytest.mark.parametrize("query", ["", "   ", "😀", "!?", "\x00\x01", "zzzzqqq"])
def test_queries_that_find_nothing(query: str) -> None:
    assert shop().search(query).hits == ()


@pytest.mark.parametrize(
    "query", ["x" * 10_000, "backpack " * 1_200, "the and of", "\ud800 backpack", "a" * 5_000 + " b"]
)
def test_strange_queries_are_answered(query: str) -> None:
    shop().search(query)


def test_stop_words_alone_are_searched_as_words() -> None:
    index = Index()
    index.upsert([Item("a", "The Who on vinyl"), Item("b", "Vinyl")])
    assert keys(index, "the") == ["a"]


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused(limit: int) -> None:
    with pytest.raises(ValueError, match=f"limit: {limit}"):
        shop().search("backpack", limit=limit)


def test_limit() -> None:
    assert len(shop().search("backpack", limit=1).hits) == 1


# -- filters


def test_filter_by_the_beginning_of_the_category_path() -> None:
    index = shop()
    assert set(keys(index, "luma acme", category=("gear",))) == {"24-MB02", "24-MB03", "24-UG06", "SL-1"}
    assert set(keys(index, "luma acme", category=("Gear", "Bags"))) == {"24-MB02", "24-MB03"}
    assert keys(index, "backpack", category=("Bags",)) == []
    assert keys(index, "24-MB02", category=("Computers",)) == []


def test_filter_by_brand() -> None:
    index = shop()
    assert keys(index, "sleeve backpack", brand="ACME") == ["SL-1"]
    assert keys(index, "backpack", brand="Nobody") == []
    assert keys(index, "backpack luma", brand="luma", category=("Gear", "Fitness")) == ["24-UG06"]


def test_a_filter_sees_what_changed() -> None:
    index = shop()
    assert keys(index, "flask", brand="Luma") == []
    index.upsert([Item("new", "Flask", "Luma", ("Gear",))])
    assert keys(index, "flask", brand="Luma") == ["new"]
    index.upsert([Item("new", "Flask", "Acme", ("Gear",))])
    assert keys(index, "flask", brand="Luma") == []
    index.remove(["new"])
    assert keys(index, "flask", brand="Acme") == []


def test_filters_hold_for_vectors_too() -> None:
    embedder = LetterEmbedder()
    index = shop(embedder)
    embed(index, embedder)
    result = index.search("backpack", brand="acme")
    assert result.dense
    assert {hit.key for hit in result.hits} == {"NB-1", "SL-1"}


# -- vectors


def test_vectors_take_part_as_soon_as_there_are_some() -> None:
    embedder = LetterEmbedder()
    index = shop(embedder)
    assert index.pending_count() == len(SHOP)
    assert not index.search("backpack").dense
    embed(index, embedder, limit=2)
    assert index.pending_count() == len(SHOP) - 2
    assert index.search("backpack").dense
    embed(index, embedder)
    assert index.pending(10) == []
    hits = index.search("backpack").hits
    assert all(hit.dense_rank is not None for hit in hits)
    assert len(hits) == len(SHOP)


def test_the_caller_may_give_the_query_its_vector() -> None:
    embedder = LetterEmbedder()
    index = shop()
    embed(index, embedder)
    assert not index.search("xylophon").dense
    result = index.search("xylophon", vector=embedder.embed(["Affirm Water Bottle"])[0])
    assert result.hits[0].key == "24-UG06"
    assert result.hits[0].lexical_rank is None


def test_a_vector_for_a_text_that_changed_meanwhile_is_passed_over() -> None:
    embedder = LetterEmbedder()
    index = shop()
    pending = index.pending(10)
    index.upsert([Item("SL-1", "Notebook sleeve, red")])
    index.remove(["NB-1"])
    index.set_vectors(pending, embedder.embed([one.text for one in pending]))
    assert [one.key for one in index.pending(10)] == ["SL-1"]
    assert index.pending(10)[0].text.startswith("Notebook sleeve, red")


def test_an_update_that_leaves_the_text_keeps_its_vector() -> None:
    embedder = LetterEmbedder()
    index = shop()
    embed(index, embedder)
    index.upsert(
        [Item("NB-1", "EliteBook 840", "Acme", ("Computers",), "notebook", 'A 15.6" notebook.', version="9")]
    )
    assert index.pending(10) == []
    assert index.versions()["NB-1"] == "9"
    assert index.search("notebook", vector=embedder.embed(["notebook"])[0]).hits[0].dense_rank is not None


def test_rows_must_fit() -> None:
    index = shop()
    with pytest.raises(ValueError, match="2 texts but 1 vectors"):
        index.set_vectors(index.pending(2), np.ones((1, 4), np.float32))
    index.set_vectors([Pending("unknown", "", "")], np.ones((1, 4), np.float32))
    assert index.pending_count() == len(SHOP)


# -- updates


def test_update_and_removal_are_found_at_once() -> None:
    index = shop()
    index.upsert([Item("24-UG06", "Zebra flask", version="5")])
    assert keys(index, "zebra") == ["24-UG06"]
    assert "24-UG06" not in keys(index, "affirm water")
    index.remove(["24-UG06", "unknown"])
    assert keys(index, "zebra") == []
    assert len(index) == len(SHOP) - 1
    assert set(index.versions()) == {item.key for item in SHOP} - {"24-UG06"}


def test_many_updates_are_swept_and_stay_right() -> None:
    index = Index()
    for round_ in range(6):
        index.upsert(Item(f"p{number}", f"bag number{number} round{round_}") for number in range(400))
    index.remove(f"p{number}" for number in range(0, 400, 2))
    assert len(index) == 200
    assert keys(index, "number7") == ["p7"]
    assert keys(index, "round4") == []
    assert len(keys(index, "round5", limit=500)) == 200


def test_readers_and_a_writer_at_once() -> None:
    embedder = LetterEmbedder()
    index = shop()
    embed(index, embedder)
    failed: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        vector = embedder.embed(["backpack"])[0]
        try:
            while not done.is_set():
                found = index.search("crown summit", vector=vector, category=("Gear",)).hits
                assert found[0].key == "24-MB03"
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test tells
            failed.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for round_ in range(30):
        index.upsert(Item(f"p{n}", f"pot {n} {round_}", category=("Gear",)) for n in range(100))
        embed(index, embedder)
        index.remove(f"p{n}" for n in range(50))
    done.set()
    for reader in readers:
        reader.join()
    assert failed == []


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
    shop().save(tmp_path)
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


def test_saving_leaves_only_what_the_manifest_names(tmp_path: Path) -> None:
    index = shop()
    index.save(tmp_path)
    before = {file.name for file in tmp_path.iterdir()}
    index.upsert([Item("new", "Zebra flask")])
    index.save(tmp_path)
    after = {file.name for file in tmp_path.iterdir()}
    assert len(after) == len(before)
    assert after != before
