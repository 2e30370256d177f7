"""Materials in a text: which they are, compositions in percent, and whether two statements contradict each other."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from app.catalog.extraction.vocabulary import Phrases, table, terms, tokens

_SHARE = re.compile(
    r"(?P<share>\d{1,3}(?:[.,]\d+)?)\s?%\s*(?P<what>[A-Za-zÀ-ÿ][^%\d;|]*?)(?=\s*[,/;|+&.]?\s*(?:and\s+)?\d{1,3}(?:[.,]\d+)?\s?%|\s*[.;|]|\s*$)"
)
_MADE_OF = re.compile(
    r"^(?:made|crafted|constructed|built|manufactured)\s+(?:entirely\s+)?(?:of|from|in|out of)\s+(?P<what>.+)$",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"\s*(?:/|,|&|\+|\band\b)\s*", re.IGNORECASE)
_MAX_WORDS = 5


@dataclass(frozen=True, slots=True)
class Material:
    """A material in a text: its words' places and its kind ("Lycra" is elastane)."""

    start: int
    end: int
    kind: str


@cache
def _phrases() -> Phrases:
    kinds: dict[str, list[str]] = table("materials.yaml")["kinds"]
    return Phrases((name, kind) for kind, names in kinds.items() for name in (kind, *names))


@cache
def _qualifiers() -> frozenset[str]:
    return frozenset(
        word for phrase in terms(table("materials.yaml")["qualifiers"]) for word in tokens(phrase)
    )


@lru_cache(maxsize=16384)
def materials_in(text: str) -> tuple[Material, ...]:
    """Find the materials that a text names."""
    return tuple(Material(start, end, kind) for start, end, kind in _phrases().find(tokens(text)))


def kinds_of(values: Iterable[str]) -> frozenset[str]:
    """The kinds of material in some values."""
    return frozenset(material.kind for value in values for material in materials_in(value))


def contradict(stated: Iterable[str], claimed: Iterable[str]) -> bool:
    """Whether a claim about the material cannot stand beside what is stated: they share no kind of material."""
    one, two = kinds_of(stated), kinds_of(claimed)
    return bool(one) and bool(two) and not one & two


def composition(text: str) -> tuple[str, ...]:
    """Read a fragment that is nothing but a material or a list of them; () for anything else.

    "62% cotton/34% nylon/4% spandex", "87% Spandex 13% Lycra", "Made of plastic", "Polyester/cotton", "100% cotton".
    """
    text = text.strip(" .")
    shares = tuple(_SHARE.finditer(text))
    if shares and shares[0].start() == 0 and all(_is_material(m["what"]) for m in shares):
        return tuple(f"{m['share']}% {m['what'].strip(' .,/&+')}" for m in shares)
    if shares:
        return ()
    made = _MADE_OF.match(text)
    what = made["what"] if made else text
    parts = tuple(part for part in _SEPARATORS.split(what) if part)
    if parts and all(_is_material(part) for part in parts):
        return parts
    return ()


@lru_cache(maxsize=8192)
def _is_material(phrase: str) -> bool:
    """Whether a phrase is a material with words that only qualify it ("premium brushed Nylon")."""
    words = tokens(phrase)
    if not words or len(words) > _MAX_WORDS:
        return False
    found = _phrases().find(words)
    covered = {index for start, end, _ in found for index in range(start, end)}
    return bool(found) and all(i in covered or word in _qualifiers() for i, word in enumerate(words))
