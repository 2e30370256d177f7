"""The second step of the quantity lexer: neighbours joined into dimensions, ranges and compounds.

What stands between two numbers decides: "×" makes dimensions, "to" or a dash a range, nothing or a comma a compound
("2 lbs, 8 oz").
"""

import re
from collections.abc import Callable
from itertools import pairwise

from retrieval.quantities_atoms import Atom, unit_after
from retrieval.units import dimension_of

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
_TO = re.compile(r"\s*(?:-|–|—|‑|−|~|to|bis|through|up to|/)\s*\+?", re.IGNORECASE)
_AND = re.compile(r"\s*(?:and|&)\s*", re.IGNORECASE)
_BETWEEN_BEFORE = re.compile(r"\bbetween\s+\Z", re.IGNORECASE)
_PART = re.compile(r",?\s*(?:and|&)?\s*", re.IGNORECASE)
_COMPOUNDS = {("ft", "in"): 12, ("yd", "ft"): 3, ("lb", "oz"): 16, ("kg", "g"): 1000, ("m", "cm"): 100, ("h", "min"): 60, ("min", "s"): 60, ("y", "mo"): 12, ("d", "h"): 24, ("st", "lb"): 14}  # fmt: skip
_DIMENSIONAL = frozenset({"length", "pixels", "print density"})
_POWER_LABELS = {"W": "W", "h": "H", "l": "L", "L": "L", "d": "D"}
_MAX_PARTS = 6


def joined(text: str, atoms: list[Atom]) -> list[Atom]:
    """Join neighbouring atoms into dimensions, compounds and ranges by what stands between them."""
    atoms = _join_dimensions(text, atoms)
    atoms = _join_pairs(text, atoms, _compound)
    atoms = _join_pairs(text, atoms, _range)
    for a, b in pairwise(atoms):  # "76 x 127 - 216 x 356 mm", "0-500 / 0-1,800 rpm"
        same_form = a.form == b.form != "single" and len(a.numbers) == len(b.numbers)
        if same_form and a.unit is None and b.unit and _TO.fullmatch(text, a.end, b.start):
            a.unit = b.unit
    return atoms


def _join_dimensions(text: str, atoms: list[Atom]) -> list[Atom]:
    joined: list[Atom] = []
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


def _dimensions(text: str, run: list[Atom], seps: list[re.Match[str]]) -> list[Atom]:
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
            units[-1], end = unit_after(text, run[-1].numbers[0], end) if last else (None, end)
    stated = {unit for unit in units if unit}
    if len(stated) > 1 or any(dimension_of(unit) not in _DIMENSIONAL for unit in stated):
        return run
    numbers = tuple(atom.numbers[0] for atom in run)
    named = tuple(labels) if all(labels) else ()
    return [Atom(numbers, start, run[-1].stop, end, stated.pop() if stated else None, "dimensions", named)]


def _label(found: re.Match[str] | None, group: str = "label") -> str:
    return _LABEL_WORDS.get((found[group] or "").lower(), "") if found else ""


def _join_pairs(text: str, atoms: list[Atom], join: Callable[[str, Atom, Atom], Atom | None]) -> list[Atom]:
    joined: list[Atom] = []
    for atom in atoms:
        one = join(text, joined[-1], atom) if joined else None
        if one is None:
            joined.append(atom)
        else:
            joined[-1] = one
    return joined


def _compound(text: str, a: Atom, b: Atom) -> Atom | None:
    ratio = _COMPOUNDS.get((a.unit, b.unit)) if a.unit and b.unit else None
    if ratio is None or a.form != "single" or b.form != "single" or not 0 <= b.numbers[0] < ratio:
        return None
    if a.numbers[0] != a.numbers[0].to_integral_value() or not _PART.fullmatch(text, a.end, b.start):
        return None
    return Atom((a.numbers[0] * ratio + b.numbers[0],), a.start, b.stop, b.end, b.unit)


def _range(text: str, a: Atom, b: Atom) -> Atom | None:
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
    return Atom((low, high), a.start, b.stop, b.end, unit, "range")
