"""A feed read on a thread of its own, batch by batch, so that the event loop stays free."""

import asyncio
import hashlib
from array import array
from bisect import bisect_left
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

import orjson

from app.catalog.codec import digest, encode_product
from app.catalog.feeds import Feed, ProductRecord, Rejected, open_feed
from app.catalog.feeds.source import OwnTexts
from app.catalog.product import Product
from retrieval.quick_values import quick

T = TypeVar("T")


@quick
@dataclass(frozen=True, slots=True)
class EncodedRow:
    """A source row with its cells as JSON."""

    line: int
    cells: str


@quick
@dataclass(frozen=True, slots=True)
class Encoded:
    """A record of a feed with its JSON and hash, made once.

    `line` is where the record begins (0 where it has no rows), `position` the product's place in the file.
    """

    sku: str
    product: Product
    present: frozenset[str]
    data: str
    data_hash: str
    rows: tuple[EncodedRow, ...]
    line: int
    position: int


Batch = Sequence[Encoded | Rejected]

# Products per transaction. Large enough that a commit's sync to disk does not count, small enough that other writers
# wait a fraction of a second and that memory stays flat.
BATCH = 500
# In files of more bytes than this twice as many, which halves what a batch costs by itself.
LARGE_FILE = 2_000_000
LARGE_BATCH = 1000


@asynccontextmanager
async def open_reader(
    path: Path,
    format: str,  # noqa: A002 - the word of the CLI and API
    own: OwnTexts | None = None,
) -> AsyncIterator["FeedReader"]:
    """A reader of the file; see `open_feed`. Raises Invalid for a file that cannot be read at all."""
    # One thread, because a feed's temporary store belongs to the thread that opened it.
    with ThreadPoolExecutor(1, thread_name_prefix="import") as thread:
        context = open_feed(path, format, own)
        loop = asyncio.get_running_loop()
        reader = FeedReader(path, await loop.run_in_executor(thread, context.__enter__), thread)
        try:
            yield reader
        finally:
            await reader.let_go()
            await loop.run_in_executor(thread, context.__exit__, None, None, None)


class FeedReader:
    """An open feed and the thread that reads it. One batch is always read ahead."""

    def __init__(self, path: Path, feed: Feed, thread: ThreadPoolExecutor) -> None:
        self.feed = feed
        self._path = path
        self._thread = thread
        self._batches = self._read()
        self._upcoming: asyncio.Future[Batch | None] | None = None

    async def off_loop(self, work: Callable[[], T]) -> T:
        """Do something on the reader's thread, after what it is at."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _read_ahead(self) -> None:
        """Begin to read the next batch."""
        if self._upcoming is None:
            loop = asyncio.get_running_loop()
            self._upcoming = loop.run_in_executor(self._thread, lambda: next(self._batches, None))

    async def batch(self) -> Batch | None:
        """The next batch; None after the last. Raises Invalid where the file turns out to be broken."""
        self._read_ahead()
        upcoming, self._upcoming = self._upcoming, None
        batch = None if upcoming is None else await upcoming
        if batch is not None:
            self._read_ahead()
        return batch

    async def let_go(self) -> None:
        """Wait for what was read ahead and is not wanted any more."""
        if self._upcoming is not None:
            await asyncio.gather(self._upcoming, return_exceptions=True)

    async def listed(self) -> "Listed":
        """The SKUs of the whole feed, which is read once for it."""
        return await self.off_loop(lambda: Listed(self.feed))

    async def file_hash(self) -> str:
        """SHA-256 of the file."""
        return await self.off_loop(lambda: _file_hash(self._path))

    @property
    def layout(self) -> str:
        """A hash of format and header: files of one shape."""
        return hashlib.sha256(orjson.dumps([self.feed.format, self.feed.header])).hexdigest()[:16]

    def _read(self) -> Iterator[Batch]:
        items = (
            item if isinstance(item, Rejected) else encoded(item, position)
            for position, item in enumerate(self.feed.records())
        )
        size = LARGE_BATCH if self.feed.total_bytes > LARGE_FILE else BATCH
        while batch := list(islice(items, size)):
            yield batch


def encoded(record: ProductRecord, position: int) -> Encoded | Rejected:
    """A record ready for comparison; rejected where a database could not hold it."""
    sku = record.product.sku
    line = record.rows[0].line if record.rows else 0
    if "\0" in sku:
        return Rejected(line, sku.replace("\0", ""), "the SKU holds a control character")
    try:
        data = encode_product(record.product)
        rows = tuple([EncodedRow(row.line, orjson.dumps(row.cells).decode()) for row in record.rows])
    except (ValueError, TypeError) as error:
        return Rejected(line, sku.encode(errors="replace").decode(), str(error))
    return Encoded(sku, record.product, record.present, data, digest(data), rows, line, position)


class Listed:
    """The SKUs of a feed, eight bytes each: with a million products a set of strings would take 100 MB.

    The chance that two of a million SKUs share their 64-bit hash is 3 in 100 million; an absent product would then
    stay active until the next full import.
    """

    def __init__(self, feed: Feed) -> None:
        found = array("Q")
        for item in feed.records():
            if not isinstance(item, Rejected):
                found.append(self._key(item.product.sku))
            elif item.sku is not None:
                found.append(self._key(item.sku))  # a bad row is no reason to take its product off sale
        self._keys = array("Q", sorted(found))

    def __contains__(self, sku: str) -> bool:
        key = self._key(sku)
        place = bisect_left(self._keys, key)
        return place < len(self._keys) and self._keys[place] == key

    @staticmethod
    def _key(sku: str) -> int:
        digest = hashlib.blake2b(sku.encode(errors="surrogatepass"), digest_size=8).digest()
        return int.from_bytes(digest, "big")


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
