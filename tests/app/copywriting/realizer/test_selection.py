"""What a text says, and why it leaves the rest out."""

from collections.abc import Callable

import pytest

from app.copywriting.copy import Brief
from app.copywriting.realizer.selection import select

Make = Callable[..., Brief]
CLAIM = {"trust": "merchant_claim", "source": "description:1"}
VARIANT = {"source": "variant:color"}
THING = (("title", "Otis Mug"), ("type", "mug"))


def reasons(brief: Brief) -> dict[str, str]:
    return {item.fact.id: item.reason for item in select(brief).left_out}


def families(brief: Brief) -> list[str]:
    return [message.family for message in select(brief).messages]


def test_live_facts_are_never_written(brief: Make) -> None:
    assert reasons(brief(*THING, ("price", "19.99", {"live": True}))) == {"F3": "live"}


def test_a_bare_number_is_left_out_unless_it_counts_something(brief: Make) -> None:
    made = brief(
        *THING, ("weight", "950"), ("operating_pressure", "15 - 35"), ("hdmi_ports", "2"), ("drawers", "3.0")
    )
    assert set(reasons(made)) == {"F3", "F4"}


def test_logistics_is_nobody_s_question(brief: Make) -> None:
    assert "F3" in reasons(brief(*THING, ("package_weight", "2", "kg")))


@pytest.mark.parametrize(
    "praise",
    [
        "The best mug ever",
        "Stylish look",
        "Perfect for everyone",
        "Keeps you warm all day",
        "High-quality finish",
    ],
)
def test_praise_and_promises_are_not_repeated(brief: Make, praise: str) -> None:
    assert "F3" in reasons(brief(*THING, ("feature", praise, CLAIM)))


def test_the_merchant_s_prose_is_never_copied(brief: Make) -> None:
    assert "F3" in reasons(brief(*THING, ("description", "A mug to love.", CLAIM)))


def test_variants_win_over_a_description_s_colour(brief: Make) -> None:
    made = brief(*THING, ("color", ("Red", "Blue"), VARIANT), ("feature", "Two-tone gray glaze", CLAIM))
    assert reasons(made) == {"F4": "the variants say otherwise"}


def test_variants_win_over_a_single_attribute(brief: Make) -> None:
    made = brief(*THING, ("color", "Black"), ("color", ("Red", "Blue"), VARIANT))
    assert "F3" in reasons(made)


def test_one_variant_is_no_choice(brief: Make) -> None:
    selection = select(brief(*THING, ("color", ("Red",), VARIANT)))
    assert selection.with_role("choice") == ()
    assert "color" in [message.family for message in selection.messages]


def test_the_same_statement_is_said_once(brief: Make) -> None:
    made = brief(
        *THING, ("material", "Stoneware"), ("feature", "Stoneware", CLAIM), ("feature", "Glazed rim", CLAIM)
    )
    assert reasons(made) == {"F4": "said by another fact"}


def test_a_composition_says_the_bare_material_too(brief: Make) -> None:
    made = brief(*THING, ("material", ("Cotton", "Spandex")), ("feature", "95% cotton / 5% spandex", CLAIM))
    message = select(made).of("material")
    assert message is not None
    assert message.ids == ("F3", "F4")
    assert message.texts == ("95% cotton", "5% spandex")


def test_a_composition_that_contradicts_the_data_yields_to_it(brief: Make) -> None:
    made = brief(*THING, ("material", ("Wool",)), ("feature", "95% cotton / 5% spandex", CLAIM))
    assert reasons(made) == {"F4": "structured data says otherwise"}


def test_salience_orders_and_an_angle_moves(brief: Make) -> None:
    rows = (*THING, ("material", "Steel"), ("care", "Machine wash cold"), ("weight", "300", "g"))
    assert families(brief(*rows)).index("material") < families(brief(*rows)).index("care")
    angled = brief(*rows, angle="care")
    assert families(angled).index("care") < families(angled).index("material")


def test_at_most_fourteen_messages_beside_identity_and_choices(brief: Make) -> None:
    rows = [(f"attribute_{letter}", f"{letter} grade") for letter in "abcdefgh"]
    parts = [
        ("feature", f"{word} pocket")
        for word in ["coin", "side", "back", "chest", "hip", "inner", "phone", "key", "map", "ski", "zip"]
    ]
    selection = select(brief(*THING, *rows, *parts))
    assert len([m for m in selection.messages if m.role != "identity"]) <= 14
    assert "less important than the rest" in {item.reason for item in selection.left_out}


def test_a_voice_s_forbidden_words_are_not_said(brief: Make) -> None:
    row = ("zorb_modes", ("bargain", "steady"))
    said = {voice: select(brief(*THING, row, voice=voice)).of("zorb_modes") for voice in ("plain", "premium")}
    assert [message and message.texts for message in said.values()] == [("bargain", "steady"), ("steady",)]


def test_every_fact_is_either_said_or_accounted_for(
    brief: Make, hoodie: tuple[tuple[object, ...], ...]
) -> None:
    made = brief(*hoodie, ("price", "52", {"live": True}))
    selection = select(made)
    said = {id_ for message in selection.messages for id_ in message.ids}
    out = {item.fact.id for item in selection.left_out}
    assert said | out == {fact.id for fact in made.facts}
