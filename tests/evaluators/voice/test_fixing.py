"""What is put right, and what is never touched."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluators.grounding.index import FactIndex
from evaluators.voice.exempting import Exemptions
from evaluators.voice.finding import find_faults
from evaluators.voice.fixing import applied, fix
from evaluators.voice.grounded import fix_grounded
from evaluators.voice.rules import Exempt, Kind, VoiceRules, WordRule
from retrieval.facts import Fact

RULES = VoiceRules(
    forbidden=(
        WordRule("utilise", "use"),
        WordRule("cheap", "affordable"),
        WordRule("item", "object"),
        WordRule("select", "choose"),
        WordRule("take advantage of", "use"),
        WordRule("bargain"),
        WordRule("old", "vintage"),
    ),
    spelling="GB",
    exclamation=False,
    contractions=False,
    headline_case="sentence",
)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("It Utilises a strap.", "It Uses a strap."),
        ("UTILISING it.", "USING it."),
        ("The cheapest of cheap bags.", "The most affordable of affordable bags."),
        ("A cheaper bag.", "A more affordable bag."),
        ("An item, two items.", "An object, two objects."),
        ("A cheap item.", "An affordable object."),
        ("She selected it; it is selected.", "She chose it; it is chosen."),
        ("It takes advantage of air.", "It uses air."),
        ("A bargain.", "A bargain."),  # nothing is said to stand instead
        ("In any color!", "In any colour."),
        ("Ready?!", "Ready?"),
        ("Wow!!! It folds.", "Wow. It folds."),
        ("“Any color!” it says.", "“Any color!” it says."),
        ("It isn't heavy and it's dry.", "It is not heavy and it is dry."),
        ("It's been washed.", "It's been washed."),  # has, not is
        ("Don't you see?", "Don't you see?"),
        ("<p>A <em>gray</em> tee &amp; more!</p>", "<p>A <em>grey</em> tee &amp; more.</p>"),
        ("A meter shows 10 meters.", "A meter shows 10 metres."),
    ],
)
def test_what_is_put_right(text: str, right: str) -> None:
    fixed = fix(text, RULES)
    assert fixed.text == right
    assert applied(text, fixed.changes) == right


@pytest.mark.parametrize(
    ("kind", "text", "right"),
    [
        ("line", "Folds flat!", "Folds flat"),
        ("heading", "Fold It! Done", "Fold it: Done"),
        ("prose", "Folds flat!", "Folds flat."),
    ],
)
def test_the_mark_that_stays_depends_on_what_the_text_is(kind: Kind, text: str, right: str) -> None:
    assert fix(text, RULES, kind=kind).text == right


def test_a_word_of_a_fact_is_not_replaced_and_a_name_is_not_touched() -> None:
    exempt = Exempt(names=("Cheap Color!",), values=("old oak",))
    text = "Cheap Color! makes it of old oak, an old wood."
    assert fix(text, RULES, exempt).text == "Cheap Color! makes it of old oak, a vintage wood."


def test_a_replacement_makes_no_claim() -> None:
    facts = FactIndex((Fact("F1", "type", "bag"), Fact("F2", "material", "nylon")))
    rules = VoiceRules(forbidden=(WordRule("nylon", "silk"), WordRule("carrier", "bag")), spelling="GB")
    fixed = fix_grounded("A nylon carrier in any color. It is gray nylon.", rules, Exempt(), facts)
    assert fixed.text == "A nylon bag in any colour. It is grey nylon."


WORDS = st.sampled_from(
    ["Cheap", "cheaper", "item", "an", "a", "An", "color", "GRAY", "Colour", "don't", "isn't", "it's", "Acme", "selected",
     "utilised", "old", "“", "”", '"', "!", "?!", ".", ",", "<p>", "</p>", "&amp;", "Yahoo!", "oak", "10", "meters", "\n",
     "takes", "advantage", "of", "is", "was", "bargain", "ﬁ", "İ"]
)  # fmt: skip
TEXTS = st.lists(st.tuples(WORDS, st.sampled_from(["", " "])), max_size=25).map(
    lambda parts: "".join(word + gap for word, gap in parts)
)
EXEMPTIONS = st.sampled_from(
    [Exempt(), Exempt(("Acme Color",), ("Cheap Gray",), ("old oak",)), Exempt(("Yahoo!",), ("10 meters",))]
)


@given(TEXTS | st.text(max_size=60), EXEMPTIONS, st.sampled_from(["prose", "line", "heading"]))
@settings(max_examples=300, deadline=None)
def test_fixing_is_exact_settled_and_leaves_alone_what_is_exempt(
    text: str, exempt: Exempt, kind: Kind
) -> None:
    fixed = fix(text, RULES, exempt, kind=kind)
    # The changes are all that changed, in order and apart.
    assert applied(text, fixed.changes) == fixed.text
    assert all(text[c.start : c.end] == c.before != c.after for c in fixed.changes)
    assert all(a.end <= b.start for a, b in zip(fixed.changes, fixed.changes[1:], strict=False))
    # What was put right is right.
    assert fix(fixed.text, RULES, exempt, kind=kind).text == fixed.text
    assert all(f.edit is None for f in find_faults(fixed.text, RULES, exempt, kind=kind))
    # What is exempt stays, letter for letter.
    for start, end in Exemptions(text, exempt).fixed.all:
        assert not any(c.start < end and start < c.end for c in fixed.changes), text[start:end]


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_without_rules_nothing_changes_but_the_spelling(text: str) -> None:
    assert fix(text, VoiceRules(spelling="locale"), locale="de-DE").text == text
