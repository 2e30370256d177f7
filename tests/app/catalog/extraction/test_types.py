"""What kind of thing a product is, from its title, its type column and its shelf."""

import pytest

from app.catalog.extraction.identity import type_of
from app.catalog.facts import facts_of
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


@pytest.mark.parametrize(
    "title",
    ["Chicken Drumsticks", "Drum-sticks", "Drum\u00adsticks", "Chicken Drum Sticks", "Fish Sticks", "Free-Range Turkey", "Cheese Puffs"],
)  # fmt: skip
def test_a_noun_inside_another_word_or_before_another_noun_is_no_type(title: str) -> None:
    assert _type(title) is None


@pytest.mark.parametrize(
    ("title", "noun"),
    [
        ("Blue Drums", "drum"),
        ("Handknit Scarves", "scarf"),
        ("Paring Knives", "paring knife"),
        ("Crew-neck T-Shirt", "t-shirt"),
        ("Two-drawer Nightstand", "nightstand"),
        ("Duo-Lamp", "lamp"),
        ("Aria All-in-One Printer", "all-in-one printer"),
        ("Aria Mini-HDMI Cable, black", "hdmi cable"),
        ("80-pin Adapter", "adapter"),
        ("Women's Jacket Adults", "jacket"),
    ],
)
def test_plurals_and_compounds(title: str, noun: str) -> None:
    assert _type(title) == noun


@pytest.mark.parametrize(
    ("title", "column", "value", "noun"),
    [
        ("Free-Range Chicken Drum Sticks", "Type", "Poultry", "poultry"),
        ("Golden Ring Doughnuts", "product_type", "Doughnuts", "doughnut"),
        ("Panda Ball Collector Edition", "Product Type", "Collectible figures", "collectible figure"),
        ("CineMax DVD 500", "device_type", "DVD recorder", "dvd recorder"),
        ("Oak Table", "type", "Bench", "bench"),
        ("Sun Bottle", "product_type", "Drinkware", "bottle"),
        ("Sun Bottle", "Type", "Original", "bottle"),
        ("Sun Bottle", "Type", "AAA", "bottle"),
        ("Sun Bottle", "product_type", "Home & Garden", "bottle"),
        ("Sun Bottle", "product_type", "simple", "bottle"),
        ("Steel Bottle", "type", "Quartz", "bottle"),
        ("Lamp Switch Pro", "device_type", "Flight sim", "switch"),
        ("Extended Service", "type", "On-site", None),
    ],
)
def test_a_type_column_wins_unless_it_is_clearly_no_type(
    title: str, column: str, value: str, noun: str | None
) -> None:
    assert _type(title, **{column: value}) == noun


def test_a_brand_inside_a_word_is_no_brand() -> None:
    product = Product("X", "Handbag Rosa", brand="Hand")
    found = type_of(product, product.title)
    assert found is not None
    assert found[0] == "handbag"


def test_a_column_that_gives_the_type_is_no_second_fact() -> None:
    facts = facts_of(Product("X", "Chicken Drumsticks", attributes={"Type": "Poultry"})).facts
    assert [(fact.name, fact.value, fact.source) for fact in facts][1:] == [
        ("type", "poultry", "attribute:Type")
    ]
