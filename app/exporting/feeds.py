"""A feed as it came, with other texts in it: rows in, bytes out, and what was written where."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import orjson

from app.catalog.feeds.writing import FeedShape, RowFormat, Told, row_format, writer_for
from app.catalog.feeds.writing.prose import words_hash
from app.catalog.feeds.writing.rows import Spot
from app.catalog.feeds.writing.tables import structured_columns
from app.exporting.order import ExportOrder, FeedLayout, fields_for
from app.exporting.repository import FeedRow
from app.exporting.texts import Exported, Said, Shelf, Text, said_at, without_live_slots

_NO_TEXTS: Sequence[Text] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """Some rows as bytes, and the texts of ours in them."""

    data: bytes
    written: Sequence[Exported]


class FeedMaker:
    """Makes one feed. Rows come in the order of the file, some at a time.

    `by_model`: some texts are by a language model, so that a Merchant table needs the columns that say so.
    """

    def __init__(self, feed: FeedLayout, order: ExportOrder, *, by_model: bool) -> None:
        shape = feed.shape
        self._fields = fields_for(order, shape.format)
        self._locale = order.locale
        if by_model and shape.format == "google" and shape.header:
            shape = _with_structured(shape, self._fields)
        self._width = len(shape.header)
        self._pads = self._width > len(feed.shape.header)
        self._format: RowFormat = row_format(shape.format, shape.header)
        self._writer = writer_for(shape)
        self._encoding = (
            shape.encoding if shape.kind != "xml" else "utf-8"
        )  # XML has references for what it lacks
        self._channel = shape.format
        self._before = ""

    def head(self) -> bytes:
        """What stands before the rows."""
        return self._writer.head()

    def tail(self) -> bytes:
        """What stands behind them."""
        return self._writer.tail()

    def rows(self, rows: Sequence[FeedRow], texts: Mapping[str, Sequence[Text]]) -> Made:
        """Some rows, filled. `texts` are those of their products."""
        shelves: dict[str, Shelf] = {}
        written: list[Exported] = []
        filled: list[Sequence[str]] = []
        for row in rows:
            cells: Sequence[str] = orjson.loads(row.cells)
            if self._pads:
                cells = [*cells, *[""] * (self._width - len(cells))]
            shelf = shelves.get(row.sku)
            if shelf is None:
                shelf = shelves[row.sku] = Shelf(self._chosen(texts.get(row.sku)), self._channel, row.spoken)
            filled.append(self._row(row.sku, cells, shelf, written))
        return Made(self._writer.rows(filled), written)

    def _chosen(self, texts: Sequence[Text] | None) -> Sequence[Text]:
        wanted = self._locale and self._locale.casefold()
        chosen = [text for text in texts or _NO_TEXTS if wanted is None or text.locale.casefold() == wanted]
        return [without_live_slots(text) for text in chosen]

    def _row(self, sku: str, cells: Sequence[str], shelf: Shelf, written: list[Exported]) -> Sequence[str]:
        found = self._format.spots(cells, self._before)
        before, self._before = self._before, found.place
        if shelf.empty or not found.place:
            return cells
        said: dict[Spot, Said] = {}
        for spot in found.spots:
            if (one := said_at(spot, shelf, self._fields, sku, self._encoding)) is not None:
                said[spot] = one
        if not said:
            return cells
        told: Mapping[Spot, Told] = {spot: one.told for spot, one in said.items()}
        changed = self._format.filled(cells, told)
        # What is remembered is what a reader of the file will find.
        now = self._now(changed, said, before)
        for spot, one in said.items():
            text = one.text
            written.append(
                Exported(
                    found.place,
                    spot.name,
                    words_hash(now.get(spot.name, one.told.text)),
                    sku,
                    text.locale,
                    one.field,
                    text.copy_id,
                    text.version,
                )
            )
        return changed

    def _now(self, cells: Sequence[str], said: Collection[Spot], before: str) -> Mapping[str, str]:
        """What stands in the spots of a row that was filled."""
        if self._width:  # a table, whose spots are its cells
            return {spot.name: cells[spot.key] for spot in said}
        return {spot.name: spot.text for spot in self._format.spots(cells, before).spots}


def _with_structured(shape: FeedShape, fields: frozenset[str]) -> FeedShape:
    wanted = {"structured_title": "title", "structured_description": "description_html"}
    added = [name for name in structured_columns(shape.header) if wanted[name] in fields]
    return replace(shape, header=(*shape.header, *added))
