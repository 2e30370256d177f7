"""Where copy stands in the rows of tables: Shopify, Magento, Google Merchant, and any table of products."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.catalog.feeds import text
from app.catalog.feeds.columns import fold, locale_tag, vocabulary
from app.catalog.feeds.layout import Layout, layout
from app.catalog.feeds.writing.prose import has_markup
from app.catalog.feeds.writing.rows import (
    ALT,
    BULLETS,
    DESCRIPTION,
    DIGITAL_SOURCE,
    META_DESCRIPTION,
    META_TITLE,
    STRUCTURED,
    TITLE,
    VARIANT_TITLE,
    RowSpots,
    Spot,
    Told,
)

# Characters that a Merchant feed takes, https://support.google.com/merchants/answer/6324415 and …/6324468.
GOOGLE_TITLE, GOOGLE_DESCRIPTION = 150, 5000


class _Cells:
    """A row of a table: spots are columns."""

    def filled(self, cells: Sequence[str], texts: Mapping[Spot, Told]) -> tuple[str, ...]:
        """The row with these texts in it and everything else as it was."""
        return self._with(cells, {spot: told.text for spot, told in texts.items()})

    def restored(self, cells: Sequence[str], originals: Mapping[Spot, Spot]) -> tuple[str, ...]:
        """The row with these cells as they were, to the letter."""
        return self._with(cells, {spot: original.text for spot, original in originals.items()})

    @staticmethod
    def _with(cells: Sequence[str], texts: Mapping[Spot, str]) -> tuple[str, ...]:
        changed = list(cells)
        for spot, said in texts.items():
            changed += [""] * (spot.key + 1 - len(changed))  # short rows lack their last cells
            changed[spot.key] = said
        return tuple(changed)


def _cell(cells: Sequence[str], index: int | None) -> str:
    return cells[index] if index is not None and index < len(cells) else ""


def _columns(header: Sequence[str], names: Mapping[str, str]) -> dict[str, int]:
    """Copy field → the first column of that name."""
    found: dict[str, int] = {}
    for index, name in enumerate(header):
        if said := names.get(fold(name)):
            found.setdefault(said, index)
    return found


class ShopifyRows(_Cells):
    """A product's texts stand in its first row, which has its title; each row may have an image with its text."""

    def __init__(self, header: Sequence[str]) -> None:
        self._place = layout(header, vocabulary().shopify)
        self._meta = _columns(header, {"seotitle": META_TITLE, "seodescription": META_DESCRIPTION})

    def spots(self, cells: Sequence[str], before: str) -> RowSpots:
        """The row's place is its handle."""
        fields = self._place.fields
        handle = text.unwrap(_cell(cells, fields.get("handle")))
        if handle in text.NOTHING:
            return RowSpots("")
        return RowSpots(handle, tuple(self._spots(cells, opens=handle != before)))

    def _spots(self, cells: Sequence[str], *, opens: bool) -> Iterator[Spot]:
        fields = self._place.fields
        title = fields.get("title")
        if text.title(_cell(cells, title)) if title is not None else opens:
            columns = {TITLE: title, DESCRIPTION: fields.get("description"), **self._meta}
            for says, index in columns.items():
                held = _cell(cells, index)
                # Files that repeat the title in each row of a product leave its texts to the first, as a rule.
                if index is not None and (opens or held):
                    yield Spot(says, says, index, held, html=says == DESCRIPTION)
        alt = fields.get("image_alt")
        if alt is not None:
            url = next(filter(None, (_cell(cells, i).strip() for i in self._place.images)), "")
            if url not in text.NOTHING:
                yield Spot(f"{ALT}/{url}", ALT, alt, _cell(cells, alt), item=url)


class MagentoRows(_Cells):
    """A product's texts stand in its row of no store view, and in the rows of store views in their language."""

    def __init__(self, header: Sequence[str]) -> None:
        place = layout(header, vocabulary().magento)
        self._sku, self._store = place.fields.get("sku"), place.fields.get("store")
        self._texts = [
            (says, place.fields[field])
            for field, says in (
                ("title", TITLE),
                ("description", DESCRIPTION),
                ("short_description", BULLETS),
            )
            if field in place.fields
        ]
        self._texts += _columns(
            header, {"metatitle": META_TITLE, "metadescription": META_DESCRIPTION}
        ).items()
        self._alts = [
            (place.fields[image], place.fields[f"{image}_alt"])
            for image in ("image", "small_image", "thumbnail_image")
            if image in place.fields and f"{image}_alt" in place.fields
        ]

    def spots(self, cells: Sequence[str], before: str) -> RowSpots:  # noqa: ARG002 - as in RowFormat
        """The row's place is its number and store view."""
        sku = text.unwrap(_cell(cells, self._sku))
        if sku in text.NOTHING:
            return RowSpots("")
        store = _cell(cells, self._store).strip()
        locale = None if fold(store) in vocabulary().base_stores else locale_tag(store)
        spots = [
            Spot(
                says,
                says,
                index,
                _cell(cells, index),
                item=sku,
                locale=locale,
                html=says in {DESCRIPTION, BULLETS},
            )
            for says, index in self._texts
        ]
        for number, (image, alt) in enumerate(self._alts):
            url = _cell(cells, image).strip()
            if url not in text.NOTHING and url != "no_selection":
                spots.append(Spot(f"{ALT}/{number}", ALT, alt, _cell(cells, alt), item=url, locale=locale))
        return RowSpots(f"{sku}\t{store}" if store else sku, tuple(spots))


class GenericRows(_Cells):
    """A row is a product or a variant, with the columns that the import reads titles and descriptions from."""

    def __init__(self, header: Sequence[str]) -> None:
        self._place = layout(header, vocabulary().generic)

    def spots(self, cells: Sequence[str], before: str) -> RowSpots:  # noqa: ARG002 - as in RowFormat
        """The row's place is its number."""
        sku = text.unwrap(_cell(cells, self._place.fields.get("sku")))
        if sku in text.NOTHING:
            return RowSpots("")
        return RowSpots(sku, tuple(self._spots(cells, sku, self._place)))

    @staticmethod
    def _spots(cells: Sequence[str], sku: str, place: Layout) -> Iterator[Spot]:
        main = place.locale
        titled = _says_title(cells, place)
        for field, says in (("title", titled), ("description", DESCRIPTION)):
            if (index := place.fields.get(field)) is not None:
                held = _cell(cells, index)
                item = sku if field == "title" else ""
                yield Spot(field, says, index, held, item=item, locale=main, html=has_markup(held))
        for words in place.localized:
            spoken = {"title": titled, "description": DESCRIPTION}.get(words.field)
            if spoken:
                held = _cell(cells, words.index)
                yield Spot(
                    f"{words.field}@{words.locale}",
                    spoken,
                    words.index,
                    held,
                    item=sku if words.field == "title" else "",
                    locale=words.locale,
                    html=has_markup(held),
                )


def _says_title(cells: Sequence[str], place: Layout) -> str:
    """A row that names another row as its parent is one variant of it."""
    parent = text.unwrap(_cell(cells, place.fields.get("parent")))
    return VARIANT_TITLE if parent not in text.NOTHING else TITLE


@dataclass(frozen=True, slots=True)
class _Column:
    """Where a text stands in a Merchant table: as it is, or saying that a model wrote it."""

    name: str
    plain: int | None
    structured: int | None
    limit: int


class GoogleRows(_Cells):
    """A row is an item; texts by a model stand in `structured_title` and `structured_description` alone."""

    def __init__(self, header: Sequence[str]) -> None:
        self._place = layout(header, vocabulary().google)
        names = {fold(name): index for index, name in reversed(list(enumerate(header)))}
        self._columns = [
            _Column(name, names.get(name), names.get(f"structured{name}"), limit)
            for name, limit in (("title", GOOGLE_TITLE), ("description", GOOGLE_DESCRIPTION))
        ]

    def spots(self, cells: Sequence[str], before: str) -> RowSpots:  # noqa: ARG002 - as in RowFormat
        """The row's place is its id."""
        sku = text.unwrap(_cell(cells, self._place.fields.get("sku")))
        if sku in text.NOTHING:
            return RowSpots("")
        titled = _says_title(cells, self._place)
        spots = []
        for column in self._columns:
            says = titled if column.name == "title" else DESCRIPTION
            item = sku if column.name == "title" else ""
            for name, index in ((column.name, column.plain), (STRUCTURED + column.name, column.structured)):
                if index is not None:
                    spots.append(Spot(name, says, index, _cell(cells, index), item=item, limit=column.limit))
        return RowSpots(sku, tuple(spots))

    def filled(self, cells: Sequence[str], texts: Mapping[Spot, Told]) -> tuple[str, ...]:
        """The row with these texts, each in the cell of its kind and that cell alone."""
        written: dict[Spot, str] = {}
        for spot, told in texts.items():
            if spot.name.startswith(STRUCTURED):
                written[spot] = structured_cell(told.text) if told.by_model else ""
            else:
                written[spot] = "" if told.by_model else told.text
        return self._with(cells, written)


def structured_cell(said: str) -> str:
    """A text and that a model wrote it, as one cell: `trained_algorithmic_media:"…"`."""
    return f'{DIGITAL_SOURCE}:"{said.replace(chr(34), chr(34) * 2)}"' if said else ""


def structured_text(cell: str) -> str:
    """The text in a cell of a structured title or description."""
    source, mark, said = cell.partition(":")
    if not mark or not source.strip().replace("_", "").isalpha():
        return cell
    said = said.strip()
    if len(said) > 1 and said[0] == said[-1] == '"':
        return said[1:-1].replace('""', '"')
    return said


def structured_columns(header: Sequence[str]) -> tuple[str, ...]:
    """The columns that a Merchant table lacks for texts by a model."""
    names = {fold(name) for name in header}
    return tuple(
        f"structured_{name}"
        for name in ("title", "description")
        if name in names and f"structured{name}" not in names
    )
