"""What one message's values are in words, whichever product has them: cotton is put into words once, not once a product.

A wording is found by all that its words depend on (the values, the family, the names), never by the facts' ids. So
shops whose products share values, and the variants of one product, share the work.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from app.copywriting.realizer.english import lower_first
from app.copywriting.realizer.messages import Message, Number, Value
from app.copywriting.realizer.patterns import REFERENCES, AgreeWithValues, Parts, fill, parse
from app.copywriting.realizer.phrasebook import USES, Entry, Pattern, Phrasebook, Use
from app.copywriting.realizer.slots import Filled, fill_slot

_MOST_KNOWN = 8192


@dataclass(frozen=True, slots=True)
class Said:
    """A pattern filled with values. `gapped` is a clause without its verb, for the place behind one of the same shape."""

    parts: Parts
    number: Number
    gapped: Parts = ()


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """Values in words: what stands in each slot, and each pattern filled with it. Its answers are remembered."""

    message: Message
    book: Phrasebook
    locale: str
    entry: Entry
    _slots: dict[str, Filled | None] = field(default_factory=dict)
    _said: dict[str, Said | None] = field(default_factory=dict)
    _ways: dict[str, Mapping[Use, tuple[Pattern, ...]]] = field(default_factory=dict)
    _uses: dict[str, frozenset[Use]] = field(default_factory=dict)
    _lines: dict[str, Parts | None] = field(default_factory=dict)

    def ways(self, voice: str) -> Mapping[Use, tuple[Pattern, ...]]:
        """The ways to put it in each place, in that voice."""
        known = self._ways.get(voice)
        if known is None:
            known = self._ways[voice] = self.book.ways(self.message, voice)
        return known

    def uses(self, voice: str) -> frozenset[Use]:
        """The places in a sentence that it can take."""
        known = self._uses.get(voice)
        if known is None:
            ways = self.ways(voice)
            known = frozenset([use for use in USES if any(map(self.said, ways[use]))])
            self._uses[voice] = known
        return known

    def slot(self, name: str) -> Filled | None:
        """What stands in a slot (see `fill_slot`)."""
        if name not in self._slots:
            self._slots[name] = fill_slot(name, self.message, self.entry, self.locale)
        return self._slots[name]

    def said(self, pattern: Pattern) -> Said | None:
        """A pattern filled; None where a slot of it has nothing to hold."""
        source = pattern.source
        if source not in self._said:
            self._said[source] = self._fill(pattern)
        return self._said[source]

    def _fill(self, pattern: Pattern) -> Said | None:
        values: dict[str, Parts] = {}
        number: Number = "singular"
        for name in pattern.slots:
            if name == "able":
                doing = [self.book.able.get(text.lower()) for text in self.message.texts]
                filled = (parse(doing[0]), number) if len(doing) == 1 and doing[0] else None
            else:
                filled = self.slot(name)
            if filled is not None:
                values[name] = filled[0]
                number = filled[1] if name != "label" else number
            elif name not in REFERENCES:
                return None
        if "label" in values and "<" in pattern.source:
            label = self.slot("label")
            number = label[1] if label else number
        parts = fill(pattern.parts, values, number)
        if parts is None:
            return None
        gapped: Parts | None = None
        if "label" in values:
            gapped = fill(tuple(p for p in pattern.parts if not isinstance(p, AgreeWithValues)), values)
        return Said(parts, number, gapped or ())

    def lines(self, use: Use, voice: str) -> Iterator[Parts]:
        """The ways to put it in a short line of its own, which no capital begins."""
        for pattern in self.ways(voice)[use]:
            if pattern.source not in self._lines:
                self._lines[pattern.source] = self._line(pattern)
            parts = self._lines[pattern.source]
            if parts is not None:
                yield parts

    def _line(self, pattern: Pattern) -> Parts | None:
        held: dict[str, Filled] = {}
        for name in pattern.slots:
            filled = self.slot(name)
            if filled is not None:
                held[name] = filled
            elif name not in REFERENCES:
                return None
        number = next(
            (slot[1] for name, slot in held.items() if name != "label"), self.message.values[0].number
        )
        if "label" in held and "<" in pattern.source:
            number = held["label"][1]
        opening = pattern.parts[0]
        own = (lower_first(opening), *pattern.parts[1:]) if isinstance(opening, str) else pattern.parts
        return fill(own, {name: slot[0] for name, slot in held.items()}, number)


def wording_of(message: Message, book: Phrasebook, locale: str) -> Wording:
    """The wording of a message, the same for all messages with the same values and names."""
    named = message.facts[0]
    key = (message.family, message.kind, message.label, named.name, named.label)
    return _known(_Keyed(message), book, locale, key, message.values)


class _Keyed:
    """A message on its way past the cache: all that counts of it is in the key beside it."""

    __slots__ = ("message",)

    def __init__(self, message: Message) -> None:
        self.message = message

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed)


@lru_cache(maxsize=_MOST_KNOWN)
def _known(
    keyed: _Keyed, book: Phrasebook, locale: str, _key: tuple[str, ...], _values: tuple[Value, ...]
) -> Wording:
    return Wording(keyed.message, book, locale, book.entry(keyed.message))
