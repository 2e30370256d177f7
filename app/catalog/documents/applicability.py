"""Which statements of a document speak of a product at all: a guide's chapter on wool is nothing for a cotton tee."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.catalog.documents.statements import HEADINGS
from app.catalog.extraction.materials import kinds_of
from app.catalog.extraction.types import type_in_title
from app.catalog.extraction.vocabulary import singular, tokens
from retrieval.attributes import family_of
from retrieval.facts import Fact

_CARE = "care"


@dataclass(frozen=True, slots=True)
class _Product:
    materials: frozenset[str]
    words: frozenset[str]


def applicable(statements: Iterable[Fact], product: Sequence[Fact]) -> tuple[Fact, ...]:
    """The statements that may speak of a product with these facts.

    Out are those below a heading that names a material or a sort of goods which the product is not ("Leather", "Bags"),
    and care for a material that it is not made of ("Wash wool by hand").
    """
    about = _product(product)
    return tuple(fact for fact in statements if _applies(fact, about))


def _product(facts: Sequence[Fact]) -> _Product:
    texts = [text for fact in facts if fact.name in {"title", "type", "category"} for text in fact.values]
    materials = kinds_of(
        value
        for fact in facts
        if (family := family_of(fact.name)) is not None and family.kind == "material"
        for value in fact.values
    )
    words = frozenset(singular(word) for text in texts for word in tokens(text))
    return _Product(materials | kinds_of(texts), words)


def _applies(fact: Fact, product: _Product) -> bool:
    headings = fact.label.split(HEADINGS) if fact.label else []
    for level, heading in enumerate(headings):
        named = kinds_of((heading,))
        if named and not named & product.materials:
            return False
        # What sort of goods the whole document is for, its scope says better than its title.
        goods = _goods(heading) if level else frozenset()
        if goods and not goods & product.words:
            return False
    if fact.name == _CARE:
        named = kinds_of((fact.text,))
        return not named or bool(named & product.materials)
    return True


@lru_cache(maxsize=4096)
def _goods(heading: str) -> frozenset[str]:
    """The last words, singular, of the sorts of goods that a heading names; none where it names none."""
    found = set()
    for part in heading.replace(" and ", ",").replace("&", ",").replace("/", ",").split(","):
        noun = type_in_title(part)
        if noun is not None:
            found.add(singular(tokens(noun)[-1]))
    return frozenset(found)
