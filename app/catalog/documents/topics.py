"""What a statement of a document is about: the family of facts that it belongs to, by its headings and words."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from app.catalog.documents.subjects import is_care
from app.catalog.extraction.vocabulary import Phrases, tokens
from retrieval.attributes import family_of, own_name
from retrieval.tables import read_table

# Kinds that say what a product is, costs or weighs in the warehouse: no sentence of a guide is such a fact.
_NOT_OF_DOCUMENTS = frozenset({"identity", "live", "logistics", "technical", "description", "other"})
_NAMES = frozenset({"title", "name", "brand", "type", "category", "description", "text", "summary", "model"})
_NOTHING = "statement"
_CARE = "care"
_LONGEST = 60


@cache
def _table() -> dict[str, Any]:
    found: dict[str, Any] = read_table("app.catalog.documents", "topics.yaml")
    return found


@cache
def _phrases(part: str) -> Phrases:
    topics: dict[str, list[str]] = _table()[part]
    return Phrases((phrase, topic) for topic, listed in topics.items() for phrase in listed)


@cache
def instructing_words() -> frozenset[str]:
    """Verbs, and words before them, that begin an instruction for care or use."""
    return frozenset(_table()["instructions"])


@lru_cache(maxsize=16384)
def topic_of(heading: tuple[str, ...], text: str) -> str:
    """The name of a statement's fact.

    Care where the sentence is about care. Else a family of attributes where the nearest heading is the name of one ("Guarantee") or tells one ("How to wash it"); else
    where the sentence's own words do; else that of a heading further up, if the sentence tells the reader what to do
    ("Wipe with a damp cloth" in a care guide, below "Bags"; but not what the shop says of itself there). Failing all, the
    nearest heading in snake_case.
    """
    told = _told_by(heading[-1]) if heading else None
    if told != _CARE and is_care(text):
        return _CARE  # "Oil it twice a year" is care, be it below "Oak" or "Materials"
    if told is not None:
        return told
    words = tokens(text)
    told = _first(_phrases("sentences"), words)
    if told is None and words and words[0] in instructing_words():
        told = next(filter(None, map(_told_by, reversed(heading[:-1]))), None)
    return told or _own(heading)


def _told_by(title: str) -> str | None:
    family = family_of(title)
    if family is not None and family.kind not in _NOT_OF_DOCUMENTS and family.name not in _NAMES:
        return family.name
    return _first(_phrases("headings"), tokens(title))


def _first(phrases: Phrases, words: Sequence[str]) -> str | None:
    found = phrases.find(tuple(words))
    return found[0][2] if found else None


def _own(heading: Sequence[str]) -> str:
    named = bool(heading) and not heading[-1].rstrip().endswith("?")  # a question is no name of its answer
    name = own_name(heading[-1])[:_LONGEST].strip("_") if named else ""
    return f"about_{name}" if name in _NAMES else name or _NOTHING
