"""Where copy stands in the objects of JSON Lines. Only the strings that change are written anew: the rest keeps its spelling."""

import json
from collections.abc import Iterator, Mapping, Sequence
from json.decoder import scanstring  # type: ignore[attr-defined]  # public, and missing in the stubs
from typing import NamedTuple

import orjson

from app.catalog.feeds import text
from app.catalog.feeds.columns import fold, locale_tag, vocabulary
from app.catalog.feeds.json_values import as_text
from app.catalog.feeds.writing.prose import has_markup
from app.catalog.feeds.writing.rows import DESCRIPTION, TITLE, VARIANT_TITLE, RowSpots, Spot, Told

_DECODER = json.JSONDecoder()
_BLANK = " \t\r\n"


class _Value(NamedTuple):
    """A member of an object: where its value stands in the text."""

    start: int
    end: int
    value: object


class JsonRows:
    """A line is a product or a variant; its texts are the keys that the import reads titles and descriptions from."""

    def spots(self, cells: Sequence[str], before: str) -> RowSpots:  # noqa: ARG002 - as in RowFormat
        """The row's place is its number."""
        line = cells[0]
        try:
            members = dict(_members(line, 0))
        except ValueError:
            return RowSpots("")
        chosen = _chosen(members, ("sku", "title", "description", "parent"))
        sku = text.unwrap(as_text(chosen["sku"].value)) if "sku" in chosen else ""
        if sku in text.NOTHING:
            return RowSpots("")
        parent = as_text(chosen["parent"].value).strip() if "parent" in chosen else ""
        says = {"title": VARIANT_TITLE if parent not in text.NOTHING else TITLE, "description": DESCRIPTION}
        spots = list(_spots(line, chosen, says, (sku, None)))
        localized = members.get("localized")
        if localized is not None and isinstance(localized.value, Mapping):
            for locale, words in _members(line, localized.start):
                if isinstance(words.value, Mapping):
                    inner = dict(_members(line, words.start))
                    spots += _spots(line, inner, says, (sku, locale_tag(locale)))
        return RowSpots(sku, tuple(spots))

    def filled(self, cells: Sequence[str], texts: Mapping[Spot, Told]) -> tuple[str, ...]:
        """The line with these texts in it and everything else as it was."""
        ascii_only = cells[0].isascii()
        told = {spot: json.dumps(told.text, ensure_ascii=ascii_only) for spot, told in texts.items()}
        return (_with(cells[0], told),)

    def restored(self, cells: Sequence[str], originals: Mapping[Spot, Spot]) -> tuple[str, ...]:
        """The line with these values as they were spelt."""
        return (_with(cells[0], {spot: original.raw for spot, original in originals.items()}),)


def _with(line: str, values: Mapping[Spot, str]) -> str:
    for spot, raw in sorted(values.items(), key=lambda item: item[0].key, reverse=True):
        start, end = spot.key
        line = f"{line[:start]}{raw}{line[end:]}"
    return line


def _spots(
    line: str, members: Mapping[str, _Value], says: Mapping[str, str], of: tuple[str, str | None]
) -> Iterator[Spot]:
    """The texts among the members of an object; `of`: the product's number and the language."""
    sku, locale = of
    for field, said in says.items():
        found = members.get(field)
        if found is not None and (found.value is None or isinstance(found.value, str)):
            held = found.value or ""
            yield Spot(
                field if locale is None else f"{field}@{locale}",
                said,
                (found.start, found.end),
                held,
                item=sku if field == "title" else "",
                locale=locale,
                html=has_markup(held),
                raw=line[found.start : found.end],
            )


def _chosen(members: Mapping[str, _Value], fields: Sequence[str]) -> dict[str, _Value]:
    """Which member is which field; of two spellings the better one."""
    ranked: dict[str, tuple[int, _Value]] = {}
    for key, member in members.items():
        field, rank = vocabulary().generic.spellings.get(fold(key), ("", 0))
        scalar = not isinstance(member.value, Mapping | list)
        if field in fields and scalar and (field not in ranked or rank < ranked[field][0]):
            ranked[field] = (rank, member)
    return {field: member for field, (_, member) in ranked.items()}


def _members(line: str, at: int) -> Iterator[tuple[str, _Value]]:
    """The members of the object that begins at `at`, with where their values stand. Raises ValueError."""
    orjson.loads(line) if at == 0 else None  # one that is broken anywhere is no object
    at = _after_blank(line, at)
    if line[at : at + 1] != "{":
        raise ValueError("not an object")
    at = _after_blank(line, at + 1)
    while line[at : at + 1] == '"':
        name, at = scanstring(line, at + 1, True)
        at = _after_blank(line, _after_blank(line, at) + 1)
        value, end = _DECODER.raw_decode(line, at)
        yield name, _Value(at, end, value)
        at = _after_blank(line, end)
        if line[at : at + 1] == ",":
            at = _after_blank(line, at + 1)


def _after_blank(line: str, at: int) -> int:
    while line[at : at + 1] and line[at] in _BLANK:
        at += 1
    return at
