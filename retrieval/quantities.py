"""Numbers with units, as shops and writers write them: found with offsets, compared after conversion.

A small lexer of ours: general libraries read `15.6"` as seconds of arc and `24-MB02` as megabytes. It works in two
steps: numbers with the unit that follows each (`quantities_atoms`), then neighbours joined by what stands between
them into dimensions, ranges and compounds (`quantities_join`).
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from retrieval.facts import Fact
from retrieval.quantities_atoms import Form, atoms_in
from retrieval.quantities_join import joined
from retrieval.units import convert, dimension_of
from seo.language.tokens import Span


@dataclass(frozen=True, slots=True)
class Quantity:
    """Numbers with a unit in a text; `text == source[start:end]`.

    `unit` is a symbol of `retrieval.units` and None only where a range or dimensions are written without one.
    A compound ("2 lbs, 8 oz", `5' 10"`) is one number in the smaller unit. `labels` names the numbers of dimensions
    where the text does ("L", "W", "H", "D"). `about`: the text itself says that the number is approximate.
    """

    numbers: tuple[Decimal, ...]
    unit: str | None
    form: Form
    start: int
    end: int
    text: str
    labels: tuple[str, ...] = ()
    about: bool = False


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Find the quantities of a plain text, in order, without overlap.

    Model numbers and versions ("24-MB02", "USB 3.0", "A4", "1080p"), prices, and bare numbers are none.
    """
    return _lex(text)[0]


def bare_numbers(text: str) -> tuple[Span, ...]:
    """Find the numbers that belong to no quantity: counts ("3 pockets", "3-button"), versions, years, prices.

    Digits inside a word ("A4", "MB02", "1080p") are part of a name, not numbers.
    """
    return _lex(text)[1]


@lru_cache(maxsize=8192)
def of_fact(fact: Fact) -> tuple[Quantity, ...]:
    """Give the quantities that a fact states: of its value with its unit, else of its value, else of its text.

    Offsets refer to the string that was read, which is the value with the unit appended where it has one.
    """
    found: list[Quantity] = []
    for value in fact.values:
        found.extend(find_quantities(f"{value} {spoken(fact.unit)}" if fact.unit else value))
    return tuple(found) or find_quantities(fact.text)


def spoken(unit: str) -> str:
    """Give a spelling of a unit that the lexer reads back whatever follows ("in" → "inches")."""
    return _SPOKEN.get(unit, unit)


_SPOKEN = {
    "in": "inches", "ft": "feet", "mi": "miles", "d": "days", "wk": "weeks", "mo": "months", "y": "years", "K": "kelvin",
    "fl_oz": "fl oz", "pt": "pints", "t": "tonnes", "st": "stones", "N": "newtons",
}  # fmt: skip


def comparable(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities measure the same thing (length with length), so that one can contradict the other."""
    if a.unit == b.unit:
        return True
    one = dimension_of(a.unit)
    return one is not None and one == dimension_of(b.unit)


# A number may be told in another unit, rounded to the digits that the text shows, but never by more than this share:
# 29 in → 74 cm is 0.5 % off, 2 in → 5 cm 1.6 %; 1 in → 3 cm (18 %) is another length.
_MOST_ROUNDING = Decimal("0.03")


def same(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities say the same, after conversion, rounded as either text rounds.

    In one unit the numbers must be equal unless one text says "about". Dimensions match in any order; a single
    number never equals a range or dimensions.
    """
    if len(a.numbers) != len(b.numbers) or not comparable(a, b):
        return False
    pairs = (a.numbers, b.numbers)
    if a.form == b.form == "dimensions" and not (a.labels and a.labels == b.labels):
        pairs = (tuple(sorted(a.numbers)), tuple(sorted(b.numbers)))
    return all(_same_number(x, a, y, b) for x, y in zip(*pairs, strict=True))


def _same_number(x: Decimal, a: Quantity, y: Decimal, b: Quantity) -> bool:
    if a.unit == b.unit:
        return x == y or ((a.about or b.about) and _near(x, y) and (_rounds(x, y) or _rounds(y, x)))
    if a.unit is None or b.unit is None:
        return False
    there, back = convert(x, a.unit, b.unit), convert(y, b.unit, a.unit)
    if there is None or back is None or not _near(there, y):
        return False
    return _rounds(there, y) or _rounds(back, x)


def _near(value: Decimal, told: Decimal) -> bool:
    return abs(value - told) <= _MOST_ROUNDING * max(abs(value), abs(told), Decimal(1) / 1000)


def _rounds(value: Decimal, told: Decimal) -> bool:
    """Whether `told` is `value` rounded to the decimals it shows."""
    exponent = told.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return abs(value - told) <= Decimal(5).scaleb(-decimals - 1) + Decimal("1e-9")


_ABOUT = re.compile(
    r"(?:\babout|\bapprox(?:\.|imately)?|\baround|\bnearly|\balmost|\broughly|\bca\.?|\bcirca|~|≈|±)\s*\Z",
    re.IGNORECASE,
)


_ABOUT_ENDS = frozenset("txdylaTXDYLA.~≈±")


def _says_about(text: str, start: int) -> bool:
    """Whether what stands before a number calls it approximate."""
    before = text[max(0, start - 15) : start].rstrip()
    return before[-1:] in _ABOUT_ENDS and _ABOUT.search(text, max(0, start - 15), start) is not None


@lru_cache(maxsize=16384)
def _lex(text: str) -> tuple[tuple[Quantity, ...], tuple[Span, ...]]:
    """All quantities and bare numbers of a text."""
    quantities: list[Quantity] = []
    bare: list[Span] = []
    for atom in joined(text, atoms_in(text)):
        if atom.unit is not None or atom.form != "single":
            piece = text[atom.start : atom.end]
            about = _says_about(text, atom.start)
            quantities.append(
                Quantity(atom.numbers, atom.unit, atom.form, atom.start, atom.end, piece, atom.labels, about)
            )
        elif not atom.loose:
            bare.append(Span(text[atom.start : atom.stop], atom.start, atom.stop))
    return tuple(quantities), tuple(bare)
