"""Lists inside the cells of a Merchant table: `product_detail` and `product_highlight`."""

import re
from collections.abc import Iterable, Iterator, Sequence

from app.catalog.feeds.columns import fold
from app.catalog.feeds.records import Rejected
from app.catalog.product import AttributeValue

# A quoted part opens where a value may begin and closes before the next mark; elsewhere a quote is an inch mark.
_QUOTED = re.compile(r'(?:(?<=^)|(?<=[,:]))\s*"((?:[^"]|"")*)"\s*(?=[,:]|$)')
_LETTER = re.compile(r"[^\W\d_]")
_MAX_NAME_CHARS = 60
_COMMA, _COLON, _QUOTE = "\ue000", "\ue001", "\ue002"  # stand-ins for what is quoted


def details(cell: str) -> list[tuple[str, str]] | None:
    """The names and values in `section:name:value,section:name:value`; None where the cell cannot be parted so.

    The section may be empty or left out; commas and colons inside a value stay in it, quoted or not.
    """
    found: list[tuple[str, str]] = []
    sectioned = False
    for part in _masked(cell).split(","):
        pair = _detail(part)
        # Beside details with a section a lone "note: dry only" behind a comma is more of the value before it.
        if pair and not (sectioned and part.startswith(" ") and part.count(":") == 1):
            sectioned = sectioned or part.count(":") > 1
            found.append(pair)
        elif found:
            found[-1] = (found[-1][0], f"{found[-1][1]},{part}")
        elif part.strip():
            return None
    read = [(_unmasked(name), _unmasked(value)) for name, value in found]
    return [(name, value) for name, value in read if value] or None


def _detail(part: str) -> tuple[str, str] | None:
    pieces = part.split(":")
    if len(pieces) > 2 and _is_name(pieces[1]):
        return pieces[1], ":".join(pieces[2:])
    if len(pieces) > 1 and _is_name(pieces[0]) and not pieces[1].startswith("//"):
        return pieces[0], ":".join(pieces[1:])
    return None


def _is_name(text: str) -> bool:
    name = text.strip()
    return len(name) <= _MAX_NAME_CHARS and _LETTER.match(name) is not None


def highlights(cell: str) -> AttributeValue:
    """The sentences of `product_highlight`, which commas part; a comma inside a quoted or running one does not.

    A comma without a space behind it parts; where every comma has one, they part if a capital follows each.
    """
    if "|" in cell or "\n" in cell.strip():
        return cell  # a list in another manner
    masked = _masked(cell)
    parts = re.split(r"(?<!\d),(?!\s)|,(?![\s\d])", masked)
    if len(parts) == 1:
        spaced = re.split(r",\s+", masked)
        parts = spaced if all(part[:1].isupper() or part[:1] == _QUOTE for part in spaced) else parts
    values = tuple(value for value in map(_unmasked, parts) if value)
    return values[0] if len(values) == 1 else values or cell


def _masked(cell: str) -> str:
    """The cell with the marks inside its quoted parts out of the way."""
    cell = cell.strip()
    if len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in cell[1:-1].replace('""', ""):
        inner = cell[1:-1].replace('""', '"')
        cell = inner if ":" in inner else cell
    return _QUOTED.sub(_stand_in, cell)


def _stand_in(match: re.Match[str]) -> str:
    inner = match[1].replace('""', '"')
    if inner.count(":") > 1:  # a whole detail is quoted: its colons part it
        return inner.replace(",", _COMMA)
    return _QUOTE + inner.replace(",", _COMMA).replace(":", _COLON)


def _unmasked(text: str) -> str:
    return text.replace(_COMMA, ",").replace(_COLON, ":").replace(_QUOTE, "").strip()


def taken_apart(
    cells: Sequence[tuple[str, AttributeValue]], notes: list[str]
) -> list[tuple[str, AttributeValue]]:
    """The attributes of an item with its details each under their own name and its highlights as a list.

    Names that come again (as columns may) make a list. A detail that cannot be parted stays whole and is noted.
    """
    found: dict[str, AttributeValue] = {}
    for name, cell in cells:
        kind = fold(re.sub(r"\s\d+$", "", name))
        if not isinstance(cell, str) or kind not in _LISTS:
            add(found, name, cell)
        elif kind == "producthighlight":
            add(found, re.sub(r"\s\d+$", "", name), highlights(cell))
        elif (parted := details(cell)) is not None:
            for detail, value in parted:
                add(found, detail, value)
        elif cell.strip():
            notes.append(f"{name} {cell.strip()[:40]!r} is not section:name:value; kept whole")
            add(found, name, cell)
    return list(found.items())


def left_in_rows(names: Iterable[str], line: int) -> Iterator[Rejected]:
    """One note for the whole feed on what of it says nothing about the products (shipping, tax, labels)."""
    if listed := ", ".join(dict.fromkeys(name.strip() for name in names)):
        yield Rejected(
            max(line, 1),
            None,
            f"kept in the source rows only, as settings of the channel: {listed}",
            kept=True,
        )


_LISTS = frozenset({"productdetail", "producthighlight"})


def add(attributes: dict[str, AttributeValue], name: str, value: AttributeValue) -> None:
    """Adds a value to those of a name; several are a list."""
    held = attributes.get(name)
    if held is None:
        attributes[name] = value
    else:
        both = (held if isinstance(held, tuple) else (held,)) + (
            value if isinstance(value, tuple) else (value,)
        )
        unique = tuple(dict.fromkeys(both))
        attributes[name] = unique if len(unique) > 1 else unique[0]
