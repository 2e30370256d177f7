"""Magento's lists inside cells: `additional_attributes`, `configurable_variations`, categories."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.catalog.feeds import text
from app.catalog.feeds.columns import fold, vocabulary
from app.catalog.product import AttributeValue

# A pair begins after a comma without a space, with an attribute code and "="; other commas belong to the value.
_NEXT_PAIR = re.compile(r',(?="?[A-Za-z][A-Za-z0-9_]*=)')
# What is quoted is one value, whatever it holds; the quote closes before a comma or at the end.
_QUOTED = re.compile(
    r'(?:(?<=^)|(?<=,))(?:[A-Za-z][A-Za-z0-9_]*="(?:[^"]|"")*"|"[A-Za-z][A-Za-z0-9_]*=(?:[^"]|"")*")(?=,|$)'
)
_PAIR = re.compile(r'"?([A-Za-z][A-Za-z0-9_]*)=(.*)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Variation:
    """A child of a configurable product and the options it is chosen by."""

    sku: str
    options: Mapping[str, str]


def pairs(cell: str) -> dict[str, str]:
    """`k=v,k=v`, where values may hold commas and may be wrapped in quotes (`k="a, b"` or `"k=a, b"`)."""
    found: dict[str, str] = {}
    for part in _parts(cell.strip()):
        if match := _PAIR.match(part):
            key, value = match[1], match[2]
            if part.startswith('"') and value.endswith('"'):
                value = value[:-1]
            elif len(value) > 1 and value[0] == value[-1] == '"':
                value = value[1:-1]
            found[key] = value.replace('""', '"')
    return found


def _parts(cell: str) -> list[str]:
    if '"' not in cell:
        return _NEXT_PAIR.split(cell)
    masked = _QUOTED.sub(lambda m: m[0].replace(",", "\ue000"), cell)
    return [part.replace("\ue000", ",") for part in _NEXT_PAIR.split(masked)]


def additional_attributes(cell: str) -> dict[str, AttributeValue]:
    """The attributes of a product; `a|b` is a list."""
    read = ((key, text.attribute(value)) for key, value in pairs(cell).items())
    return {key: value for key, value in read if value is not None}


def variations(cell: str) -> tuple[Variation, ...]:
    """`sku=A-S,size=S,color=Red|sku=A-M,…`: the children of a configurable product, in the shop's order."""
    found = []
    for part in cell.split("|"):
        options = pairs(part)
        if sku := options.pop("sku", "").strip():
            found.append(Variation(sku, {name: text.plain(value) for name, value in options.items()}))
    return tuple(found)


def labels(cell: str) -> dict[str, str]:
    """`size=Size,color=Farbe`: what the shop calls its options."""
    return {key: text.plain(value) for key, value in pairs(cell).items() if text.plain(value)}


def associated(cell: str) -> tuple[str, ...]:
    """`A=2.0000,B=1`: the SKUs of a grouped product."""
    return tuple(part.split("=", 1)[0].strip() for part in cell.split(",") if part.split("=", 1)[0].strip())


def bundled(cell: str) -> tuple[str, ...]:
    """`name=Ball,type=radio,sku=A,…|name=…`: the SKUs that a bundle is chosen from."""
    skus = (pairs(part).get("sku", "").strip() for part in cell.split("|"))
    return tuple(dict.fromkeys(sku for sku in skus if sku))


def category_paths(cell: str) -> tuple[tuple[str, ...], ...]:
    """Every path a product stands in, the most specific one first, without the shop's invisible root.

    `Default Category/Men/Tops,Default Category/Sale`; or, as in Magento's sample data, category names one a line.
    """
    if "\n" in cell.strip():
        names = [text.title(name) for name in cell.splitlines() if text.title(name)]
        # Names without their tree: the first two are a section and its category, the others stand elsewhere.
        return (tuple(names[:2]), *((name,) for name in dict.fromkeys(names[2:])))
    paths = []
    root = re.escape(cell.split("/", maxsplit=1)[0].strip())
    # A comma with a space after it belongs to a name ("Bed, Bath"), unless the next path begins there.
    for path in re.split(rf",(?!\s)|,\s+(?={root}(?:/|,|$))", cell):
        parts = tuple(part for part in map(text.title, path.split("/")) if part)
        if parts and fold(parts[0]) in vocabulary().roots:
            parts = parts[1:]
        if parts:
            paths.append(parts)
    return tuple(sorted(dict.fromkeys(paths), key=len, reverse=True))
