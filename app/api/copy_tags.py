"""The `ETag` of a copy, and the `If-Match` of whoever changes it."""

import re
from typing import Annotated

from fastapi import Depends, Header, Response

from app.api.models.copy import CopyOut
from app.copywriting.copy import Copy
from app.copywriting.life.preconditions import Expected, expected_of, tag_of
from app.errors import Invalid

_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def tagged(copy: Copy, response: Response) -> CopyOut:
    """The answer for one copy, with its `ETag`."""
    response.headers["ETag"] = f'"{tag_of(copy)}"'
    return CopyOut.of(copy)


def expected_copy(
    if_match: Annotated[
        str | None,
        Header(
            description='The copy that was seen, as `ETag` gave it, or its version alone (`"3"`): where it has '
            "changed since, the answer is 412 and says what."
        ),
    ] = None,
) -> Expected | None:
    """What the caller believes the copy to be; None where anything goes. Raises Invalid for what is no tag."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise Invalid(
            'If-Match: send one tag as ETag gave it, in quotes, like "3-approved-1f00beef"',
            pointer="header/If-Match",
        )
    return expected_of(found[1])


IfMatch = Annotated[Expected | None, Depends(expected_copy)]
