"""Numbers and quantities in words: Babel's formats, with the units a shop uses (`units.yaml`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import Literal, Protocol

from app.copywriting.realizer.english_nouns import plural
from app.copywriting.realizer.lexicon import read

Style = Literal["prose", "long", "short", "compound"]
"""prose: as a text is written ("15.6 inches", "56.7 kg") · long: all in words ("56.7 kilograms") · short: symbols
("15.6 in") · compound: before a noun ("15.6-inch", "8 GB")."""

_WORDS = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


_GROUPED = 1000
"""The first number that a locale groups."""


class Measured(Protocol):
    """What `retrieval.quantities.Quantity` offers: numbers, their canonical unit, and how they belong together."""

    @property
    def numbers(self) -> tuple[Decimal, ...]: ...  # noqa: D102
    @property
    def unit(self) -> str | None: ...  # noqa: D102
    @property
    def form(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Unit:
    """How a unit is written. `babel` is its CLDR name, "" where CLDR has none; `spelled` whether prose spells it out."""

    symbol: str
    babel: str = ""
    singular: str = ""
    spelled: bool = False
    glued: bool = False  # "5%", "90°": no space


def quantity(value: Measured, locale: str = "en-US", style: Style = "prose") -> str:
    """A quantity as text: "15.6 inches", "15 to 35 °C", "29 × 13 × 11 inches", "an 11-inch" without its article."""
    if not all(map(_is_writable, value.numbers)):
        return " ".join([*map(str, value.numbers), *([value.unit] if value.unit else [])])
    return _quantity(tuple(value.numbers), value.unit, value.form, locale, style)


def amount(
    number: Decimal | int | str, unit: str | None, locale: str = "en-US", style: Style = "prose"
) -> str:
    """A single number with its unit: `amount("15.6", "in")` → "15.6 inches". A text that is no number stays as it is."""
    try:
        parsed = Decimal(number)
    except InvalidOperation:
        parsed = Decimal("NaN")
    if not _is_writable(parsed):
        return " ".join(part for part in (str(number), unit) if part)
    return _quantity((parsed,), unit, "single", locale, style)


@lru_cache(maxsize=8192)
def _quantity(numbers: tuple[Decimal, ...], unit: str | None, form: str, locale: str, style: Style) -> str:
    written = [number_text(number, locale) for number in numbers]
    if form == "range" and len(written) > 1:
        joined = (
            f"{written[0]} to {written[-1]}" if style in {"prose", "long"} else f"{written[0]}–{written[-1]}"
        )
    else:
        joined = " × ".join(written)
    if not unit or not numbers:
        return joined
    known = units().get(unit, Unit(symbol=unit))
    if style == "compound" and known.spelled and form == "range" and len(written) > 1:
        return f"{written[0]}- to {written[-1]}-{_long_name(unit, known, Decimal(1), locale)}"
    if style == "compound" and known.spelled and form == "single":
        return f"{joined}-{_long_name(unit, known, Decimal(1), locale)}"
    if style == "long" or (style in {"prose", "compound"} and known.spelled):
        return f"{joined} {_long_name(unit, known, numbers[-1] if len(numbers) == 1 else Decimal(2), locale)}"
    return f"{joined}{'' if known.glued else ' '}{known.symbol}"


def _is_writable(number: Decimal) -> bool:
    """Whether a number can be written out: finite, and not of more digits than any product has."""
    most_places = 20
    return (
        number.is_finite()
        and abs(number.adjusted()) < most_places
        and len(number.as_tuple().digits) <= most_places
    )


@lru_cache(maxsize=4096)
def number_text(number: Decimal, locale: str = "en-US") -> str:
    """A number in the locale's digits and grouping, with all the places it has, without idle zeros ("2.0" → "2")."""
    if not _is_writable(number):
        return str(number)
    plain = number.normalize() if number else Decimal(0)
    if 0 <= plain < _GROUPED and locale.startswith(
        "en"
    ):  # digits as they are, which Babel takes its time to say
        return f"{plain:f}"
    from babel.numbers import format_decimal  # noqa: PLC0415 - 20 ms, only where numbers are written

    return str(format_decimal(plain, locale=_babel_locale(locale), decimal_quantization=False))


def number_word(number: int, locale: str = "en-US") -> str:
    """One to twelve in words, other numbers in digits ("three", "25"), as most style guides have it."""
    return _WORDS[number] if 0 <= number < len(_WORDS) else number_text(Decimal(number), locale)


def count(number: int, noun: str, locale: str = "en-US") -> str:
    """A counted noun: `count(3, "colour")` → "three colours", `count(1, "shelf")` → "one shelf"."""
    return f"{number_word(number, locale)} {noun if number == 1 else plural(noun)}"


@lru_cache(maxsize=2048)
def _long_name(unit: str, known: Unit, number: Decimal, locale: str) -> str:
    """The unit in words, in the number's form: "inch", "inches", "metre" (en-GB), "lumens"."""
    if known.singular or not known.babel:
        noun = known.singular or known.symbol
        return noun if number == 1 or not known.singular else plural(noun)
    from babel.units import format_unit  # noqa: PLC0415 - 20 ms, only where units are written

    written = str(format_unit(number, known.babel, length="long", locale=_babel_locale(locale)))
    return written.split(" ", 1)[1] if " " in written else unit


def _babel_locale(locale: str) -> str:
    return locale.replace("-", "_")


@cache
def units() -> Mapping[str, Unit]:
    """Canonical unit (as `Fact.unit` has it) → how it is written."""
    found: dict[str, Unit] = {}
    for data in read("en", "units"):
        for unit, how in data.items():
            found[unit] = Unit(
                symbol=how.get("symbol", unit),
                babel=how.get("babel", ""),
                singular=how.get("singular", ""),
                spelled=how.get("prose") == "spelled",
                glued=how.get("space") == "none",
            )
    return found


@cache
def symbols() -> frozenset[str]:
    """Every unit symbol, for those who must not change its capitals."""
    return frozenset(unit.symbol for unit in units().values()) | frozenset(units())
