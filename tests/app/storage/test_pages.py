"""Pages and their cursors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.storage.pages import checked_limit, decode_cursor, encode_cursor, page_of


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_cursors_come_back(key: str) -> None:
    cursor = encode_cursor(key)
    assert decode_cursor(cursor) == key
    assert all(c.isalnum() or c in "-_" for c in cursor)


@given(st.text())
def test_whatever_is_sent_as_a_cursor_is_a_key_or_invalid(cursor: str) -> None:
    try:
        assert isinstance(decode_cursor(cursor), str)
    except Invalid as error:
        assert "cursor" in error.detail  # noqa: PT017 - both outcomes are fine, nothing else is


def test_one_row_more_than_shown_means_another_page() -> None:
    rows = ["a", "b", "c"]
    assert page_of(rows, 3, rows).next_cursor is None
    page = page_of(rows, 2, rows)
    assert page.items == ("a", "b")
    assert page.next_cursor is not None
    assert decode_cursor(page.next_cursor) == "b"


def test_limits() -> None:
    assert checked_limit(1000) == 1000
    with pytest.raises(Invalid):
        checked_limit(0)
