"""What every search index promises: the embedded one, and the one in Milvus (here its edition in process)."""

import threading
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

from retrieval.index import Index
from retrieval.items import Item, Pending
from retrieval.milvus import MilvusIndex, MilvusPlace, milvus_place
from tests.searching import LETTERS, SHOP, AnyIndex, LetterEmbedder, embed, keys

New = Callable[..., AnyIndex]


@pytest.fixture(scope="module")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> MilvusPlace:
    """A server for all tests: its start takes seconds."""
    return milvus_place(f"milvus://{tmp_path_factory.mktemp('milvus')}/suite.db")


@pytest.fixture(params=["embedded", "milvus"])
def new(request: pytest.FixtureRequest) -> Iterator[New]:
    """Makes an index of these items; in Milvus they are those of one collection, which is emptied in between."""
    if request.param == "embedded":

        def in_memory(items: Sequence[Item] = (), embedder: LetterEmbedder | None = None) -> AnyIndex:
            index = Index(embedder)
            index.upsert(items)
            return index

        yield in_memory
        return
    place = request.getfixturevalue("milvus")
    opened: list[MilvusIndex] = []

    def on_server(items: Sequence[Item] = (), embedder: LetterEmbedder | None = None) -> AnyIndex:
        index = MilvusIndex(place, "suite", dimension=LETTERS, embedder=embedder, timeout_s=30)
        opened.append(index)
        index.remove(index.versions())
        index.upsert(items)
        return index

    yield on_server
    for index in opened:
        index.close()


# -- what may go in


@pytest.mark.parametrize("key", ["", " "])
def test_an_item_without_a_key_is_refused(new: New, key: str) -> None:
    index = new(SHOP)
    with pytest.raises(ValueError, match="'Nameless' has none"):
        index.upsert([Item(key, "Nameless")])
    assert index.versions().keys() == {item.key for item in SHOP}


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
def test_a_code_finds_its_product_first(new: New, query: str) -> None:
    hit = new(SHOP).search(query).hits[0]
    assert (hit.key, hit.exact) == ("24-MB02", True)


def test_a_code_that_two_products_share_finds_both(new: New) -> None:
    index = new(SHOP)
    index.upsert([Item("twin", "Other", codes=("24-MB02",))])
    assert [(hit.key, hit.exact) for hit in index.search("24-MB02").hits][:2] == [
        ("24-MB02", True),
        ("twin", True),
    ]
    index.remove(["24-MB02"])
    assert keys(index, "24-MB02")[0] == "twin"


def test_a_code_that_was_taken_away_finds_no_more(new: New) -> None:
    index = new(SHOP)
    index.upsert([Item("24-MB02", "Fusion Backpack")])
    assert not any(hit.exact for hit in index.search("00012345678905").hits)


def test_an_item_of_a_number_alone_is_found_by_it(new: New) -> None:
    assert keys(new([Item("4711", "")]), "4711") == ["4711"]


# -- words


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("water bottles", "24-UG06"),
        ("500ml bottle", "24-UG06"),
        ("MB03", "24-MB03"),
        ("elite book", "NB-1"),
        ("acme notebook", "NB-1"),
        ("laptop", "SL-1"),
    ],
)
def test_words_find(new: New, query: str, first: str) -> None:
    result = new(SHOP).search(query)
    assert result.hits[0].key == first
    assert not result.dense
    assert result.hits[0].lexical_rank == 1
    assert result.hits[0].dense_rank is None


def test_scores_fall_and_ranks_rise(new: New) -> None:
    hits = new(SHOP).search("luma backpack crown").hits
    assert [hit.lexical_rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert [hit.key for hit in hits][:2] == ["24-MB03", "24-MB02"]
    assert hits[0].title == "Crown Summit Backpack"


def test_who_has_all_words_goes_before_who_has_one_often(new: New) -> None:
    index = new(
        [
            Item("often", "Lamp lamp lamp lamp", description="lamp " * 10),
            Item(
                "both", "Lamp", description="A long text of some words, and somewhere in it something of oak."
            ),
            *(Item(f"p{n}", f"Oak shelf {n}") for n in range(8)),
        ]
    )
    assert keys(index, "oak lamp")[0] == "both"


@pytest.mark.parametrize("query", ["", "   ", "😀", "!?", "\x00\x01", "zzzzqqq"])
def test_queries_that_find_nothing(new: New, query: str) -> None:
    assert new(SHOP).search(query).hits == ()


@pytest.mark.parametrize(
    "query",
    [
        "x" * 10_000,
        "backpack " * 1_200,
        "the and of",
        "\ud800 backpack",
        "a" * 5_000 + " b",
        '" or key != "',
        "back\\pack 'quoted' \"twice\"",
        "ß Straße ﬁ 日本語 кириллица",
    ],
)
def test_strange_queries_are_answered(new: New, query: str) -> None:
    new(SHOP).search(query, brand=query, category=(query,))
    new(SHOP).search(query)


def test_stop_words_alone_are_searched_as_words(new: New) -> None:
    assert keys(new([Item("a", "The Who on vinyl"), Item("b", "Vinyl")]), "the") == ["a"]


def test_words_of_other_scripts_find(new: New) -> None:
    index = new([Item("a", "Чайник красный"), Item("b", "Crème brûlée set"), Item("c", "急須")])
    assert keys(index, "чайник") == ["a"]
    assert keys(index, "creme brulee") == ["b"]
    assert keys(index, "急須") == ["c"]


def test_a_long_item_is_found_by_its_first_words(new: New) -> None:
    words = " ".join(f"word{number}x" for number in range(12_000))
    index = new([Item("long", "Encyclopedia", description=words, codes=tuple(f"C{n}" for n in range(300)))])
    assert keys(index, "encyclopedia") == ["long"]
    assert keys(index, "word17x") == ["long"]
    assert index.search("C299").hits[0].exact


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused(new: New, limit: int) -> None:
    with pytest.raises(ValueError, match=f"limit: {limit}"):
        new(SHOP).search("backpack", limit=limit)


def test_limit(new: New) -> None:
    assert len(new(SHOP).search("backpack", limit=1).hits) == 1


# -- filters


def test_filter_by_the_beginning_of_the_category_path(new: New) -> None:
    index = new(SHOP)
    assert set(keys(index, "luma acme", category=("gear",))) == {"24-MB02", "24-MB03", "24-UG06", "SL-1"}
    assert set(keys(index, "luma acme", category=("Gear", "Bags"))) == {"24-MB02", "24-MB03"}
    assert keys(index, "backpack", category=("Bags",)) == []
    assert keys(index, "24-MB02", category=("Computers",)) == []


def test_filter_by_brand(new: New) -> None:
    index = new(SHOP)
    assert keys(index, "sleeve backpack", brand="ACME") == ["SL-1"]
    assert keys(index, "backpack", brand="Nobody") == []
    assert keys(index, "backpack luma", brand="luma", category=("Gear", "Fitness")) == ["24-UG06"]


def test_a_filter_sees_what_changed(new: New) -> None:
    index = new(SHOP)
    assert keys(index, "flask", brand="Luma") == []
    index.upsert([Item("new", "Flask", "Luma", ("Gear",))])
    assert keys(index, "flask", brand="Luma") == ["new"]
    index.upsert([Item("new", "Flask", "Acme", ("Gear",))])
    assert keys(index, "flask", brand="Luma") == []
    index.remove(["new"])
    assert keys(index, "flask", brand="Acme") == []


def test_filters_hold_for_vectors_too(new: New) -> None:
    embedder = LetterEmbedder()
    index = new(SHOP, embedder)
    embed(index, embedder)
    result = index.search("backpack", brand="acme")
    assert result.dense
    assert {hit.key for hit in result.hits} == {"NB-1", "SL-1"}


# -- vectors


def test_vectors_take_part_as_soon_as_there_are_some(new: New) -> None:
    embedder = LetterEmbedder()
    index = new(SHOP, embedder)
    assert index.pending_count() == len(SHOP)
    assert not index.search("backpack").dense
    embed(index, embedder, limit=2)
    assert index.pending_count() == len(SHOP) - 2
    assert index.search("backpack").dense
    embed(index, embedder)
    assert index.pending(10) == []
    hits = index.search("backpack").hits
    assert sorted(hit.dense_rank or 0 for hit in hits) == list(range(1, len(SHOP) + 1))


def test_the_caller_may_give_the_query_its_vector(new: New) -> None:
    embedder = LetterEmbedder()
    index = new(SHOP)
    embed(index, embedder)
    assert not index.search("xylophon").dense
    result = index.search("xylophon", vector=embedder.embed(["Affirm Water Bottle"])[0])
    assert result.hits[0].key == "24-UG06"
    assert result.hits[0].lexical_rank is None
    assert result.hits[0].dense_rank == 1


def test_a_vector_for_a_text_that_changed_meanwhile_is_passed_over(new: New) -> None:
    embedder = LetterEmbedder()
    index = new(SHOP)
    pending = index.pending(10)
    index.upsert([Item("SL-1", "Notebook sleeve, red")])
    index.remove(["NB-1"])
    index.set_vectors(pending, embedder.embed([one.text for one in pending]))
    assert [one.key for one in index.pending(10)] == ["SL-1"]
    assert index.pending(10)[0].text.startswith("Notebook sleeve, red")


def test_an_update_that_leaves_the_text_keeps_its_vector(new: New) -> None:
    embedder = LetterEmbedder()
    index = new(SHOP)
    embed(index, embedder)
    index.upsert(
        [Item("NB-1", "EliteBook 840", "Acme", ("Computers",), "notebook", 'A 15.6" notebook.', version="9")]
    )
    assert index.pending(10) == []
    assert index.versions()["NB-1"] == "9"
    assert index.search("notebook", vector=embedder.embed(["notebook"])[0]).hits[0].dense_rank is not None


def test_an_update_of_what_has_no_vector_yet_keeps_it_waiting(new: New) -> None:
    embedder = LetterEmbedder()
    index = new(SHOP)
    embed(index, embedder, limit=2)
    index.upsert(SHOP)
    assert index.pending_count() == len(SHOP) - 2
    assert len(index.search("luma acme", vector=embedder.embed(["luma"])[0]).hits) == len(SHOP)
    embed(index, embedder)
    assert index.pending_count() == 0


def test_an_update_that_changes_the_text_lets_the_vector_go(new: New) -> None:
    embedder = LetterEmbedder()
    index = new(SHOP)
    embed(index, embedder)
    index.upsert([Item("NB-1", "EliteBook 850", "Acme")])
    assert [one.key for one in index.pending(10)] == ["NB-1"]
    found = index.search("elitebook", vector=embedder.embed(["elitebook"])[0])
    assert {hit.key: hit.dense_rank for hit in found.hits}["NB-1"] is None


def test_an_item_keeps_its_words_when_it_gets_its_vector(new: New) -> None:
    embedder = LetterEmbedder()
    index = new(SHOP)
    before = [hit.score for hit in index.search("luma backpack crown").hits]
    embed(index, embedder)
    assert [hit.score for hit in index.search("luma backpack crown").hits] == pytest.approx(before)
    assert index.search("00012345678905", brand="luma", category=("gear",)).hits[0].exact


def test_rows_must_fit(new: New) -> None:
    index = new(SHOP)
    with pytest.raises(ValueError, match="2 texts but 1 vectors"):
        index.set_vectors(index.pending(2), np.ones((1, LETTERS), np.float32))
    index.set_vectors([Pending("unknown", "", "")], np.ones((1, LETTERS), np.float32))
    assert index.pending_count() == len(SHOP)


# -- updates


def test_update_and_removal_are_found_at_once(new: New) -> None:
    index = new(SHOP)
    index.upsert([Item("24-UG06", "Zebra flask", version="5")])
    assert keys(index, "zebra") == ["24-UG06"]
    assert "24-UG06" not in keys(index, "affirm water")
    index.remove(["24-UG06", "unknown"])
    assert keys(index, "zebra") == []
    assert len(index) == len(SHOP) - 1
    assert set(index.versions()) == {item.key for item in SHOP} - {"24-UG06"}


def test_the_last_of_two_items_with_one_key_holds(new: New) -> None:
    index = new([Item("a", "Kettle", version="1"), Item("a", "Toaster", version="2")])
    assert index.versions() == {"a": "2"}
    assert keys(index, "kettle") == []
    assert keys(index, "toaster") == ["a"]


def test_nothing_put_in_and_nothing_taken_out_changes_nothing(new: New) -> None:
    index = new(SHOP)
    index.upsert([])
    index.remove([])
    index.set_vectors([], np.zeros((0, LETTERS), np.float32))
    assert len(index) == len(SHOP)


def test_more_items_than_one_call_takes(new: New) -> None:
    index = new(
        [Item(f"p{number:04}", f"Bag number{number}", version=str(number)) for number in range(1_200)]
    )
    assert len(index) == 1_200
    assert index.versions() == {f"p{number:04}": str(number) for number in range(1_200)}
    assert keys(index, "number777") == ["p0777"]
    assert len(keys(index, "bag", limit=70)) == 70
    index.remove([f"p{number:04}" for number in range(0, 1_200, 2)])
    assert len(index) == 600


def test_readers_and_a_writer_at_once(new: New) -> None:
    embedder = LetterEmbedder()
    index = new(SHOP)
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
    for round_ in range(8):
        index.upsert([Item(f"p{n}", f"pot {n} {round_}", category=("Gear",)) for n in range(40)])
        embed(index, embedder)
        index.remove([f"p{n}" for n in range(20)])
    done.set()
    for reader in readers:
        reader.join()
    assert failed == []
    assert len(index) == len(SHOP) + 20
