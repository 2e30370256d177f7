"""Clothing and shoe sizes, one by one and as ranges over the order in which the shop lists them."""

import re
from collections.abc import Iterator, Sequence

from evaluators.grounding.claims.sentence import Found, Sentence, says
from evaluators.grounding.index import Entry, FactIndex
from retrieval.quantities import find_quantities

_LETTERS = r"(?:\d{1,2}X[SL]|X{0,4}S|X{1,4}L|M|L|[234]X|O/S)"
_NUMBERS = r"\d{1,3}(?:[.,]\d{1,2}|½)?[A-K]?"
_JOINT = r"\s*(?:[-–—/]|\bto\b|\bthrough\b|\bup to\b|\buntil\b)\s*"
_RANGE = re.compile(rf"(?<![\w-])(?P<a>{_LETTERS}){_JOINT}(?P<b>{_LETTERS})(?![\w-])")
_NUMBER_RANGE = re.compile(
    rf"\bsizes?\s+(?:(?:run|runs|range|go)\s+)?(?:from\s+)?(?P<a>{_NUMBERS}){_JOINT}(?P<b>{_NUMBERS})(?![\w-])",
    re.IGNORECASE,
)
_ITEM = rf"(?:{_LETTERS}|{_NUMBERS})"
_LIST = re.compile(rf"(?i:\bsizes?)\s+(?:in\s+)?(?P<list>{_ITEM}(?:\s*(?:,|/|\band\b|\bor\b|&)\s*(?:and\s+|or\s+)?{_ITEM})*)(?![\w-])")  # fmt: skip
_LONE = re.compile(r"(?<![\w-])(?:\d{1,2}X[SL]|X{1,4}[SL])(?![\w-])|(?<=[,–—/|] )[SML](?=\s*(?:[,.–—/|)]|$))")


_LETTERED = re.compile(r"(?<![\w-])(?:\d{1,2}X|X{1,4}[SL]|[SML](?!\w)|O/S)")
"""How every letter size begins: without one, and without the word, there is no size in a text."""


def find_sizes(sentence: Sentence, index: FactIndex) -> Iterator[Found]:
    """Yield ranges ("XS–XL", "sizes 28 to 36"), lists after "size(s)", and lone letter sizes ("XXL")."""
    if not _LETTERED.search(sentence.text) and "size" not in sentence.text.casefold():
        return
    entries = index.sizes
    for pattern in (_RANGE, _NUMBER_RANGE) if sentence.has_digits else (_RANGE,):
        for match in pattern.finditer(sentence.text):
            place = sentence.at(match.start("a"), match.end("b"))
            if place and match["a"] != match["b"]:
                yield _range(sentence, place, match["a"], match["b"], entries)
    yield from _listed(sentence, entries)
    for match in _LONE.finditer(sentence.text):
        place = sentence.at(match.start(), match.end())
        lettered = [e for e in entries if any(re.fullmatch(_LETTERS, size) for size in _sizes(e))]
        if place and (lettered or not index.find(sentence.terms[place[0]].stem)):
            yield _one(sentence, place, match.group(), lettered or entries)


def _listed(sentence: Sentence, entries: Sequence[Entry]) -> Iterator[Found]:
    """The sizes that stand in a list behind the word."""
    for match in _LIST.finditer(sentence.text):
        measured = [
            q for q in find_quantities(sentence.text) if q.unit is not None and not q.text.endswith(" in")
        ]
        for item in re.finditer(_ITEM, match["list"]):
            start = match.start("list") + item.start()
            if any(q.start <= start < q.end for q in measured):
                continue  # "screen size 55 inches" is a measure
            place = sentence.at(start, start + len(item.group()))
            if place:
                yield _one(sentence, place, item.group(), entries)


def _range(
    sentence: Sentence, place: tuple[int, int], low: str, high: str, entries: Sequence[Entry]
) -> Found:
    said = sentence.says(*place)
    for entry in entries:
        sizes = _sizes(entry)
        if (low.upper(), high.upper()) in _ranges(entry):
            return Found(*place, "size", "supported", entry, f"{says(entry)}.")
        if (
            low.upper() in sizes
            and high.upper() in sizes
            and sizes.index(low.upper()) < sizes.index(high.upper())
        ):
            reason = f"{says(entry)}, from {low} to {high} in the shop's order."
            return Found(*place, "size", "supported", entry, reason)
    return _refused(place, said, entries)


def _one(sentence: Sentence, place: tuple[int, int], size: str, entries: Sequence[Entry]) -> Found:
    for entry in entries:
        sizes = _sizes(entry)
        if size.upper() in sizes or _within(size.upper(), entry) or size in entry.name:
            return Found(*place, "size", "supported", entry, f"{says(entry)}.")
    return _refused(place, sentence.says(*place), entries)


def _refused(place: tuple[int, int], said: str, entries: Sequence[Entry]) -> Found:
    if entries:
        return Found(*place, "size", "contradicted", entries[0], f"Size “{said}”: {says(entries[0])}.")
    return Found(*place, "size", "unsupported", None, f"Size “{said}”: no fact lists the sizes.")


def _sizes(entry: Entry) -> list[str]:
    """The sizes in the shop's order: a list's values, or the members of one value ("S, M, L")."""
    values = entry.fact.values
    if len(values) == 1:
        values = tuple(re.split(r"\s*[,;|]\s*", values[0]))
    bare = (re.sub(r"\s*\([^)]*\)", "", value).strip() for value in values)  # "S (51–55 cm)"
    return [re.sub(r"(?i)^(?:size|eu|us|uk)\s+", "", value).upper() for value in bare]


def _ranges(entry: Entry) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for value in (*entry.fact.values, entry.fact.text):
        found |= {(m["a"].upper(), m["b"].upper()) for m in _RANGE.finditer(value)}
        found |= {
            (m["a"], m["b"])
            for m in re.finditer(rf"(?P<a>{_NUMBERS}){_JOINT}(?P<b>{_NUMBERS})(?![\w-])", value)
        }
    return found


_ORDER = ["XXXS", "XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL", "XXXXL"]


def _within(size: str, entry: Entry) -> bool:
    """Whether a letter size lies in a range that the fact itself states ("XS–XL")."""
    alias = {"2XL": "XXL", "3XL": "XXXL", "4XL": "XXXXL", "2XS": "XXS", "3XS": "XXXS"}
    plain = alias.get(size, size)
    for low, high in _ranges(entry):
        ends = alias.get(low, low), alias.get(high, high)
        if plain in _ORDER and all(end in _ORDER for end in ends):
            return _ORDER.index(ends[0]) <= _ORDER.index(plain) <= _ORDER.index(ends[1])
    return False
