"""A product becomes facts: atomic statements with ids that last, and a hash that tells whether any changed."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from app.catalog.codec import encode_numbered
from app.catalog.extraction.columns import column_facts, with_units_of_title
from app.catalog.extraction.conflicts import background, settle
from app.catalog.extraction.found import Found, mark_of, with_id
from app.catalog.extraction.identity import identity_facts
from app.catalog.extraction.live import live_facts
from app.catalog.extraction.prose import context, prose_facts
from app.catalog.extraction.rules import FactRules
from app.catalog.extraction.variants import variant_facts
from app.catalog.product import Product
from retrieval.facts import Fact
from retrieval.quick_values import quick

__all__ = ["Drawn", "FactChange", "FactRules", "FactSet", "changes", "draw", "facts_of"]


@quick
@dataclass(frozen=True, slots=True)
class FactSet:
    """The facts of a product as it is now.

    `ids` maps the key of every fact that the product ever had to its id: keep it and hand it back as `known_ids`.
    `facts_hash` is equal for two sets that state the same, live facts apart. `notes` say what was left out and why.
    """

    facts: tuple[Fact, ...]
    ids: Mapping[str, str]
    facts_hash: str
    notes: tuple[str, ...]


@quick
@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact that came (`old` is None), went (`new` is None) or changed."""

    id: str
    old: Fact | None
    new: Fact | None


_NO_IDS: Mapping[str, str] = MappingProxyType({})
_DEFAULT_RULES = FactRules()


@quick
@dataclass(frozen=True, slots=True)
class Drawn:
    """A `FactSet` before its facts are made: `numbers` are the ids of `found`, place by place."""

    found: Sequence[Found]
    numbers: Sequence[str]
    ids: Mapping[str, str]
    facts_hash: str
    notes: tuple[str, ...]

    def facts(self) -> tuple[Fact, ...]:
        """The facts with their ids."""
        return tuple(map(with_id, self.found, self.numbers))

    def as_json(self) -> str:
        """The facts as they are stored. Facts that products share are written once."""
        return encode_numbered(self.numbers, [one.row or one.as_row() for one in self.found])


def facts_of(
    product: Product,
    known_ids: Mapping[str, str] = _NO_IDS,
    own_sentences: Sequence[str] = (),
    rules: FactRules = _DEFAULT_RULES,
) -> FactSet:
    """State what a product is, as facts with ids. Deterministic.

    Order: identity (title, brand, type, category), the shop's columns, variants, what the description says, live
    facts. A fact that was known keeps its id, also when its value changes; a new one gets the next free number; a
    number that was ever given is never given again. A sentence of the description that resembles one of
    `own_sentences` (copy of ours that came back with a feed) gives no fact, unless the shop had it first.
    """
    (drawn,) = draw([product], [known_ids], [own_sentences], rules)
    return FactSet(drawn.facts(), MappingProxyType(drawn.ids), drawn.facts_hash, drawn.notes)


def draw(
    products: Sequence[Product],
    known_ids: Sequence[Mapping[str, str]],
    own_sentences: Sequence[Sequence[str]],
    rules: FactRules,
) -> list[Drawn]:
    """What `facts_of` states of each product, for those who do not need the facts themselves.

    Step by step for all, not product by product: each step's code and words stay in the processor's cache, which takes
    a fifth off the time.
    """
    columns = [column_facts(product.attributes) for product in products]
    identity = [identity_facts(product) for product in products]
    stated = [
        [*own, *_not_told(with_units_of_title(read.facts, product.title), own)]
        for product, own, read in zip(products, identity, columns, strict=True)
    ]
    options = [variant_facts(product.variants) if product.variants else [] for product in products]
    heard = [
        context(known, own, background([*told, *chosen]), rules)
        for known, own, told, chosen in zip(known_ids, own_sentences, stated, options, strict=True)
    ]
    prose = [
        prose_facts(product.description, read.prose, hearing)
        for product, read, hearing in zip(products, columns, heard, strict=True)
    ]
    settled = [
        settle(told, chosen, claimed.facts)
        for told, chosen, claimed in zip(stated, options, prose, strict=True)
    ]
    kept = [
        _without_repeats([*stands.facts, *live_facts(product)])
        for product, stands in zip(products, settled, strict=True)
    ]
    numbered = [_numbered(keys, known) for (_, keys), known in zip(kept, known_ids, strict=True)]
    hashes = [_hash([one.mark for one in found]) for found, _ in kept]
    notes = [
        (*read.notes, *claimed.notes, *stands.notes)
        for read, claimed, stands in zip(columns, prose, settled, strict=True)
    ]
    return [
        Drawn(found, numbers, ids, facts_hash, left_out)
        for (found, _), (numbers, ids), facts_hash, left_out in zip(
            kept, numbered, hashes, notes, strict=True
        )
    ]


def _not_told(columns: list[Found], identity: Sequence[Found]) -> list[Found]:
    """The columns' facts without that of the column which gave the type."""
    told = [one.fact.source for one in identity if one.fact.source.startswith("attribute:")]
    return [one for one in columns if one.fact.source not in told] if told else columns


def hash_of(facts: Iterable[Fact]) -> str:
    """Hash what facts state: name, value, unit and who answers for it. Live facts, ids and order do not count."""
    return _hash(map(mark_of, facts))


def _hash(marks: Iterable[str]) -> str:
    return hashlib.blake2b("\x1d".join(sorted(filter(None, marks))).encode(), digest_size=16).hexdigest()


def changes(old: Sequence[Fact], new: Sequence[Fact]) -> tuple[FactChange, ...]:
    """Compare two states of a product's facts by id; live facts are left out, they change by the hour."""
    before = {fact.id: fact for fact in old if not fact.live}
    after = {fact.id: fact for fact in new if not fact.live}
    found = []
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        if was is None or now is None or _stated(was) != _stated(now):
            found.append(FactChange(key, was, now))
    return tuple(found)


def _stated(fact: Fact) -> tuple[object, ...]:
    return fact.name, fact.values, fact.unit, fact.trust


def _without_repeats(facts: list[Found]) -> tuple[list[Found], list[str]]:
    """One fact for each key, the first; and of facts that say the very same, the first. With their keys."""
    listed = [one.key for one in facts]
    if len(set(listed)) == len({one.plain for one in facts}) == len(facts):
        return facts, listed
    keys: set[str] = set()
    said: set[str] = set()
    kept: list[Found] = []
    for one in facts:
        if one.key not in keys and one.plain not in said:
            keys.add(one.key)
            said.add(one.plain)
            kept.append(one)
    return kept, [one.key for one in kept]


_NUMBERS = tuple(f"F{number}" for number in range(1, 257))


def _numbered(keys: Sequence[str], known: Mapping[str, str]) -> tuple[Sequence[str], dict[str, str]]:
    """The ids of facts by their keys, and of all that were ever known."""
    if not known and len(keys) <= len(_NUMBERS):  # a new product
        numbers: Sequence[str] = _NUMBERS[: len(keys)]
        return numbers, dict(zip(keys, numbers, strict=True))
    ids = dict(known)
    highest = max((int(i[1:]) for i in known.values() if i[1:].isdigit()), default=0)
    for key in keys:
        if key not in ids:
            highest += 1
            ids[key] = f"F{highest}"
    return [ids[key] for key in keys], ids
