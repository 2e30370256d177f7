"""Which facts products lack that most of their peers have. Pure.

Peers are the products of one category (the very one, not those below it) that are the same thing: whose `type` is the
same, where at least `MIN_PEERS` are; the others of the category are peers of one another. A fact is one that a product
should have if at least `share` of its peers have one of its name.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import orjson

from app.errors import Invalid
from retrieval.attributes import family_of

MIN_PEERS = 5
"""Fewer products are too few to say what their like should have."""
SHARE = 0.6
EXAMPLES = 10
_NOT_LACKED = frozenset({"live", "logistics", "technical", "description"})


@dataclass(frozen=True, slots=True)
class Gap:
    """A fact that most peers have: `having` and `lacking` count them, `examples` are SKUs of those that lack it."""

    category: str
    type: str | None  # None: the peers are all others of the category
    name: str
    kind: str | None  # of the family; None: the shop's own name
    having: int
    lacking: int
    examples: tuple[str, ...]

    @property
    def order(self) -> tuple[int, int, str, str, str]:
        """By which gaps are sorted: where most products lack it first."""
        return -self.lacking, -self.having, self.category, self.type or "", self.name

    @property
    def key(self) -> str:
        """The same as text, for a page to go on from (`order_of`)."""
        return orjson.dumps(self.order).decode()

    @property
    def products(self) -> int:
        """How many peers there are."""
        return self.having + self.lacking

    @property
    def share_with(self) -> float:
        """The share of the peers that have it."""
        return self.having / self.products

    @property
    def share_without(self) -> float:
        """The share of the peers that lack it."""
        return self.lacking / self.products


def order_of(key: str) -> tuple[int, int, str, str, str]:
    """The order that a gap's key stands for. Raises Invalid for text that is none."""
    try:
        lacking, having, category, kind, name = orjson.loads(key)
        return int(lacking), int(having), str(category), str(kind), str(name)
    except (ValueError, TypeError):
        raise Invalid("cursor: this one belongs to another list", pointer="query/cursor") from None


@dataclass(slots=True)
class _Like:
    """Products that have facts of the same names: how many, and the first of them."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, count: int, skus: Iterable[str]) -> None:
        self.count += count
        self.first = sorted([*self.first, *skus])[:EXAMPLES]


class GapCounter:
    """Counts products as they come; products whose facts have the same names are counted together."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str | None], dict[frozenset[str], _Like]] = defaultdict(dict)

    def add(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Count products: SKU, category and facts as they are stored."""
        for sku, category, encoded in rows:
            facts = orjson.loads(encoded)
            names = frozenset(fact[1] for fact in facts)
            kind = next((fact[2] for fact in facts if fact[1] == "type" and isinstance(fact[2], str)), None)
            group = self._groups[category, kind and kind.casefold()]
            group.setdefault(names, _Like()).add(1, [sku])

    def gaps(self, share: float = SHARE) -> tuple[Gap, ...]:
        """What is lacked, where most products lack it first."""
        found = [gap for key, group in self._peers().items() for gap in _gaps(key, group, share)]
        return tuple(sorted(found, key=lambda gap: gap.order))

    def _peers(self) -> dict[tuple[str, str | None], dict[frozenset[str], _Like]]:
        peers: dict[tuple[str, str | None], dict[frozenset[str], _Like]] = defaultdict(dict)
        for (category, kind), group in self._groups.items():
            is_many = kind is not None and _size(group) >= MIN_PEERS
            joined = peers[category, kind if is_many else None]
            for names, like in group.items():
                joined.setdefault(names, _Like()).add(like.count, like.first)
        return {key: group for key, group in peers.items() if _size(group) >= MIN_PEERS}


def _size(group: dict[frozenset[str], _Like]) -> int:
    return sum(like.count for like in group.values())


def _gaps(key: tuple[str, str | None], group: dict[frozenset[str], _Like], share: float) -> Iterable[Gap]:
    having: Counter[str] = Counter()
    for names, like in group.items():
        having.update(dict.fromkeys(names, like.count))
    size = _size(group)
    for name, count in having.items():
        family = family_of(name)
        kind = family.kind if family else None
        if count == size or count < share * size or kind in _NOT_LACKED:
            continue
        lacking = _Like()
        for names, like in group.items():
            if name not in names:
                lacking.add(like.count, like.first)
        yield Gap(*key, name, kind, count, size - count, tuple(lacking.first))
