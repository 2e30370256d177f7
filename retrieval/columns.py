"""A numpy array that grows at its end."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray


class Column:
    """Rows of one type; appending costs constant time on average (capacity doubles)."""

    def __init__(self, dtype: DTypeLike, width: int = 0) -> None:
        self._room: NDArray[Any] = np.zeros((16, width) if width else 16, dtype)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def values(self) -> NDArray[Any]:
        """A view of the rows; writing to it writes to the column. The next `append` may leave it behind."""
        return self._room[: self._size]

    def append(self, row: ArrayLike) -> int:
        """Add a row and give its place."""
        if self._size == len(self._room):
            self._room = np.concatenate([self._room, np.zeros_like(self._room)])
        self._room[self._size] = row
        self._size += 1
        return self._size - 1

    def taken(self, mask: NDArray[np.bool_]) -> "Column":
        """Give a column of the rows where `mask` is true."""
        return Column.of(self.values[mask])

    @classmethod
    def of(cls, values: NDArray[Any]) -> "Column":
        """Make a column of an array's rows."""
        made = cls(values.dtype, values.shape[1] if values.ndim == 2 else 0)
        made._room, made._size = np.array(values), len(values)
        if not len(values):
            made._room = np.zeros((16, *values.shape[1:]), values.dtype)
        return made
