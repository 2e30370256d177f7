"""Titles, meta texts, addresses, alternative texts and variant titles: what they say, rest on, and never exceed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.copywriting.copy import VOICES, Brief, Subject
from app.copywriting.realizer.selection import select
from app.copywriting.realizer.short_fields import ShortFields, short_fields
from app.copywriting.realizer.titles import shortened
from evaluators import check_grounding
from retrieval.facts import Fact

Make = Callable[..., Brief]
FIELDS = {"title", "meta_title", "meta_description", "slug", "alt", "variant_titles"}


def write(brief: Brief) -> ShortFields:
    return short_fields(select(brief), brief)


def with_subject(brief: Brief, **changes: Any) -> Brief:
    return replace(brief, subject=replace(brief.subject, **changes))


@pytest.fixture
def full(brief: Make, hoodie: tuple[Any, ...]) -> Brief:
    variants = tuple(
        (f"H-{size}-{color}", {"Size": size, "Color": color})
        for size in ("XS", "S")
        for color in ("Black", "Blue")
    )
    images = (
        ("https://shop.example/h-black_main.jpg", ""),
        ("https://shop.example/h-black_back.jpg", ""),
        ("https://shop.example/1.jpg", "x"),
        ("https://shop.example/2.jpg", ""),
    )
    return with_subject(brief(*hoodie), variants=variants, images=images)


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("locale", ["en-US", "en-GB"])
@pytest.mark.parametrize("variant", range(8))
def test_every_text_is_grounded_and_within_its_limits(
    full: Brief, voice: str, locale: str, variant: int
) -> None:
    written = write(replace(full, voice=voice, locale=locale, variant=variant))
    assert set(written.fields) == FIELDS
    assert len(written.fields["meta_title"]) <= 60
    assert 121 <= len(written.fields["meta_description"]) <= 156
    known = {fact.id for fact in full.facts}
    for sentence in written.sentences:
        assert sentence.facts
        assert set(sentence.facts) <= known
        verdicts = [found.verdict for found in check_grounding(sentence.text, full.facts).sentences]
        assert set(verdicts) <= {"supported", "claimless"}, sentence.text


def test_the_title_keeps_the_name_and_adds_what_it_does_not_say(full: Brief) -> None:
    titles = {write(replace(full, variant=variant)).fields["title"] for variant in range(8)}
    assert len(titles) > 3
    for title in titles:
        assert title.startswith("Bruno Compete Hoodie")
        assert title != "Bruno Compete Hoodie"
        assert len(re.findall("hood", title.lower())) == 1 + title.lower().count("drawstring hood")


def test_a_name_that_says_it_all_stays_alone(brief: Make) -> None:
    made = brief(("title", "Organic Cotton Hoodie"), ("type", "hoodie"), ("material", "Organic Cotton"))
    assert write(made).fields["title"] == "Organic Cotton Hoodie"


def test_a_name_that_does_not_say_what_it_is_gets_its_noun(brief: Make) -> None:
    made = brief(("title", "HP 14"), ("brand", "HP"), ("type", "original ink cartridge"))
    assert write(made).fields["title"] == "HP 14 – Original Ink Cartridge"


def test_a_shelf_label_is_turned_round(brief: Make) -> None:
    fields = write(brief(("title", "Mug, blue"), ("type", "mug"))).fields
    assert (fields["title"], fields["meta_title"], fields["meta_description"]) == (
        "Blue Mug",
        "Blue Mug",
        "Blue mug.",
    )


def test_a_name_with_a_comma_and_more_stays_whole(brief: Make) -> None:
    made = brief(("title", "Xenon Toner Cartridge (2,000 Pages*)"), ("type", "toner cartridge"))
    assert write(made).fields["title"] == "Xenon Toner Cartridge (2,000 Pages*)"


def test_a_long_name_is_cut_at_a_part_of_it(brief: Make) -> None:
    name = "Fjord Overnight Travel Backpack with Laptop Sleeve, Rain Cover and Two Bottle Holders (Midnight Edition)"
    fields = write(brief(("title", name))).fields
    assert fields["title"] == name
    assert fields["meta_title"] == "Fjord Overnight Travel Backpack with Laptop Sleeve"


def test_names_are_not_respelled(brief: Make) -> None:
    made = brief(("title", "Gray Harbor Color Lamp"), ("type", "lamp"), ("color", "gray"), locale="en-GB")
    assert "Gray Harbor Color Lamp" in write(made).fields["title"]


def test_variant_titles_tell_variants_apart(full: Brief) -> None:
    titles = write(full).fields["variant_titles"]
    assert titles["H-XS-Black"] == "Bruno Compete Hoodie – Black, XS"
    assert len(set(titles.values())) == len(titles)


def test_options_that_do_not_vary_and_default_titles_are_left_out(brief: Make) -> None:
    made = with_subject(
        brief(("title", "Trail Shoe")),
        variants=(("A", {"Size": "42", "Color": "Red"}), ("B", {"Size": "43", "Color": "Red"})),
    )
    assert write(made).fields["variant_titles"] == {"A": "Trail Shoe – Size 42", "B": "Trail Shoe – Size 43"}
    alone = with_subject(made, variants=(("A", {"Title": "Default Title"}),))
    assert write(alone).fields["variant_titles"] == {"A": "Trail Shoe"}


def test_variants_that_agree_in_everything_bear_their_sku(brief: Make) -> None:
    made = with_subject(brief(("title", "Mug")), variants=(("A", {}), ("B", {})))
    assert write(made).fields["variant_titles"] == {"A": "Mug", "B": "Mug – B"}


def test_alternative_texts_say_what_the_shop_says(full: Brief) -> None:
    assert list(write(full).fields["alt"].values()) == [
        "Bruno Compete Hoodie in black",
        "Bruno Compete Hoodie in black, view from behind",
        "Bruno Compete Hoodie",
        "Bruno Compete Hoodie, view 2",
    ]


def test_a_colour_of_no_variant_is_not_seen(full: Brief) -> None:
    made = with_subject(full, images=(("https://shop.example/pink.jpg", "pink hoodie on a beach"),))
    assert list(write(made).fields["alt"].values()) == ["Bruno Compete Hoodie"]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Bruno Compete Hoodie", "bruno-compete-hoodie"),
        ("Größe XL – Süße Straße", "grosse-xl-susse-strasse"),
        ("Café & Crème ½ l", "cafe-and-creme-1-2-l"),
        ("CoolTech™ Tee’s", "cooltech-tees"),
        ("Чайник «Волна»", "chaynik-volna"),
        ("茶壺", "sku-1"),
        ('15.6" Laptop', "15-6-laptop"),
        ("<script>alert(1)</script>", "script-alert-1-script"),
    ],
)
def test_addresses_are_plain_letters(brief: Make, title: str, slug: str) -> None:
    assert write(brief(("title", title))).fields["slug"] == slug


def test_the_address_does_not_follow_voice_or_variant(full: Brief) -> None:
    slugs = {
        write(replace(full, voice=v, variant=n, locale="en-GB")).fields["slug"]
        for v in VOICES
        for n in range(3)
    }
    assert slugs == {"bruno-compete-hoodie"}


def test_the_same_brief_gives_the_same_fields(full: Brief) -> None:
    assert write(full) == write(full)


def test_paths_escape_what_json_pointers_escape(full: Brief) -> None:
    assert any(s.field == "alt/https:~1~1shop.example~11.jpg" for s in write(full).sentences)


def test_cuts_leave_no_open_bracket_and_no_small_word() -> None:
    assert shortened("Lamp for the table and the desk", 20) == "Lamp for the table"
    assert shortened("Lamp (brass and steel)", 17) == "Lamp"
    assert shortened("x" * 80, 60) == "x" * 60


TEXT = st.text(max_size=90) | st.sampled_from(
    ["Mug, blue", "A (B", "Ü" * 200, "— – -", "<b>x</b>", "1 pc(s)"]
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "material",
                "closure",
                "feature",
                "care",
                "weight",
                "screen_size",
                "climate",
                "whatever",
                "color",
            ]
        ),
        TEXT | st.lists(TEXT, min_size=1, max_size=4).map(tuple),
        st.sampled_from([None, "in", "kg", "GB"]),
        st.sampled_from(["data", "merchant_claim"]),
    ),
    max_size=6,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXT, TEXT, ROWS, st.sampled_from(VOICES), st.dictionaries(TEXT, TEXT, max_size=2), st.integers(0, 7))
def test_no_input_breaks_a_limit(
    title: str, kind: str, rows: list[Any], voice: str, options: Mapping[str, str], variant: int
) -> None:
    facts = [Fact("F1", "title", title, title, "title"), Fact("F2", "type", kind, kind, "type")]
    facts += [
        Fact(f"F{n}", name, value, str(value), f"attribute:{name}", trust, unit, label=name)
        for n, (name, value, unit, trust) in enumerate(rows, start=3)
    ]
    subject = Subject(
        "S-1", title, None, (), ((title, kind), (f"http://[{kind}", title)), (("V1", options), ("V2", {}))
    )
    written = write(Brief(subject, tuple(facts), voice=voice, variant=variant))
    fields = written.fields
    assert 0 < len(fields["meta_title"]) <= 60
    assert 0 < len(fields["meta_description"]) <= 156
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", fields["slug"])
    assert len(fields["slug"]) <= 100
    assert all(len(text) <= 125 for text in fields["alt"].values())
    assert all(len(text) <= 150 for text in fields["variant_titles"].values())
    assert len(set(fields["variant_titles"].values())) == 2
    for text in (fields["title"], fields["meta_title"], fields["meta_description"]):
        assert "  " not in text
        assert "\n" not in text
    assert {sentence.field.partition("/")[0] for sentence in written.sentences} <= FIELDS
