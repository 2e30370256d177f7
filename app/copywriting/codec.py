"""A copy as it is stored: JSON, whole."""

import functools

from pydantic import TypeAdapter

from app.copywriting.copy import Copy


@functools.cache
def _adapter() -> TypeAdapter[Copy]:
    return TypeAdapter(Copy)


def decode_copy(data: str) -> Copy:
    """The copy that `encode_copy` wrote; what older versions did not write has its default."""
    return _adapter().validate_json(data)


def encode_copy(copy: Copy) -> str:
    """The copy as JSON."""
    return _adapter().dump_json(copy).decode()
