"""The texts of a catalog by their places: what stands where, and that nobody waits while texts are read."""

import threading
import time
from datetime import UTC, datetime, timedelta

from app.copywriting.text_index import PlacedText, PlacedTexts

_START = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = [
    "amber",
    "birch",
    "cedar",
    "dune",
    "ember",
    "fjord",
    "grove",
    "heath",
    "iris",
    "jade",
    "kelp",
    "larch",
    "moss",
    "north",
    "oak",
    "pine",
    "quartz",
    "reed",
]


def text_of(number: int, *, length: int = 40) -> str:
    """Words in an order that the number says."""
    return " ".join(WORDS[(number * 7 + place * (1 + number % 5)) % len(WORDS)] for place in range(length))


def placed(sku: str, words: str, *, version: int = 1) -> PlacedText:
    age = (_START + timedelta(seconds=version), sku, version)
    return PlacedText(f"place of {sku}", f"copy of {sku}", version, sku, "product", "en", age, words, ())


def found(texts: PlacedTexts, words: str) -> list[tuple[str, int]]:
    return [(one.sku, one.version) for one in texts.nearest(words, (), 3) if one.overlap > 0.9]


def test_the_newest_text_of_a_place_is_found() -> None:
    texts = PlacedTexts()
    texts.put([placed("a", "red oak stands tall near northern lakes", version=2)])
    assert found(texts, "red oak stands tall near northern lakes") == [("a", 2)]
    texts.put([placed("a", "grey pine grows slowly along quiet rivers", version=1)])
    assert found(texts, "grey pine grows slowly along quiet rivers") == []
    texts.put([placed("a", "blue fir smells fresh after heavy rain", version=3)])
    assert found(texts, "red oak stands tall near northern lakes") == []
    assert found(texts, "blue fir smells fresh after heavy rain") == [("a", 3)]


def test_what_a_product_no_longer_has_is_gone_and_may_come_back() -> None:
    words = "red oak stands tall near northern lakes"
    texts = PlacedTexts()
    texts.put([placed("a", words), placed("b", "blue fir smells fresh after heavy rain")])
    assert found(texts, words) == [("a", 1)]
    texts.set_product("a", ())
    assert found(texts, words) == []
    assert len(texts) == 1
    texts.set_product("a", [placed("a", words)])
    texts.set_product("b", ())
    assert found(texts, words) == [("a", 1)]


def test_a_writer_never_waits_for_texts_that_are_being_read() -> None:
    """Hundreds of long texts wait; one that is put in meanwhile is in at once, and found by the next question."""
    texts = PlacedTexts()
    texts.put([placed("warm", text_of(0))])
    texts.load()  # what is imported is imported
    texts.put(placed(f"p{number}", text_of(number, length=4_000)) for number in range(150))
    started = time.perf_counter()
    loader = threading.Thread(target=texts.load)
    loader.start()
    waits = []
    number = 0
    while loader.is_alive():
        number += 1
        before = time.perf_counter()
        texts.put([placed(f"late{number}", f"late text number {'x' * number} stands here alone")])
        texts.set_product(f"late{number - 1}", ())
        waits.append(time.perf_counter() - before)
        time.sleep(0.005)
    took = time.perf_counter() - started
    assert len(waits) > 5
    assert max(waits) < took / 3
    assert found(texts, f"late text number {'x' * number} stands here alone") == [(f"late{number}", 1)]
