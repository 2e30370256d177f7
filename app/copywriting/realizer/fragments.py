"""A merchant's list items before they become messages: labels in them, compositions, adjectives in a row, comparisons."""

import re
from dataclasses import dataclass
from functools import lru_cache

from app.copywriting.realizer.lexicon import lexicon
from app.copywriting.realizer.words import is_adjective, is_part_noun, lemmas, tokens
from retrieval.attributes import family_of
from retrieval.quantities import find_quantities

_LABELLED = re.compile(r"^([^\W\d_][\w /-]{2,28}?):\s+(\S.*)$")
_COMPOSITION = re.compile(r"^\d{1,3}(?:\.\d+)?\s?%\s+[^\W\d_]")
_SHARES = re.compile(r"\s*(?:[/,;+]|\band\b)\s*(?=\d{1,3}(?:\.\d+)?\s?%)")
_MEASURES = frozenset({"dimension", "weight", "capacity"})
_ENDS = frozenset({"fit", "pattern"})
_STOPS = re.compile(r"\.\s+(?=\w)")
_PART_WORDS = 4
_COMPARES = re.compile(r"\bthan\b|\bcompared\b", re.I)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A list item taken apart: `family` and `kind` where its own words tell them, a label of its own, its values."""

    values: tuple[str, ...]
    label: str = ""
    family: str = ""
    kind: str = ""
    unit: str | None = None


@lru_cache(maxsize=8192)
def read_fragment(text: str) -> Fragment:
    """Take a list item apart.

    "Inseam: 32 in" and '5" inseam' are attributes, "Relaxed fit" is one, "95% cotton / 5% spandex" a composition, "Waterproof, breathable, seam sealed" three
    adjectives; anything else is one value.
    """
    plain = _STOPS.sub(", ", text.strip().rstrip(".;,"))
    if _COMPOSITION.match(plain):
        return Fragment(tuple(_SHARES.split(plain)), family="material", kind="material")
    labelled = _LABELLED.match(plain)
    if labelled:
        return Fragment((labelled[2],), label=labelled[1])
    measured = _measured(plain)
    if measured is not None:
        return measured
    pieces = [piece.strip() for piece in re.split(r",\s+(?:and\s+)?", plain)]
    adjectives = all(piece and is_adjective(tokens(piece)[-1]) for piece in pieces if tokens(piece))
    if len(pieces) > 1 and (adjectives or all(_is_part(piece) for piece in pieces)):
        return Fragment(tuple(pieces))
    ending = tokens(plain)[-1:]
    family = family_of(ending[0]) if ending else None
    if family is not None and family.kind in _ENDS and len(tokens(plain)) > 1:
        return Fragment((plain,), family=family.name, kind=family.kind)
    return Fragment((plain,))


def _is_part(piece: str) -> bool:
    """Whether a piece of a list names a part by itself: "banded waist"."""
    words = tokens(piece)
    return 1 < len(words) <= _PART_WORDS and is_part_noun(words[-1])


def _measured(text: str) -> Fragment | None:
    """A measure and what it measures: '5" inseam', "27 in body length"."""
    found = find_quantities(text)
    if len(found) != 1 or found[0].start != 0 or found[0].unit is None:
        return None
    label = text[found[0].end :].strip()
    family = family_of(label) if label.isascii() and label.replace(" ", "").isalpha() else None
    if family is None or family.kind not in _MEASURES:
        return None
    return Fragment((found[0].text,), label=label, family=family.name, kind=family.kind, unit=found[0].unit)


@lru_cache(maxsize=8192)
def compares(text: str) -> bool:
    """Whether a fragment compares ("longer hem", "lighter than before") without saying with what a fact could tell."""
    return bool(_COMPARES.search(text)) or any(_is_comparative(word.lower()) for word in tokens(text))


def _is_comparative(word: str) -> bool:
    if not word.endswith(("er", "est")) or word in lexicon().part_nouns or word in lexicon().adjectives:
        return False
    known = lemmas(word)
    base = known.get("ADJ", (word,))[0]
    return set(known) <= {"ADJ", "ADV"} and base != word and word.startswith(base[:3])
