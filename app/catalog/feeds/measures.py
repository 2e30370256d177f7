"""Measures of a file that writes decimals with a comma: `1.100 g` is 1100 g there, `4,5 kg` is 4.5 kg."""

import re
from collections.abc import Callable
from functools import cache, lru_cache

from app.catalog.feeds.columns import fold, vocabulary
from app.catalog.feeds.prices import Mark
from app.catalog.product import AttributeValue

# Whole numbers in groups of three, or one comma with decimals; "0.100" is no group.
_GROUPED = r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?"
_DECIMAL = r"\d+,\d+"
_NUMBER = rf"(?:{_GROUPED}|{_DECIMAL}|\d+)"
_JOINT = r"\s*(?:[x×*–-]|bis|to)\s*"
_BARE = re.compile(rf"[+-]?{_NUMBER}(?:{_JOINT}{_NUMBER})*", re.IGNORECASE)
_MEMBER = re.compile(_NUMBER)
_LONGEST = 80  # characters; a longer cell is prose, which is the merchant's wording


@cache
def _measured() -> re.Pattern[str]:
    units = "|".join(re.escape(unit) for unit in sorted(vocabulary().units, key=len, reverse=True))
    number = rf"{_NUMBER}(?:\s*(?:{units})(?={_JOINT}\d))?"
    # Nothing that a model number, a version, a date or an address could continue on either side.
    return re.compile(rf"(?<![\w.,:/#-])[+-]?{number}(?:{_JOINT}{number})*\s*(?:{units})(?![\w.]\w|\w|-\d)")


def plain_measure(name: str, value: AttributeValue) -> AttributeValue:
    """The value with its measures written with a decimal point and no groups; anything else as it is.

    A measure is a number with a unit, or a bare one where the column's name says that it holds measures.
    """
    if isinstance(value, tuple):
        return tuple(_rewritten(name, one) for one in value)
    return _rewritten(name, value)


def _rewritten(name: str, value: str) -> str:
    if len(value) > _LONGEST or not re.search(r"\d[.,]\d", value):
        return value
    if _BARE.fullmatch(value):
        return _pointed(value) if _holds_measures(name) else value
    return _measured().sub(lambda match: _pointed(match[0]), value)


def _pointed(text: str) -> str:
    return _MEMBER.sub(_number, text)


def _number(match: re.Match[str]) -> str:
    number = match[0]
    return number.replace(".", "").replace(",", ".") if "." in number or "," in number else number


@lru_cache(maxsize=4096)
def _holds_measures(name: str) -> bool:
    folded = fold(name)
    return any(word in folded for word in vocabulary().measures)


def measures_mark(cells: Callable[[], list[str]], prices: Mark | None) -> Mark | None:
    """How the measures among these cells write decimals; where they leave it open, as the prices do."""
    points = commas = 0
    for cell in cells():
        if len(cell) <= _LONGEST and (match := _SURE.fullmatch(cell.strip())):
            points += match["mark"] == "."
            commas += match["mark"] == ","
    if points == commas:
        return prices
    return "." if points > commas else ","


# A number that leaves no doubt: one or two decimals, and a unit that is a word or sign.
_SURE = re.compile(r"[+-]?\d+(?P<mark>[.,])\d{1,2}\s*(?:[A-Za-zµ°%\"″²³]{1,6}|m²|m³)")
