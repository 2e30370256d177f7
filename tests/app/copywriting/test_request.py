"""Requests are checked as a whole before anything is done."""

import pytest

from app.copywriting.request import CopyRequest, check_request
from app.errors import Invalid


@pytest.mark.parametrize(
    ("changes", "pointer", "named"),
    [
        ({"template": "poem"}, "/template", "product_description"),
        ({"template": "product_description@99"}, "/template", "product_description@1"),
        ({"voice": "loud"}, "/voice", "premium"),
        ({"locale": "xx"}, "/locale", "en-GB"),
        ({"angle": "luck"}, "/angle", "weather"),
        ({"channel": "radio"}, "/channel", "storefront"),
        ({"writer": "monkey"}, "/writer", "template"),
        ({"variants": 0}, "/variants", "1 to 8"),
        ({"variants": 9}, "/variants", "1 to 8"),
        ({"fields": ("title", "jingle")}, "/fields/1", "meta_title"),
    ],
)
def test_an_unknown_name_is_refused_with_the_known_ones(
    changes: dict[str, object], pointer: str, named: str
) -> None:
    with pytest.raises(Invalid) as refused:
        check_request(CopyRequest(sku="A", **changes))  # type: ignore[arg-type]  # wrong values are the point
    (problem,) = refused.value.problems
    assert problem.pointer == pointer
    assert named in problem.detail


def test_every_wrong_member_is_named_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        check_request(CopyRequest(sku="A", voice="loud", locale="xx", variants=0))
    assert {problem.pointer for problem in refused.value.problems} == {"/voice", "/locale", "/variants"}


def test_the_hash_of_a_text_changes_with_whatever_decides_it() -> None:
    plain = check_request(CopyRequest(sku="A"))
    assert plain.hash_for("f", None, 0) == check_request(CopyRequest(sku="A")).hash_for("f", None, 0)
    others = {
        plain.hash_for("g", None, 0),
        plain.hash_for("f", "care", 0),
        plain.hash_for("f", None, 1),
        check_request(CopyRequest(sku="B")).hash_for("f", None, 0),
        check_request(CopyRequest(sku="A", voice="warm")).hash_for("f", None, 0),
        check_request(CopyRequest(sku="A", locale="en-GB")).hash_for("f", None, 0),
        check_request(CopyRequest(sku="A", fields=("title",))).hash_for("f", None, 0),
        check_request(CopyRequest(sku="A", template="headline_variants")).hash_for("f", None, 0),
    }
    assert len(others | {plain.hash_for("f", None, 0)}) == 9
