"""The part of a copy that is compared with other copies, and the names that are masked in it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from evaluators.fields import field_texts, plain_text
from retrieval.facts import Fact
from retrieval.near_duplicates import fingerprint, resembles
from retrieval.selection import is_document
from seo.language.tokens import sentences

# What names the product, what a search engine shows instead of the text, and what is said for machines.
_NOT_PROSE = frozenset({"title", "slug", "alt", "variant_titles", "meta_title", "meta_description"})
_NAMES = frozenset({"title", "brand"})


Quotes = frozenset[str]
"""Sentences of the shop's documents, by their fingerprints."""


def prose_of(fields: Mapping[str, Any], quotes: Quotes = frozenset()) -> str:
    """What a reader reads: the fields' texts without markup, a line each, save titles, addresses, metas and `quotes`."""
    texts = (text for path, text in field_texts(fields) if path.partition("/")[0] not in _NOT_PROSE)
    return own_words("\n".join(plain_text(text) for text in texts), quotes)


def own_words(text: str, quotes: Quotes) -> str:
    """A text without the sentences that are quotes; as it is where there are none."""
    if not quotes:
        return text
    return "\n".join(span.text for span in sentences(text) if fingerprint(span.text) not in quotes)


def quotes_in(told: Iterable[str], stated: Collection[str]) -> Quotes:
    """Which sentences of a copy are statements of the documents that it cites, in their words or nearly so.

    A care guide's sentence stands in the text of every product that it applies to, and makes none the other's twin. What
    says the same as a guide in other words is the copy's own.
    """
    if not stated:
        return frozenset()
    parts = (part.text for text in told for part in sentences(text))
    return frozenset(fingerprint(part) for part in parts if any(resembles(part, one) for one in stated))


def statements(facts: Iterable[Fact]) -> Quotes:
    """The statements of documents among facts: whoever has exactly their words in a text quotes them."""
    return frozenset(fingerprint(fact.text) for fact in facts if is_document(fact))


def names_of(facts: Iterable[tuple[str, str | Sequence[str]]]) -> tuple[str, ...]:
    """Title and brand among facts, given as names and values."""
    found: dict[str, None] = {}
    for name, value in facts:
        if name in _NAMES:
            found.update(dict.fromkeys([value] if isinstance(value, str) else value))
    return tuple(found)
