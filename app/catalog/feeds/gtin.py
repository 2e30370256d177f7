"""GTINs (EAN, UPC, ISBN-13, GTIN-14): digits with a check digit, and what spreadsheets do to them."""

import re

from app.catalog.feeds.errors import CellError
from app.catalog.feeds.text import NOTHING, unwrap

_EATEN = re.compile(r"^\d+(?:[.,]\d+)?[eE]\+?\d+$")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2013.]")
_DECIMAL = re.compile(r"^(\d+)[.,]0+$")
# The length a number has once the zeros that a spreadsheet cut off its front are back (two at most).
_PADDED = {6: 8, 7: 8, 10: 12, 11: 12}


def check_digit_fits(digits: str) -> bool:
    """Whether the last digit is the modulo-10 check digit of the others (GS1 General Specifications 7.9)."""
    return (sum(map(int, digits[::-2])) + 3 * sum(map(int, digits[-2::-2]))) % 10 == 0


def parse_gtin(text: str) -> str | None:
    """The GTIN in a cell, with leading zeros put back where the check digit then fits; None where it is empty.

    Raises `CellError` for a number that a spreadsheet shortened, a wrong length, or a wrong check digit: a shop
    would rather send no GTIN to a channel than another maker's.
    """
    if len(text) == 13 and text.isascii() and text.isdecimal() and check_digit_fits(text) and text.strip("0"):
        return text
    text = unwrap(text)
    if text in NOTHING or text.casefold() in {"does not apply", "none", "no", "false"}:
        return None
    if _EATEN.match(text):
        raise CellError(
            f"gtin {text!r} was shortened by a spreadsheet, its digits are lost; imported without it"
        )
    whole = _DECIMAL.match(text)
    digits = _SEPARATORS.sub("", whole[1] if whole else text)
    if not (digits.isascii() and digits.isdigit()):
        raise CellError(f"gtin {text[:40]!r} is not a number; imported without it")
    if not digits.strip("0"):
        raise CellError(f"gtin {text[:40]!r} is only zeros; imported without it")
    digits = digits.zfill(_PADDED.get(len(digits), 0))
    if len(digits) not in {8, 12, 13, 14}:
        raise CellError(
            f"gtin {text[:40]!r} has {len(digits)} digits instead of 8, 12, 13 or 14; imported without it"
        )
    if not check_digit_fits(digits):
        raise CellError(f"gtin {text!r} has a wrong check digit; imported without it")
    return digits
