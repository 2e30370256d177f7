"""What kind of thing a product is, from its title, its type column and its shelf."""

import pytest

from app.catalog.extraction.identity import type_of
from app.catalog.product import Product


def _type(title: str, shelf: str = "", **attributes: str) -> str | None:
    path = tuple(part for part in shelf.split(" > ") if part)
    found = type_of(Product("X", title, category=path, attributes=attributes), title)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("title", "noun"),
    [
        ("Trailhead 45 Backpack", "backpack"),
        ("iPhone 14 Case", "case"),
        ("Kensington MicroSaver notebook accessory", "notebook accessory"),
        ("Garden Hose Reel", "garden hose reel"),
        ("Oak Table Leg", "table leg"),
        ("Air Filter Replacement Kit", "air filter replacement kit"),
        ("Yoga Mat Strap", "yoga mat strap"),
        ("Case for iPhone 12", "case"),
        ("Ottoman & Storage Bench", "ottoman and storage bench"),
        ("Washer & Dryer", "washer and dryer"),
        ("Bread & Butter Plate", "bread and butter plate"),
        ("Cable Management Box", "box"),
        ("Cable Ties 100 pcs", "cable tie"),
        ("Pebble Stacking Rings", "stacking ring"),
        ("Whisk(e)y Tumbler", "tumbler"),
        ("RL1-0542 printer/scanner spare part Roller", "spare part"),
        ("Toner cartridge Original Black 1 pc(s)", "toner cartridge"),
    ],
)
def test_title(title: str, noun: str) -> None:
    assert _type(title) == noun


@pytest.mark.parametrize(
    ("title", "shelf", "noun"),
    [
        ("The Salt Roads", "Books > Fiction", "book"),
        ("The Glass Hotel: A Novel", "Media > Novels", "novel"),
        ("Harry and the Goblet", "Books > Fantasy", "book"),
        ("Gloomhaven", "Games > Board Games", "board game"),
        ("Sunday Roast Cookbook", "Books", "cookbook"),
        ("The Tale of Sand", "Video Games > Switch", "video game"),
        ("Oak Bookends", "Books > Bookends", "bookend"),
        ("Dreadnought Acoustic Guitar", "Music > Guitars", "acoustic guitar"),
    ],
)
def test_words_of_a_works_title_are_no_thing(title: str, shelf: str, noun: str) -> None:
    assert _type(title, shelf) == noun


def test_isbn_marks_a_book() -> None:
    assert _type("The Lamp at Noon", ISBN="9780000000000") == "book"


def test_title_makes_another_thing_of_the_type_column() -> None:
    assert _type("WetEx Keyboard cover", device_type="Keyboard") == "keyboard cover"
    assert _type("Stereo headset", product_type="Headphones") == "headphones"
    assert _type("Ottoman & Storage Bench", Type="Storage Bench") == "ottoman and storage bench"
