"""Which column of a table is which field, by its name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.catalog.feeds.columns import LANGUAGES, Section, fold, locale_tag, vocabulary
from app.catalog.feeds.prices import currency_of

_CURRENCY_TAIL = re.compile(
    r"^(?P<name>.+?)[\s_\-(\[]+(?:in\s+)?[(\[]?(?P<currency>[A-Za-z]{3}|[€$£¥])[)\]]?\s*$"
)
_NUMBER_TAIL = re.compile(r"[\s_\-.]*\d{1,2}$")
_LANGUAGE_TAIL = re.compile(
    r"^(?P<name>.*?[A-Za-z])[\s_.:\-]*[\s_.:\-(\[](?P<code>[a-z]{2}(?:[-_][A-Za-z]{2})?)[)\]]?$"
)
# "Attribute 1 name" beside "Attribute 1 value(s)", as WooCommerce and others export them.
_PAIR = re.compile(
    r"^(?P<stem>attribute|option|property|specification|spec|feature|eigenschaft|merkmal|attribut)[\s_]*(?P<n>\d{1,2})[\s_]*"
    r"(?P<part>name|title|label|values?|value\(s\)|wert|valeur)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its place, with the shop's own name for it (made unique)."""

    index: int
    name: str


@dataclass(frozen=True, slots=True)
class Localized:
    """A column that holds a field in a language (`title_de`)."""

    index: int
    field: str
    locale: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two columns, one with an attribute's name and one with its value; `listed`: the value may be "a, b, c"."""

    name: int
    value: int
    listed: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands in the rows of a table. `locale`: the one that its main texts are in, if it says so."""

    fields: Mapping[str, int]
    images: tuple[int, ...]
    attributes: tuple[Column, ...]
    localized: tuple[Localized, ...] = ()
    pairs: tuple[Pair, ...] = ()
    currency: Mapping[str, str] = field(default_factory=dict)  # field → currency named in its column's header
    locale: str | None = None
    width: int = 0


def own_name(name: str) -> str:
    """The shop's own name of an attribute: platform prefixes and metafield paths taken off."""
    name = re.sub(r"\s*\((?:product|variant)\.metafields\.[^)]*\)$", "", name.strip())
    name = re.sub(r"^(?:g:|google shopping\s*/\s*)", "", name, flags=re.IGNORECASE)
    return re.sub(r"\s+", " ", name)


def layout(header: Sequence[str], section: Section) -> Layout:
    """Which column is which field; images are all columns named like one; the rest are attributes."""
    found: dict[str, list[tuple[int, int]]] = {}
    currency: dict[str, str] = {}
    rest: list[int] = []
    localized: list[Localized] = []
    generic = not section.source_only
    pairs = _pairs(header) if generic else ()
    paired = {index for pair in pairs for index in (pair.name, pair.value)}
    for index, name in enumerate(header):
        known, rank, code = _field_of(name, section)
        if index in paired:
            continue
        if known:
            found.setdefault(known, []).append((rank, index))
            if code:
                currency[known] = code
        elif generic and (words := _localized(name, index, section)):
            localized.append(words)
        elif not is_source_only(name, section):
            rest.append(index)
    locale = next((w.locale for w in localized if w.field == "title"), None) if "title" not in found else None
    for words in [w for w in localized if w.locale == locale and w.field not in found]:
        found[words.field] = [(0, words.index)]
        localized.remove(words)
    images = tuple(
        i for f in ("image", "more_images") for _, i in sorted(found.get(f, []), key=lambda x: x[1])
    )
    fields = {known: min(places)[1] for known, places in found.items()}
    rest += [i for f, places in found.items() if f not in _IMAGES for _, i in places if i != fields[f]]
    return Layout(
        fields, images, _named(header, rest), tuple(localized), pairs, currency, locale, len(header)
    )


def is_known(name: str) -> bool:
    """Whether a cell reads like the name of a column of any platform."""
    section = vocabulary().generic
    return fold(name) in vocabulary().known or bool(
        _field_of(name, section)[0] or _localized(name, 0, section)
    )


_IMAGES = frozenset({"image", "more_images"})


def _named(header: Sequence[str], indexes: Sequence[int]) -> tuple[Column, ...]:
    taken: dict[str, int] = {}
    columns = []
    for index in sorted(indexes):
        name = own_name(header[index]) or f"column {index + 1}"
        taken[name] = taken.get(name, 0) + 1
        columns.append(Column(index, name if taken[name] == 1 else f"{name} {taken[name]}"))
    return tuple(columns)


def _pairs(header: Sequence[str]) -> tuple[Pair, ...]:
    names: dict[tuple[str, str], int] = {}
    values: dict[tuple[str, str], int] = {}
    for index, name in enumerate(header):
        if match := _PAIR.match(name.strip()):
            key = (match["stem"].lower(), match["n"])
            (names if match["part"].lower() in {"name", "title", "label"} else values)[key] = index
    return tuple(
        Pair(names[key], values[key], header[values[key]].strip().lower().endswith(("(s)", "values")))
        for key in names
        if key in values
    )


def _field_of(name: str, section: Section) -> tuple[str | None, int, str | None]:
    folded = fold(name)
    if folded in section.spellings:
        return *section.spellings[folded], None
    if (tail := _CURRENCY_TAIL.match(name)) and (code := currency_of(tail["currency"])):
        field, rank = section.spellings.get(fold(tail["name"]), ("", 0))
        if field in {"price", "sale_price"}:
            return field, rank, code
    stem = fold(_NUMBER_TAIL.sub("", name))
    if stem != folded and section.spellings.get(stem, ("", 0))[0] in {"image", "more_images"}:
        return "more_images", 0, None
    return None, 0, None


def _localized(name: str, index: int, section: Section) -> Localized | None:
    match = _LANGUAGE_TAIL.match(name.strip())
    if match is None or match["code"][:2] not in LANGUAGES:
        return None
    field = section.spellings.get(fold(match["name"]), ("", 0))[0]
    return (
        Localized(index, field, locale_tag(match["code"]))
        if field in {"title", "description", "url"}
        else None
    )


def is_source_only(name: str, section: Section) -> bool:
    """Whether a column is a switch of the platform, which stays in the source row."""
    folded = fold(name)
    return folded in section.source_only or folded.startswith(section.source_only_prefixes or ("\x00",))
