"""A table of HTML as a grid: cells that span columns and rows stand in each place they cover, stacked headers are joined."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from retrieval.readers.blocks import Builder

_MAX_COLUMNS = 1000  # what the HTML standard takes of a colspan
_MAX_PLACES = 200_000  # places that spans may fill in one table; beyond it a cell stands in one place only
_NAME_CHARS = 200


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as written. `names`: it looks like a header (`<th>`, or all of it is bold); `rows` 0 reaches to the end."""

    text: str
    columns: int = 1
    rows: int = 1
    header: bool = False
    bold: bool = False


@dataclass(slots=True)
class Row:
    """A row as written. `group` counts the table's sections: no cell reaches beyond its own."""

    group: int
    head: bool
    cells: list[Cell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the grid: what stands in each column; `whole` where one cell fills it."""

    row: Row
    places: tuple[Cell, ...]
    whole: bool


def add_table(out: Builder, rows: Sequence[Row]) -> None:
    """Add a table's rows, each with the names of its columns. A line over the whole width is said by itself."""
    lines = [line for line in _grid(rows) if any(cell.text for cell in line.row.cells)]
    heads = _heads(lines)
    for line in lines[:heads]:
        if line.whole and heads > 1:
            out.add("paragraph", line.places[0].text)
    named = [line for line in lines[:heads] if not (line.whole and heads > 1)]
    out.add_table(
        (
            line.places[0].text if line.whole else [cell.text for cell in line.places]
            for line in lines[heads:]
        ),
        names=_names(named),
    )


def _heads(lines: Sequence[_Line]) -> int:
    """How many rows at the top name the columns; a table of nothing else has none."""
    count = 0
    for line in lines:
        said = [cell for cell in line.row.cells if cell.text]
        bold = count == 0 and all(cell.bold or cell.header for cell in said)
        if not (line.row.head or bold or all(cell.header for cell in said)):
            break
        count += 1
    return count if count < len(lines) else 0


def _names(lines: Sequence[_Line]) -> list[str]:
    width = max((len(line.places) for line in lines), default=0)
    names: list[str] = []
    for column in range(width):
        parts = [line.places[column].text for line in lines if column < len(line.places)]
        names.append(" ".join(dict.fromkeys(part for part in parts if part))[:_NAME_CHARS])
    return names


def _grid(rows: Sequence[Row]) -> list[_Line]:
    """The rows with each cell in all places that it spans."""
    last = {row.group: index for index, row in enumerate(rows)}
    reaching: dict[
        int, tuple[Cell, int]
    ] = {}  # by column: the cell from above, and the last row that it covers
    lines: list[_Line] = []
    left = _MAX_PLACES
    for index, row in enumerate(rows):
        reaching = {column: above for column, above in reaching.items() if above[1] >= index}
        places: list[Cell] = []
        for cell in row.cells:
            while len(places) in reaching:
                places.append(reaching[len(places)][0])
            wide = min(max(cell.columns, 1), max(_MAX_COLUMNS - len(places), 1))
            end = last[row.group] if cell.rows == 0 else min(index + cell.rows - 1, last[row.group])
            if wide * (end - index + 1) > 1:
                left -= wide * (end - index + 1)
            if left < 0:
                wide, end = 1, index
            for _ in range(wide):
                if end > index:
                    reaching[len(places)] = (cell, end)
                places.append(cell)
        while len(places) in reaching:
            places.append(reaching[len(places)][0])
        lines.append(_Line(row, tuple(places), whole=False))
    width = max((len(line.places) for line in lines), default=0)
    return [
        _Line(line.row, line.places, whole=True)
        if width > 1 and len(line.row.cells) == 1 and len(line.places) == width and line.row.cells[0].columns > 1
        and all(place is line.places[0] for place in line.places)
        else line
        for line in lines
    ]  # fmt: skip
