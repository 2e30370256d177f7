"""Fact selection: identity first, relevance, coverage, caps, and the same choice each time."""

from hypothesis import given
from hypothesis import strategies as st

from retrieval.facts import Fact
from retrieval.selection import Limits, Selection, SelectionBrief, is_document, select, tokens_of

CARE = SelectionBrief(kinds=frozenset({"care"}))
TEE = (
    Fact("F1", "title", "Meadow Tee", "Title: Meadow Tee"),
    Fact("F2", "brand", "Fernweh", "Brand: Fernweh"),
    Fact("F3", "type", "tee", "Type: tee"),
    Fact("F4", "material", "organic cotton", "Material: organic cotton"),
    Fact("F5", "care", "machine washable", "Care: machine washable"),
)


def said(number: int, text: str, name: str = "care", heading: str = "Guide") -> Fact:
    return Fact(f"D1.{number}", name, text, text, f"document:D1#{number}", "document", label=heading)


GUIDE = (
    said(1, "Wash inside out at 30 °C with similar colours."),
    said(2, "Wash inside out at 30 °C with all similar colours."),
    said(3, "Do not tumble dry."),
    said(4, "Our shop opened in 1987.", "our_story"),
    said(5, "Seams are guaranteed for five years.", "warranty"),
)


def ids(selection: Selection) -> list[str]:
    return [one.fact.id for one in selection.chosen]


def test_a_product_alone_keeps_all_its_facts_in_their_order() -> None:
    assert select(TEE, CARE).facts == TEE
    assert select(TEE, SelectionBrief("anything at all")).facts == TEE


def test_documents_add_what_the_brief_is_about_and_each_thing_once() -> None:
    chosen = select((*TEE, *GUIDE), CARE)
    assert ids(chosen)[:5] == ["F1", "F2", "F3", "F4", "F5"]
    assert set(ids(chosen)[5:]) == {"D1.1", "D1.3"}
    assert {fact.id for fact in chosen.dropped} == {"D1.2", "D1.4", "D1.5"}


def test_words_of_the_brief_reach_other_statements() -> None:
    chosen = select((*TEE, *GUIDE), SelectionBrief("guarantee on seams"))
    assert ids(chosen)[5:] == ["D1.5"]


def test_documents_are_capped_by_count_and_by_share() -> None:
    many = tuple(
        said(n, f"Wash {word} by itself.")
        for n, word in enumerate(("ash", "oak", "elm", "fir", "yew", "box"), 1)
    )
    assert sum(map(is_document, select((*TEE, *many), CARE, Limits(documents=2)).facts)) == 2
    shared = select((*TEE, *many), CARE, Limits(documents=6, document_share=0.25))
    assert sum(map(is_document, shared.facts)) == 1
    assert not any(map(is_document, select((*TEE, *many), CARE, Limits(documents=0)).facts))


def test_identity_stays_where_the_budget_is_too_small_for_anything() -> None:
    chosen = select((*TEE, *GUIDE), CARE, Limits(budget=1))
    assert ids(chosen) == ["F1", "F2", "F3"]


def test_a_small_budget_goes_to_what_is_relevant() -> None:
    room = sum(map(tokens_of, TEE[:3])) + tokens_of(TEE[4])
    assert ids(select(TEE, CARE, Limits(budget=room))) == ["F1", "F2", "F3", "F5"]


def test_a_question_is_answered_best_first_with_scores() -> None:
    asked = select((*TEE, *GUIDE), SelectionBrief("How do I WASH it?", asked=True))
    scores = [one.score for one in asked.chosen]
    assert ids(asked)[0] in {"F5", "D1.1"}
    assert "F4" not in ids(asked)
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    assert select(TEE, SelectionBrief("zebra", asked=True)).chosen == ()
    assert select(TEE, SelectionBrief("how do the", asked=True)).chosen == ()
    assert select(TEE, SelectionBrief("🙂", asked=True)).chosen == ()


def test_words_of_one_kin_answer_each_other() -> None:
    assert ids(select(TEE, SelectionBrief("washing instructions", asked=True))) == ["F5"]


facts = st.lists(
    st.builds(
        said,
        st.just(0),
        st.text("abc washdry", min_size=1, max_size=40),
        st.sampled_from(["care", "size", "x"]),
    ),
    max_size=12,
)


@given(facts, st.integers(0, 200), st.integers(0, 8), st.floats(0, 1), st.text("abc wash", max_size=12))
def test_any_choice_is_whole_bounded_and_repeatable(
    found: list[Fact], budget: int, most: int, share: float, query: str
) -> None:
    guide = tuple(said(n, fact.text, fact.name) for n, fact in enumerate(found))
    everything = (*TEE, *guide)
    limits = Limits(budget, most, share)
    brief = SelectionBrief(query, frozenset({"care"}))
    chosen = select(everything, brief, limits)
    assert select(everything, brief, limits) == chosen
    assert sorted(f.id for f in (*chosen.facts, *chosen.dropped)) == sorted(f.id for f in everything)
    assert {"F1", "F2", "F3"} <= {fact.id for fact in chosen.facts}
    assert sum(map(is_document, chosen.facts)) <= most
    spent = sum(tokens_of(fact) for fact in chosen.facts if fact.id not in {"F1", "F2", "F3"})
    assert spent <= max(0, budget - sum(map(tokens_of, TEE[:3])))


def test_the_order_in_which_documents_come_does_not_change_what_is_chosen() -> None:
    shuffled = GUIDE[::-1]
    first, second = (
        select((*TEE, *GUIDE[1:]), CARE),
        select((*TEE, *(f for f in shuffled if f.id != "D1.1")), CARE),
    )
    assert set(ids(first)) == set(ids(second))
