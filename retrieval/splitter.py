"""A document into pieces: headings and tables stay with what belongs to them, and no sentence is ever cut.

A piece is what is found and shown; the statements in it (sentences, table rows) are what copy may rest on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from retrieval.readers import Block, Reading
from seo.language.tokens import sentences

MAX_CHARS = 1200
"""Characters of a piece: some 300 tokens, about what sentence encoders take in at once."""
StatementKind = Literal["sentence", "item", "row"]


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, a sentence of a list item, or a table row with the names of its columns: `text[start:end]` of the reading."""

    text: str
    start: int
    end: int
    kind: StatementKind


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a document: `text[start:end]` of the reading. `n` counts from 1, `heading` is the path to it from the top."""

    n: int
    heading: tuple[str, ...]
    text: str
    start: int
    end: int
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is never parted: a sentence, a row, code; `table` of the rows that should stay together."""

    start: int
    end: int
    statements: tuple[Statement, ...]
    table: int = 0


def split(reading: Reading, max_chars: int = MAX_CHARS) -> tuple[Piece, ...]:
    """Split a document.

    A piece lies within one section and holds at most `max_chars` characters, unless a single sentence or row is longer:
    that one is a piece of its own. A table stays in one piece where it fits. A heading with nothing below is an empty
    piece, so that no word of the document is lost.
    """
    found: list[Piece] = []
    for heading, at, blocks in _sections(reading):
        spans = _packed([unit for block in blocks for unit in _units(reading, block)], max_chars)
        for units in spans or ([],):
            start, end = (units[0].start, units[-1].end) if units else (at, at)
            statements = tuple(statement for unit in units for statement in unit.statements)
            found.append(Piece(len(found) + 1, heading, reading.text[start:end], start, end, statements))
    return tuple(found)


def _sections(reading: Reading) -> Iterator[tuple[tuple[str, ...], int, list[Block]]]:
    """Heading path, place and blocks of each section; a heading alone counts if no deeper one goes on from it."""
    path: list[tuple[int, str]] = []
    body: list[Block] = []
    at = 0
    for block in reading.blocks:
        if block.kind != "heading":
            body.append(block)
            continue
        goes_deeper = not body and bool(path) and block.level > path[-1][0]
        if body or (path and not goes_deeper):
            yield tuple(text for _, text in path), at, body
        body = []
        while path and path[-1][0] >= block.level:
            path.pop()
        path.append((block.level, reading.text[block.start : block.end]))
        at = block.end
    if body or path:
        yield tuple(text for _, text in path), at, body


def _units(reading: Reading, block: Block) -> Iterator[_Unit]:
    text = reading.text[block.start : block.end]
    if block.kind == "code":
        yield _Unit(block.start, block.end, ())
        return
    if block.kind == "row":
        yield _Unit(block.start, block.end, (Statement(text, block.start, block.end, "row"),), block.table)
        return
    spans = sentences(text)
    kind: StatementKind = "item" if block.kind == "item" else "sentence"
    # Each unit reaches to where the next sentence begins, so that marks between sentences stay with the text.
    starts = [0, *(span.start for span in spans[1:]), len(text)]
    for index, span in enumerate(spans):
        start, end = block.start + span.start, block.start + span.end
        begin, until = starts[index], starts[index + 1]
        tail = len(text[begin:until].rstrip())
        yield _Unit(
            block.start + begin, block.start + begin + tail, (Statement(span.text, start, end, kind),)
        )
    if not spans:
        yield _Unit(block.start, block.end, ())


def _packed(units: Sequence[_Unit], max_chars: int) -> list[list[_Unit]]:
    packed: list[list[_Unit]] = []
    for index, unit in enumerate(units):
        begins_table = unit.table > 0 and (index == 0 or units[index - 1].table != unit.table)
        end = _end_of_table(units, index) if begins_table else unit.end
        if begins_table and end - unit.start > max_chars:
            end = unit.end  # too long to stay whole: parted between rows
        if packed and end - packed[-1][0].start <= max_chars:
            packed[-1].append(unit)
        else:
            packed.append([unit])
    return packed


def _end_of_table(units: Sequence[_Unit], index: int) -> int:
    table = units[index].table
    end = units[index].end
    for unit in units[index:]:
        if unit.table != table:
            break
        end = unit.end
    return end
