"""What stands on the shelf now: kept in the process, and looked at again when somebody changed it.

The epoch `copy` grows with every change of what is served. It is asked for at most once a second, and at once where
this process made the change itself: no replica serves for two seconds what another one took down.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from app.catalog.service import CatalogService, StoredProduct
from app.copywriting.copy import Angle, Authorship, Copy, CopySentence, Fields, StaleSentence
from app.copywriting.judging import Judge
from app.copywriting.life.policy import LifePolicy
from app.copywriting.life.publications import Publication, Standing, on_shelf
from app.copywriting.life.repository import LifeRepository, Shelved
from app.copywriting.life.trimming import without
from app.copywriting.pipeline import judged_sentences
from app.errors import NotFound
from app.storage import epochs
from app.storage.database import Database

CHECK_S = 1.0  # how old the epoch may be that memory is believed by
KEPT = 5_000  # products
_MERCHANT = "product_description"
"""The template that the merchant's own title and description stand in for."""
Source = Literal["published", "without_sentences", "merchant", "nothing"]


@dataclass(frozen=True, slots=True)
class ShelfText:
    """A text as it is served now, and why.

    `source`: the published text whole, it without its stale sentences (`left_out`), the merchant's own, or nothing of
    ours. `beneath`: what it lies over, from the top down; `upcoming`: what is scheduled in its place.
    """

    copy_id: str
    version: int
    sku: str
    template: str
    channel: str
    locale: str
    angle: Angle | None
    variant: int
    authorship: Authorship
    fields: Fields
    sentences: tuple[CopySentence, ...]
    source: Source
    reason: str
    publication: Publication
    left_out: tuple[StaleSentence, ...] = ()
    beneath: tuple[Publication, ...] = ()
    upcoming: tuple[Publication, ...] = ()


Fill = Callable[[StoredProduct, ShelfText, datetime], ShelfText]
"""Fills the live slots (`{price}`) of a text from the product at a moment, and takes out the sentences whose fact is missing."""


class Shelf:
    """The texts on the shelf, by product. Belongs to one event loop."""

    def __init__(
        self,
        database: Database,
        catalog: CatalogService,
        judge: Judge,
        policy: LifePolicy,
        *,
        fill: Fill | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._judge = judge
        self._policy = policy
        self._fill = fill
        self._monotonic = monotonic
        self._kept: OrderedDict[str, tuple[Shelved, ...]] = OrderedDict()
        self._served: dict[tuple[str, int], ShelfText] = {}
        self._epoch = -1
        self._checked_at = float("-inf")
        self._generation = 0

    def doubt(self) -> None:
        """Something changed in this process: nothing kept is believed before the epoch was asked for again."""
        self._checked_at = float("-inf")

    async def served(
        self,
        skus: Sequence[str],
        locale: str | None,
        now: datetime,
        *,
        channel: str = "storefront",
    ) -> Mapping[str, tuple[ShelfText, ...]]:
        """SKU → the texts that stand on the shelf now, in one locale or all; a SKU without any has none."""
        kept = await self._of(dict.fromkeys(skus))
        found: dict[str, tuple[ShelfText, ...]] = {}
        for sku, there in kept.items():
            by_key = {(item.publication.copy_id, item.publication.version): item.copy for item in there}
            texts = []
            for standing in on_shelf((item.publication for item in there), now).values():
                shown = standing.shown
                if shown is None:
                    continue
                copy = by_key[shown.copy_id, shown.version]
                if copy.channel == channel and locale in (None, copy.locale):
                    texts.append(await self._text(copy, standing, shown))
            found[sku] = await self._filled(sku, texts, now)
        return found

    async def upcoming(self, sku: str, now: datetime) -> Sequence[Publication]:
        """What is scheduled for a product in places where nothing stands yet."""
        kept = await self._of([sku])
        standings = on_shelf((item.publication for item in kept.get(sku, ())), now)
        return [p for standing in standings.values() if standing.shown is None for p in standing.upcoming]

    # -- memory ------------------------------------------------------------------------------------------------

    async def _of(self, skus: Iterable[str]) -> dict[str, tuple[Shelved, ...]]:
        skus = list(skus)
        await self._look()
        missing = [sku for sku in skus if sku not in self._kept]
        loaded: dict[str, tuple[Shelved, ...]] = {}
        if missing:
            generation = self._generation
            async with self._database.session() as session:
                rows = await LifeRepository(session).shelved(missing)
            for sku in missing:
                loaded[sku] = tuple(row for row in rows if row.publication.sku == sku)
            if (
                generation == self._generation
            ):  # else it may be older than the epoch that it would be kept under
                self._kept |= loaded
        for sku in skus:
            if sku in self._kept:
                self._kept.move_to_end(sku)
        found = {sku: loaded[sku] if sku in loaded else self._kept[sku] for sku in skus}
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return found

    async def _look(self) -> None:
        """Forget everything where the epoch has grown."""
        asked_at = self._monotonic()
        if asked_at - self._checked_at <= CHECK_S:
            return
        async with self._database.session() as session:
            epoch = (await epochs.current(session)).get("copy", 0)
        if epoch != self._epoch:
            self._kept.clear()
            self._served.clear()
            self._generation += 1
        self._epoch, self._checked_at = epoch, asked_at

    # -- what is served of a text ------------------------------------------------------------------------------

    async def _text(self, copy: Copy, standing: Standing, shown: Publication) -> ShelfText:
        key = copy.id, copy.version
        text = self._served.get(key)
        if text is None:
            generation = self._generation
            text = await self._judged(copy, shown)
            if generation == self._generation:
                self._served[key] = text
        return replace(text, publication=shown, beneath=standing.beneath, upcoming=standing.upcoming)

    async def _judged(self, copy: Copy, shown: Publication) -> ShelfText:
        whole = ShelfText(
            copy_id=copy.id,
            version=copy.version,
            sku=copy.sku,
            template=copy.template,
            channel=copy.channel,
            locale=copy.locale,
            angle=copy.angle,
            variant=copy.variant,
            authorship=copy.provenance.authorship,
            fields=copy.fields,
            sentences=copy.sentences,
            source="published",
            reason=_why(shown),
            publication=shown,
        )
        if copy.status != "stale":
            return whole
        if self._policy.stale_serves == "without_sentences":
            return await self._trimmed(copy, whole)
        if self._policy.stale_serves == "merchant":
            return await self._merchants(copy, whole, "a fact that it rests on changed")
        return replace(_nothing(whole), reason="a fact that it rests on changed, and STALE_SERVES is nothing")

    async def _trimmed(self, copy: Copy, whole: ShelfText) -> ShelfText:
        """The text without its stale sentences, where that still passes; else the merchant's."""
        stale = {(sentence.field, sentence.text) for sentence in copy.stale}
        fields = without(copy.fields, stale)
        if not any((s.field, s.text) not in stale for s in copy.sentences):
            return await self._merchants(copy, whole, "nothing is left of it without its stale sentences")
        try:
            gate = await self._judge.as_it_stands(replace(copy, fields=fields))
        except NotFound:
            return replace(_nothing(whole), reason="its product is gone")
        if not gate.passed:
            failed = next(c for c in gate.checks if c.severity == "error" and not c.passed)
            return await self._merchants(
                copy, whole, f"without its stale sentences it no longer passes: {failed.detail}"
            )
        count = f"{len(stale)} stale sentence{'s' if len(stale) > 1 else ''}"
        return replace(
            whole,
            fields=fields,
            sentences=judged_sentences(gate),
            source="without_sentences",
            reason=f"{whole.reason}; without {count}, whose facts changed",
            left_out=copy.stale,
        )

    async def _merchants(self, copy: Copy, whole: ShelfText, why: str) -> ShelfText:
        """The merchant's own title and description, where the text was to be a description; else nothing."""
        nothing = replace(_nothing(whole), left_out=copy.stale, reason=why)
        if copy.template != _MERCHANT:
            return nothing
        try:
            product = (await self._catalog.get_product(copy.sku)).product
        except NotFound:
            return replace(nothing, reason="its product is gone")
        spoken = product.localized.get(copy.locale)
        title = (spoken and spoken.title) or product.title
        description = (spoken and spoken.description) or product.description
        fields = {"title": title, "description_html": description}
        return replace(
            nothing,
            fields={name: text for name, text in fields.items() if text},
            source="merchant",
            authorship="merchant",
        )

    async def _filled(self, sku: str, texts: list[ShelfText], now: datetime) -> tuple[ShelfText, ...]:
        """The texts with their live slots filled, where one has any: prices are read when they are served."""
        if self._fill is None or not any(_has_slots(text.fields) for text in texts):
            return tuple(texts)
        product = await self._catalog.get_product(sku)
        return tuple(self._fill(product, text, now) if _has_slots(text.fields) else text for text in texts)


def _nothing(whole: ShelfText) -> ShelfText:
    return replace(whole, fields={}, sentences=(), source="nothing")


def _why(shown: Publication) -> str:
    since = f"since {shown.starts_at:%Y-%m-%d %H:%M} UTC, by {shown.published_by}"
    if shown.campaign is not None:
        return f"published for the campaign {shown.campaign} {since}"
    return f"published {since}"


def _has_slots(value: object) -> bool:
    if isinstance(value, str):
        return "{" in value
    values = value.values() if isinstance(value, Mapping) else value
    return isinstance(values, Iterable) and any(_has_slots(inner) for inner in values)
