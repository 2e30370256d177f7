"""The copywriting domain's only SQL: versions of copies, their states, and the sentences we wrote."""

import functools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, and_, exists, insert, literal, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.copywriting.copy import Copy, Status
from app.storage.tables import copies, copy_sentences, document_citations, products
from retrieval.near_duplicates import fingerprint
from retrieval.selection import is_document


@dataclass(frozen=True, slots=True)
class CopyQuery:
    """Which copies to list. Without `status` those that were replaced or withdrawn are left out."""

    status: str | None = None
    sku: str | None = None
    category: str | None = None
    locale: str | None = None
    template: str | None = None
    angle: str | None = None
    check: str | None = None  # the id of a failed check
    fact: str | None = None  # the id of a fact that it rests on
    text: str | None = None  # words in it, any case


class StoredText(NamedTuple):
    """A copy as it is compared with others. A tuple, because an index is built of all of them."""

    copy_id: str
    version: int
    sku: str
    template: str
    channel: str
    locale: str
    angle: str | None
    variant: int
    created_at: datetime
    data: str  # the copy as JSON


class ChangedText(NamedTuple):
    """That a version was written or changed its state."""

    copy_id: str
    version: int
    status: str
    sku: str
    updated_at: datetime


COMPARED = ("draft", "needs_review", "approved", "published")
"""The states in which a text stands, or may come to stand, before readers."""
_TEXT = (
    copies.c.id,
    copies.c.version,
    copies.c.sku,
    copies.c.template,
    copies.c.channel,
    copies.c.locale,
    copies.c.angle,
    copies.c.variant,
    copies.c.created_at,
    copies.c.data,
)


class CopyRepository:
    """Reads and writes copies within one session; the caller holds the transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, new: Iterable[Copy]) -> None:
        """Store new versions, and their sentences as our own words."""
        new = list(new)
        if not new:
            return
        await self._session.execute(insert(copies), [_row(copy) for copy in new])
        own = [
            {"fingerprint": fingerprint(s.text), "sku": copy.sku, "copy_id": copy.id, "text": s.text}
            for copy in new
            for s in copy.sentences
            if s.field == "description_html" or s.field.startswith("bullets/") or s.field == "hook"
        ]
        if own:
            await self._session.execute(insert(copy_sentences), own)
        cited = [
            {
                "document_id": _document_of(f.source),
                "fact_id": f.id,
                "copy_id": copy.id,
                "version": copy.version,
            }
            for copy in new
            for f in copy.facts
            if is_document(f)
        ]
        if cited:
            await self._session.execute(insert(document_citations), cited)

    async def newest(self, copy_id: str) -> Copy | None:
        """The newest version of a copy; None where there is none of that id."""
        found = await self._session.execute(
            select(copies.c.data).where(copies.c.id == copy_id).order_by(copies.c.version.desc()).limit(1)
        )
        data = found.scalar_one_or_none()
        return None if data is None else _copy(data)

    async def newest_locked(self, copy_id: str) -> Copy | None:
        """As `newest`, and nobody else adds a version or changes a state until the transaction ends.

        The lock comes first and the reading after it: who waited for the lock sees what the other one did.
        """
        await self._session.execute(select(copies.c.version).where(copies.c.id == copy_id).with_for_update())
        return await self.newest(copy_id)

    async def page(self, query: CopyQuery, limit: int, after: str | None) -> Sequence[Copy]:
        """Newest first; `after` is the `page_key` that the page before ended with."""
        where = [*_conditions(query)]
        if after is not None:
            copy_id, _, version = after.rpartition(":")
            where.append(
                tuple_(copies.c.id, copies.c.version) < tuple_(literal(copy_id), literal(int(version)))
            )
        found = await self._session.execute(
            select(copies.c.data)
            .where(and_(*where))
            .order_by(copies.c.id.desc(), copies.c.version.desc())
            .limit(limit)
        )
        return [_copy(data) for data in found.scalars()]

    async def request_hashes(self, skus: Collection[str]) -> frozenset[str]:
        """The hashes of requests for which these products have a copy that is neither stale nor withdrawn."""
        found = await self._session.execute(
            select(copies.c.request_hash).where(
                copies.c.sku.in_(skus), copies.c.status.not_in(("stale", "withdrawn"))
            )
        )
        return frozenset(found.scalars())

    async def of_requests(self, hashes: Collection[str]) -> Sequence[Copy]:
        """The copies that answer these requests and are neither stale nor withdrawn, oldest first."""
        found = await self._session.execute(
            select(copies.c.data)
            .where(copies.c.request_hash.in_(hashes), copies.c.status.not_in(("stale", "withdrawn")))
            .order_by(copies.c.id)
        )
        return [_copy(data) for data in found.scalars()]

    async def set_status(
        self, copy: Copy, status: Status, now: datetime, *, reviewed_by: str | None = None
    ) -> Copy | None:
        """The copy in its new state; None where somebody else changed its state in the meantime."""
        changed = replace(copy, status=status, reviewed_by=reviewed_by or copy.reviewed_by)
        result = await self._session.execute(
            update(copies)
            .where(copies.c.id == copy.id, copies.c.version == copy.version, copies.c.status == copy.status)
            .values(status=status, data=_dump(changed), updated_at=now)
        )
        return changed if result.rowcount else None  # type: ignore[attr-defined]  # UPDATE gives a CursorResult

    async def published_beside(self, copy: Copy) -> Sequence[Copy]:
        """Published texts in the same place: product, template, channel, locale, angle and variant."""
        angle = copies.c.angle.is_(None) if copy.angle is None else copies.c.angle == copy.angle
        found = await self._session.execute(
            select(copies.c.data).where(
                copies.c.sku == copy.sku,
                copies.c.status == "published",
                copies.c.template == copy.template,
                copies.c.channel == copy.channel,
                copies.c.locale == copy.locale,
                copies.c.variant == copy.variant,
                angle,
            )
        )
        return [_copy(data) for data in found.scalars()]

    async def texts(self, after: str, limit: int) -> Sequence[StoredText]:
        """Texts of copies that are drafted, reviewed, approved or published, by id; `after`: where the last page ended.

        All versions of one id come in one page.
        """
        ids = (
            select(copies.c.id)
            .where(copies.c.id > after, copies.c.status.in_(COMPARED))
            .distinct()
            .order_by(copies.c.id)
            .limit(limit)
        )
        return await self._texts(copies.c.id.in_(ids.scalar_subquery()))

    async def texts_of(self, skus: Collection[str]) -> Sequence[StoredText]:
        """As `texts`: all of these products."""
        return await self._texts(copies.c.sku.in_(skus))

    async def _texts(self, where: ColumnElement[bool]) -> Sequence[StoredText]:
        found = await self._session.execute(
            select(*_TEXT).where(where, copies.c.status.in_(COMPARED)).order_by(copies.c.id, copies.c.version)
        )
        return [StoredText._make(row) for row in found]

    async def changed_since(self, moment: datetime) -> Sequence[ChangedText]:
        """Versions that were written or changed their state since a moment, that moment included."""
        found = await self._session.execute(
            select(copies.c.id, copies.c.version, copies.c.status, copies.c.sku, copies.c.updated_at).where(
                copies.c.updated_at >= moment
            )
        )
        return [ChangedText._make(row) for row in found]

    async def last_change(self) -> datetime | None:
        """When a copy was last written or changed its state; None where there is none."""
        found = await self._session.execute(
            select(copies.c.updated_at).order_by(copies.c.updated_at.desc()).limit(1)
        )
        return found.scalar_one_or_none()

    async def living(self, skus: Collection[str]) -> Sequence[Copy]:
        """Copies of these products that are in any state but withdrawn."""
        found = await self._session.execute(
            select(copies.c.data).where(copies.c.sku.in_(skus), copies.c.status != "withdrawn")
        )
        return [_copy(data) for data in found.scalars()]

    async def citing(self, document_id: str) -> Sequence["Citing"]:
        """Copies in any state but withdrawn that rest on a statement of this document."""
        found = await self._session.execute(
            select(copies.c.data, products.c.brand_key, products.c.category_key)
            .join(products, products.c.sku == copies.c.sku)
            .where(
                exists().where(
                    document_citations.c.document_id == document_id,
                    document_citations.c.copy_id == copies.c.id,
                    document_citations.c.version == copies.c.version,
                ),
                copies.c.status != "withdrawn",
            )
        )
        return [Citing(_copy(data), brand, category) for data, brand, category in found]


class Citing(NamedTuple):
    """A copy that rests on a document, and what its product's scope is judged by."""

    copy: Copy
    brand_key: str
    category_key: str


def _document_of(source: str) -> str:
    """The document in `document:D3#4`."""
    return source.removeprefix("document:").partition("#")[0]


def _conditions(query: CopyQuery) -> Iterable[ColumnElement[bool]]:
    yield copies.c.status == query.status if query.status else copies.c.status != "withdrawn"
    for name in ("sku", "locale", "template", "angle"):
        if (value := getattr(query, name)) is not None:
            yield copies.c[name] == value
    if query.category is not None:
        yield exists().where(
            products.c.sku == copies.c.sku,
            products.c.category_key.startswith(query.category.casefold(), autoescape=True),
        )
    if query.check is not None:
        yield copies.c.failed_checks.contains(f" {query.check} ", autoescape=True)
    if query.fact is not None:
        yield copies.c.cited_facts.contains(f" {query.fact} ", autoescape=True)
    if query.text is not None:
        yield copies.c.words.contains(query.text.casefold(), autoescape=True)


def page_key(copy: Copy) -> str:
    """Where a copy stands in a list: what a page's cursor carries."""
    return f"{copy.id}:{copy.version}"


@functools.cache
def _adapter() -> TypeAdapter[Copy]:
    return TypeAdapter(Copy)


def _copy(data: str) -> Copy:
    return _adapter().validate_json(data)


def _dump(copy: Copy) -> str:
    return _adapter().dump_json(copy).decode()


def _row(copy: Copy) -> dict[str, object]:
    return {
        "id": copy.id,
        "version": copy.version,
        "sku": copy.sku,
        "template": copy.template,
        "template_version": copy.template_version,
        "variant": copy.variant,
        "locale": copy.locale,
        "channel": copy.channel,
        "angle": copy.angle,
        "voice": copy.voice,
        "status": copy.status,
        "facts_hash": copy.provenance.facts_hash,
        "template_hash": copy.provenance.template_hash,
        "request_hash": copy.request_hash,
        "failed_checks": _listed(check.id for check in copy.checks if not check.passed),
        "cited_facts": _listed(fact.id for fact in copy.facts),
        "words": "\n".join(sentence.text for sentence in copy.sentences).casefold(),
        "data": _dump(copy),
        "created_at": copy.created_at,
        "updated_at": copy.created_at,
    }


def _listed(words: Iterable[str]) -> str:
    """Words between blanks, so that one of them can be looked for as " word "."""
    return " " + " ".join(words) + " "
