"""What can be wrong with one row or one cell; inside this package only.

ValueError
├── RowError   the row cannot be taken ("the title is empty")
└── CellError    the cell cannot be taken, the row can ("gtin 4.00E+12 was shortened by a spreadsheet")
"""


class RowError(ValueError):
    """The whole row is rejected; the message is what the person reads, `sku` the product number if it is known."""

    def __init__(self, detail: str, sku: str | None = None) -> None:
        super().__init__(detail)
        self.sku = sku


class CellError(ValueError):
    """One cell is left out and reported; the row goes in."""
