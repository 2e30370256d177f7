"""Reads attribute values: cleans them, parts lists, knows yes and no, numbers with their units, and empty phrases."""

import html
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from retrieval.quantities import Quantity, find_quantities
from retrieval.units import dimension_of


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it may be written: text or list, the unit where it is a number, the shop's own words."""

    value: str | tuple[str, ...]
    unit: str | None
    original: str


_TAG = re.compile(r"<[^<>]{0,2000}>")
_SPACE = re.compile(r"\s+")
_LINES = re.compile(r"\s*(?:\||[\r\n]+|<br\s*/?>|</li>|</p>)\s*", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[•▪‣●◦∙·✓✔➤►*]|[-–—]\s)\s*")
_BULLETS = frozenset("•▪‣●◦∙·✓✔➤►*-–—")
# A comma or semicolon that parts a list: not inside brackets, not between the digits of a number.
_SEMICOLONS = re.compile(r"\s*;\s*(?![^()]*\))")
_COMMAS = re.compile(r"\s*(?:[;、]|(?<!\d),|,(?!\d))\s*(?![^()]*\))")
_LONGEST_LIST_ITEM = 8  # words; a longer part between commas is a clause, not an item
_EMPTY = frozenset({"n/a", "na", "n.a.", "n.a", "-", "--", "---", "–", "—", ".", "none", "null", "nan", "nil", "undefined", "unknown", "unspecified", "tbd", "tba", "tbc", "?", "??", "x.x", "k.a.", "keine_angabe", "#n/a", "#ref!", "#value!", "#name?", "not_applicable", "not_available", "not_specified", "not_supported", "not_defined", "no_data", "nessuno", "ninguno", "aucun", "keine", "geen", "other", "various", "see_description", "see_below", "please_select", "select", "default_title"})  # fmt: skip
YES = frozenset({"yes", "true", "y", "ja", "oui", "si", "sí", "sì", "wahr", "vrai", "vero", "x", "✓", "✔"})
NO = frozenset({"no", "false", "n", "nein", "non", "nee", "falsch", "faux", "falso"})
_FILE = re.compile(
    r"^(?:https?://|//|www\.|data:)\S+$|^\S*/\S+\.(?:jpe?g|png|gif|webp|svg|pdf|mp4|html?)$", re.IGNORECASE
)
_CODE = re.compile(r"https?:/|^\s*[\[{].*[\]}]\s*$", re.DOTALL)
_FLOAT = re.compile(r"^-?[0-9]+\.0+$")
_NUMBER_TEXT = re.compile(r"^[-−]?[0-9][0-9.,]*(?:[ -][0-9]+/[0-9]+|/[0-9]+)?\s?[¼½¾⅓⅔⅛⅜⅝⅞]?|^[¼½¾⅓⅔⅛⅜⅝⅞]")


@lru_cache(maxsize=65536)
def clean(text: str) -> str:
    """Plain text of a value: entities read (also doubly written ones), tags and bullets gone, spaces single."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub(" ", text)
    plain = " ".join(text.split())
    if plain[:1] in _BULLETS:
        plain = _BULLET.sub("", _SPACE.sub(" ", text)).strip()
    return f"{plain[:-1].rstrip()}+" if plain.endswith(" +") else plain


def is_empty(text: str) -> bool:
    """Whether a value only says that there is none ("N/A", "-", "not available")."""
    plain = text.strip().lower()
    if not plain or plain.replace(" ", "_") in _EMPTY:
        return True
    return "(" in plain and all(part in _EMPTY for part in plain.replace("(", " ").replace(")", " ").split())


def answer(value: str) -> bool | None:
    """Read a yes or a no in the languages of the lexicon; None for anything else ("1" is a number)."""
    plain = value.strip().lower()
    return True if plain in YES else False if plain in NO else None


def items(raw: str | tuple[str, ...], *, is_list: bool) -> tuple[str, ...]:
    """The single values of a raw one, cleaned, in order, without repeats, empty phrases, addresses and code.

    Bars, line breaks and semicolons always part values; commas where the attribute's family is a list.
    """
    found: list[str] = []
    for part in raw if isinstance(raw, tuple) else (raw,):
        text = html.unescape(part) if "&" in part else part
        for line in _LINES.split(text) if _PARTED.search(text) else (text,):
            found.extend(_split(clean(line), is_list=is_list))
    kept = [item for item in found if not is_empty(item) and not _is_address_or_code(item)]
    if len(kept) < 2:
        return tuple(kept)
    return tuple({item.casefold(): item for item in reversed(kept)}.values())[::-1]


_PARTED = re.compile(r"[|\r\n<]")
_ADDRESSED = re.compile(r"[/:.\]}]")


def _is_address_or_code(item: str) -> bool:
    if not _ADDRESSED.search(item):  # no address and no code is without all of these
        return False
    return bool(_FILE.match(item) or _CODE.search(item))


def _split(text: str, *, is_list: bool) -> list[str]:
    if ";" not in text and not (is_list and ("," in text or "、" in text)):
        part = text.strip(" .")
        return [part if is_list and len(part.split()) <= _LONGEST_LIST_ITEM else text]
    pieces = _SEMICOLONS.split(text)
    if not is_list:
        return [piece.strip() for piece in pieces]
    split: list[str] = []
    for piece in pieces:
        parts = [part.strip(" .") for part in _COMMAS.split(piece)]
        short = all(len(part.split()) <= _LONGEST_LIST_ITEM for part in parts)
        split.extend(parts if short else [piece.strip()])
    return split


def read(raw: str | tuple[str, ...], *, is_list: bool, unit: str | None, measures: bool) -> Value | None:
    """Read a raw value; None where it says nothing.

    `unit` is what the attribute's name states; `measures`: the attribute may hold numbers with units (a model name
    may not). A number's value is its digits, with the unit apart; every value of a list must share the unit.
    """
    values = items(raw, is_list=is_list)
    if not values:
        return None
    original = raw if isinstance(raw, str) else " | ".join(raw)
    if measures:
        numbers = tuple(_measure(value, unit) for value in values)
        units = {number[1] for number in numbers if number}
        if len(units) == 1 and all(numbers):
            told = tuple(number[0] for number in numbers if number)
            return Value(told[0] if len(told) == 1 else told, units.pop(), original)
    values = tuple(value.partition(".")[0] if _FLOAT.match(value) else value for value in values)
    return Value(values[0] if len(values) == 1 else values, None, original)


def _measure(text: str, unit: str | None) -> tuple[str, str | None] | None:
    """The number (or range, or dimensions) that the whole text is, and its unit; None for other text."""
    found = find_quantities(text)
    if len(found) == 1 and found[0].end - found[0].start == len(text.rstrip(". ")):
        quantity = found[0]
        if quantity.unit is None and unit is not None and dimension_of(unit) != "time":
            return told(quantity, text), unit
        return None if _is_compound(quantity) else (told(quantity, text), quantity.unit)
    if unit is not None and re.fullmatch(r"[-−]?[0-9]+(?:[.,][0-9]+)?", text):
        return (text.partition(".")[0] if _FLOAT.match(text) else text.replace(",", ".")), unit
    return None


def _is_compound(quantity: Quantity) -> bool:
    """Whether one number was written as two ("2 lbs, 8 oz"): such a value keeps its words."""
    return quantity.form == "single" and bool(re.search(r"[A-Za-z'\"′″].*[0-9]", quantity.text))


def told(quantity: Quantity, text: str = "") -> str:
    """The numbers of a quantity as a value: "15.6", "5–35", "29 × 13 × 11"; fractions stay as they were written."""
    if quantity.form == "single" and re.search(
        r"[/⁄¼½¾⅓⅔⅛⅜⅝⅞]", quantity.text.split("/")[0] + "/" * ("/" in quantity.text[:6])
    ):
        written = _NUMBER_TEXT.match(text or quantity.text)
        if written:
            return written.group().strip()
    numbers = [_plain(number) for number in quantity.numbers]
    return (" × " if quantity.form == "dimensions" else "–").join(numbers)


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
