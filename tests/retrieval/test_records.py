"""Records by key, code and filter, and their slots numbered anew while others read."""

import time

from retrieval.items import Item
from retrieval.records import Records, record_of


def records(count: int) -> Records:
    made = Records()
    for slot in range(count):
        item = Item(
            f"p{slot}", f"Bag {slot}", f"brand{slot % 3}", ("Gear", f"c{slot % 2}"), codes=(f"X-{slot}",)
        )
        made.add(record_of(item), slot)
    return made


def sweep(all_of_them: Records) -> None:
    all_of_them.swap(all_of_them.swept())
    all_of_them.renumber()


def test_what_was_taken_out_passes_no_filter_and_leaves_its_slot() -> None:
    made = records(12)
    for key in ("p0", "p4", "p11"):
        assert made.remove(key)
    assert made.remove("p0") is None
    for swept in (False, True):
        if swept:
            sweep(made)
        assert len(made) == 9
        for category, brand, wanted in (
            (None, "Brand0", {"p3", "p6", "p9"}),
            (("gear", "c0"), None, {"p2", "p6", "p8", "p10"}),
            (("Gear",), "brand1", {"p1", "p7", "p10"}),
            (None, "nobody", set()),
            (("Garden",), None, set()),
        ):
            passing = made.passing(category, brand)
            assert passing is not None
            assert passing.keys == wanted
            assert {made.at(int(slot)).key for slot in passing.mask.nonzero()[0]} == wanted
        assert made.with_code("x5")[0].key == "p5"
        assert made.with_code("x4") == []
    assert [made.at(slot).slot for slot in range(9)] == list(range(9))
    assert made.remove("p10")
    made.add(record_of(Item("new", "Bag", "brand0")), 9)
    assert made.at(9).key == "new"


def test_readers_see_the_old_slots_until_they_are_swapped_in_one_moment() -> None:
    made = records(30_000)
    for number in range(0, 30_000, 2):
        made.remove(f"p{number}")
    started = time.thread_time()
    swept = made.swept()
    aside = time.thread_time() - started
    assert made.at(29_999).key == "p29999"
    started = time.thread_time()
    made.swap(swept)
    in_the_way = time.thread_time() - started
    made.renumber()
    assert made.at(14_999).key == "p29999"
    assert in_the_way < aside / 2
