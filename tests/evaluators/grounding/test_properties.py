"""What holds for every text: no crash, exact offsets, the same answer twice, and no harm from facts of other things."""

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluators import check_grounding
from retrieval.facts import Fact
from tests.evaluators.grounding.products import PRODUCTS, facts_of

_PIECES = [
    "organic cotton", "waterproof", "not", "no", "without", "2 HDMI ports", "15.6\"", "29 × 13 × 11 in", "XS–XL", "sizes",
    "D125–D155", "$12.99", "20% off", "three colours", "it is", ",", ".", "\n", "•", "and", "or", "best", "made in Italy", "warranty",
    "5-year", "30 °C", "up to", "more than", "A++", "n't", "sugar-free", "free of", "the strap is", "leather", "-", "…", "“", "🙂",
    "Größe", "١٢", "½", "0", "one", "A", "\u200b", "24-MB02", "USB 3.0", "non-slip", "size", "—", "/", "(", ")", "&amp;", "<p>",
]  # fmt: skip
TEXTS = st.one_of(
    st.lists(st.sampled_from(_PIECES), max_size=14).map(" ".join),
    st.lists(st.sampled_from(_PIECES), max_size=10).map("".join),
    st.text(max_size=60),
)
VALUES = st.one_of(st.sampled_from(_PIECES), st.text(max_size=12))
FACTS = st.lists(
    st.builds(
        lambda number, name, value, unit, text, label: Fact(
            f"F{number}", name, value, text, "attribute:x", unit=unit, label=label
        ),
        st.integers(1, 99),
        st.sampled_from(["color", "size", "material", "title", "description", "weight", "has_usb_port", "", "straps", "price", "x y"]),
        VALUES | st.lists(VALUES, max_size=4).map(tuple),
        st.sampled_from([None, "kg", "in", "GB", "??", "deg"]),
        VALUES,
        st.sampled_from(["", "Color", "Größe"]),
    ),
    max_size=5,
).map(tuple)  # fmt: skip
SAID = [(product, text) for product in PRODUCTS for text in product["holds"]]
UNRELATED = st.lists(
    st.sampled_from(
        [
            Fact("F900", "zorbic", "quaxel", "zorbic: quaxel", "attribute:zorbic"),
            Fact("F901", "vantle_grade", ("murn", "ostil"), "vantle grade: murn, ostil", "attribute:vantle"),
            Fact("F902", "has_plimmet", "no", "has plimmet: no", "attribute:plimmet"),
            Fact("F903", "drossel", "770", "drossel: 770 lm", "attribute:drossel", unit="lm"),
            Fact("F904", "description", "Gribbles never wobble.", "Gribbles never wobble.", "description:9"),
        ]
    ),
    unique_by=lambda fact: fact.id,
    max_size=5,
).map(tuple)


@given(TEXTS, FACTS)
@settings(max_examples=150, deadline=None)
def test_any_text_and_any_facts_give_exact_offsets_and_the_same_answer_twice(
    text: str, facts: tuple[Fact, ...]
) -> None:
    report = check_grounding(text, facts)
    ids = {fact.id for fact in facts}
    assert 0.0 <= report.score <= 1.0
    for sentence in report.sentences:
        assert text[sentence.start : sentence.end] == sentence.text
        assert set(sentence.facts) <= ids
        last = sentence.start
        for claim in sentence.claims:
            assert text[claim.start : claim.end] == claim.text
            assert last <= claim.start < claim.end <= sentence.end
            assert claim.reason
            assert claim.verdict != "claimless"
            assert (claim.fact is not None) or claim.verdict == "unsupported"
            last = claim.end
        verdicts = {claim.verdict for claim in sentence.claims}
        worst = next((v for v in ("contradicted", "unsupported", "supported") if v in verdicts), "claimless")
        assert sentence.verdict == worst
    assert check_grounding(text, facts) == report


@given(st.sampled_from(SAID), UNRELATED, st.booleans())
@settings(max_examples=120, deadline=None)
def test_facts_of_other_things_take_no_support_away(
    case: tuple[dict[str, object], str], others: tuple[Fact, ...], first: bool
) -> None:
    product, text = case
    own = facts_of(product)
    report = check_grounding(text, others + own if first else own + others)
    assert {sentence.verdict for sentence in report.sentences} <= {"supported", "claimless"}


@given(st.permutations(range(len(PRODUCTS))))
@settings(max_examples=5, deadline=None)
def test_another_products_facts_do_not_bear_the_text(order: list[int]) -> None:
    flagged = judged = 0
    for here, there in zip(range(len(PRODUCTS)), order, strict=True):
        if here == there:
            continue
        for text in PRODUCTS[here]["holds"]:
            for sentence in check_grounding(text, facts_of(PRODUCTS[there])).sentences:
                judged += sentence.verdict != "claimless"
                flagged += sentence.verdict in {"unsupported", "contradicted"}
    assert flagged >= 0.9 * judged
