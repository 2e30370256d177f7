"""The table of a copy's life."""

import itertools
from pathlib import Path
from typing import get_args

import pytest

from app.copywriting.copy import Status
from app.copywriting.life.transitions import (
    BY_ACTION,
    TRANSITIONS,
    Action,
    as_markdown,
    transition_of,
)
from app.errors import Conflict


def test_every_action_has_exactly_one_row() -> None:
    assert sorted(t.action for t in TRANSITIONS) == sorted(get_args(Action))


@pytest.mark.parametrize(("action", "status"), list(itertools.product(get_args(Action), get_args(Status))))
def test_a_step_is_taken_or_refused_with_what_is_possible(action: Action, status: Status) -> None:
    if status in BY_ACTION[action].sources:
        assert transition_of(action, status).target in get_args(Status)
    else:
        with pytest.raises(Conflict, match=f"a copy that is {status} cannot be"):
            transition_of(action, status)


def test_only_what_was_approved_is_published_and_only_what_is_clean_is_approved() -> None:
    assert BY_ACTION["publish"].sources == ("approved",)
    assert BY_ACTION["approve"].sources == ("needs_review",)
    assert BY_ACTION["approve"].needs_clean
    assert BY_ACTION["publish"].needs_clean


def test_nobody_leads_a_text_out_of_withdrawn_but_what_was_before_returns() -> None:
    assert [t.action for t in TRANSITIONS if "withdrawn" in t.sources] == ["restore"]
    assert not BY_ACTION["restore"].asked


def test_the_page_shows_the_table() -> None:
    page = Path(__file__).parents[4] / "docs" / "life-cycle.md"
    assert as_markdown() in page.read_text("utf-8")
