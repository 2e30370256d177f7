"""What most peers have: who the peers are, and what counts as a gap."""

import pytest

from app.catalog.attestation.gaps import GapCounter, order_of
from app.catalog.codec import encode_facts
from app.errors import Invalid
from tests.builders import a_fact

TOPS = "Clothing > Tops"


def stored(sku: str, *names: str, category: str = TOPS, kind: str | None = "tee") -> tuple[str, str, str]:
    facts = [a_fact("F1", "type", kind)] if kind else []
    facts += [a_fact(f"F{n}", name, "x") for n, name in enumerate(names, 2)]
    return sku, category, encode_facts(facts)


def gaps_of(rows: list[tuple[str, str, str]], share: float = 0.6):
    counter = GapCounter()
    counter.add(rows)
    return counter.gaps(share)


def test_what_most_tees_have_the_others_lack() -> None:
    rows = [stored(f"T-{n}", "material", "fit") for n in range(7)] + [stored("T-8", "fit"), stored("T-9")]
    found = {gap.name: gap for gap in gaps_of(rows)}
    assert found.keys() == {"material", "fit"}
    material = found["material"]
    assert (material.category, material.type, material.kind) == (TOPS, "tee", "material")
    assert (material.having, material.lacking, material.products) == (7, 2, 9)
    assert (material.share_with, material.share_without) == (7 / 9, 2 / 9)
    assert material.examples == ("T-8", "T-9")
    assert [gap.name for gap in gaps_of(rows)] == ["material", "fit"]


def test_what_less_than_the_share_have_nobody_should_have() -> None:
    rows = [stored(f"T-{n}", *(["pockets"] if n < 5 else [])) for n in range(10)]
    assert gaps_of(rows) == ()
    assert [gap.name for gap in gaps_of(rows, 0.5)] == ["pockets"]


def test_peers_are_of_one_category_and_one_type() -> None:
    tees = [stored(f"T-{n}", "material") for n in range(6)]
    bags = [stored(f"B-{n}", "capacity", kind="bag") for n in range(6)]
    elsewhere = [stored(f"E-{n}", category="Clothing") for n in range(6)]
    assert gaps_of([*tees, *bags, *elsewhere]) == ()


def test_types_of_few_products_are_peers_of_one_another() -> None:
    rows = [stored(f"X-{n}", "material", kind=f"thing {n}") for n in range(5)] + [stored("X-9", kind=None)]
    by_name = {gap.name: gap for gap in gaps_of(rows)}
    assert by_name["material"].type is None
    assert by_name["material"].examples == ("X-9",)
    assert by_name["type"].lacking == 1


def test_few_products_say_nothing() -> None:
    assert gaps_of([stored(f"T-{n}", "material") for n in range(3)] + [stored("T-9")]) == ()


def test_what_comes_and_goes_or_is_prose_is_not_lacked() -> None:
    rows = [stored(f"T-{n}", "price", "description", "pallet_weight") for n in range(9)] + [stored("T-9")]
    assert gaps_of(rows) == ()


def test_ten_examples_in_order_whatever_the_pages() -> None:
    counter = GapCounter()
    counter.add([stored(f"T-{n:02}", "material") for n in range(40)])
    counter.add([stored(f"T-{n:02}") for n in range(60, 50, -1)])
    counter.add([stored(f"T-{n:02}", "fit") for n in range(41, 50)])
    (gap,) = [gap for gap in counter.gaps() if gap.name == "material"]
    assert gap.lacking == 19
    assert gap.examples == tuple(f"T-{n:02}" for n in [*range(41, 50), 51])


def test_a_key_gives_its_order_back_and_others_are_refused() -> None:
    (gap,) = gaps_of([stored(f"T-{n}", "material") for n in range(9)] + [stored("T-9")])
    assert order_of(gap.key) == gap.order
    for key in ("", "x", "[]", '"a"', "[1,2,3,4]", '["a","b","c","d","e"]', "null"):
        with pytest.raises(Invalid):
            order_of(key)
