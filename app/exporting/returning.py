"""Texts of ours that come back with a file: the shop's own words are put in their place before the file is read.

A shop that loaded an export sends our texts back with its next file. They are no news about its products: the words
that the shop had there before stay what facts are drawn from. What somebody wrote over one of our texts in the shop
is an offer (`OutsideEdit`), no fact.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice

import orjson

from app.catalog.feeds.records import Rejected, SourceRow
from app.catalog.feeds.writing import FeedShape, RowFormat, Spot, row_format
from app.catalog.feeds.writing.prose import as_plain, words_hash
from app.catalog.feeds.writing.rows import STRUCTURED, RowSpots
from app.exporting.repository import ExportRepository
from app.exporting.texts import Exported, OutsideEdit
from app.storage.database import Database
from app.storage.ids import sortable_id
from retrieval.near_duplicates import resembles
from seo.language.tokens import sentences

BATCH = 500


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell in which a text of ours was exported, as it comes back. `original`: what the shop had there, if known."""

    row: int
    spot: Spot
    last: Exported
    original: Spot | None
    state: str  # ours | theirs | edited


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the places in some rows: our texts, the shop's words, and the copies that the texts are of."""

    exported: Mapping[str, Sequence[Exported]]
    originals: Mapping[tuple[str, str], Spot]


class ReturnedTexts:
    """Reads the rows of one import. Made on the event loop; `restored` runs on the thread that reads the file."""

    def __init__(
        self,
        database: Database,
        import_id: str,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._import_id = import_id
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._shapes: Mapping[str, FeedShape] = {}
        self._knows = False
        self._ours = self._theirs = 0
        self._edits: dict[tuple[str, str], OutsideEdit] = {}

    async def prepare(self) -> None:
        """Find out whether anything was ever exported; if not, files are read as they are."""
        async with self._database.session() as session:
            repository = ExportRepository(session, self._database.dialect)
            self._knows = await repository.any_exported()
            self._shapes = await repository.shapes()

    @property
    def edited(self) -> int:
        """How many texts of ours were changed in the shop."""
        return len(self._edits)

    async def keep(self) -> None:
        """Store the changed texts as offers."""
        if self._edits:
            async with self._database.transaction() as session:
                await ExportRepository(session, self._database.dialect).add_edits(list(self._edits.values()))

    # -- on the reader's thread --------------------------------------------------------------------------------

    def added(self, format: str, header: Sequence[str]) -> int:  # noqa: A002 - as in imports
        """How many columns at the end of a header our export added to the shop's own file."""
        if format != "google" or not any(name.startswith(STRUCTURED) for name in header[-1:]):
            return 0
        known = {tuple(shape.header) for shape in self._shapes.values() if shape.format == format}
        for count in (2, 1):
            tail = header[-count:]
            if tuple(header[:-count]) in known and all(name.startswith(STRUCTURED) for name in tail):
                return count
        return 0

    def restored(
        self,
        rows: Iterator[SourceRow | Rejected],
        format: str,  # noqa: A002 - as in imports
        header: Sequence[str],
        width: int,
    ) -> Iterator[SourceRow | Rejected]:
        """The rows with the shop's own words where our texts stood, cut to `width` columns (0: all).

        A text that was changed in the shop is noted behind its row.
        """
        if not self._knows:
            yield from (_cut(row, width) for row in rows) if width else rows
            return
        shape = row_format(format, header)
        before = ""
        while batch := list(islice(rows, BATCH)):
            found: list[RowSpots] = []
            for row in batch:
                spots = shape.spots(row.cells, before) if isinstance(row, SourceRow) else RowSpots("")
                before = spots.place or before
                found.append(spots)
            known = self._ask({spots.place for spots in found} - {""})
            restored = self._restore(batch, found, known, shape) if known.exported else {}
            for number, row in enumerate(batch):
                if not isinstance(row, SourceRow):
                    yield row
                    continue
                cells, notes = restored.get(number, (row.cells, ()))
                yield _cut(SourceRow(row.line, cells), width)
                yield from notes

    def _ask(self, places: set[str]) -> _Known:
        asked = asyncio.run_coroutine_threadsafe(self._look_up(sorted(places)), self._loop)
        return asked.result()

    def _restore(
        self,
        batch: Sequence[SourceRow | Rejected],
        found: Sequence[RowSpots],
        known: _Known,
        shape: RowFormat,
    ) -> Mapping[int, tuple[tuple[str, ...], Sequence[Rejected]]]:
        cells = [
            _judged(number, spot, known.exported[spots.place], known.originals.get((spots.place, spot.name)))
            for number, spots in enumerate(found)
            if spots.place in known.exported
            for spot in spots.spots
            if any(one.spot == spot.name for one in known.exported[spots.place])
        ]
        self._ours += sum(cell.state == "ours" for cell in cells)
        self._theirs += sum(cell.state == "theirs" for cell in cells)
        ours = {cell.last.sku for cell in cells if cell.state == "ours"}
        edited = [cell for cell in cells if cell.state == "edited"]
        texts = self._texts_of([cell.last for cell in edited]) if edited else {}
        put_back: dict[int, dict[Spot, Spot]] = {}
        notes: dict[int, list[Rejected]] = {}
        for cell in cells:
            # A file that holds other texts of ours comes from the shop, and what differs in it was written there. In
            # one that holds none (a supplier's) only words like ours are taken for an edit of ours.
            from_shop = cell.last.sku in ours or self._ours > self._theirs
            is_edit = cell.state == "edited" and (
                from_shop or _resembles(cell.spot.text, texts.get((cell.last.copy_id, cell.last.field), ""))
            )
            if cell.original is not None and (cell.state == "ours" or is_edit):
                put_back.setdefault(cell.row, {})[cell.spot] = cell.original
            row = batch[cell.row]
            if cell.state == "edited" and isinstance(row, SourceRow):
                self._edited(cell, row.line, found[cell.row].place)
                notes.setdefault(cell.row, []).append(_note(cell, row.line))
        return {
            number: (
                shape.restored(row.cells, put_back[number]) if number in put_back else row.cells,
                notes.get(number, ()),
            )
            for number, row in enumerate(batch)
            if isinstance(row, SourceRow) and (number in put_back or number in notes)
        }

    def _texts_of(self, exported: Sequence[Exported]) -> Mapping[tuple[str, str], str]:
        asked = asyncio.run_coroutine_threadsafe(self._look_up_texts(exported), self._loop)
        return asked.result()

    def _edited(self, cell: _Cell, line: int, place: str) -> None:
        if not cell.spot.text.strip():
            return  # nothing that could be offered
        now = self._clock()
        self._edits[place, cell.spot.name] = OutsideEdit(
            id=sortable_id("oe", now),
            place=place,
            spot=cell.spot.name,
            text_hash=words_hash(cell.spot.text),
            sku=cell.last.sku,
            locale=cell.last.locale,
            field=cell.last.field,
            copy_id=cell.last.copy_id,
            version=cell.last.version,
            text=cell.spot.text,
            import_id=self._import_id,
            line=line,
            status="open",
            created_at=now,
        )

    # -- on the event loop -------------------------------------------------------------------------------------

    async def _look_up(self, places: Sequence[str]) -> _Known:
        async with self._database.session() as session:
            repository = ExportRepository(session, self._database.dialect)
            exported = await repository.known(places)
            skus = sorted({one.sku for said in exported.values() for one in said})
            rows = await repository.originals(skus) if skus else ()
        formats: dict[str, RowFormat] = {}
        originals: dict[tuple[str, str], Spot] = {}
        before = ""
        for row in rows:
            shape = self._shapes.get(row.layout)
            if shape is None:
                continue
            if row.layout not in formats:
                formats[row.layout] = row_format(shape.format, shape.header)
            spots = formats[row.layout].spots(orjson.loads(row.cells), before)
            before = spots.place
            for spot in spots.spots:
                originals.setdefault((spots.place, spot.name), spot)
        return _Known(exported, originals)

    async def _look_up_texts(self, exported: Sequence[Exported]) -> Mapping[tuple[str, str], str]:
        """Copy and field → what the copy says there."""
        async with self._database.session() as session:
            repository = ExportRepository(session, self._database.dialect)
            fields = await repository.fields_of({(one.copy_id, one.version) for one in exported})
        found: dict[tuple[str, str], str] = {}
        for one in exported:
            said: object = fields.get((one.copy_id, one.version), {})
            name, _, item = one.field.partition("/")
            said = said.get(name) if isinstance(said, Mapping) else None
            said = said.get(item) if item and isinstance(said, Mapping) else said
            found[one.copy_id, one.field] = "\n".join(said) if isinstance(said, list) else str(said or "")
        return found


def _cut(row: SourceRow | Rejected, width: int) -> SourceRow | Rejected:
    """The row without what stands behind its first `width` cells (0: all)."""
    if isinstance(row, Rejected) or not width:
        return row
    return SourceRow(row.line, row.cells[:width])


def _judged(row: int, spot: Spot, exported: Sequence[Exported], original: Spot | None) -> _Cell:
    here = [one for one in exported if one.spot == spot.name]
    if original is None and spot.name.startswith(STRUCTURED):
        original = replace(spot, text="", raw="")  # a column that our export added
    said = words_hash(spot.text)
    if any(one.text_hash == said for one in here):
        state = "ours"
    elif original is not None and said == words_hash(original.text):
        state = "theirs"
    else:
        state = "edited"
    return _Cell(row, spot, here[-1], original, state)


def _resembles(edited: str, ours: str) -> bool:
    """Whether a text goes back to one of ours: a sentence of it nearly is one, or the whole is."""
    one, two = as_plain(edited, "\n"), as_plain(ours, "\n")
    if resembles(one, two):
        return True
    written = [span.text for span in sentences(two)]
    return any(resembles(span.text, other) for span in sentences(one) for other in written)


def _note(cell: _Cell, line: int) -> Rejected:
    what = cell.last.field.partition("/")[0]
    if not cell.spot.text.strip():
        return Rejected(
            line, cell.last.sku, f"{what} was emptied in the shop; ours is {cell.last.copy_id}", kept=True
        )
    return Rejected(
        line,
        cell.last.sku,
        f"edited outside: {what} was changed in the shop; offered as a version of {cell.last.copy_id}",
        kept=True,
    )
