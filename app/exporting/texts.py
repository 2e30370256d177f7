"""Which text stands where: one of a product's copies for each spot of its rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.catalog.feeds.writing import Spot, Told
from app.catalog.feeds.writing.prose import as_list, as_plain, fitted, shortened
from app.catalog.feeds.writing.rows import ALT, BULLETS, DESCRIPTION, TITLE, VARIANT_TITLE
from app.copywriting.live_values.filling import without_live_slots as slotless
from retrieval.quick_values import quick

PAGE_TEMPLATE = "product_description"
DEFAULT_LOCALE = "en-US"
_MODEL = ("llm", "llm_edited")


@quick
@dataclass(frozen=True, slots=True)
class Text:
    """A version of a copy, as much of it as exports need. `data` is the whole, as stored."""

    copy_id: str
    version: int
    sku: str
    template: str
    channel: str
    locale: str
    angle: str | None
    variant: int
    status: str
    data: Mapping[str, Any]
    slotted: bool = True  # False: surely without live slots

    @property
    def fields(self) -> Mapping[str, Any]:
        """What it says."""
        fields: Mapping[str, Any] = self.data["fields"]
        return fields

    def with_fields(self, names: Collection[str]) -> "Text":
        """The text with nothing but these fields; variants' titles belong to the title."""
        wanted = {*names, "variant_titles"} if "title" in names else set(names)
        kept = {name: value for name, value in self.fields.items() if name in wanted}
        return replace(self, data={**self.data, "fields": kept})

    @property
    def authorship(self) -> str:
        """Who wrote it."""
        return str(self.data["provenance"]["authorship"])

    @property
    def by_model(self) -> bool:
        """Whether a language model wrote it, edited since or not."""
        return self.authorship in _MODEL

    @property
    def responsible(self) -> str | None:
        """Who answers for it: the reviewer, else the person who wrote it."""
        reviewer = self.data.get("reviewed_by")
        written_by = self.data.get("created_by") if self.authorship in {"human", "merchant"} else None
        return reviewer or written_by


@dataclass(frozen=True, slots=True)
class Said:
    """What is written into a spot, and where it is from; `field` is the copy's, with the member of a map behind a "/"."""

    told: Told
    text: Text
    field: str


class Shelf:
    """The texts of one product's page, by locale."""

    def __init__(self, texts: Sequence[Text], channel: str, spoken: str = "") -> None:
        """`spoken`: the locales that the product's texts are in, its own first, as the catalog keeps them (" en-us de ")."""
        self._by_locale: dict[str, Text] = {}
        self._found: dict[str | None, Text | None] = {}
        ordered = sorted(
            (t for t in texts if t.template == PAGE_TEMPLATE),
            key=lambda t: (t.channel != channel, t.angle is not None, t.variant, t.angle or ""),
        )
        for text in ordered:  # versions of one place come newest first, and the sort is stable
            self._by_locale.setdefault(text.locale.casefold(), text)
        self._own = next(iter(spoken.split()), "*")  # "*": the shop does not say

    @property
    def empty(self) -> bool:
        """Whether there is no text at all."""
        return not self._by_locale

    def text(self, locale: str | None) -> Text | None:
        """The text in a locale; None stands for the language of the feed's main texts."""
        if locale not in self._found:
            self._found[locale] = self._chosen(locale)
        return self._found[locale]

    def _chosen(self, locale: str | None) -> Text | None:
        known = self._by_locale
        if not known:
            return None
        if locale is None:
            return self._nearest(self._own) or known.get(DEFAULT_LOCALE.casefold()) or known[min(known)]
        return self._nearest(locale.casefold())

    def _nearest(self, locale: str) -> Text | None:
        if locale in self._by_locale:
            return self._by_locale[locale]
        if "-" in locale:
            return None
        return next((self._by_locale[n] for n in sorted(self._by_locale) if n.startswith(f"{locale}-")), None)


def said_at(spot: Spot, shelf: Shelf, fields: Collection[str], sku: str, encoding: str) -> Said | None:
    """What the product's copy has to say at a spot; None: nothing that anybody answered for, and it stays as it is."""
    text = shelf.text(spot.locale)
    if text is None:
        return None
    found = _value(spot, text, fields, sku)
    if found is None:
        return None
    field, value = found
    if spot.limit:
        value = shortened(value, spot.limit)
    return Said(Told(fitted(value, encoding, markup=spot.html), text.by_model), text, field)


def _value(spot: Spot, text: Text, fields: Collection[str], sku: str) -> tuple[str, str] | None:
    said = text.fields
    if spot.says in {TITLE, VARIANT_TITLE}:
        return _title(spot, said, fields, sku)
    if spot.says not in fields or not said.get(spot.says):
        return None
    value = said[spot.says]
    if spot.says == ALT:
        alt = value.get(spot.item, "")
        return (f"{ALT}/{spot.item}", alt) if alt else None
    if spot.says == BULLETS:
        return (BULLETS, as_list(tuple(value))) if _is(spot.item, sku) else None
    if not _is(spot.item, sku):
        return None
    if spot.says == DESCRIPTION and not spot.html:
        value = as_plain(value, " " if spot.limit else "\n\n")
    return (spot.says, value) if value else None


def _title(spot: Spot, said: Mapping[str, Any], fields: Collection[str], sku: str) -> tuple[str, str] | None:
    """A row of one variant among others has that variant's title, or keeps its own: no two rows get the same one."""
    if "title" not in fields:
        return None
    if own := (said.get("variant_titles") or {}).get(spot.item):
        return f"variant_titles/{spot.item}", own
    if not _is(spot.item, sku):
        return None
    title = said.get("title") or ""
    return ("title", title) if title else None


def _is(item: str, sku: str) -> bool:
    return not item or item == sku


def without_live_slots(text: Text) -> Text:
    """The text without the sentences that hold a live slot (`{price}`): nobody fills them in a shop's own pages."""
    if not text.slotted:
        return text
    return replace(text, data={**text.data, "fields": slotless(text.fields)})


@dataclass(frozen=True, slots=True)
class Exported:
    """That a text of ours was written into a spot of a row."""

    place: str
    spot: str
    text_hash: str
    sku: str
    locale: str
    field: str
    copy_id: str
    version: int


@dataclass(frozen=True, slots=True)
class OutsideEdit:
    """A text of ours that somebody changed in the shop. `text` is as the shop's file has it."""

    id: str
    place: str
    spot: str
    text_hash: str
    sku: str
    locale: str
    field: str
    copy_id: str
    version: int
    text: str
    import_id: str
    line: int
    status: str
    created_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None
