"""Descriptions: list items become details of their families, prose gives named features, talk stays talk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalog.extraction.claims import claims_in
from app.catalog.extraction.conflicts import colors_in
from app.catalog.extraction.features import features_in
from app.catalog.extraction.fragments import details_in
from app.catalog.extraction.markup import pieces
from app.catalog.extraction.materials import composition, contradict


@pytest.mark.parametrize(
    ("text", "name", "value", "unit"),
    [
        ("Kangaroo pocket.", "feature", "Kangaroo pocket", None),
        ("Machine wash/dry.", "care", "Machine wash and dry", None),
        ("Machine wash cold, tumble dry low", "care", ("Machine wash cold", "tumble dry low"), None),
        ("Ribbed cuffs/waistband", "feature", "Ribbed cuffs and waistband", None),
        ("76% premium brushed Nylon / 24% Spandex", "material", ("76% premium brushed Nylon", "24% Spandex"), None),
        ("62% cotton/34% nylon/4% spandex.", "material", ("62% cotton", "34% nylon", "4% spandex"), None),
        ("Made of plastic.", "material", "plastic", None),
        ("Cover: 60% linen, 40% cotton", "cover_material", ("60% linen", "40% cotton"), None),
        ("4'' inseam", "inseam", "4", "in"),
        ('Inseam: 32".', "inseam", "32", "in"),
        ('L 29" x W 13" x H 11".', "dimensions", "29 × 13 × 11", "in"),
        ('Strap fits 7" to 10".', "strap_fit", "7–10", "in"),
        ("Water resistant (100 meters).", "water_resistance", "100", "m"),
        ("15 lbs.", "weight", "15", "lb"),
        ("20-hour battery life", "battery_life", "20", "h"),
        ("15.6-inch display", "screen_size", "15.6", "in"),
        ("Relaxed fit.", "fit", "Relaxed", None),
        ("Semi-fitted", "fit", "Semi-fitted", None),
        ("Full-length zipper", "closure", "Full-length zipper", None),
        ("Crew neckline.", "neckline", "crew neck", None),
        ("Includes carry case and 3.5 mm cable", "package_content", "carry case and 3.5 mm cable", None),
        ("Mesh carry bag included.", "package_content", "Mesh carry bag", None),
        ("Ages 3+", "age", "3+", None),
        ("Made in Portugal", "origin", "Portugal", None),
        ("Mesh liner for breathability.", "feature", "Mesh liner", None),
    ],
)  # fmt: skip
def test_list_items_find_their_family(
    text: str, name: str, value: str | tuple[str, ...], unit: str | None
) -> None:
    assert [(d.name, d.value, d.unit) for d in details_in(text)] == [(name, value, unit)]


@pytest.mark.parametrize(
    "text",
    ["Hem cinches at the side seam.", "It can't be beat.", "Superior performance fabric.", "You'll love it!", "Cute, too.", "A yoga essential.", "Epson Stylus Pro 7900", "Ten color choices", "Model is 6'1\" and wears M", "Straps sold separately", "", "...", "Survival gear sold separately."],
)  # fmt: skip
def test_clauses_talk_and_names_are_no_details(text: str) -> None:
    assert details_in(text) == ()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("The hoodie's water-repellent exterior shields you.", ["water-repellent exterior"]),
        ("Advanced fabric inside wicks moisture to keep you dry.", ["moisture-wicking"]),
        (
            "Ultra-lightweight, ultra-breathable fabric.",
            ["Ultra-lightweight fabric", "ultra-breathable fabric"],
        ),
        ("A removable and washable cover.", ["removable cover", "washable cover"]),
        ("The shell is windproof and water-repellent.", ["windproof shell", "water-repellent shell"]),
        ("Cover removable and washable at 30 degrees.", ["removable cover", "washable cover"]),
        ("It is not waterproof.", []),
        ("A non-waterproof shell without reflective trim.", []),
        ("It ships in a padded envelope.", []),
        ("Pairs well with our waterproof jacket; it goes with everything and pairs with jeans.", []),
        (
            "Fragrance-free, rechargeable and noise-cancelling.",
            ["Fragrance-free", "rechargeable", "noise-cancelling"],
        ),
        ("They stretch to fit.", []),
    ],
)
def test_features_in_prose(text: str, values: list[str]) -> None:
    assert [feature.value for feature in features_in(text, frozenset({"hoodie", "fabric"}))] == values


def test_markup_is_parted_into_items_and_sentences() -> None:
    text = "<p>Warm. Light.</p><ul><li>One pocket<li>Two zips.</ul><p>Full zip.<br>Stand-up collar.</p><script>x</script>"
    assert [(p.text, p.listed) for p in pieces(text)] == [
        ("Warm.", False), ("Light.", False), ("One pocket", True), ("Two zips.", True), ("Full zip.", True), ("Stand-up collar.", True),
    ]  # fmt: skip
    assert [p.text for p in pieces("&bull; One. &bull; Two. &bull; Three")] == ["One.", "Two.", "Three"]
    assert [p.number for p in pieces("A b. C d.")] == [1, 2]
    headed = "<h3>Features</h3><p><strong>Key benefits</strong></p><b>Care:</b><br>Wipe clean"
    assert [p.text for p in pieces(headed)] == ["Wipe clean"]


def test_materials_contradict_only_when_they_share_no_kind() -> None:
    assert contradict(["Cotton"], ["96% Merino", "4% Lycra"])
    assert not contradict(["Spandex"], ["Lycra"])
    assert not contradict(["Wool"], ["merino wool"])
    assert not contradict(["LumaTech"], ["cotton"])
    assert composition("Made for cotton lovers") == ()


def test_colors_are_colors() -> None:
    assert colors_in("A light blue cover with red trim") == {"light blue", "red"}
    assert colors_in("Brewed from green tea in sterling silver") == frozenset()


def test_claims_are_known_by_kind() -> None:
    assert claims_in("Conforms to EN 471") == {"certification"}
    assert claims_in("Hypoallergenic and eco-friendly") == {"health", "green"}
    assert claims_in("A circular saw with dog treats") == frozenset()


@given(st.text(max_size=300))
def test_any_text_is_read_without_harm(text: str) -> None:
    for piece in pieces(text):
        assert piece.text == piece.text.strip()
        details_in(piece.text)
        features_in(piece.text)
