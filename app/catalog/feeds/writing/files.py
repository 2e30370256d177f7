"""A feed as bytes again: encoding, delimiter, quotes, line ends and what stands around its rows, as they came."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.catalog.feeds.writing.xml_rows import without_namespaces

_DECLARED = re.compile(r"<\?xml[^>]*encoding=[\"']([\w.\-]+)[\"']")


@dataclass(frozen=True, slots=True)
class FeedShape:
    """How a feed was written: what its import recorded."""

    format: str
    header: Sequence[str] = ()
    dialect: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """`table`, `jsonl` or `xml`."""
        if self.header:
            return "table"
        return "jsonl" if self.format == "jsonl" else "xml"

    @property
    def encoding(self) -> str:
        """The encoding of its text; what an XML feed declares itself counts."""
        known = self.dialect.get("encoding") or "utf-8"
        declared = _DECLARED.search(self.dialect.get("head", ""))
        return declared[1] if declared and not known.startswith("utf") else known

    @property
    def suffix(self) -> str:
        """What its file's name ends with."""
        if self.kind == "table":
            return "tsv" if self.dialect.get("delimiter") == "\t" else "csv"
        return "json" if self.dialect.get("array") else self.kind

    @property
    def media_type(self) -> str:
        """Its content type."""
        charset = self.encoding.removesuffix("-sig").replace("cp125", "windows-125")
        kind = {
            "csv": "text/csv",
            "tsv": "text/tab-separated-values",
            "jsonl": "application/x-ndjson",
            "json": "application/json",
            "xml": "application/xml",
        }[self.suffix]
        return kind if "json" in kind else f"{kind}; charset={charset}"


class Writer(Protocol):
    """Makes bytes of rows: `head`, `rows` in turn, `tail`."""

    def head(self) -> bytes:
        """What stands before the first row."""
        ...

    def rows(self, rows: Iterable[Sequence[str]]) -> bytes:
        """Some rows."""
        ...

    def tail(self) -> bytes:
        """What stands behind the last row."""
        ...


def writer_for(shape: FeedShape) -> Writer:
    """The writer of a feed."""
    kinds: Mapping[str, Callable[[FeedShape], Writer]] = {
        "table": TableWriter,
        "jsonl": LinesWriter,
        "xml": XmlWriter,
    }
    return kinds[shape.kind](shape)


class _Encoder:
    """Text to bytes; the byte-order mark once, at the beginning. What an encoding lacks becomes "?"."""

    def __init__(self, encoding: str, errors: str = "replace") -> None:
        self._bytes = io.BytesIO()
        self._text = io.TextIOWrapper(
            self._bytes, encoding=encoding, errors=errors, newline="", write_through=True
        )

    def __call__(self, text: str) -> bytes:
        self._text.write(text)
        made = self._bytes.getvalue()
        self._bytes.seek(0)
        self._bytes.truncate()
        return made


class TableWriter:
    """A delimited table."""

    def __init__(self, shape: FeedShape) -> None:
        dialect = shape.dialect
        self._shape = shape
        self._encode = _Encoder(shape.encoding)
        self._buffer = io.StringIO(newline="")
        escape = dialect.get("escapechar") or None
        self._csv = csv.writer(
            self._buffer,
            delimiter=dialect.get("delimiter") or ",",
            quotechar=dialect.get("quotechar") or '"',
            escapechar=escape,
            doublequote=escape is None,
            lineterminator=dialect.get("newline") or "\n",
            quoting=csv.QUOTE_ALL if dialect.get("quoting") == "all" else csv.QUOTE_MINIMAL,
        )

    def head(self) -> bytes:
        """The lines before the header, and the header."""
        self._buffer.write(self._shape.dialect.get("preamble", ""))
        return self.rows([self._shape.header])

    def rows(self, rows: Iterable[Sequence[str]]) -> bytes:
        """Some rows."""
        self._csv.writerows(rows)
        made = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return self._encode(made)

    def tail(self) -> bytes:
        """Nothing."""
        return b""


class LinesWriter:
    """JSON Lines, or one array of objects."""

    def __init__(self, shape: FeedShape) -> None:
        self._encode = _Encoder(shape.encoding)
        self._array = bool(shape.dialect.get("array"))
        self._first = True

    def head(self) -> bytes:
        """The bracket of an array."""
        return self._encode("[" if self._array else "")

    def rows(self, rows: Iterable[Sequence[str]]) -> bytes:
        """Some objects, each on a line."""
        if not self._array:
            return self._encode("".join([f"{row[0]}\n" for row in rows]))
        lines = [("\n" if self._first and i == 0 else ",\n") + row[0] for i, row in enumerate(rows)]
        self._first = self._first and not lines
        return self._encode("".join(lines))

    def tail(self) -> bytes:
        """The bracket of an array."""
        return self._encode("\n]\n" if self._array else "")


class XmlWriter:
    """RSS or Atom."""

    def __init__(self, shape: FeedShape) -> None:
        self._head, self._tail = shape.dialect.get("head", ""), shape.dialect.get("tail", "")
        self._encode = _Encoder(shape.encoding, "xmlcharrefreplace")

    def head(self) -> bytes:
        """What stands before the first item."""
        return self._encode(self._head)

    def rows(self, rows: Iterable[Sequence[str]]) -> bytes:
        """Some items."""
        return self._encode("".join([f"{without_namespaces(row[0], self._head)}\n" for row in rows]))

    def tail(self) -> bytes:
        """The end of the feed."""
        return self._encode(f"{self._tail}\n")
