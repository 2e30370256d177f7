"""Numbers with units, as shops and writers write them: found with offsets, compared after conversion.

A small lexer of ours: general libraries read `15.6"` as seconds of arc and `24-MB02` as megabytes. It works in two
steps: numbers with the unit that follows each (`_atoms`), then neighbours joined by what stands between them into
dimensions, ranges and compounds (`_joined`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from retrieval.facts import Fact
from retrieval.units import convert, dimension_of, spellings
from seo.language.tokens import Span

Form = Literal["single", "range", "dimensions"]


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


# --- numbers -------------------------------------------------------------------------------------------------------

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


# --- atoms: a number and the unit behind it ------------------------------------------------------------------------


@dataclass(slots=True)
class _Atom:
    numbers: tuple[Decimal, ...]
    start: int
    stop: int  # the end of the number
    end: int  # the end of the unit, = stop where there is none
    unit: str | None
    form: Form = "single"
    labels: tuple[str, ...] = ()
    loose: bool = (
        False  # a number glued to a letter ("W15", "29x13"): only part of dimensions, else of a name
    )
    version: bool = False  # "USB 3.0"


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
_GLUED_BEFORE = re.compile(r"[^\W_][.,‐‑-]\Z")
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


def _atoms(text: str) -> list[_Atom]:
    atoms: list[_Atom] = []
    position = 0
    while found := _NUMBER.search(text, position):
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


def _atom(text: str, number: Decimal, start: int, stop: int, *, is_word: bool) -> _Atom | None:
    before = text[max(0, start - 16) : start]
    loose = False
    if before and (before[-1].isalnum() or before[-1] == "_"):
        chain = before[-1] in "xX" and (len(before) < 2 or not before[-2].isalpha())
        if not chain and not _LABEL_GLUED.search(before):
            return None
        loose = True
    elif _GLUED_BEFORE.search(before) and (before[-1] in ".," or not _after_number(text, start - 1)):
        return None
    if _CURRENCY_BEFORE.search(before):
        return _Atom((number,), start, stop, stop, None, version=True)
    signed = before[-1:] in ("-", "−", "–") and (len(before) < 2 or before[-2] in " (\t:–—")
    version = bool(_VERSION_BEFORE.search(before))
    unit, end = (None, stop) if version else _unit_after(text, number, stop)
    if is_word and (unit is None or end - stop < 4):
        return None
    if unit is None and not _ends_number(text, stop):
        if not _X_NEXT.match(text, stop):
            return None
        loose = True
    if signed:
        number, start = -number, start - 1
    return _Atom((number,), start, stop, end, unit, loose=loose, version=version)


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


def _unit_after(text: str, number: Decimal, stop: int) -> tuple[str | None, int]:
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


# --- joining -------------------------------------------------------------------------------------------------------

_LABEL_WORDS = {
    "l": "L", "length": "L", "long": "L", "w": "W", "width": "W", "wide": "W", "h": "H", "height": "H", "high": "H", "tall": "H",
    "d": "D", "depth": "D", "deep": "D", "t": "T", "thick": "T", "thickness": "T", "dia": "Ø", "diameter": "Ø", "ø": "Ø",
}  # fmt: skip
_LABEL = rf"(?:{'|'.join(sorted(map(re.escape, _LABEL_WORDS), key=len, reverse=True))})"
_TIMES = re.compile(
    rf"\s*(?:\(?(?P<after>{_LABEL})\b\)?\.?)?\s*(?:[xX×✕✖*]|by\b)\s*(?:\(?(?P<before>{_LABEL})(?![a-z])\)?[\s:=]*)?",
    re.IGNORECASE,
)
_FIRST_LABEL = re.compile(rf"(?<![^\W_])\(?(?P<label>{_LABEL})\)?[\s:=]*\Z", re.IGNORECASE)
_LAST_LABEL = re.compile(rf"\s*\(?(?P<label>{_LABEL})(?![^\W_])\)?", re.IGNORECASE)
_TO = re.compile(r"\s*(?:-|–|—|‑|−|~|to|bis|through|up to|/)\s*", re.IGNORECASE)
_AND = re.compile(r"\s*(?:and|&)\s*", re.IGNORECASE)
_BETWEEN_BEFORE = re.compile(r"\bbetween\s+\Z", re.IGNORECASE)
_PART = re.compile(r",?\s*(?:and|&)?\s*", re.IGNORECASE)
_COMPOUNDS = {("ft", "in"): 12, ("yd", "ft"): 3, ("lb", "oz"): 16, ("kg", "g"): 1000, ("m", "cm"): 100, ("h", "min"): 60, ("min", "s"): 60, ("y", "mo"): 12, ("d", "h"): 24, ("st", "lb"): 14}  # fmt: skip
_ABOUT = re.compile(
    r"(?:\babout|\bapprox(?:\.|imately)?|\baround|\bnearly|\balmost|\broughly|\bca\.?|\bcirca|~|≈|±)\s*\Z",
    re.IGNORECASE,
)
_DIMENSIONAL = frozenset({"length", "pixels", "print density"})
_POWER_LABELS = {"W": "W", "h": "H", "l": "L", "L": "L", "d": "D"}
_MAX_PARTS = 6


@lru_cache(maxsize=16384)
def _lex(text: str) -> tuple[tuple[Quantity, ...], tuple[Span, ...]]:
    """All quantities and bare numbers of a text."""
    quantities: list[Quantity] = []
    bare: list[Span] = []
    for atom in _joined(text, _atoms(text)):
        if atom.unit is not None or atom.form != "single":
            piece = text[atom.start : atom.end]
            about = bool(_ABOUT.search(text, max(0, atom.start - 15), atom.start))
            quantities.append(
                Quantity(atom.numbers, atom.unit, atom.form, atom.start, atom.end, piece, atom.labels, about)
            )
        elif not atom.loose:
            bare.append(Span(text[atom.start : atom.stop], atom.start, atom.stop))
    return tuple(quantities), tuple(bare)


def _joined(text: str, atoms: list[_Atom]) -> list[_Atom]:
    """Join neighbouring atoms into dimensions, compounds and ranges by what stands between them."""
    atoms = _join_dimensions(text, atoms)
    atoms = _join_pairs(text, atoms, _compound)
    return _join_pairs(text, atoms, _range)


def _join_dimensions(text: str, atoms: list[_Atom]) -> list[_Atom]:
    joined: list[_Atom] = []
    index = 0
    while index < len(atoms):
        run = [atoms[index]]
        seps: list[re.Match[str]] = []
        while index + len(run) < len(atoms) and len(run) < _MAX_PARTS:
            following = atoms[index + len(run)]
            sep = _TIMES.fullmatch(text, run[-1].end, following.start)
            if sep is None or following.version or run[0].version:
                break
            run.append(following)
            seps.append(sep)
        index += len(run)
        joined.extend(_dimensions(text, run, seps) if seps else run)
    return joined


def _dimensions(text: str, run: list[_Atom], seps: list[re.Match[str]]) -> list[_Atom]:
    """One atom for a chain of "×", or its atoms where the units say that it is "2 × 8 GB"."""
    first = _FIRST_LABEL.search(text, max(0, run[0].start - 12), run[0].start)
    last = _LAST_LABEL.match(text, run[-1].end)
    start = first.start() if first else run[0].start
    end = run[-1].end
    units = [atom.unit for atom in run]
    labels = [_label(first)] + [_label(sep, "before") for sep in seps]
    after = [_label(sep, "after") for sep in seps] + [_label(last)]
    letters = [_POWER_LABELS.get(text[a.stop : a.end].strip(), "") for a in run]
    if sum(map(bool, letters)) > 1:  # 32W x 34L: sides, not watts and litres
        after, units = (
            letters,
            [None if letter else unit for letter, unit in zip(letters, units, strict=True)],
        )
    if not any(labels) and any(after):
        labels = after
        end = last.end() if last and not any(letters) else end
        if units[-1] is None and not any(letters):  # 437 (W) x 142 (H) mm
            units[-1], end = _unit_after(text, run[-1].numbers[0], end) if last else (None, end)
    stated = {unit for unit in units if unit}
    if len(stated) > 1 or any(dimension_of(unit) not in _DIMENSIONAL for unit in stated):
        return run
    numbers = tuple(atom.numbers[0] for atom in run)
    named = tuple(labels) if all(labels) else ()
    return [_Atom(numbers, start, run[-1].stop, end, stated.pop() if stated else None, "dimensions", named)]


def _label(found: re.Match[str] | None, group: str = "label") -> str:
    return _LABEL_WORDS.get((found[group] or "").lower(), "") if found else ""


def _join_pairs(
    text: str, atoms: list[_Atom], join: Callable[[str, _Atom, _Atom], _Atom | None]
) -> list[_Atom]:
    joined: list[_Atom] = []
    for atom in atoms:
        one = join(text, joined[-1], atom) if joined else None
        if one is None:
            joined.append(atom)
        else:
            joined[-1] = one
    return joined


def _compound(text: str, a: _Atom, b: _Atom) -> _Atom | None:
    ratio = _COMPOUNDS.get((a.unit, b.unit)) if a.unit and b.unit else None
    if ratio is None or a.form != "single" or b.form != "single" or not 0 <= b.numbers[0] < ratio:
        return None
    if a.numbers[0] != a.numbers[0].to_integral_value() or not _PART.fullmatch(text, a.end, b.start):
        return None
    return _Atom((a.numbers[0] * ratio + b.numbers[0],), a.start, b.stop, b.end, b.unit)


def _range(text: str, a: _Atom, b: _Atom) -> _Atom | None:
    if a.form != "single" or b.form != "single" or a.version or b.version:
        return None
    if a.unit and b.unit and a.unit != b.unit:
        return None
    low, high, start = a.numbers[0], b.numbers[0], b.start
    gap = text[a.end : start]
    if not gap.strip() and text[start : start + 1] in ("-", "–", "−"):  # "5 -10 kg": the sign is a dash
        high, gap = -high, gap + "-"
    if not low < high:
        return None
    if not _TO.fullmatch(gap) and not (
        _AND.fullmatch(gap) and _BETWEEN_BEFORE.search(text, max(0, a.start - 12), a.start)
    ):
        return None
    unit = a.unit or b.unit
    if unit is None and (gap == "/" or (" " not in gap and high >= 1000)):  # 24/7, 2019-2020, 555-1234
        return None
    return _Atom((low, high), a.start, b.stop, b.end, unit, "range")
