"""Recognising columns by the usual spellings of their names (`columns.yaml`)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

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
    units: frozenset[str]  # as written
    measures: frozenset[str]
    roots: frozenset[str]
    base_stores: frozenset[str]
    known: frozenset[str]  # every spelling of every platform: what a header line is recognised by


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
    sections = [_section(part) for part in (data, data["shopify"], data["magento"], data["google"])]
    generic, shopify, magento, google = sections
    options = _folded(data["options"])
    return Vocabulary(
        generic=generic,
        shopify=shopify,
        magento=magento,
        google=google,
        signatures=signatures,
        availability=_inverse(data["availability"]),
        status=_inverse(data["status"]),
        options=options,
        known=options.union(*(s.spellings for s in sections), *(s.source_only for s in sections)),
        sizes=_folded(data["sizes"]),
        units=frozenset(map(str, data["units"])),
        measures=_folded(data["measures"]),
        roots=_folded(data["magento"]["roots"]),
        base_stores=_folded(data["magento"]["base_stores"]),
    )


def locale_tag(code: str) -> str:
    """A store's or column's code as a BCP 47 tag where it is one (`de_de` → `de-DE`), else as it is."""
    match = re.fullmatch(r"([A-Za-z]{2})(?:[-_]([A-Za-z]{2}))?", code.strip())
    if match is None or match[1].lower() not in LANGUAGES:
        return code.strip()
    return match[1].lower() + (f"-{match[2].upper()}" if match[2] else "")
