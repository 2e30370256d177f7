"""The template writer from outside: what its texts say, rest on, and never do."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.copywriting.copy import ANGLES, VOICES, Brief, Draft, Subject
from app.copywriting.realizer.phrasebook import phrasebook
from app.copywriting.realizer.realize import realize
from app.copywriting.realizer.schemas import shapes
from evaluators import check_grounding
from retrieval.facts import Fact

Make = Callable[..., Brief]
Rows = tuple[tuple[Any, ...], ...]
CLAIM = {"trust": "merchant_claim", "source": "description:1"}


def sentences(draft: Draft, field: str = "description_html") -> list[str]:
    return [sentence.text for sentence in draft.sentences if sentence.field.partition("/")[0] == field]


def text(draft: Draft) -> str:
    return " ".join(sentences(draft))


@pytest.fixture(params=["hoodie", "laptop", "serum", "table", "leggings"])
def product(request: pytest.FixtureRequest, hoodie: Rows, laptop: Rows) -> Rows:
    made: dict[str, Rows] = {
        "hoodie": hoodie,
        "laptop": laptop,
        "serum": (
            ("title", "Dew Point Serum"),
            ("brand", "Lumen"),
            ("type", "serum"),
            ("capacity", "30", "ml"),
            ("skin_type", ("Dry", "Sensitive")),
            ("scent", "Neroli"),
            ("feature", "Fragrance-free"),
            ("vegan", "yes"),
        ),
        "table": (
            ("title", "Oslo Dining Table"),
            ("type", "dining table"),
            ("material", "Solid oak"),
            ("width", "180", "cm"),
            ("depth", "90", "cm"),
            ("height", "74", "cm"),
            ("max_load", "120", "kg"),
            ("assembly_required", "yes"),
            ("seats", "6"),
            ("feature", "Rounded corners", CLAIM),
        ),
        "leggings": (
            ("title", "Sahara Leggings"),
            ("type", "leggings"),
            ("material", "95% cotton, 5% elastane"),
            ("feature", "Wicks moisture", CLAIM),
            ("feature", "Wide waistband", CLAIM),
            ("rise", "High"),
            ("color", ("Red", "Blue"), {"source": "variant:color"}),
        ),
    }
    return made[request.param]


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("locale", ["en-US", "en-GB"])
def test_every_sentence_is_grounded_in_the_facts_it_names(
    brief: Make, product: Rows, voice: str, locale: str
) -> None:
    made = brief(*product, voice=voice, locale=locale, fields=("description_html", "bullets"))
    facts = {fact.id: fact for fact in made.facts}
    for sentence in realize(made).sentences:
        assert set(sentence.facts) <= set(facts)
        for found in check_grounding(sentence.text, made.facts).sentences:
            assert found.verdict in {"supported", "claimless"}, (sentence.text, found.claims)


def test_each_fact_of_the_data_is_said(brief: Make, product: Rows) -> None:
    made = brief(*product)
    said = {id_ for sentence in realize(made).sentences for id_ in sentence.facts}
    assert {fact.id for fact in made.facts if fact.name != "brand"} <= said


def test_the_same_brief_gives_the_same_text(brief: Make, product: Rows) -> None:
    assert realize(brief(*product, variant=3)) == realize(brief(*product, variant=3))
    assert realize(brief(*product, sku="A")) != realize(brief(*product, sku="B"))


@pytest.mark.parametrize("voice", VOICES)
def test_eight_variants_are_eight_texts(brief: Make, product: Rows, voice: str) -> None:
    texts = {text(realize(brief(*product, voice=voice, variant=number))) for number in range(8)}
    assert len(texts) == 8


def test_voices_differ(brief: Make, product: Rows) -> None:
    assert len({text(realize(brief(*product, voice=voice))) for voice in VOICES}) == 3


def test_no_three_sentences_open_alike(brief: Make, product: Rows) -> None:
    for variant in range(4):
        firsts = [sentence.split()[0] for sentence in sentences(realize(brief(*product, variant=variant)))]
        assert not any(a == b == c for a, b, c in zip(firsts, firsts[1:], firsts[2:], strict=False)), firsts


def test_the_name_stands_at_most_twice(brief: Make, product: Rows) -> None:
    name = dict(row[:2] for row in product)["title"].split()[0]
    for variant in range(6):
        assert 1 <= text(realize(brief(*product, variant=variant))).count(name) <= 2


def test_plural_goods_are_they(brief: Make) -> None:
    rows = (
        ("title", "Sahara Leggings"),
        ("type", "leggings"),
        ("feature", "Wicks moisture"),
        ("feature", "Wide hem"),
    )
    for variant in range(6):
        written = text(realize(brief(*rows, variant=variant)))
        assert not re.search(r"\b(?:It|Its|it|its|has|wicks)\b", written), written


@pytest.mark.parametrize("angle", ANGLES)
def test_every_angle_writes(brief: Make, hoodie: Rows, angle: str) -> None:
    assert len(sentences(realize(brief(*hoodie, angle=angle)))) >= 3


def test_the_care_angle_puts_care_first(brief: Make, hoodie: Rows) -> None:
    plain, angled = (sentences(realize(brief(*hoodie, angle=angle))) for angle in (None, "care"))
    place = [next(i for i, s in enumerate(written) if "achine wash" in s) for written in (plain, angled)]
    assert place[1] < place[0]


def test_a_title_alone_gives_a_short_honest_text(brief: Make) -> None:
    draft = realize(brief(("title", "Mug, blue"), ("type", "mug")))
    assert len(sentences(draft)) == 1
    assert "blue mug" in text(draft)
    assert len(text(draft).split()) <= 7
    assert realize(brief(("title", "Galaxy S20"))).fields["description_html"].startswith("<p>")


def test_markup_in_values_is_text(brief: Make) -> None:
    draft = realize(brief(("title", "Mug <script>alert(1)</script>"), ("material", "<b>Stone</b> & glass")))
    assert "<script" not in draft.fields["description_html"]
    assert re.fullmatch(r"(?:<p>[^<>]*</p>){1,4}", draft.fields["description_html"])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("battery_rating", "exceptional"), "battery rating"),
        (("zorb_factor", "yes"), "zorb factor"),
        (("zorb_factor", "no"), "no zorb factor"),
        (("zorb_modes", ("quiet", "fast", "eco")), "quiet, fast, and eco"),
        (("zorb_speed", "12", "km/h"), "12 km/h"),
        (("zorb_count", "3"), "three zorbs"),
        (("supports_zorbing", "yes"), "supports zorbing"),
    ],
)
def test_unknown_attributes_get_a_sentence(brief: Make, row: tuple[str, ...], said: str) -> None:
    assert said in text(realize(brief(("title", "Otis Lamp"), ("type", "lamp"), row))).lower()


def test_a_bare_number_is_not_written(brief: Make) -> None:
    draft = realize(
        brief(("title", "Otis Lamp"), ("type", "lamp"), ("operating_pressure", "15 - 35"), ("glow", "7"))
    )
    assert not re.search(r"\d|seven", text(draft))
    assert draft.notes == ("operating_pressure: no known unit", "glow: no known unit")


def test_british_spelling_never_changes_names(brief: Make) -> None:
    rows = (
        ("title", "Color Me Mug"),
        ("type", "mug"),
        ("color", ("Gray", "Blue"), {"source": "variant:color"}),
    )
    draft = realize(brief(*rows, locale="en-GB", fields=("description_html", "bullets")))
    written = f"{text(draft)} {' '.join(sentences(draft, 'bullets'))}"
    assert "grey" in written.lower()
    assert "Colour Me" not in written


def test_only_the_wanted_fields(brief: Make, hoodie: Rows) -> None:
    draft = realize(brief(*hoodie, fields=("bullets",)))
    assert set(draft.fields) == {"bullets"}
    assert {sentence.field.partition("/")[0] for sentence in draft.sentences} == {"bullets"}


def test_bullets_name_their_place_and_differ(brief: Make, product: Rows) -> None:
    draft = realize(brief(*product))
    lines = draft.fields["bullets"]
    assert 3 <= len(lines) <= 7
    assert len({line.lower() for line in lines}) == len(lines)
    assert [s.text for s in draft.sentences if s.field.startswith("bullets/")] == list(lines)


TEXT = st.text(max_size=60) | st.sampled_from(
    ["Full zip", "12", "a, b, c", "n/a", "100%", '5"', "Dual top", "e.g. tea"]
)
NAMES = st.sampled_from(
    [
        "material",
        "care",
        "climate",
        "handles",
        "closure",
        "hdmi_ports",
        "free_from",
        "age",
        "zorb",
        "size",
        "warranty",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXT, st.sampled_from(["", "lamp", "leggings"]), st.lists(st.tuples(NAMES, TEXT), max_size=6))
def test_whatever_a_shop_writes_becomes_whole_sentences(
    title: str, noun: str, rows: list[tuple[str, str]]
) -> None:
    kind = [("type", noun)] if noun else []
    listed = [("title", title), *kind, *rows]
    facts = tuple(
        Fact(f"F{number}", name, value, f"{name}: {value}", f"attribute:{name}", label=name)
        for number, (name, value) in enumerate(listed, start=1)
    )
    draft = realize(Brief(Subject("S", title), facts, fields=("description_html", "bullets")))
    assert re.fullmatch(r"(?:<p>[^<>]+</p>){1,4}", draft.fields["description_html"])
    for sentence in draft.sentences:
        assert sentence.text.strip()


def test_the_phrase_data_is_whole() -> None:
    book, shaped = phrasebook(), shapes()
    entries = {
        entry.name: entry for entry in (*book.families.values(), *book.kinds.values(), *book.heads.values())
    }
    assert all(entry.uses for entry in entries.values()), "an entry without patterns says nothing"
    ids = Counter(schema.id for schema in shaped.body)
    assert max(ids.values()) == 1
    for schema in (*shaped.lead, *shaped.body):
        assert schema.needs <= set(schema.up_to), schema.id
