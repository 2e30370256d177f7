"""Families of shop attributes: what a column is about, whatever a shop calls it.

The lexicon is `attributes.yaml`. Kinds: identity material color size pattern fit feature part closure dimension weight
capacity power electrical display memory performance connectivity compatibility ingredient nutrition scent care use
weather audience style certification award warranty origin package_content count age energy live logistics technical
description.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from retrieval.tables import read_table
from retrieval.units import unit_named


@dataclass(frozen=True, slots=True)
class Family:
    """A family of attributes.

    `spellings` are the normalised names that belong to it. `default_unit` is the unit that it is always given in.
    `is_list`: commas and semicolons part its values. A name that only ends in a family's head ("band_material") is
    a family of its own, with the head's kind and no spellings.
    """

    name: str
    kind: str
    spellings: tuple[str, ...] = ()
    default_unit: str | None = None
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """An attribute's name, read: the normalised name, its family, the unit that the name itself states."""

    name: str
    family: Family | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class _Lexicon:
    by_spelling: dict[str, Family]
    heads: dict[str, Family]
    logistics: frozenset[str]
    not_logistics: frozenset[str]
    prefixes: frozenset[str]
    groups: frozenset[str]
    brackets: tuple[str, ...]
    technical: dict[str, frozenset[str]]
    technical_words: re.Pattern[str]
    internal: re.Pattern[str]
    countable: frozenset[str]
    properties: frozenset[str]


def families() -> tuple[Family, ...]:
    """Give all families of the lexicon."""
    return tuple(dict.fromkeys(_lexicon().by_spelling.values()))


def family_of(name: str) -> Family | None:
    """Give the family that a name belongs to, in any spelling, language or case the lexicon knows; None if none."""
    return read_name(name).family


def normalise_name(name: str) -> str:
    """Give the family's name for a shop's own name, or that name in snake_case, without decorations.

    "Farbe" → "color", "style_bottom" → "style", "operating_temperature__t_t_" → "operating_temperature",
    "hdmi_ports_quantity" → "hdmi_ports", "Cable length (m)" → "cable_length", "Zip puller" → "zip_puller".
    """
    return read_name(name).name


@lru_cache(maxsize=16384)
def own_name(name: str) -> str:
    """Give a shop's own name in snake_case, without decorations and without looking for its family."""
    bare, _ = _without_unit(_undecorated(name))
    return _own_name(_without_brackets(_snake(bare), bare.lower(), _lexicon()).split("_"))


@lru_cache(maxsize=16384)
def telling_name(name: str) -> str:
    """Give a shop's own name where its family's would not tell two columns apart ("outer_material", "connector_2").

    Platform prefixes and attribute groups ("style_bottom") tell nothing and are left out.
    """
    lexicon = _lexicon()
    tokens = own_name(name).split("_")
    if len(tokens) > 1 and tokens[0] in lexicon.prefixes:
        tokens = tokens[1:]
    if len(tokens) > 1 and tokens[-1] in lexicon.groups:
        tokens = tokens[:-1]
    return "_".join(tokens)


@lru_cache(maxsize=16384)
def is_technical(name: str) -> bool:
    """Whether a name is the shop system's business (ids, URLs, tax, layout, cost): never a fact."""
    lexicon = _lexicon()
    plain = _snake(_undecorated(name))
    table = lexicon.technical
    if not plain or plain in table["names"] or _snake(name) in table["names"]:
        return True
    if plain in lexicon.by_spelling:
        return False
    tokens = plain.split("_")
    firsts = ("_".join(tokens[:n]) for n in range(1, min(len(tokens), 4)))
    lasts = ("_".join(tokens[-n:]) for n in range(1, min(len(tokens), 4)))
    return (
        any(first in table["first"] for first in firsts)
        or any(last in table["last"] for last in lasts)
        or lexicon.technical_words.search(f"_{plain}_") is not None
    )


@lru_cache(maxsize=16384)
def is_internal(name: str) -> bool:
    """Whether a name speaks of the shop's shelves and campaigns ("erin_recommends", "new", "summer_collection")."""
    return _lexicon().internal.search(f"_{_snake(_undecorated(name))}_") is not None


@lru_cache(maxsize=16384)
def is_property(name: str) -> bool:
    """Whether a name tells, or ends in, what every product has ("colour", "lid_height", "performance_fabric").

    A "lining", "gauge" or "drawers" a product may have or lack.
    """
    lexicon = _lexicon()
    last = lexicon.by_spelling.get(own_name(name).rpartition("_")[2])
    return any(family is not None and family.name in lexicon.properties for family in (family_of(name), last))


@lru_cache(maxsize=16384)
def read_name(name: str) -> Name:
    """Read a shop's attribute name. Reads decorations of platforms, brackets, group suffixes, units in the name."""
    lexicon = _lexicon()
    bare, unit = _without_unit(_undecorated(name))
    plain = _snake(bare)
    found = lexicon.by_spelling.get(_snake(name)) or lexicon.by_spelling.get(plain)
    if found:
        return Name(found.name, found, unit or found.default_unit)
    plain = _without_brackets(plain, bare.lower(), lexicon)
    tokens = plain.split("_")
    for candidate in _candidates(tokens, lexicon):
        found = lexicon.by_spelling.get(candidate)
        if found and not _is_logistics(plain, lexicon):
            return Name(found.name, found, unit or found.default_unit)
    own = _own_name(tokens)
    return Name(own, _derived(own, plain, lexicon), unit)


def _candidates(tokens: list[str], lexicon: _Lexicon) -> list[str]:
    """The name itself, without a platform's prefix, without an attribute group's suffix."""
    found = ["_".join(tokens)]
    start = 1 if len(tokens) > 1 and tokens[0] in lexicon.prefixes else 0
    found.append("_".join(tokens[start:]))
    if len(tokens) - start > 1 and tokens[-1] in lexicon.groups:
        found.append("_".join(tokens[start:-1]))
    if len(tokens) - start > 1 and tokens[-1].isdigit():
        found.append("_".join(tokens[start:-1]))
    return found


_AFTER_S = frozenset({"video", "ata", "pdif", "hdd", "ram"})  # "s_video" is no genitive


def _own_name(tokens: list[str]) -> str:
    """A sensible name for what the lexicon does not know: counts lose their "quantity" and "number of"."""
    if tokens[:2] == ["number", "of"] and len(tokens) > 2:
        tokens = tokens[2:]
    elif tokens[-1] in {"quantity", "qty", "count"} and len(tokens) > 1:
        tokens = tokens[:-1]
    if tokens[-1] == "s" and len(tokens) > 1:  # "built_in_speaker_s_": speaker(s)
        tokens = [*tokens[:-2], tokens[-2] + "s"]
    for index in range(len(tokens) - 2, 0, -1):  # "doll_s_gender": doll's gender
        if tokens[index] == "s" and len(tokens[index - 1]) > 2 and tokens[index + 1] not in _AFTER_S:
            tokens = [*tokens[: index - 1], f"{tokens[index - 1]}'s", *tokens[index + 1 :]]
    return "_".join("color" if t == "colour" else "colors" if t == "colours" else t for t in tokens)


def _derived(own: str, plain: str, lexicon: _Lexicon) -> Family | None:
    """The family of a longer name: the warehouse's, a count, or its head's kind ("band_material", "cable_length")."""
    if _is_logistics(plain, lexicon):
        return Family(own, "logistics")
    if plain.startswith("number_of_") or plain.rpartition("_")[2] in {"quantity", "qty", "count"}:
        return Family(own, "count")
    if own.rpartition("_")[2] in lexicon.countable:
        return Family(own, "count")
    head = lexicon.heads.get(own.rpartition("_")[2])
    return replace(head, name=own, spellings=()) if head else None


_WAREHOUSE = frozenset({"pallet", "pallets", "carton", "cartons"})


def _is_logistics(plain: str, lexicon: _Lexicon) -> bool:
    if plain in lexicon.not_logistics:
        return False
    tokens = plain.split("_")
    return any("_".join(tokens[:n]) in lexicon.logistics for n in (1, 2, 3)) or not _WAREHOUSE.isdisjoint(
        tokens
    )


_METAFIELD = re.compile(r"\s*\((?:product|variant)\.metafields\.[^)]*\)\s*$")
_METAFIELD_NAME = re.compile(r"^metafield:\s*(?:[\w-]+\.)?([\w-]+)(?:\s*\[.*\])?$", re.IGNORECASE)
_NAMESPACE = re.compile(
    r"^(?:g:|c:|google shopping\s*/\s*|attribute:|pa_)|:(?:string|int|float|boolean|number)$", re.IGNORECASE
)
_LIMIT = re.compile(r"^(.+)_(max|min)$")
_SIDES = re.compile(
    r"\s*[(\[]\s*[WDHLBT](?:\s*[x×*/]\s*[WDHLBT]){1,2}\s*[)\]]\s*$", re.IGNORECASE
)  # "(WxDxH)"
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_BRACKETED_UNIT = re.compile(r"^(.*?)\s*[(\[]\s*(?:in\s+)?([^()\[\]]{1,14}?)\s*[)\]]\s*$")
_NESTED = re.compile(r"^([^()\[\]]+?)\s*[(\[]([^()\[\]]*[(\[].*)[)\]]\s*$")
_TRAILING_UNIT = re.compile(
    r"^(.+?)(?:[_\s]+|,\s*|\s+in\s+|_in_)(kg|g|mg|lbs?|oz|mm|cm|m|km|in|inch|inches|ft|feet|yd|ml|cl|l|liters?|litres?|gal|w|watts?|kw"
    r"|v|volts?|a|ma|mah|ah|wh|kwh|hz|khz|mhz|ghz|kb|mb|gb|tb|mbps|db|lm|lumens?|hours?|hrs?|minutes?|mins?|months?|years?|days?"
    r"|px|mp|dpi|rpm|psi|bar|nm|percent|celsius|fahrenheit|degrees?)$",
    re.IGNORECASE,
)  # fmt: skip
_NAME_UNITS = {"w": "W", "v": "V", "a": "A", "ma": "mA", "mah": "mAh", "ah": "Ah", "wh": "Wh", "kwh": "kWh", "kw": "kW", "hz": "Hz", "khz": "kHz", "mhz": "MHz", "ghz": "GHz", "kb": "KB", "mb": "MB", "gb": "GB", "tb": "TB", "mbps": "Mbit/s", "nm": "Nm", "mp": "MP", "m": "m", "g": "g", "l": "l", "db": "dB", "c": "°C", "f": "°F", "k": "K"}  # fmt: skip

_MOMENTS = frozenset({"year", "month", "week", "day", "hour", "minute", "second"})


@lru_cache(maxsize=4096)
def _undecorated(name: str) -> str:
    """A name without what platforms put around it (metafield paths, namespaces, types)."""
    text = name.strip()
    if text.isidentifier() and not text.lower().startswith("pa_"):  # nothing is put around a single word
        return text
    text = _METAFIELD.sub("", text)
    text = _METAFIELD_NAME.sub(r"\1", text)
    return _NAMESPACE.sub("", _SIDES.sub("", text))


@lru_cache(maxsize=4096)
def _without_unit(name: str) -> tuple[str, str | None]:
    """Part a name and the unit that it states: "weight_kg", "Cable length (m)", "height in cm"."""
    bracketed = _BRACKETED_UNIT.match(name) if name.rstrip().endswith((")", "]")) else None
    if bracketed:
        unit = _name_unit(bracketed[2])
        return (bracketed[1], unit) if unit else (name, None)
    nested = _NESTED.match(name) if name.rstrip().endswith((")", "]")) else None
    if nested:  # "Paper dimensions (A4 (sheet) [mm])"
        parts = [part for part in re.split(r"[()\[\],\s]+", nested[2]) if part]
        return nested[1], _name_unit(parts[-1]) if parts else None
    trailing = _TRAILING_UNIT.match(name)
    # "Warranty years" counts years, "publication year" names one: a moment is no measure.
    if trailing and trailing[2].lower() not in _MOMENTS and _measures(trailing[1], trailing[2].lower()):
        unit = _name_unit(trailing[2])
        return (trailing[1], unit) if unit else (name, None)
    return name, None


# The kinds whose names a unit of one letter (or the word "in") may end: "width_in", "weight_g", but not "audio_in",
# "usb_type_a".
_MEASURED = {
    "in": frozenset({"dimension", "display", "size", "fit"}), "m": frozenset({"dimension"}), "g": frozenset({"weight"}),
    "l": frozenset({"capacity"}), "w": frozenset({"power", "energy"}), "v": frozenset({"electrical"}), "a": frozenset({"electrical"}),
}  # fmt: skip
_MEASURES = frozenset({"size", "measure", "measurement", "diagonal", "drop", "range", "distance", "max", "min", "maximum", "total", "output", "input", "volume", "consumption", "radius"})  # fmt: skip


def _measures(name: str, unit: str) -> bool:
    """Whether a name can end in this spelling of a unit."""
    kinds = _MEASURED.get(unit)
    if kinds is None:
        return True
    lexicon = _lexicon()
    plain = _snake(name)
    last = plain.rpartition("_")[2]
    family = next(
        (f for c in _candidates(plain.split("_"), lexicon) if (f := lexicon.by_spelling.get(c))), None
    )
    family = family or lexicon.heads.get(last)
    return family.kind in kinds if family else last in _MEASURES


def _name_unit(spelling: str) -> str | None:
    return _NAME_UNITS.get(spelling.lower()) or unit_named(spelling)


def _without_brackets(plain: str, raw: str, lexicon: _Lexicon) -> str:
    """Take out what stood in brackets before a system made the name of it ("operating_temperature__t_t_")."""
    while plain.endswith(lexicon.brackets):  # "dimensions_optional__metric_"
        plain = plain.removesuffix(next(filter(plain.endswith, lexicon.brackets)))
    if "__" in raw:  # "vga__d_sub__ports"
        for words in lexicon.brackets:
            if f"_{words}__" in raw:
                plain = plain.replace(f"{words}_", "_", 1)
    limit = _LIMIT.match(plain)
    return f"{'maximum' if limit[2] == 'max' else 'minimum'}_{limit[1]}" if limit else plain


@lru_cache(maxsize=16384)
def _snake(name: str) -> str:
    folded = unicodedata.normalize("NFKD", _CAMEL.sub("_", name)).casefold().replace("ß", "ss")
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return _NOT_WORD.sub("_", plain).strip("_")


@cache
def _lexicon() -> _Lexicon:
    table: dict[str, Any] = read_table("retrieval", "attributes.yaml")
    by_spelling: dict[str, Family] = {}
    heads: dict[str, Family] = {}
    for name, row in table["families"].items():
        spellings = tuple(dict.fromkeys(_snake(s) for s in (name, *row.get("names", ()))))
        family = Family(name, row["kind"], spellings, row.get("unit"), bool(row.get("list")))
        for spelling in spellings:
            by_spelling.setdefault(spelling, family)
        if row.get("head"):
            heads[name] = family
    by_spelling.update({name: family for family in by_spelling.values() for name in (family.name,)})
    names = {
        key: frozenset(map(str, table[key]))
        for key in ("logistics", "not_logistics", "prefixes", "groups", "countable", "properties")
    }
    # In an order that is the same in every process, the longest first.
    brackets = tuple(sorted((f"_{words}" for words in table["brackets"]), key=lambda end: (-len(end), end)))
    technical = {key: frozenset(map(str, words)) for key, words in table["technical"].items()}
    return _Lexicon(
        by_spelling,
        heads,
        brackets=brackets,
        technical=technical,
        technical_words=_any_of(technical["words"]),
        internal=_any_of(map(str, table["internal"])),
        **names,
    )


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """One pattern for any of some words of a name in snake_case that begins and ends with "_"."""
    return re.compile(f"_(?:{'|'.join(map(re.escape, words))})_")
