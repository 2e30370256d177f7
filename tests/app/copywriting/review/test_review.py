"""The pure parts of a review: samples, sheets, summaries."""

import math
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.copywriting.review.sampling import bound, draw
from app.copywriting.review.sheets import armed, defused
from app.copywriting.review.summary import struck_out
from app.copywriting.review.values import Story

EDIT = Story(
    "edit", "e", "cp_1", 2, "A", "product_description@1", "h", "en-US", "plain", None, "template@1", None, "human",
    (), {}, {"description_html": "Fine."}, "Ada", datetime(2026, 1, 1, tzinfo=UTC),
)  # fmt: skip


def test_the_bound_is_that_of_clopper_and_pearson() -> None:
    # One-sided 95 % limits, from the F distribution (Clopper and Pearson 1934).
    assert bound(0, 20).defects == pytest.approx(0.13911, abs=1e-5)
    assert bound(1, 20).defects == pytest.approx(0.21611, abs=1e-5)
    assert bound(3, 50).defects == pytest.approx(0.14784, abs=1e-5)
    assert bound(5, 5).defects == 1.0
    assert bound(0, 300).defects == pytest.approx(3 / 300, rel=0.01)  # the rule of three


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.just(n))))
def test_at_the_bound_so_few_defects_are_a_surprise(case: tuple[int, int]) -> None:
    defects, drawn = case
    p = bound(defects, drawn).defects
    chance = sum(math.comb(drawn, k) * p**k * (1 - p) ** (drawn - k) for k in range(defects + 1))
    assert chance == pytest.approx(0.05, abs=1e-6)


def test_a_sample_is_drawn_again_by_its_seed_whatever_the_order() -> None:
    population = [(f"cp_{n}", 1) for n in range(50)]
    assert draw(population, 10, 7) == draw(population[::-1], 10, 7) != draw(population, 10, 8)


@given(st.text(alphabet="'=+-@\t\ra1 "))
def test_a_text_survives_being_defused_and_is_never_a_formula(text: str) -> None:
    assert armed(defused(text)) == text
    assert defused(text)[:1] not in {"=", "+", "-", "@", "\t", "\r"}


def test_phrases_that_keep_being_struck_out() -> None:
    edits = [
        replace(EDIT, sku=sku, removed=(f"The {sku} is a true must have for the home.",)) for sku in "ABCD"
    ]
    kept = replace(EDIT, sku="E", removed=("A true must have.",), final={"title": "True must-have"})
    found = {(one.phrase, one.products, one.kept) for one in struck_out([*edits, kept])}
    assert found == {("true must have", 4, 1), ("must have for the home", 4, 0)}
    assert struck_out(edits[:2]) == ()
