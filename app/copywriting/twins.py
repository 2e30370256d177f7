"""Keeps the index of the catalog's texts: builds it in the background on first use, and follows what changes.

What this process writes is told at once (`put`, `mark`); what others write is asked for every few seconds. A copy never
waits for it longer than a moment and never fails because of it: then it is not judged, and says so.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from app.catalog.search.vectors import Encoder, WordsOnly
from app.catalog.service import CatalogService
from app.copywriting.copy import Brief, Copy, Draft, Fields
from app.copywriting.prose import Quotes, names_of, own_words, prose_of, quotes_in, statements
from app.copywriting.repository import COMPARED, CopyRepository, StoredText
from app.copywriting.text_index import NearText, PlacedText, PlacedTexts, placed, placed_row, shown_row
from app.errors import Invalid, ShelftalkerError
from app.storage.database import Database
from evaluators.fields import plain_text
from evaluators.neighbours import FEWEST_WORDS, TWIN_OVERLAP, Neighbourhood, Twin
from retrieval.duplicates import cosine
from retrieval.near_duplicates import words_of
from retrieval.selection import is_document

GRACE_S = 0.25  # how long a copy waits for an index that is being built: a small shop's is there by then
POLL_S = 5.0  # how old the news of other processes may be
AGAIN_S = 30.0  # how long after a failed build the next one is tried
# A transaction stamps its rows before it commits, and clocks differ: news is asked for this far back.
SLACK = timedelta(seconds=30)
PAGE = 500
MEANING_S = 0.5  # what an answer may take longer for similarity in meaning
MAX_CHARS = 50_000  # of a text that somebody asks about
_NEAREST = 3
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FoundText:
    """A text of the catalog near another one, with its words."""

    near: NearText
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The nearest texts, nearest first. `compared`: with how many; `complete`: were those all there are.

    `dense`: whether each has its similarity in meaning; without a model, or within the time, it may not be had.
    """

    items: tuple[FoundText, ...]
    compared: int
    complete: bool
    dense: bool


class Twins:
    """The near-duplicates among the texts of one catalog. Belongs to the event loop that first used it.

    With an `encoder` the nearest texts of an answer are compared by meaning as well.
    """

    def __init__(
        self,
        database: Database,
        catalog: CatalogService,
        *,
        encoder: Encoder | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._encoder: Encoder = encoder or WordsOnly("nothing to compare meaning with")
        self._monotonic = monotonic
        self._texts = PlacedTexts()
        self._build: asyncio.Task[None] | None = None
        self._built = False
        self._failed_at: float | None = None
        self._failure: Exception | None = None
        self._following = asyncio.Lock()
        self._follow: asyncio.Task[None] | None = None
        self._polled_at = float("-inf")
        self._watermark = _LONG_AGO
        self._seen: dict[tuple[str, int, str], datetime] = {}

    async def close(self) -> None:
        """Stop what runs in the background."""
        tasks = [task for task in (self._build, self._follow) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # -- comparing ---------------------------------------------------------------------------------------------

    async def compare(self, brief: Brief, draft: Draft) -> Neighbourhood:
        """The texts of other products that a draft resembles. Never raises: what fails leaves it not complete."""
        variants = [sku for sku, _ in brief.subject.variants]
        names = names_of((fact.name, fact.value) for fact in brief.facts)
        stated = [fact.text for fact in brief.facts if is_document(fact)]
        quotes = quotes_in((sentence.text for sentence in draft.sentences), stated)
        return await self.neighbours(brief.subject.sku, variants, draft.fields, names, quotes)

    async def neighbours(
        self,
        sku: str,
        variants: Collection[str],
        fields: Fields,
        names: tuple[str, ...],
        quotes: Quotes,
    ) -> Neighbourhood:
        """As `compare`, for fields that nobody briefed (a human edit); `quotes` are none of their own words."""
        text = prose_of(fields, quotes)
        if len(words_of(text)) < FEWEST_WORDS:
            return Neighbourhood(short=True)
        try:
            if not await self.ready(GRACE_S):
                return Neighbourhood(complete=False)
            await self._keep_up()
            near = await asyncio.to_thread(
                self._texts.nearest, text, names, _NEAREST, leave_out=(sku, *variants)
            )
            if near and near[0].overlap >= TWIN_OVERLAP:
                near = await self._unrelated(sku, near)
        except Exception:  # noqa: BLE001 - the copy matters more than what it resembles
            _log.warning("a text could not be compared with those of other products", exc_info=True)
            return Neighbourhood(complete=False)
        twins = tuple(Twin(one.sku, one.copy_id, one.overlap, one.similarity) for one in near)
        return Neighbourhood(twins)

    async def nearest(
        self,
        text: str,
        *,
        sku: str | None = None,
        limit: int = 10,
        wait_s: float | None = POLL_S,
        meaning_s: float = MEANING_S,
    ) -> Comparison:
        """The nearest texts of the catalog, with what was changed until now. HTML is read as text.

        `sku`: what the text is about; texts of that product are left out, its names masked, and what the text quotes of
        the product's documents passed over. Waits `wait_s` for an index that is being built (None: until it is); after
        that the answer is not `complete`. The similarities may take `meaning_s`.
        Raises Invalid (no word, too long), NotFound (the product), Unavailable where the database cannot be read.
        """
        if len(text) > MAX_CHARS:
            raise Invalid(
                f"text: {len(text):,} characters, more than the {MAX_CHARS:,} that are compared",
                pointer="/text",
            )
        text = plain_text(text)
        if not words_of(text):
            raise Invalid("text: there is no word in it to compare", pointer="/text")
        own: list[str] = []
        names: tuple[str, ...] = ()
        if sku is not None:
            (stored,) = await self._catalog.with_documents([await self._catalog.get_product(sku)])
            text = own_words(text, await asyncio.to_thread(statements, stored.documents))
            own = [sku, *(variant.sku for variant in stored.product.variants)]
            names = names_of((fact.name, fact.value) for fact in stored.facts)
        complete = await self.ready(wait_s)
        if complete:
            await self._catch_up()
        elif isinstance(self._failure, ShelftalkerError):
            raise self._failure
        near = await asyncio.to_thread(self._texts.nearest, text, names, limit, leave_out=own)
        if sku is not None and near:
            near = await self._unrelated(sku, near)
        found = await self._found(near, text, meaning_s)
        dense = bool(found) and all(one.near.similarity is not None for one in found)
        return Comparison(found, self._texts.others_than(own), complete, dense)

    async def _found(self, near: Sequence[NearText], asked: str, meaning_s: float) -> tuple[FoundText, ...]:
        """The texts with their words, and with their similarity to `asked` where it can be had in time."""
        if not near:
            return ()
        async with self._database.session() as session:
            rows = await CopyRepository(session).texts_of({one.sku for one in near})
        by_version = {(row.copy_id, row.version): row for row in rows}
        # One that is gone since the index was asked is none.
        there = [(one, row) for one in near if (row := by_version.get((one.copy_id, one.version)))]
        texts = [asked, *(placed_row(row).text for _, row in there)]
        first, *others = await self._encoder.vectors_of(texts, meaning_s)
        return tuple(
            FoundText(replace(one, similarity=cosine(first, vector)), shown_row(row))
            for (one, row), vector in zip(there, others, strict=True)
        )

    async def ready(self, wait_s: float | None) -> bool:
        """Whether the index is whole; builds it where nobody did, and waits for it so long (None: until it is)."""
        if self._built:
            return True
        recently = self._failed_at is not None and self._monotonic() - self._failed_at < AGAIN_S
        if self._build is None or (self._build.done() and not recently):
            self._build = asyncio.create_task(self._build_all())
        await asyncio.wait({self._build}, timeout=wait_s)
        return self._built

    # -- news of this process ----------------------------------------------------------------------------------

    def put(self, copies: Sequence[Copy]) -> None:
        """Take in texts that were written here; those about to be stored too."""
        self._texts.put(placed(copy) for copy in copies if copy.status in COMPARED)

    async def forget(self, copies: Sequence[Copy]) -> None:
        """Take out texts that were not stored after all. Where the others of their products cannot be read either, those are out too."""
        try:
            await self._read_again(sorted({copy.sku for copy in copies}))
        except ShelftalkerError:
            for copy in copies:
                self._texts.set_product(copy.sku, ())

    def mark(self) -> None:
        """Something changed that the next comparison must know."""
        self._polled_at = float("-inf")

    # -- the background ----------------------------------------------------------------------------------------

    async def _build_all(self) -> None:
        try:
            async with self._database.session() as session:
                self._watermark = await CopyRepository(session).last_change() or _LONG_AGO
            after = ""
            while True:
                async with self._database.session() as session:
                    rows = await CopyRepository(session).texts(after, PAGE)
                if not rows:
                    break
                await asyncio.to_thread(self._take, rows)
                after = rows[-1].copy_id
            self._built = True
        except Exception as error:  # noqa: BLE001 - in the background nobody else would hear of it
            _log.warning("the index of the catalog's texts could not be built", exc_info=True)
            self._failed_at, self._failure = self._monotonic(), error

    def _take(self, rows: Sequence[StoredText]) -> None:
        self._texts.put(map(placed_row, rows))
        self._texts.load()

    async def _keep_up(self) -> None:
        """Ask for news where it is due: at once if something is known to have changed, else in the background."""
        if not self._built:
            return
        if self._polled_at == float("-inf"):
            await self._catch_up()
        elif self._monotonic() - self._polled_at > POLL_S and (self._follow is None or self._follow.done()):
            self._follow = asyncio.create_task(self._follow_quietly())

    async def _follow_quietly(self) -> None:
        try:
            await self._catch_up()
        except Exception:  # noqa: BLE001 - the next comparison asks again
            _log.warning("the index of the catalog's texts could not follow the database", exc_info=True)

    async def _catch_up(self) -> None:
        """Bring in what was written or changed since last time, by whichever process."""
        async with self._following:
            asked_at = self._monotonic()
            async with self._database.session() as session:
                rows = await CopyRepository(session).changed_since(self._watermark - SLACK)
            news = [row for row in rows if (row.copy_id, row.version, row.status) not in self._seen]
            # A living version that stands in its place, and a dead one that does not, change nothing.
            skus = sorted(
                {
                    row.sku
                    for row in news
                    if (row.status in COMPARED) != self._texts.stands(row.copy_id, row.version, row.sku)
                }
            )
            for start in range(0, len(skus), PAGE):
                await self._read_again(skus[start : start + PAGE])
            self._watermark = max([self._watermark, *(row.updated_at for row in rows)])
            horizon = self._watermark - SLACK
            self._seen = {
                (row.copy_id, row.version, row.status): row.updated_at
                for row in rows
                if row.updated_at >= horizon
            }
            self._polled_at = asked_at

    async def _read_again(self, skus: Sequence[str]) -> None:
        async with self._database.session() as session:
            rows = await CopyRepository(session).texts_of(skus)

        def take() -> None:
            by_sku: dict[str, list[PlacedText]] = {sku: [] for sku in skus}
            for row in rows:
                by_sku[row.sku].append(placed_row(row))
            for sku, texts in by_sku.items():
                self._texts.set_product(sku, texts)

        await asyncio.to_thread(take)

    async def _unrelated(self, sku: str, near: Sequence[NearText]) -> tuple[NearText, ...]:
        """Without texts of products that the catalog knows as versions of one another."""
        variants = await self._catalog.variants_of([one.sku for one in near])
        return tuple(one for one in near if sku not in variants.get(one.sku, ()))
