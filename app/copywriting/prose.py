"""The part of a copy that is compared with other copies, and the names that are masked in it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evaluators.fields import field_texts, plain_text

# What names the product, what a search engine shows instead of the text, and what is said for machines.
_NOT_PROSE = frozenset({"title", "slug", "alt", "variant_titles", "meta_title", "meta_description"})
_NAMES = frozenset({"title", "brand"})


def prose_of(fields: Mapping[str, Any]) -> str:
    """What a reader reads: the fields' texts without markup, a line each, save titles, addresses and metas."""
    texts = (text for path, text in field_texts(fields) if path.partition("/")[0] not in _NOT_PROSE)
    return "\n".join(plain_text(text) for text in texts)


def names_of(facts: Iterable[tuple[str, str | Sequence[str]]]) -> tuple[str, ...]:
    """Title and brand among facts, given as names and values."""
    found: dict[str, None] = {}
    for name, value in facts:
        if name in _NAMES:
            found.update(dict.fromkeys([value] if isinstance(value, str) else value))
    return tuple(found)
