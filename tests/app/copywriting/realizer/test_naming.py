"""What the product is called."""

from collections.abc import Callable

import pytest

from app.copywriting.copy import Brief
from app.copywriting.realizer.naming import Naming, name_product
from app.copywriting.realizer.selection import select


@pytest.fixture
def naming(brief: Callable[..., Brief]) -> Callable[..., Naming]:
    def make(title: str, noun: str = "", *rows: tuple[object, ...]) -> Naming:
        kind = [("type", noun)] if noun else []
        made = brief(("title", title), *kind, *rows)
        return name_product(select(made), made.subject.title, made.subject.brand)

    return make


@pytest.mark.parametrize(
    ("title", "noun", "name", "short"),
    [
        ("Bruno Compete Hoodie", "hoodie", "the Bruno Compete Hoodie", "the Bruno Compete"),
        ("Joust Duffle Bag", "duffle bag", "the Joust Duffle Bag", "the Joust"),
        ("The Ordinary Serum", "serum", "The Ordinary Serum", "The Ordinary"),
        ("Pride and Prejudice", "book", "Pride and Prejudice", "Pride and Prejudice"),
        ("Galaxy S20", "phone", "the Galaxy S20", "the Galaxy S20"),
    ],
)
def test_proper_names(naming: Callable[..., Naming], title: str, noun: str, name: str, short: str) -> None:
    found = naming(title, noun)
    assert (found.is_name, found.name, found.short) == (True, name, short)


@pytest.mark.parametrize(
    ("title", "noun", "description"),
    [
        ("Mug, blue", "mug", "blue mug"),
        ("Blue Ceramic Mug", "mug", "blue ceramic mug"),
        ("Men's Black Leather Belt", "belt", "men's black leather belt"),
    ],
)
def test_titles_that_only_describe(
    naming: Callable[..., Naming], title: str, noun: str, description: str
) -> None:
    found = naming(title, noun)
    assert (found.is_name, found.description) == (False, description)


def test_a_shelf_label_is_no_name(naming: Callable[..., Naming]) -> None:
    found = naming("HP 250GB, SATA, 3.5 in, black | 2-pack", "hard drive", ("brand", "HP"))
    assert not found.is_name
    assert found.name == "this HP hard drive"


@pytest.mark.parametrize(
    ("title", "noun", "name"),
    [
        ("Logitech MX1000 mouse RF Wireless Laser", "mouse", "the Logitech MX1000 mouse"),
        ("KYOCERA Maintenance Kit MK-880A for FS-C8500DN", "kit", "the KYOCERA Maintenance Kit MK-880A"),
        ("HP 14 Ink Cartridge, black, 26 ml | 2-pack", "ink cartridge", "the HP 14 Ink Cartridge"),
    ],
)
def test_a_long_title_ends_with_what_it_names(
    naming: Callable[..., Naming], title: str, noun: str, name: str
) -> None:
    assert naming(title, noun).name == name


def test_plural_goods_are_they(naming: Callable[..., Naming]) -> None:
    found = naming("Sahara Leggings", "legging")
    assert (found.noun, found.number) == ("leggings", "plural")


def test_the_brand_is_told_only_where_the_title_does_not(naming: Callable[..., Naming]) -> None:
    assert naming("Sahara Leggings", "leggings", ("brand", "Luma")).brand == "Luma"
    assert naming("Luma Sahara Leggings", "leggings", ("brand", "Luma")).brand is None
