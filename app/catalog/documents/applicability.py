"""Which statements of a document speak of a product at all: a guide's chapter on wool is nothing for a cotton tee."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from app.catalog.documents.statements import HEADINGS
from app.catalog.documents.subjects import Needs, accepted, material_names, needs_of, parts_in, parts_of
from app.catalog.extraction.materials import kinds_of
from app.catalog.extraction.types import type_in_title
from app.catalog.extraction.vocabulary import singular, tokens
from retrieval.attributes import family_of
from retrieval.facts import Fact

_GONE = re.compile(
    r"\b(?:without|no)\s+(?:an?\s+)?[\w-]+|\b[\w-]+\s+(?:is |are )?not included\b", re.IGNORECASE
)
"""Parts that a fact says are not there."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a product must be for a statement to speak of it.

    One of each of these `materials`, of each of the `goods` of its headings, and what its words need.
    """

    materials: frozenset[frozenset[str]]
    goods: frozenset[frozenset[str]]
    needs: Needs = field(default_factory=Needs)


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
    """What a product is.

    `materials`: their kinds, and sorts of wood and leather by name. `shelf`: the words, singular, of its title, type and
    category with all above; `names`: those of title, type and its own shelf alone. `words`: those of all facts, and the
    parts that it has by what it is.
    """

    materials: frozenset[str]
    shelf: frozenset[str]
    names: frozenset[str]
    words: frozenset[str]

    @classmethod
    def of(cls, facts: Sequence[Fact]) -> "Kind":
        """The kind of a product with these facts."""
        shelf = [text for fact in facts if fact.name in {"title", "type", "category"} for text in fact.values]
        names = [text for fact in facts if fact.name in {"title", "type"} for text in fact.values]
        names += [fact.values[-1] for fact in facts if fact.name == "category"]
        made_of = [
            value
            for fact in facts
            if (family := family_of(fact.name)) is not None and family.kind == "material"
            for value in fact.values
        ]
        materials = kinds_of(made_of) | kinds_of(shelf)
        named = frozenset(word for text in (*made_of, *names) for word in material_names(text))
        called = _words(names)
        # The parts of what a thing is for are none of its own: a bicycle helmet, filed below bicycles, has no tyres.
        is_a = _words(text for fact in facts if fact.name in {"title", "type"} for text in fact.values)
        told = _words(
            _GONE.sub(" ", text)
            for fact in facts
            if not fact.live
            for text in (fact.name.replace("_", " "), *fact.values)
        )
        return cls(materials | named, _words(shelf), called, told | parts_of(is_a))


def _words(texts: Iterable[str]) -> frozenset[str]:
    """The words of texts, singular; those of a hyphenated name as one word too."""
    found: set[str] = set()
    for text in texts:
        found.update(map(singular, tokens(text)))
        found.update(singular(word) for word in _HYPHENATED.findall(text.lower()))
    return frozenset(found)


_HYPHENATED = re.compile(r"[^\W_]+(?:-[^\W_]+)+")


def applicable(statements: Iterable[Fact], product: Sequence[Fact]) -> tuple[Fact, ...]:
    """The statements that may speak of a product with these facts.

    Out are those below a heading that names a material or a sort of goods which the product is not ("Leather", "Bags"),
    those about another material or sort of goods ("Wash wool by hand", "Chairs arrive assembled"), and those about a part
    that the product has not, as far as its facts say ("Store the battery in a cool place").
    """
    return Statements.read(statements).for_product(Kind.of(product))


def _meets(conditions: Conditions, product: Kind) -> bool:
    needs = conditions.needs
    return (
        all(named & product.materials for named in (*conditions.materials, *needs.materials))
        and all(goods & product.shelf for goods in conditions.goods)
        and all(goods & product.names for goods in needs.goods)
        and all(words & product.words for words in needs.words)
    )


def _conditions(fact: Fact) -> Conditions:
    below = _below(fact.label)
    own = needs_of(fact.text)
    needs = Needs(own.goods, own.words | below.needs.words, own.materials)
    return Conditions(below.materials, below.goods, needs)


@lru_cache(maxsize=4096)
def _below(label: str) -> Conditions:
    """The conditions of the headings that a statement stands under."""
    headings = label.split(HEADINGS) if label else []
    parts = frozenset(named for heading in headings[1:] if (named := parts_in(heading)))
    materials = frozenset(named for heading in headings if (named := material_names(heading)))
    # What sort of goods the whole document is for, its scope says better than its title.
    goods = frozenset(sort for heading in headings[1:] if (sort := _goods(heading)))
    return Conditions(materials, goods, Needs(words=parts))


@lru_cache(maxsize=4096)
def _goods(heading: str) -> frozenset[str]:
    """The last words, singular, of the sorts of goods that a heading names; none where it names none."""
    found: set[str] = set()
    for part in heading.replace(" and ", ",").replace("&", ",").replace("/", ",").split(","):
        noun = type_in_title(part)
        if noun is not None:
            found |= accepted(singular(tokens(noun)[-1]))
    return frozenset(found)
