"""The copywriting domain's only SQL: versions of copies, their states, and the sentences we wrote."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, insert, literal, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.copywriting.codec import decode_copy, encode_copy
from app.copywriting.copy import Copy, Status
from app.copywriting.repository.filters import CopyQuery, Order, conditions
from app.copywriting.risk import claimed_words, risk_of
from app.storage.dialects import insert_new
from app.storage.phrases import folded
from app.storage.tables import (
    approved_categories,
    copies,
    copy_sentences,
    disputed_words,
    document_citations,
    products,
)
from retrieval.near_duplicates import fingerprint
from retrieval.selection import is_document


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
        disputed, new_in = await self.disputed_words(new), await self.new_in_category(new)
        assigned = await self._assigned(new)
        await self._session.execute(
            insert(copies),
            [
                {
                    **_row(copy, risk_of(copy, disputed, new_category=copy.sku in new_in).score),
                    "assignee": assigned.get(copy.id),
                }
                for copy in new
            ],
        )
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
        return None if data is None else decode_copy(data)

    async def newest_locked(self, copy_id: str) -> Copy | None:
        """As `newest`, and nobody else adds a version or changes a state until the transaction ends.

        The lock comes first and the reading after it: who waited for the lock sees what the other one did.
        """
        await self._session.execute(select(copies.c.version).where(copies.c.id == copy_id).with_for_update())
        return await self.newest(copy_id)

    async def _assigned(self, new: Sequence[Copy]) -> Mapping[str, str | None]:
        """Whose the version before each was: an edit stays with them."""
        edited = {copy.id for copy in new if copy.version > 1}
        if not edited:
            return {}
        found = await self._session.execute(
            select(copies.c.id, copies.c.assignee)
            .where(copies.c.id.in_(edited))
            .order_by(copies.c.id, copies.c.version)
        )
        return {row.id: row.assignee for row in found}

    async def disputed_words(self, of: Iterable[Copy]) -> frozenset[str]:
        """Those claims of the copies that disputes were about, folded."""
        words = {claim for copy in of for claim in claimed_words(copy)}
        found = await self._session.execute(
            select(disputed_words.c.words).where(disputed_words.c.words.in_(words)).distinct()
        )
        return frozenset(found.scalars())

    async def new_in_category(self, of: Iterable[Copy]) -> frozenset[str]:
        """Those products of the copies in whose category no text was ever approved."""
        found = await self._session.execute(
            select(products.c.sku).where(
                products.c.sku.in_({copy.sku for copy in of}),
                ~exists().where(approved_categories.c.category_key == products.c.category_key),
            )
        )
        return frozenset(found.scalars())

    async def weigh(self, copy: Copy) -> None:
        """Reckon a version's risk anew: something that it depends on has changed."""
        risk = risk_of(
            copy,
            await self.disputed_words([copy]),
            new_category=copy.sku in await self.new_in_category([copy]),
        )
        await self._session.execute(
            update(copies)
            .where(copies.c.id == copy.id, copies.c.version == copy.version)
            .values(risk=risk.score)
        )

    async def page(self, query: CopyQuery, limit: int, after: str | None) -> Sequence[Copy]:
        """Newest first, or riskiest; `after` is the `Listed.key` that the page before ended with."""
        return [listed.copy for listed in await self.listed(query, limit, after)]

    async def listed(self, query: CopyQuery, limit: int, after: str | None) -> Sequence["Listed"]:
        """As `page`, with what a queue shows beside the text.

        The keys of the page come from indexes alone; a row of `copies` is read for what is shown.
        """
        found = await self._keys(query, limit, after)
        rows = await self._session.execute(
            select(copies.c.id, copies.c.version, copies.c.risk, copies.c.assignee, copies.c.data).where(
                copies.c.id.in_({copy_id for copy_id, _ in found})
            )
        )
        known = {(row.id, row.version): row for row in rows}  # a few versions more than are asked for
        return [
            Listed(decode_copy(row.data), row.risk, row.assignee) for key in found if (row := known.get(key))
        ]

    async def keys(self, query: CopyQuery, limit: int) -> Sequence[tuple[str, int]]:
        """Id and version of the first copies of a list."""
        return await self._keys(query, limit, None)

    async def _keys(self, query: CopyQuery, limit: int, after: str | None) -> Sequence[tuple[str, int]]:
        by = (copies.c.id, copies.c.version)
        order = (copies.c.risk, *by) if query.order == "risk" else by
        where = await conditions(self._session, query)
        if after is not None:
            copy_id, _, version = after.rpartition(":")
            place: list[object] = [copy_id, int(version)]
            if query.order == "risk":
                risk, _, place[0] = copy_id.partition(":")
                place.insert(0, int(risk))
            where.append(tuple_(*order) < tuple_(*map(literal, place)))
        found = await self._session.execute(
            select(*by).where(and_(*where)).order_by(*(column.desc() for column in order)).limit(limit)
        )
        return [(row.id, row.version) for row in found]

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
        return [decode_copy(data) for data in found.scalars()]

    async def stale(self, skus: Collection[str] | None = None) -> Sequence[tuple[str, str]]:
        """Id and SKU of the copies whose newest version is stale, of these products or all, oldest first."""
        newer = copies.alias()
        superseded = exists().where(newer.c.id == copies.c.id, newer.c.version > copies.c.version)
        where = [copies.c.status == "stale", ~superseded]
        if skus is not None:
            where.append(copies.c.sku.in_(skus))
        found = await self._session.execute(
            select(copies.c.id, copies.c.sku).where(*where).order_by(copies.c.id)
        )
        return [(row.id, row.sku) for row in found]

    async def set_status(
        self, copy: Copy, status: Status, now: datetime, *, reviewed_by: str | None = None
    ) -> Copy | None:
        """The copy in its new state; None where somebody else changed its state in the meantime."""
        changed = replace(copy, status=status, reviewed_by=reviewed_by or copy.reviewed_by)
        result = await self._session.execute(
            update(copies)
            .where(copies.c.id == copy.id, copies.c.version == copy.version, copies.c.status == copy.status)
            .values(status=status, data=encode_copy(changed), updated_at=now)
        )
        if not result.rowcount:  # type: ignore[attr-defined]  # UPDATE gives a CursorResult
            return None
        if status == "approved":
            await self._approved_in(copy.sku, now)
        return changed

    async def _approved_in(self, sku: str, now: datetime) -> None:
        """Its category is no longer new."""
        known = exists().where(approved_categories.c.category_key == products.c.category_key)
        found = await self._session.execute(
            select(products.c.category_key).where(products.c.sku == sku, ~known)
        )
        if (category := found.scalar_one_or_none()) is not None:
            row = {"category_key": category, "approved_at": now}
            await self._session.execute(insert_new(self._session, approved_categories).values(row))

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


def _document_of(source: str) -> str:
    """The document in `document:D3#4`."""
    return source.removeprefix("document:").partition("#")[0]


class Listed(NamedTuple):
    """A copy in a list, with what is kept beside it."""

    copy: Copy
    risk: int
    assignee: str | None

    def key(self, order: Order) -> str:
        """Where it stands in a list: what a page's cursor carries."""
        place = page_key(self.copy)
        return f"{self.risk}:{place}" if order == "risk" else place


def page_key(copy: Copy) -> str:
    """Where a copy stands in a list that begins with the newest."""
    return f"{copy.id}:{copy.version}"


def _row(copy: Copy, risk: int) -> dict[str, object]:
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
        "words": folded([sentence.text for sentence in copy.sentences]),
        "claims": folded(sorted(claimed_words(copy))),
        "risk": risk,
        "data": encode_copy(copy),
        "created_at": copy.created_at,
        "updated_at": copy.created_at,
    }


def _listed(words: Iterable[str]) -> str:
    """Words between blanks, so that one of them can be looked for as " word "."""
    return " " + " ".join(words) + " "
