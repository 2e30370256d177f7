"""Articles, plurals, capitals, lists and sentences, over the cases that product texts have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.copywriting.realizer.english import (
    article,
    decase,
    gerund,
    indefinite,
    is_pair,
    is_plural,
    is_uncounted,
    join,
    lower_first,
    past_participle,
    plural,
    possessive,
    sentence,
    singular,
    spell,
    third_person,
    tidy,
    title_case,
    upper_first,
)

AN = """11-inch|8 GB|18-piece|80 cm|800 W|8.5-inch|11,000 mAh|18th|1800 W|1100 W|LED|HDMI|HP|SSD|FM|MP3|H264|RJ45|IP67|IPX7|
N95|X-ray|x-ray|SPF 50|M-size|S|XL|L-shaped|F-stop|AAA battery|AC adapter|OLED|Intel|hour|hourglass|honest|heirloom|
umbrella|uninsulated|unimportant|unidentified|upper|Ugg boot|underwire|oil|onion|usher|urn|iPhone|eSATA|e-bike|LPDDR4|
ASUS|Evercool|airtight|egg|(eight|"old"|⅛-inch|écru|£80 voucher|Umbrella|utterly""".replace("\n", "").split(
    "|"
)
A = """USB|UV filter|UHD|U-shaped|RAM|SATA drive|NAS|LAN cable|HEPA filter|one-piece|one|once-daily|onesie|European|euro|
eucalyptus|unicorn|unique|uniform|unit|universal|unisex|union|user|useful|used|utensil|utility|urethane|ukulele|ewe|
1,100 W|110 V|100 W|7-inch|15.6-inch|0.8 mm|1.8 m|yoga|year|hoodie|historic|hat|SONY|LENOVO|STANLEY|Wi-Fi|T-shirt|V-neck|
4-pack|½-inch|¼ zip|24-MB02|Bluetooth|TSA lock|BPA-free|PVC|DVD|CD|PC|Kangaroo|unanimous|Ukrainian|-40 °C""".replace(
    "\n", ""
).split("|")


@pytest.mark.parametrize("phrase", AN)
def test_an(phrase: str) -> None:
    assert article(phrase) == f"an {phrase}"


@pytest.mark.parametrize("phrase", A)
def test_a(phrase: str) -> None:
    assert article(phrase) == f"a {phrase}"


def test_a_herb_crosses_the_ocean() -> None:
    assert (article("herb", "en-US"), article("herbal tea", "en-GB")) == ("an herb", "a herbal tea")


def test_articles_agree_with_inflect_over_ordinary_words() -> None:
    import inflect  # noqa: PLC0415 - two seconds that only these tests pay

    engine = inflect.engine()
    words = (
        "apple bag cotton drawer engine fleece glove hour ink jacket kettle lamp mug needle oven pillow quilt rug sofa"
        " tent umbrella vest watch yacht zipper honest unit user ewe ounce idea eyelet armchair inlay unicycle usage"
        " urban ubiquitous uncle uneven upholstered urgent heir honour house"
    )
    for word in words.split():
        assert article(word) == engine.a(word), word


PLURALS = """shelf:shelves|bookshelf:bookshelves|knife:knives|leaf:leaves|loaf:loaves|half:halves|scarf:scarves|roof:roofs|cuff:cuffs|
reef:reefs|battery:batteries|toy:toys|box:boxes|brush:brushes|pouch:pouches|dress:dresses|lens:lenses|bus:buses|quiz:quizzes|
photo:photos|potato:potatoes|logo:logos|piano:pianos|man:men|sportsman:sportsmen|woman:women|child:children|foot:feet|
tooth:teeth|mouse:mice|hoodie:hoodies|tie:ties|duffle:duffles|axis:axes|series:series|TV:TVs|LED:LEDs|CD:CDs|
pair of socks:pairs of socks|set of 4:sets of 4|print head:print heads|mug:mugs|lumen:lumens|specimen:specimens|
umbrella:umbrellas|menu:menus|giraffe:giraffes|virus:viruses|Hoodie:Hoodies|human:humans|carafe:carafes|tool box:tool boxes"""


@pytest.mark.parametrize("pair", PLURALS.replace("\n", "").split("|"))
def test_plural_and_back(pair: str) -> None:
    one, many = pair.split(":")
    assert plural(one) == many
    assert singular(many) == one
    assert is_plural(many) or one == many


@pytest.mark.parametrize(
    "goods",
    [
        "trousers",
        "leggings",
        "shorts",
        "headphones",
        "glasses",
        "scissors",
        "tights",
        "binoculars",
        "pyjamas",
        "sunglasses",
        "goggles",
    ],
)
def test_pairs_have_no_other_number(goods: str) -> None:
    assert (plural(goods), singular(goods)) == (goods, goods)
    assert is_plural(goods)
    assert is_pair(goods)


def test_what_is_not_counted_stays() -> None:
    assert [plural(noun) for noun in ("cotton", "jewellery", "clothing")] == [
        "cotton",
        "jewellery",
        "clothing",
    ]
    assert is_uncounted("cotton")
    assert not is_plural("lens")
    assert is_plural("shoes")
    assert not is_pair("shoes")


def test_regular_plurals_agree_with_inflect() -> None:
    import inflect  # noqa: PLC0415 - two seconds that only these tests pay

    engine = inflect.engine()
    words = (
        "strap buckle hinge sash tray berry kite fox watch cup valve wedge handle speaker gas dish lily cape"
    )
    for word in words.split():
        assert plural(word) == engine.plural(word), word


def test_verbs() -> None:
    assert [third_person("wash"), third_person("carry"), third_person("be")] == ["washes", "carries", "is"]
    assert [past_participle("make"), past_participle("line")] == ["made", "lined"]
    assert [gerund("make"), gerund("run")] == ["making", "running"]


DECASED = """TSA Approved:TSA approved|Organic Cotton:organic cotton|CoolTech™:CoolTech™|V-Neck:V-neck|Full-Zip:full-zip|
MACHINE WASH COLD:machine wash cold|Italian Leather:Italian leather|USB-C Port:USB-C port|Black LED:black LED|A Pocket:a pocket|
iPhone 15:iPhone 15|Made In Italy:made in Italy|Gore-Tex Lining:Gore-Tex lining|BLACK:black|HDMI:HDMI|A4 Paper:A4 paper|
100% Cotton:100% cotton|Machine Wash/Dry:machine wash/dry|Energy Star Certified:Energy Star certified|XS:XS|Jersey:jersey|
Elastane:elastane|Squalane:squalane|Rosehip Oil:rosehip oil|Cocona® Fabric:Cocona® fabric|T-Shirt:T-shirt|X-Large:X-large"""


@pytest.mark.parametrize("pair", DECASED.replace("\n", "").split("|"))
def test_decase(pair: str) -> None:
    value, inside = pair.split(":")
    assert decase(value) == inside


def test_protected_names_keep_their_capitals() -> None:
    assert decase("Fits The North Sea Jacket", ("North Sea",)) == "fits the North Sea jacket"


def test_first_letters() -> None:
    assert [lower_first("USB cable"), lower_first("Full zip"), lower_first("A zip")] == [
        "USB cable",
        "full zip",
        "a zip",
    ]
    assert [upper_first("iPhone case"), upper_first("full zip"), upper_first("ß")] == [
        "iPhone case",
        "Full zip",
        "ß",
    ]


def test_title_case_spares_small_words_units_and_own_capitals() -> None:
    assert (
        title_case("hoodie in organic cotton with a full-zip front")
        == "Hoodie in Organic Cotton with a Full-Zip Front"
    )
    assert title_case("lamp – over-ear and in sight") == "Lamp – Over-Ear and in Sight"
    assert title_case("bottle, 750 ml, for iPhone") == "Bottle, 750 ml, for iPhone"


def test_lists_follow_the_locale_and_cannot_be_misread() -> None:
    assert join(["a"]) == "a"
    assert join(["a", "b"]) == "a and b"
    assert join(["a", "b", "c"]) == "a, b, and c"
    assert join(["a", "b", "c"], "or", "en-GB") == "a, b or c"
    assert join(["cuffs and hem", "a pocket"], locale="en-GB") == "cuffs and hem, and a pocket"
    assert join(["a, long", "b"]) == "a, long; and b"
    assert join([]) == ""


def test_possessives() -> None:
    assert [possessive(name) for name in ("Bruno", "Chris", "Levi's", "the trousers")] == [
        "Bruno’s",
        "Chris’s",
        "Levi's",
        "the trousers’",
    ]


def test_sentences() -> None:
    assert sentence("in black ,  blue and green") == "In black, blue and green."
    assert sentence("does it fit?") == "Does it fit?"
    assert sentence(" ,") == ""


@pytest.mark.parametrize(
    ("american", "british"),
    [
        ("gray color", "grey colour"),
        ("fiberglass", "fibreglass"),
        ("aluminum", "aluminium"),
        ("molded", "moulded"),
        ("2 liters", "2 litres"),
        ("center", "centre"),
        ("jewelry", "jewellery"),
        ("pajamas", "pyjamas"),
        ("traveling", "travelling"),
        ("moisturizer", "moisturiser"),
        ("a defense", "a defence"),
        ("colorful", "colourful"),
        ("odor-resistant", "odour-resistant"),
        ("Microfiber", "Microfibre"),
        ("GRAY", "GREY"),
        ("analyzer", "analyser"),
        ("10 meters", "10 metres"),
    ],
)
def test_spelling_both_ways(american: str, british: str) -> None:
    assert spell(american, "en-GB") == british
    assert spell(british, "en-US") == american
    assert spell(american, "en-US") == american
    assert spell(british, "en-GB") == british


def test_spelling_spares_names_and_words_of_two_senses() -> None:
    assert spell("Color Studio color", "en-GB", ("Color Studio",)) == "Color Studio colour"
    assert spell("a light meter, a short story, check the hour and the four oversized tours", "en-GB") == (
        "a light meter, a short story, check the hour and the four oversized tours"
    )


ANY = st.text(max_size=60)


@given(ANY)
def test_no_text_breaks_the_words(text: str) -> None:
    assert indefinite(text) in {"a", "an"}
    for change in (
        plural,
        singular,
        decase,
        title_case,
        lower_first,
        upper_first,
        possessive,
        tidy,
        sentence,
    ):
        assert isinstance(change(text), str)
    assert is_plural(text) in {True, False}


@given(ANY, st.sampled_from(["en-US", "en-GB"]))
def test_spelling_again_changes_nothing(text: str, locale: str) -> None:
    assert spell(spell(text, locale), locale) == spell(text, locale)


@given(ANY)
def test_case_changes_keep_every_letter(text: str) -> None:
    assert decase(text).casefold() == text.casefold()
    assert title_case(text).casefold() == text.casefold()


@given(st.lists(ANY, max_size=6))
def test_a_list_holds_each_of_its_items(items: list[str]) -> None:
    assert all(item in join(items) for item in items)
