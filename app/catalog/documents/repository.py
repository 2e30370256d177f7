"""The documents' only SQL."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.catalog.codec import fact_from_row, fact_to_row
from app.catalog.documents.statements import Stated
from app.catalog.documents.values import Document, DocumentPiece, Scope, StoredDocument, Target
from app.storage.bulk import insert_many
from app.storage.dialects import Dialect
from app.storage.tables import document_facts, document_pieces, document_scopes, documents, products
from retrieval.facts import Fact

_COLUMNS = (
    *(column for column in documents.columns if column.name != "text"),
    func.length(documents.c.text).label("characters"),
)


@dataclass(frozen=True, slots=True)
class Applying:
    """A document that applies to some product: which version of it, and by which key."""

    document_id: str
    version: int
    kind: str
    key: str


class DocumentRepository:
    """Documents within one session; the caller holds the transaction."""

    def __init__(self, session: AsyncSession, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect

    async def lock(self) -> None:
        """Wait for other writers of documents: numbers are given one after another."""
        await self._dialect.lock(self._session, "documents")

    async def next_number(self) -> int:
        """A number that no document ever had."""
        found = await self._session.execute(select(func.coalesce(func.max(documents.c.number), 0) + 1))
        number: int = found.scalar_one()
        return number

    async def get(self, document_id: str) -> Document | None:
        """A document; None where there is none of that id, or it was removed."""
        found = await self._session.execute(
            select(*_COLUMNS).where(documents.c.id == document_id, documents.c.removed_at.is_(None))
        )
        row = found.one_or_none()
        return None if row is None else _document(row)

    async def highest(self, document_id: str) -> int:
        """The highest number that a statement of this document ever had."""
        found = await self._session.execute(select(documents.c.highest).where(documents.c.id == document_id))
        number: int = found.scalar_one()
        return number

    async def page(self, limit: int, after: int | None) -> Sequence[Document]:
        """Documents, newest first, older than the number `after`."""
        statement = select(*_COLUMNS).where(documents.c.removed_at.is_(None))
        if after is not None:
            statement = statement.where(documents.c.number < after)
        rows = await self._session.execute(statement.order_by(documents.c.number.desc()).limit(limit))
        return [_document(row) for row in rows]

    async def facts(self, document_id: str) -> tuple[Fact, ...]:
        """The facts of a document in its order."""
        rows = await self._session.execute(
            select(document_facts.c.data)
            .where(document_facts.c.document_id == document_id)
            .order_by(document_facts.c.place)
        )
        return await asyncio.to_thread(_decoded, rows.scalars().all())  # thousands, of a large guide

    async def whole(self, document_id: str) -> StoredDocument | None:
        """A document with its pieces and facts."""
        found = await self.get(document_id)
        if found is None:
            return None
        rows = await self._session.execute(
            select(document_pieces).where(document_pieces.c.document_id == document_id).order_by("n")
        )
        pieces = tuple(DocumentPiece(row.n, tuple(row.heading), row.text, tuple(row.facts)) for row in rows)
        return StoredDocument(found, pieces, await self.facts(document_id))

    async def write(self, document: Document, number: int, text: str, stated: Stated) -> None:
        """Store a document with what it says, in place of what it said before."""
        row = {
            "id": document.id,
            "number": number,
            "title": document.title,
            "format": document.format,
            "filename": document.filename,
            "scope": {"kind": document.scope.kind, "values": list(document.scope.values)},
            "text": text,
            "notes": list(document.notes),
            "facts": len(stated.facts),
            "highest": stated.highest,
            "version": document.version,
            "created_by": document.created_by,
            "created_at": document.created_at,
            "updated_at": document.updated_at,
            "removed_at": None,
        }
        changing = [name for name in row if name not in {"id", "number", "created_by", "created_at"}]
        await self._session.execute(self._dialect.upsert(documents, ("id",), changing), [row])
        await self._forget(document.id)
        scope = document.scope
        await insert_many(
            self._session,
            insert(document_scopes),
            [
                {"document_id": document.id, "kind": scope.kind, "key": key}
                for key in dict.fromkeys(scope.keys)
            ],
        )
        await insert_many(
            self._session,
            insert(document_pieces),
            [
                {
                    "document_id": document.id,
                    "n": p.n,
                    "heading": list(p.heading),
                    "text": p.text,
                    "facts": list(p.facts),
                }
                for p in stated.pieces
            ],
        )
        await insert_many(
            self._session,
            insert(document_facts),
            await asyncio.to_thread(_rows_of, document.id, stated.facts),
        )

    async def remove(self, document_id: str, now: datetime) -> None:
        """Take a document's words and scope away; its number stays taken."""
        await self._forget(document_id)
        await self._session.execute(
            update(documents)
            .where(documents.c.id == document_id)
            .values(removed_at=now, updated_at=now, text="", facts=0, version=documents.c.version + 1)
        )

    async def _forget(self, document_id: str) -> None:
        for table in (document_scopes, document_pieces, document_facts):
            await self._session.execute(delete(table).where(table.c.document_id == document_id))

    async def applying(self, targets: Collection[Target]) -> Sequence[Applying]:
        """The documents that apply to any of these products, oldest first."""
        keys: Mapping[str, set[str]] = {
            "all": {""},
            "brand": {target.brand_key for target in targets} - {""},
            "category": {key for target in targets for key in target.categories},
            "sku": {target.sku for target in targets},
        }
        rows = await self._session.execute(
            select(
                document_scopes.c.document_id,
                documents.c.version,
                document_scopes.c.kind,
                document_scopes.c.key,
            )
            .join(documents, documents.c.id == document_scopes.c.document_id)
            .where(
                or_(
                    *(
                        and_(document_scopes.c.kind == kind, document_scopes.c.key.in_(sorted(wanted)))
                        for kind, wanted in keys.items()
                        if wanted
                    )
                )
            )
            .order_by(documents.c.number)
        )
        return [Applying(*row) for row in rows]

    # -- what a scope may name ---------------------------------------------------------------------------------

    async def unknown_skus(self, skus: Sequence[str]) -> Sequence[str]:
        """Those of these SKUs that the catalog does not have."""
        rows = await self._session.execute(select(products.c.sku).where(products.c.sku.in_(skus)))
        known = frozenset(rows.scalars())
        return [sku for sku in skus if sku not in known]


def _rows_of(document_id: str, facts: Sequence[Fact]) -> list[dict[str, object]]:
    return [
        {
            "id": fact.id,
            "document_id": document_id,
            "place": place,
            "data": orjson.dumps(fact_to_row(fact)).decode(),
        }
        for place, fact in enumerate(facts)
    ]


def _decoded(rows: Sequence[str]) -> tuple[Fact, ...]:
    return tuple(fact_from_row(orjson.loads(data)) for data in rows)


def _document(row: Row[Any]) -> Document:
    return Document(
        id=row.id,
        title=row.title,
        format=row.format,
        scope=Scope(row.scope["kind"], tuple(row.scope["values"])),
        filename=row.filename,
        characters=row.characters,
        facts_count=row.facts,
        version=row.version,
        notes=tuple(row.notes),
        created_by=row.created_by,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
