"""The stages between selection and surface, each by itself."""

from collections.abc import Callable

import pytest

from app.copywriting.copy import Brief
from app.copywriting.realizer.aggregation import body_aggregates, lead_aggregates
from app.copywriting.realizer.chance import Chance
from app.copywriting.realizer.choices import size_range
from app.copywriting.realizer.lexicalisation import Lexicaliser
from app.copywriting.realizer.merging import join_care, join_extents
from app.copywriting.realizer.messages import Message
from app.copywriting.realizer.naming import Naming
from app.copywriting.realizer.patterns import fill, parse
from app.copywriting.realizer.phrasebook import Use, phrasebook
from app.copywriting.realizer.planning import plan
from app.copywriting.realizer.ranking import Said, cost
from app.copywriting.realizer.referring import Discourse, referents
from app.copywriting.realizer.schemas import shapes
from app.copywriting.realizer.selection import select
from app.copywriting.realizer.surface import realise

Make = Callable[..., Brief]
CHANCE = Chance.of("SKU-1", "t", 0)
NAMING = Naming("the Otis Mug", "the Otis", "mug", "singular", is_name=True)
LEGGINGS = Naming("the Sahara Leggings", "the Sahara", "leggings", "plural", is_name=True)
THING = (("title", "Otis Mug"), ("type", "mug"))


def words(voice: str = "plain", locale: str = "en-US") -> Lexicaliser:
    return Lexicaliser(phrasebook(), voice, locale, CHANCE)


def said(message: Message, use: Use, naming: Naming = NAMING, locale: str = "en-US") -> str | None:
    phrase = words(locale=locale).phrase(message, use)
    referent = next(iter(referents(naming, Discourse(1, "name", starts_paragraph=False))))
    return None if phrase is None else realise(phrase.parts, referent, naming, locale)


def test_chance_is_the_same_for_ever_and_turns_with_the_variant() -> None:
    assert Chance.of("SKU-1", "t", 0).number("lead", 1000) == CHANCE.number("lead", 1000) == 485
    turns = {Chance.of("SKU-1", "t", variant).turn("lead", 8) for variant in range(8)}
    assert turns == set(range(8))


def test_patterns_agree_with_subject_and_values() -> None:
    parts = parse("{S} [weighs|weigh] {value}, <is|are> a(n) {noun}")
    filled = fill(parts, {"value": ("2 kg",), "noun": ("LED lamp",)}, "plural")
    assert filled is not None
    one, many = (
        next(iter(referents(n, Discourse(1, "name", starts_paragraph=False)))) for n in (NAMING, LEGGINGS)
    )
    assert realise(filled, one, NAMING, "en-US") == "It weighs 2 kg, are an LED lamp."
    assert realise(filled, many, LEGGINGS, "en-US") == "They weigh 2 kg, are an LED lamp."
    assert fill(parts, {}, "plural") is None


@pytest.mark.parametrize(
    ("row", "use", "text"),
    [
        (("material", "Organic Cotton"), "modifier", "Organic cotton."),
        (("closure", "Full zip"), "modifier", "Full-zip."),
        (("neckline", "Crew"), "have", "A crew neckline."),
        (("sleeve_length", "Long"), "modifier", "Long-sleeve."),
        (("handles", "Dual top"), "have", "Dual top handles."),
        (("zipper", "Full-length"), "have", "A full-length zipper."),
        (("feature", "2 front pockets"), "have", "Two front pockets."),
        (("feature", "Waterproof"), "predicate", "Is waterproof."),
        (("feature", "Wicks moisture"), "predicate", "Wicks moisture."),
        (("hdmi_ports", "2"), "have", "Two HDMI ports."),
        (("hdmi_port", "1"), "have", "One HDMI port."),
        (("has_usb_port", "no"), "predicate", "Has no USB port."),
        (("is_for_business_computing", "false"), "predicate", "Is not made for business computing."),
        (("touchscreen", "yes"), "have", "A touchscreen."),
        (("battery_rating", "exceptional"), "have", "An exceptional battery rating."),
        (("weight", "2.3", "kg"), "predicate", "Weighs 2.3 kg."),
        (("scent", "Lavender"), "have", "A lavender scent."),
        (("skin_type", ("Dry", "Sensitive")), "complement", "For dry and sensitive skin."),
    ],
)
def test_messages_in_their_places(brief: Make, row: tuple[str, ...], use: Use, text: str) -> None:
    message = select(brief(*THING, row)).of(row[0])
    assert message is not None
    assert said(message, use) == text


def test_climates_become_days_seasons_and_places(brief: Make) -> None:
    message = select(brief(*THING, ("climate", "All-weather|Cool|Indoor|Spring|Windy"))).of("climate")
    assert message is not None
    assert said(message, "fragment") == "For cool and windy days, for spring, and for indoors."


def test_verbs_follow_plural_goods(brief: Make) -> None:
    message = select(brief(*THING, ("feature", "Wicks moisture"))).of("feature")
    assert message is not None
    assert said(message, "predicate", LEGGINGS) == "Wick moisture."


def test_width_height_and_depth_are_one_message(brief: Make) -> None:
    made = select(brief(*THING, ("width", "437", "mm"), ("height", "142", "mm"), ("depth", "517", "mm")))
    joined = join_extents(made.with_role("measure"))
    assert len(joined) == 1
    assert set(joined[0].ids) == {"F3", "F4", "F5"}
    assert "437 mm wide, 142 mm high, and 517 mm deep" in (said(joined[0], "predicate") or "")


def test_care_lines_are_one_message(brief: Make) -> None:
    made = select(brief(*THING, ("care", "Machine wash"), ("care", "Do not bleach"), ("feature", "Line dry")))
    joined = join_care(made.with_role("care"))
    assert [message.texts for message in joined] == [("machine wash", "do not bleach", "line dry")]


def test_the_plan_answers_the_buyer_s_questions_in_order(
    brief: Make, hoodie: tuple[tuple[object, ...], ...]
) -> None:
    selection = select(brief(*hoodie))
    questions = shapes().questions
    planned = plan(selection, NAMING, questions, CHANCE, finishes=shapes().choices.finishes)
    order = [role for roles in questions for role in roles]
    places = [order.index(message.role) for message in planned.body]
    assert places == sorted(places)
    assert all(message.role not in {"care", "choice"} for message in planned.lead)
    assert [message.family for message in planned.choices][-1] == "pattern", "solid goes with the colours"


def test_an_angle_leads(brief: Make, hoodie: tuple[tuple[object, ...], ...]) -> None:
    selection = select(brief(*hoodie, angle="care"))
    assert plan(selection, NAMING, shapes().questions, CHANCE).lead[0].family == "care"


def test_a_sentence_takes_neighbours_that_belong_together(brief: Make) -> None:
    selection = select(
        brief(*THING, ("feature", "Glazed rim"), ("feature", "Wide handle"), ("origin", "Portugal"))
    )
    queue = [m for m in selection.messages if m.role != "identity"]
    found = list(body_aggregates(queue, shapes().body, words().uses, shapes().may_share))
    assert all(queue[0] in aggregate.messages for aggregate in found)
    assert max(len(aggregate.messages) for aggregate in found) == 2
    for aggregate in found:
        assert set(aggregate.messages).isdisjoint(aggregate.rest)


def test_a_lead_says_each_message_once(brief: Make, hoodie: tuple[tuple[object, ...], ...]) -> None:
    selection = select(brief(*hoodie))
    pool = plan(selection, NAMING, shapes().questions, CHANCE).lead
    for aggregate in lead_aggregates(pool, shapes().lead, words().uses):
        assert len(set(map(id, aggregate.messages))) == len(aggregate.messages) <= 4


def test_ranking_pays_for_three_alike(brief: Make) -> None:
    selection = select(brief(*THING, ("feature", "Glazed rim")))
    queue = selection.with_role("part")
    found = {a.schema.id: a for a in body_aggregates(queue, shapes().body, words().uses, shapes().may_share)}
    history = [Said("has", "subject"), Said("has", "subject")]
    prices = {name: cost(aggregate, history, 1, CHANCE, "k") for name, aggregate in found.items()}
    assert prices["there"] < prices["has"]


def test_the_name_comes_first_then_pronouns_and_never_more_than_twice() -> None:
    discourse = Discourse()
    kinds = []
    for step in range(8):
        if step in {3, 6}:
            discourse = discourse.at_paragraph()
        referent = next(iter(referents(NAMING, discourse)))
        kinds.append(referent.kind)
        discourse = discourse.after(referent.kind, distracted=False)
    assert kinds[0] == "name"
    assert "pronoun" in kinds
    assert sum(kind in {"name", "short"} for kind in kinds) <= 2


def test_size_ranges_invent_no_size() -> None:
    assert size_range(["XS", "S", "M", "L", "XL"], "en-US") == "XS to XL"
    assert size_range(["S", "M", "XL"], "en-US") == "S, M, and XL"
    assert size_range(["28", "29", "30"], "en-US") == "28 to 30"
    assert size_range(["28", "30", "32"], "en-GB") == "28, 30 and 32"
