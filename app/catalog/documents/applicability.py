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
class Conditions:
    """What a product must be for a statement to speak of it: one of each of these materials, of each of these goods."""

    materials: frozenset[frozenset[str]]
    goods: frozenset[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of a document with their conditions, read once for all products.

    A guide has few headings and many sentences: `conditions` are the different ones, and `by_fact` says for each fact
    which of them is its own.
    """

    facts: tuple[Fact, ...]
    conditions: tuple[Conditions, ...]
    by_fact: tuple[int, ...]

    @classmethod
    def read(cls, facts: Iterable[Fact]) -> "Statements":
        """Find out the conditions of statements."""
        known: dict[Conditions, int] = {}
        kept = tuple(facts)
        by_fact = tuple(known.setdefault(_conditions(fact), len(known)) for fact in kept)
        return cls(kept, tuple(known), by_fact)

    def for_product(self, product: "Kind") -> tuple[Fact, ...]:
        """Those that may speak of a product."""
        met = [_meets(conditions, product) for conditions in self.conditions]
        if all(met):
            return self.facts
        return tuple(fact for fact, n in zip(self.facts, self.by_fact, strict=True) if met[n])


@dataclass(frozen=True, slots=True)
class Kind:
    """What a product is: kinds of its materials, and the words, singular, of its title, type and category."""

    materials: frozenset[str]
    words: frozenset[str]

    @classmethod
    def of(cls, facts: Sequence[Fact]) -> "Kind":
        """The kind of a product with these facts."""
        texts = [text for fact in facts if fact.name in {"title", "type", "category"} for text in fact.values]
        materials = kinds_of(
            value
            for fact in facts
            if (family := family_of(fact.name)) is not None and family.kind == "material"
            for value in fact.values
        )
        words = frozenset(singular(word) for text in texts for word in tokens(text))
        return cls(materials | kinds_of(texts), words)


def applicable(statements: Iterable[Fact], product: Sequence[Fact]) -> tuple[Fact, ...]:
    """The statements that may speak of a product with these facts.

    Out are those below a heading that names a material or a sort of goods which the product is not ("Leather", "Bags"),
    and care for a material that it is not made of ("Wash wool by hand").
    """
    return Statements.read(statements).for_product(Kind.of(product))


def _meets(conditions: Conditions, product: Kind) -> bool:
    return all(named & product.materials for named in conditions.materials) and all(
        goods & product.words for goods in conditions.goods
    )


def _conditions(fact: Fact) -> Conditions:
    below = _below(fact.label)
    if fact.name == _CARE:
        named = kinds_of((fact.text,))
        if named:
            return Conditions(below.materials | {named}, below.goods)
    return below


@lru_cache(maxsize=4096)
def _below(label: str) -> Conditions:
    """The conditions of the headings that a statement stands under."""
    headings = label.split(HEADINGS) if label else []
    materials = frozenset(named for heading in headings if (named := kinds_of((heading,))))
    # What sort of goods the whole document is for, its scope says better than its title.
    goods = frozenset(sort for heading in headings[1:] if (sort := _goods(heading)))
    return Conditions(materials, goods)


@lru_cache(maxsize=4096)
def _goods(heading: str) -> frozenset[str]:
    """The last words, singular, of the sorts of goods that a heading names; none where it names none."""
    found = set()
    for part in heading.replace(" and ", ",").replace("&", ",").replace("/", ",").split(","):
        noun = type_in_title(part)
        if noun is not None:
            found.add(singular(tokens(noun)[-1]))
    return frozenset(found)
