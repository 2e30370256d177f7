"""Opening a product file of any known format: `with open_feed(path) as feed: for item in feed.records(): …`."""

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from app.catalog.feeds.encoding import SAMPLE_BYTES, Scan, scan
from app.catalog.feeds.json_array import is_array
from app.catalog.feeds.records import Items
from app.catalog.feeds.sniff import FORMATS, table, text_kind
from app.catalog.feeds.source import OwnTexts, Progress, Reader, Source
from app.catalog.feeds.unpack import unpacked
from app.errors import Invalid

_READERS = {
    "shopify": "app.catalog.feeds.shopify",
    "magento": "app.catalog.feeds.magento",
    "google": "app.catalog.feeds.google",
    "csv": "app.catalog.feeds.generic",
    "jsonl": "app.catalog.feeds.jsonl",
    "xml": "app.catalog.feeds.google_xml",
}


class Feed:
    """A file that can be read. `header` is empty for JSON Lines and XML; `total_bytes` counts a gzip file unpacked."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.format = "google" if source.format == "xml" else source.format
        self.header = source.header
        self.total_bytes = source.progress.total

    @property
    def dialect(self) -> Mapping[str, str]:
        """How the file is written, enough to write its like.

        Always `encoding` and `bom`; for tables `delimiter`, `quotechar`, `escapechar`, `newline`, `quoting` (`all`
        or `minimal`) and `preamble`; for XML `flavour`, `head` and `tail`; `array` for a JSON array.
        """
        dialect = self._source.dialect
        shown = {"encoding": self._source.encoding, **self._source.notes}
        if self.header:
            shown |= {
                "delimiter": dialect.delimiter,
                "quotechar": dialect.quotechar,
                "escapechar": dialect.escapechar or "",
                "newline": dialect.newline,
                "quoting": dialect.quoting,
                "preamble": dialect.preamble,
            }
        return shown

    @property
    def bytes_read(self) -> int:
        """How far `records()` is, from 0 to `total_bytes`; never goes back."""
        return self._source.progress.bytes

    def records(self) -> Items:
        """Products and rejections as they are read. Constant memory; may be called again.

        Raises `Invalid` before the first item where the file turns out to be broken (XML that is cut).
        """
        name = "xml" if self._source.format == "xml" else self._source.format
        reader: Reader = import_module(_READERS[name]).read
        return reader(self._source)


@contextmanager
def open_feed(
    path: Path,
    format: str = "auto",  # noqa: A002 - the word of the CLI and the API
    own: OwnTexts | None = None,
) -> Iterator[Feed]:
    """Opens a product file: plain or gzip; format, encoding and dialect found from its content.

    `format` other than `auto` skips the detection of a platform (`csv` reads any table as a generic one).
    With `own`, texts that an export of ours put into the file are read as what the shop had there before.
    Raises `Invalid`, naming what is wrong, for a file that cannot be read at all; `Unavailable` for a full disk.
    """
    if format != "auto" and format not in FORMATS:
        raise Invalid(f"Unknown format {format!r}; known are auto, {', '.join(FORMATS)}.", pointer="/format")
    if not path.is_file():
        raise Invalid(f"{path} is not a file." if path.exists() else f"There is no file {path}.")
    with tempfile.TemporaryDirectory(prefix="shelftalker-feed-") as folder:
        plain = unpacked(path, Path(folder))
        source = _source(plain, scan(plain), Path(folder), format)
        yield Feed(_with_own(source, own) if own else source)


def _with_own(source: Source, own: OwnTexts) -> Source:
    added = own.added(source.format, source.header)
    width = len(source.header) - added
    return replace(source, own=own, header=source.header[:width], added=source.header[width:])


def _source(path: Path, seen: Scan, folder: Path, wanted: str) -> Source:
    source = Source(path, "", seen.encoding, folder, Progress(seen.size), damaged=seen.damaged)
    source = replace(source, notes={"bom": "true" if seen.bom else ""})
    with path.open("rb") as raw, source.open_text(raw) as stream:
        sample = stream.read(SAMPLE_BYTES)
        complete = not stream.read(1)
    kind = text_kind(sample)
    if kind == "table":
        found = table(sample, complete=complete, wanted=wanted)
        return replace(
            source,
            format=found.format,
            dialect=found.dialect,
            header=found.header,
            skip=found.skip,
            mark=found.mark,
            measures=found.measures,
            currency=found.currency,
        )
    if wanted not in {"auto", "google" if kind == "xml" else "jsonl"}:
        raise Invalid(
            f"The file is {'XML' if kind == 'xml' else 'JSON Lines'}, not {wanted}; leave the format to `auto`."
        )
    notes = _frame(sample) if kind == "xml" else {"array": "true"} if is_array(sample) else {}
    return replace(source, format=kind, notes={**source.notes, **notes})


def _frame(sample: str) -> dict[str, str]:
    """What stands around the items of an XML feed, to write one like it."""
    item = re.search(r"<(?:\w+:)?(item|entry)[\s>]", sample)
    flavour = "atom" if item and item[1] == "entry" else "rss"
    tail = {"atom": "</feed>", "rss": "</rdf:RDF>" if "<rdf:RDF" in sample else "</channel></rss>"}
    return {"flavour": flavour, "head": sample[: item.start()] if item else "", "tail": tail[flavour]}
