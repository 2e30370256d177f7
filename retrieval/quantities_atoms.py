"""The first step of the quantity lexer: numbers, each with the unit that follows it.

What looks like a number but is part of a name ("24-MB02", "A4", "1080p"), a version ("USB 3.0") or a price is told
apart here.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal

from retrieval.units import spellings

Form = Literal["single", "range", "dimensions"]

_VULGAR = {"¼": "0.25", "½": "0.5", "¾": "0.75", "⅓": "0.333", "⅔": "0.667", "⅛": "0.125", "⅜": "0.375", "⅝": "0.625", "⅞": "0.875"}  # fmt: skip
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBER_WORDS = {word: Decimal(number) for number, word in enumerate(_WORDS, start=1)}
_NUMBER = re.compile(
    r"(?P<whole>[0-9]{1,4})?(?:(?<=[0-9])[  -])?"
    r"(?P<top>[1-9]|[1-5][0-9]|6[0-3])[/⁄](?P<bottom>2|3|4|5|8|10|12|16|32|64)(?![0-9/])"
    r"|(?P<before>[0-9]{1,4})?[  ]?(?P<vulgar>[¼½¾⅓⅔⅛⅜⅝⅞])"
    r"|(?P<grouped>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+)(?![0-9])"
    r"|(?P<plain>[0-9]+(?:[.,][0-9]+)?)"
    r"|(?<![\w-])(?P<word>(?i:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve))(?=[ -][a-zA-Z])"
)


def _number(found: re.Match[str]) -> Decimal | None:
    """Read a match of `_NUMBER`; None where it is no proper fraction."""
    group = found.lastgroup
    if group == "plain":
        return Decimal(found["plain"].replace(",", "."))
    if group == "word":
        return _NUMBER_WORDS[found["word"].lower()]
    if group == "vulgar":
        return Decimal(found["before"] or 0) + Decimal(_VULGAR[found["vulgar"]])
    if group == "grouped":
        digits = found["grouped"]
        marks = (",", ".") if digits.rfind(",") < digits.rfind(".") or "." not in digits else (".", ",")
        return Decimal(digits.replace(marks[0], "").replace(marks[1], "."))
    top, bottom = Decimal(found["top"]), Decimal(found["bottom"])
    return Decimal(found["whole"] or 0) + top / bottom if top < bottom else None


@dataclass(slots=True)
class Atom:
    """A number with the unit behind it; after joining, several numbers.

    `stop` is where the number ends, `end` where its unit does (the same where there is none). `loose`: glued to a
    letter ("W15", "29x13"), so part of dimensions or of a name, never a number by itself. `version`: "USB 3.0", a price.
    """

    numbers: tuple[Decimal, ...]
    start: int
    stop: int
    end: int
    unit: str | None
    form: Form = "single"
    labels: tuple[str, ...] = ()
    loose: bool = False
    version: bool = False


@cache
def _unit_pattern() -> re.Pattern[str]:
    """One pattern of all spellings, longest first, nested by first letter so that a miss is cheap."""
    exact, words = spellings()
    branches: dict[str, list[tuple[str, str]]] = {}
    for spelling in exact:
        branches.setdefault(spelling[0], []).append((spelling, re.escape(spelling)))
    for spelling in words:
        escaped = re.escape(spelling).replace(r"\ ", r"[  ]")
        branches.setdefault(spelling[0], []).append((spelling, f"(?i:{escaped})"))
        branches.setdefault(spelling[0].upper(), []).append((spelling, f"(?i:{escaped})"))
    nested = "|".join(
        "(?={})(?:{})".format(
            re.escape(first), "|".join(p for _, p in sorted(rows, key=lambda r: -len(r[0])))
        )
        for first, rows in branches.items()
    )
    # A unit in letters ends where the word ends ("5 cm", "29x13cm x 11", not "5 cmos").
    return re.compile(
        rf"(?:{nested})(?:(?=[xX]\s?[0-9])|(?![^\W_]|(?<=[A-Za-z])[-/][A-Za-z]*[0-9]))|in(?![^\W_])|K(?![^\W_])"
    )


_BETWEEN = re.compile(r"[-‐‑](?=[A-Za-zµμ])|[   \t]{0,2}")
_X_NEXT = re.compile(r"[xX](?=\s{0,2}[0-9LWHDØ])")
_LABEL_GLUED = re.compile(r"(?<![^\W_])[LWHDTlwhdtØ]\Z")
# "10.000 mm" is ten thousand: no one writes three empty decimals of a small unit. "1.000 kg" may be a database's 1 kg.
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.000")
_SMALL_UNITS = frozenset(
    {"mm", "ml", "g", "mg", "mAh", "lm", "lx", "rpm", "px", "Hz", "W", "g/m²", "h", "BTU", "Pa", "dpi", "K"}
)
_GLUED_BEFORE = re.compile(r"[^\W_][.,‐‑-]\Z")
_GLUE = frozenset(".,‐‑-")
_CURRENCY_ENDS = frozenset("$€£¥₹DRPF")
_VERSION_MARKS = frozenset(" .#")
_CURRENCY_BEFORE = re.compile(r"(?:[$€£¥₹]|USD|EUR|GBP|CHF)\s?\Z")
_VERSION_BEFORE = re.compile(
    r"(?i:\b(?:usb(?:-c)?|hdmi|displayport|bluetooth|wi-?fi|pci|pcie|sata|dvi|cat|version|ver|ios|ipados|macos|android"
    r"|windows|gen|series|model|no|nr|art|mk|mark|iphone|ipad|galaxy|ddr|class|spf|upf|level|item|ref|sku|mp))[ .#]{1,2}\Z"
)
_IN_GOES_ON = re.compile(
    r"[\s‑-]+(?:(?:the|a|an|one|this|that|these|each|every|your|our|their|its|all|any|total|stock|which|case|order|use|and)\b|[0-9])",
    re.IGNORECASE,
)
_IN_MEASURES = re.compile(
    r"\s*(?:\Z|[.,;:!?)\]/×*]|[xX]\s?[0-9]|[-–]\s|(?:wide|width|long|length|high|height|tall|deep|depth|thick|diameter|dia|inseam"
    r"|screen|display|diagonal|square|body|by|to|or|and|from|at|w|h|d|l)\b)",
    re.IGNORECASE,
)


def atoms_in(text: str) -> list[Atom]:
    """Find the numbers of a text, left to right, each with its unit."""
    atoms: list[Atom] = []
    position = 0
    following = _number_in_digits if _has_only_digits(text) else _NUMBER.search
    while found := following(text, position):
        position = found.end()
        if found.lastgroup is None:  # pragma: no cover - every branch is named
            continue
        number = _number(found)
        start, stop = found.span()
        if number is None:  # "50/60", "24/7": two numbers
            number, stop = (
                Decimal(found["whole"] or found["top"]),
                found.end("whole" if found["whole"] else "top"),
            )
            position = stop
        atom = _atom(text, number, start, stop, is_word=found.lastgroup == "word")
        if atom is not None:
            atoms.append(atom)
            position = max(position, atom.end)
    return atoms


_DIGIT = re.compile(r"[0-9]")
_SEPARATED = re.compile(r"[  -]")
_WORD_LIKE = re.compile("|".join(_WORDS))
_NO_DIGITS = re.compile(
    rf"[{''.join(_VULGAR)}]|(?<![\w-])(?i:{'|'.join(_WORDS)})(?=[ -][a-zA-Z])"
)  # fmt: skip


def _has_only_digits(text: str) -> bool:
    """Whether all numbers of a text are written in digits: no fraction signs, no words."""
    if text.isascii() and not _WORD_LIKE.search(text.lower()):
        return True
    return _NO_DIGITS.search(text) is None


def _number_in_digits(text: str, position: int) -> re.Match[str] | None:
    """What `_NUMBER.search` finds where all numbers are written in digits; it looks only where a digit stands."""
    if _SEPARATED.match(text, position):  # "12345 1/2": only here a match can begin before its first digit
        found = _NUMBER.match(text, position)
        if found:
            return found
    digit = _DIGIT.search(text, position)
    return _NUMBER.match(text, digit.start()) if digit else None


def _atom(text: str, number: Decimal, start: int, stop: int, *, is_word: bool) -> Atom | None:
    before = text[max(0, start - 16) : start]
    loose = False
    if before and (before[-1].isalnum() or before[-1] == "_"):
        chain = before[-1] in "xX" and (len(before) < 2 or not before[-2].isalpha())
        if not chain and not _LABEL_GLUED.search(before):
            return None
        loose = True
    elif before[-1:] in _GLUE and _is_glued(text, before, start):
        return None
    if before.rstrip()[-1:] in _CURRENCY_ENDS and _CURRENCY_BEFORE.search(before):
        return Atom((number,), start, stop, stop, None, version=True)
    signed = before[-1:] in ("-", "−", "–") and (len(before) < 2 or before[-2] in " (\t:–—")
    version = (
        text.startswith("802.", start)
        or (  # IEEE 802.11g is no weight
            before[-1:] in _VERSION_MARKS and _VERSION_BEFORE.search(before) is not None
        )
    )
    unit, end = (None, stop) if version else unit_after(text, number, stop)
    if unit in _SMALL_UNITS and _THOUSANDS.fullmatch(text, start, stop):
        number *= 1000
    if is_word and (unit is None or end - stop < 4):
        return None
    if unit is None and not _ends_number(text, stop):
        if not _X_NEXT.match(text, stop):
            return None
        loose = True
    if signed:
        number, start = -number, start - 1
    return Atom((number,), start, stop, end, unit, loose=loose, version=version)


def _is_glued(text: str, before: str, start: int) -> bool:
    """Whether a mark ties a number to the word before it, which is then a name ("DDR4-3200", not "5-10 kg")."""
    if not _GLUED_BEFORE.search(before):
        return False
    return before[-1] in ".," or not _after_number(text, start - 1)


_NUMBER_TOKEN = re.compile(r"(?<![\w.,])[0-9][0-9.,]*[a-z]{0,3}\Z")


def _after_number(text: str, position: int) -> bool:
    """Whether the hyphen at `position` follows a number or its unit ("5-10 kg", not "SO-8" or "DDR4-3200")."""
    return bool(_NUMBER_TOKEN.search(text, max(0, position - 12), position))


_HYPHENED = re.compile(r"[-‐‑](?:[0-9]+[A-Za-z]{0,4}(?![^\W_])|(?P<rest>\w+))")


def _ends_number(text: str, stop: int) -> bool:
    """Whether what follows leaves the digits a number ("3 pockets", "3-button") and no part of a name ("24-MB02")."""
    after = text[stop : stop + 1]
    if after.isalnum() or after == "_":
        return False
    if after in "-‐‑" and after:
        word = _HYPHENED.match(text, stop)
        rest = word["rest"] if word else None
        return not rest or (rest.isalpha() and rest.islower())
    return True


def unit_after(text: str, number: Decimal, stop: int) -> tuple[str | None, int]:
    """The unit behind a number that ends at `stop`, and where it ends."""
    gap = _BETWEEN.match(text, stop)
    at = gap.end() if gap else stop
    found = _unit_pattern().match(text, at)
    if not found:
        return None, stop
    spelling, end = found.group(), found.end()
    exact, words = spellings()
    symbol = exact.get(spelling) or words.get(spelling.lower().replace(" ", " "), spelling)
    if not _is_unit(text, symbol, spelling, number, (stop, at, end)):
        return None, stop
    if (
        end < len(text)
        and text[end] == "."
        and spelling[-1].isalpha()
        and re.match(r"\.\s*(?:[a-z(×]|[xX]\s)", text[end : end + 4])
    ):
        end += 1  # the full stop of an abbreviation ("29 in. wide")
    return symbol, end


def _is_unit(text: str, symbol: str, spelling: str, number: Decimal, place: tuple[int, int, int]) -> bool:
    """Whether an ambiguous spelling is meant as a unit here."""
    stop, at, end = place
    if spelling.lower() == "in":
        return not _IN_GOES_ON.match(text, end) and (
            text[stop:at] in ("-", "‑", "‐") or bool(_IN_MEASURES.match(text, end))
        )
    if symbol == "K":  # colour temperature: 2700 K; "4K" is a resolution
        return number >= 1000
    if spelling == "s" and at == stop:  # "the 80s", "1990s"
        return not (
            number == number.to_integral_value()
            and number % 10 == 0
            and (20 <= number <= 90 or number >= 1800)
        )
    if spelling in ('"', "”", "'", "’"):
        return at == stop and not _closes_quote(text, stop, spelling)
    return True


_OPENING = {
    '"': re.compile(r'(?<![^\s(\[])"(?=\w)'),
    "'": re.compile(r"(?<![^\s(\[])'(?=\w)"),
    "”": re.compile("“"),
    "’": re.compile("‘"),
}


def _closes_quote(text: str, position: int, mark: str) -> bool:
    """Whether the mark at `position` closes a quotation ('"size 10"') instead of meaning inches or feet."""
    opened = None
    for opened in _OPENING[mark].finditer(text, 0, position):  # noqa: B007 — the last one is wanted
        pass
    if opened is None:
        return False
    closing = re.compile(rf"(?<![0-9\s]){re.escape(mark)}(?!\w)")
    return closing.search(text, opened.end(), position) is None
