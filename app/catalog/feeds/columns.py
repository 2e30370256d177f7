"""Recognising columns by the usual spellings of their names (`columns.yaml`)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from app.catalog.feeds.prices import currency_of

_CURRENCY_TAIL = re.compile(
    r"^(?P<name>.+?)[\s_\-(\[]+(?:in\s+)?[(\[]?(?P<currency>[A-Za-z]{3}|[€$£¥])[)\]]?\s*$"
)
_NUMBER_TAIL = re.compile(r"[\s_\-.]*\d{1,2}$")
_LANGUAGE_TAIL = re.compile(
    r"^(?P<name>.*?[A-Za-z])[\s_.:\-]*[\s_.:\-(\[](?P<code>[a-z]{2}(?:[-_][A-Za-z]{2})?)[)\]]?$"
)
LANGUAGES = frozenset(
    """
    bg cs da de el en es et fi fr ga hr hu is it ja ko lt lv nb nl no pl pt ro ru sk sl sr sv tr uk
    zh ar he
    """.split()  # noqa: SIM905 - a list of short words reads better so
)


@lru_cache(maxsize=8192)
def fold(name: str) -> str:
    """A name reduced to its letters and digits: no case, accents, spaces, signs or `g:` prefix."""
    name = name.strip()
    name = name[2:] if name[:2].lower() == "g:" else name
    folded = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in folded if c.isalnum())


@dataclass(frozen=True, slots=True)
class Section:
    """The columns of one platform: folded spelling → (field, rank; the lower wins)."""

    spellings: Mapping[str, tuple[str, int]]
    source_only: frozenset[str] = frozenset()
    source_only_prefixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """What a header of a platform holds."""

    all_of: tuple[frozenset[str], ...]
    some_of: frozenset[str]
    count: int
    proof: frozenset[str]

    def fits(self, names: frozenset[str]) -> bool:
        """Whether a header with these folded names is of this platform."""
        return (
            all(names & one for one in self.all_of)
            and len(names & self.some_of) >= self.count
            and (not self.proof or bool(names & self.proof))
        )


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`columns.yaml`, folded."""

    generic: Section
    shopify: Section
    magento: Section
    google: Section
    signatures: Mapping[str, Signature]
    availability: Mapping[str, str]
    status: Mapping[str, str]
    options: frozenset[str]
    sizes: frozenset[str]
    roots: frozenset[str]
    base_stores: frozenset[str]

    @property
    def known(self) -> frozenset[str]:
        """Every spelling of every platform: what a header line is recognised by."""
        sections = (self.generic, self.shopify, self.magento, self.google)
        return frozenset().union(
            *(s.spellings for s in sections), *(s.source_only for s in sections), self.options
        )


def _folded(names: Sequence[Any]) -> frozenset[str]:
    return frozenset(fold(str(name)) for name in names)


def _section(data: Mapping[str, Any]) -> Section:
    spellings: dict[str, tuple[str, int]] = {}
    for field, names in data["fields"].items():
        for rank, name in enumerate(names):
            spellings.setdefault(fold(name), (field, rank))
    prefixes = tuple(fold(p) for p in data.get("source_only_prefixes", ()))
    return Section(spellings, _folded(data.get("source_only", ())), prefixes)


def _inverse(data: Mapping[str, Sequence[Any]]) -> dict[str, str]:
    return {fold(str(spelling)): value for value, spellings in data.items() for spelling in spellings}


@cache
def vocabulary() -> Vocabulary:
    """The spellings, read once."""
    import yaml  # noqa: PLC0415 - only where a feed is read

    data = yaml.safe_load((Path(__file__).parent / "columns.yaml").read_text(encoding="utf-8"))
    signatures = {
        name: Signature(
            tuple(_folded(one) for one in s["all"]),
            _folded(s["some"]),
            s["count"],
            _folded(s.get("proof", ())),
        )
        for name, s in data["signatures"].items()
    }
    return Vocabulary(
        generic=_section(data),
        shopify=_section(data["shopify"]),
        magento=_section(data["magento"]),
        google=_section(data["google"]),
        signatures=signatures,
        availability=_inverse(data["availability"]),
        status=_inverse(data["status"]),
        options=_folded(data["options"]),
        sizes=_folded(data["sizes"]),
        roots=_folded(data["magento"]["roots"]),
        base_stores=_folded(data["magento"]["base_stores"]),
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
class Layout:
    """Where everything stands in the rows of a table."""

    fields: Mapping[str, int]
    images: tuple[int, ...]
    attributes: tuple[Column, ...]
    localized: tuple[Localized, ...] = ()
    currency: Mapping[str, str] | None = None  # field → currency named in its column's header
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
    for index, name in enumerate(header):
        field, rank, code = _field_of(name, section)
        if field:
            found.setdefault(field, []).append((rank, index))
            if code:
                currency[field] = code
        elif generic and (words := _localized(name, index, section)):
            localized.append(words)
        elif not _is_source_only(name, section):
            rest.append(index)
    images = tuple(
        i for f in ("image", "more_images") for _, i in sorted(found.get(f, []), key=lambda x: x[1])
    )
    fields = {field: min(places)[1] for field, places in found.items()}
    for field, places in found.items():
        if field not in {"image", "more_images"}:
            rest += [i for _, i in places if i != fields[field]]
    taken: dict[str, int] = {}
    attributes = []
    for index in sorted(rest):
        name = own_name(header[index]) or f"column {index + 1}"
        taken[name] = taken.get(name, 0) + 1
        attributes.append(Column(index, name if taken[name] == 1 else f"{name} {taken[name]}"))
    return Layout(fields, images, tuple(attributes), tuple(localized), currency, len(header))


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


def _is_source_only(name: str, section: Section) -> bool:
    folded = fold(name)
    return folded in section.source_only or folded.startswith(section.source_only_prefixes or ("\x00",))


def locale_tag(code: str) -> str:
    """A store's or column's code as a BCP 47 tag where it is one (`de_de` → `de-DE`), else as it is."""
    match = re.fullmatch(r"([A-Za-z]{2})(?:[-_]([A-Za-z]{2}))?", code.strip())
    if match is None or match[1].lower() not in LANGUAGES:
        return code.strip()
    return match[1].lower() + (f"-{match[2].upper()}" if match[2] else "")
