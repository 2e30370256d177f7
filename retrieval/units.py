"""Units of measure: how shops spell them, what they measure, how one becomes another.

The table is `units.yaml`. pint does the conversions; it is imported at the first one and each pair of units is
asked once (all conversions between our units are of the form a·x + b).
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from retrieval.tables import read_table


@dataclass(frozen=True, slots=True)
class Unit:
    """A canonical unit. `exact` spellings are matched with their case, `words` in any case."""

    symbol: str
    dimension: str
    pint: str | None
    exact: tuple[str, ...]
    words: tuple[str, ...]


@cache
def units() -> dict[str, Unit]:
    """Give all units by canonical symbol ("in", "fl_oz", "°C"): the values that `Fact.unit` may take."""
    rows: dict[str, dict[str, Any]] = read_table("retrieval", "units.yaml")
    return {symbol: _unit(symbol, row) for symbol, row in rows.items()}


def _unit(symbol: str, row: dict[str, Any]) -> Unit:
    own = (symbol,) if row.get("symbol", True) else ()
    return Unit(
        symbol=symbol,
        dimension=row["dimension"],
        pint=row.get("pint"),
        exact=tuple(dict.fromkeys((*own, *row.get("exact", ())))),
        words=tuple(row["words"]) if row.get("words") else (),
    )


def dimension_of(symbol: str | None) -> str | None:
    """Say what a unit measures ("length"); None for no unit or one that is not in the table."""
    unit = units().get(symbol) if symbol else None
    return unit.dimension if unit else None


@cache
def unit_named(spelling: str) -> str | None:
    """Give the canonical symbol for a unit as a shop spells it ("inches" → "in", "KG" → "kg"); None if unknown."""
    exact, words = _spellings()
    plain = spelling.strip().rstrip(".")
    return exact.get(plain) or words.get(plain.lower()) or ("in" if plain.lower() == "in" else None)


@cache
def _spellings() -> tuple[dict[str, str], dict[str, str]]:
    exact: dict[str, str] = {}
    words: dict[str, str] = {}
    for unit in units().values():
        exact.update(dict.fromkeys(unit.exact, unit.symbol))
        words.update(dict.fromkeys(unit.words, unit.symbol))
    return exact, words


def spellings() -> tuple[dict[str, str], dict[str, str]]:
    """Give spelling → symbol: those whose case matters, and those (in lower case) whose case does not."""
    return _spellings()


def convert(number: Decimal, unit: str, target: str) -> Decimal | None:
    """Convert a number between two canonical units; None where they do not measure the same thing."""
    if unit == target:
        return number
    line = _line(unit, target)
    return None if line is None else number * line[0] + line[1]


@cache
def _line(unit: str, target: str) -> tuple[Decimal, Decimal] | None:
    """Slope and intercept of the conversion, by asking pint for 0 and 1000 (exact enough for any shop)."""
    one, two = units().get(unit), units().get(target)
    if not one or not two or one.dimension != two.dimension or not one.pint or not two.pint:
        return None
    quantity = _registry().Quantity
    at_zero = float(quantity(0.0, one.pint).to(two.pint).magnitude)
    at_thousand = float(quantity(1000.0, one.pint).to(two.pint).magnitude)
    return Decimal(f"{(at_thousand - at_zero) / 1000:.12g}"), Decimal(f"{at_zero:.9f}")


@cache
def _registry() -> Any:
    import pint  # noqa: PLC0415 - 0.2 s that only a conversion is worth

    return pint.UnitRegistry(cache_folder=None)
