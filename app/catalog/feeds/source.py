"""An opened file as the format readers see it: a plain file, how to read it, room for a spool, progress."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from app.catalog.feeds.prices import Mark
from app.catalog.feeds.records import Items, Rejected, SourceRow


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the text of a table is written. `preamble` is what stands before its header."""

    delimiter: str = ","
    quotechar: str = '"'
    escapechar: str | None = None
    newline: str = "\n"
    quoting: str = "minimal"
    preamble: str = ""


class OwnTexts(Protocol):
    """Knows texts that an export of ours put into the shop's file, and what stood there before."""

    def added(self, format: str, header: Sequence[str]) -> int:  # noqa: A002 - as in imports
        """How many columns at the end of a header the export added."""
        ...

    def restored(
        self,
        rows: Iterator[SourceRow | Rejected],
        format: str,  # noqa: A002 - as in imports
        header: Sequence[str],
        width: int,
    ) -> Iterator[SourceRow | Rejected]:
        """The rows with the shop's own words where our texts stood, cut to `width` columns (0: all)."""
        ...


class Progress:
    """How far a reader is, in bytes of the file, never going back. Two passes share the whole between them."""

    def __init__(self, total: int) -> None:
        self.total = total
        self._reached = 0
        self._now: Callable[[], int] = lambda: 0

    def follow(self, done: Callable[[], float], start: float = 0.0, share: float = 1.0) -> None:
        """From now on progress is `start + share × done()`; all are parts of the whole."""
        self._now = lambda: int(self.total * (start + share * done()))

    def reached(self, part: float) -> None:
        """The given part of the whole is done."""
        at = int(self.total * part)
        self._now = lambda: at

    @property
    def bytes(self) -> int:
        """The bytes done; at most the total."""
        self._reached = min(self.total, max(self._reached, self._now()))
        return self._reached


@dataclass(frozen=True, slots=True)
class Source:
    """What a format reader works on. `folder` is temporary; the reader may put a spool there.

    `damaged`: some bytes are not valid in `encoding`; rows that hold such bytes are rejected.
    """

    path: Path
    format: str
    encoding: str
    folder: Path
    progress: Progress
    damaged: bool = False
    dialect: Dialect = field(default_factory=Dialect)
    header: tuple[str, ...] = ()
    skip: int = 0  # physical lines before the first data row
    mark: Mark | None = None  # of the prices
    measures: Mark | None = None  # of the measures among the attributes
    currency: Mapping[str, str] = field(
        default_factory=dict
    )  # of price columns by field; "": its cells differ
    notes: Mapping[str, str] = field(default_factory=dict)  # more of the dialect, for the Feed to show
    own: OwnTexts | None = None
    added: tuple[str, ...] = ()  # names of columns behind `header` that an export of ours added

    def in_own_words(self, rows: Iterator[SourceRow | Rejected]) -> Iterator[SourceRow | Rejected]:
        """The rows as the shop would have them, without texts that an export of ours put there."""
        if self.own is None:
            return rows
        kind = "google" if self.format == "xml" else self.format
        return self.own.restored(
            rows, kind, (*self.header, *self.added), len(self.header) if self.added else 0
        )

    def open_text(self, raw: BinaryIO) -> io.TextIOWrapper:
        """The text of the file, lines ending as in it; bytes wrong in the encoding become lone surrogates."""
        return io.TextIOWrapper(raw, encoding=self.encoding, errors="surrogateescape", newline="")


Reader = Callable[[Source], Items]
"""The one shape of every format reader."""
