"""The documents' use cases: put, read, list, remove; and which of their statements speak of a product."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.catalog.documents.applicability import Kind, Statements
from app.catalog.documents.repository import Applying, DocumentRepository
from app.catalog.documents.statements import Stated, state, titled
from app.catalog.documents.values import (
    ALL,
    Document,
    DocumentFactChanges,
    DocumentUpdate,
    NewDocument,
    Scope,
    StoredDocument,
    Target,
)
from app.catalog.facts import FactChange
from app.catalog.names.hints import near
from app.catalog.names.repository import CatalogNames
from app.catalog.product import Product
from app.errors import Invalid, NotFound, Problem, TooLarge
from app.storage import audit
from app.storage.database import Database
from app.storage.pages import Page, checked_limit, decode_cursor, page_of
from retrieval.facts import Fact
from retrieval.readers import (
    DocumentTooLargeError,
    DocumentUnreadableError,
    Reading,
    format_of,
    read_document,
)
from retrieval.splitter import Piece, split

OnDocumentChanged = Callable[[AsyncSession, Sequence[DocumentFactChanges]], Awaitable[int]]

MAX_BYTES = 10 * 2**20
"""Bytes of one document's file. Its text has a limit of its own (`retrieval.readers.MAX_TEXT`)."""
_DATA = {"json": "JSON", "jsonl": "JSON Lines", "ndjson": "JSON Lines"}
"""Endings of files that would be read as text, sentence by sentence, and state nothing."""
MAX_SKUS = 1000
"""SKUs that one scope may list; more than that is a category or a brand."""
_TITLE_CHARS = 300
_KEPT_FACTS = 100_000  # facts of documents that are kept read: some 100 MB at the very most


class DocumentService:
    """The documents of one shop.

    `on_changed` is called within the transaction that changes or removes a document, and returns how many copies turned
    stale: either both happen or neither. What a document says is data: it is kept, found and quoted, never obeyed.
    """

    def __init__(
        self, database: Database, *, on_changed: OnDocumentChanged, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._on_changed = on_changed
        self._clock = clock
        self._read: OrderedDict[tuple[str, int], Statements] = OrderedDict()

    # -- writing -----------------------------------------------------------------------------------------------

    async def add(self, new: NewDocument, actor: str = "local") -> DocumentUpdate:
        """Take a document in.

        Raises Invalid (no text in it, a format that it is not, a scope that names nothing in the catalog), TooLarge.
        """
        return await self._put(None, new, actor)

    async def replace(self, document_id: str, new: NewDocument, actor: str = "local") -> DocumentUpdate:
        """Replace a document: statements that stay as they are keep their ids, copy on the others turns stale.

        Its scope stays, unless another is given.

        Putting the same again changes nothing. Raises as `add`, and NotFound.
        """
        return await self._put(document_id, new, actor)

    async def _put(self, document_id: str | None, new: NewDocument, actor: str) -> DocumentUpdate:
        reading, pieces, new = await asyncio.to_thread(_prepared, new)
        # Stated before other writers are made to wait, and once more only if one of them came between.
        async with self._database.session() as session:
            seen = await _before(self._documents(session), document_id)
        stated = await asyncio.to_thread(_stated, seen, pieces)
        async with self._database.transaction() as session:
            repository = self._documents(session)
            await repository.lock()
            if new.scope is not None:
                await _check_scope(repository, CatalogNames(session), new.scope)
            if not await _stands(repository, seen):
                seen = await _before(repository, document_id)
                stated = await asyncio.to_thread(_stated, seen, pieces)
            before = seen.stored
            document = self._document(seen.document_id, new, reading, stated, before, actor)
            if before is not None and _same(before, document, stated):
                return DocumentUpdate(before, created=False, facts_changed=0, copy_stale=0, unchanged=True)
            await repository.write(document, seen.number, reading.text, stated)
            stale = await self._announce(session, before, document, stated) if before else 0
            written = await repository.get(seen.document_id)
            verb = "replace" if before else "add"
            await audit.record(
                session,
                actor,
                f"document.{verb}",
                f"document:{document.id}",
                at=document.updated_at,
                before=_recorded(before.document) if before else None,
                after=_recorded(document),
            )
        if written is None:
            raise AssertionError("a document that was just written is there")
        changed = sum(change.old is not None for change in stated.changes)
        stored = StoredDocument(written, stated.pieces, stated.facts)
        return DocumentUpdate(stored, created=before is None, facts_changed=changed, copy_stale=stale)

    def _document(
        self,
        document_id: str,
        new: NewDocument,
        reading: Reading,
        stated: Stated,
        before: StoredDocument | None,
        actor: str,
    ) -> Document:
        now = self._clock()
        return Document(
            id=document_id,
            title=new.title or document_id,
            format=new.format or "text",
            scope=new.scope or (before.document.scope if before else ALL),
            filename=new.filename,
            characters=len(reading.text),
            facts_count=len(stated.facts),
            version=before.document.version + 1 if before else 1,
            notes=stated.notes,
            created_by=before.document.created_by if before else actor,
            created_at=before.document.created_at if before else now,
            updated_at=now,
        )

    async def _announce(
        self, session: AsyncSession, before: StoredDocument, document: Document, stated: Stated
    ) -> int:
        scope = document.scope if document.scope != before.document.scope else None
        if not stated.changes and scope is None:
            return 0
        return await self._on_changed(session, [DocumentFactChanges(document.id, stated.changes, scope)])

    async def remove(self, document_id: str, actor: str = "local") -> int:
        """Remove a document; copy that rests on it turns stale. Gives how many copies did. Raises NotFound."""
        async with self._database.transaction() as session:
            repository = self._documents(session)
            await repository.lock()
            document = await repository.get(document_id)
            if document is None:
                raise _unknown(document_id)
            gone = tuple(FactChange(fact.id, fact, None) for fact in await repository.facts(document_id))
            news = DocumentFactChanges(document_id, gone, removed=True)
            stale = await self._on_changed(session, [news])
            now, subject = self._clock(), f"document:{document_id}"
            await repository.remove(document_id, now)
            await audit.record(session, actor, "document.remove", subject, at=now, before=_recorded(document))
        return stale

    # -- reading -----------------------------------------------------------------------------------------------

    async def get(self, document_id: str) -> StoredDocument:
        """A document with its pieces and facts. Raises NotFound."""
        async with self._database.session() as session:
            found = await self._documents(session).whole(document_id)
        if found is None:
            raise _unknown(document_id)
        return found

    async def list(self, limit: int, cursor: str | None = None) -> Page[Document]:
        """Documents, newest first."""
        checked_limit(limit)
        after = decode_cursor(cursor) if cursor else None
        if after is not None and not after.isdecimal():
            raise Invalid("cursor: this one belongs to another list", pointer="query/cursor")
        async with self._database.session() as session:
            rows = await self._documents(session).page(limit + 1, int(after) if after else None)
        return page_of(rows, limit, [row.id[1:] for row in rows])

    async def for_products(
        self, products: Mapping[str, tuple[Product, Sequence[Fact]]]
    ) -> Mapping[str, tuple[Fact, ...]]:
        """SKU → the statements of documents that may speak of it; products by SKU, each with its own facts.

        A document is read once for all products, and kept while it is in use.
        """
        targets = {sku: Target.of(product) for sku, (product, _) in products.items()}
        async with self._database.session() as session:
            repository = self._documents(session)
            applying = await repository.applying(targets.values()) if targets else ()
            said = {one.document_id: await self._statements(repository, one) for one in applying}
        if not said:
            return dict.fromkeys(products, ())

        def speaking() -> Mapping[str, tuple[Fact, ...]]:
            found: dict[str, tuple[Fact, ...]] = {}
            for sku, target in targets.items():
                ids = dict.fromkeys(one.document_id for one in applying if _meets(one, target))
                kind = Kind.of(products[sku][1]) if ids else None
                found[sku] = (
                    tuple(fact for id_ in ids for fact in said[id_].for_product(kind)) if kind else ()
                )
            return found

        return await asyncio.to_thread(speaking)

    async def _statements(self, repository: DocumentRepository, one: Applying) -> Statements:
        key = (one.document_id, one.version)
        known = self._read.get(key)
        if known is None:
            facts = await repository.facts(one.document_id)
            known = self._read[key] = await asyncio.to_thread(Statements.read, facts)
            while len(self._read) > 1 and sum(len(kept.facts) for kept in self._read.values()) > _KEPT_FACTS:
                self._read.popitem(last=False)
        if key in self._read:
            self._read.move_to_end(key)
        return known

    def _documents(self, session: AsyncSession) -> DocumentRepository:
        return DocumentRepository(session, self._database.dialect)


def _recorded(document: Document) -> dict[str, object]:
    """What the audit keeps of a document: what it is for, not what it says."""
    return {
        "title": document.title,
        "version": document.version,
        "facts": document.facts_count,
        "scope": asdict(document.scope),
    }


@dataclass(frozen=True, slots=True)
class _Before:
    """What a document was when it was looked at: its id and number, given to be taken; None stored for a new one."""

    document_id: str
    number: int
    highest: int
    stored: StoredDocument | None


async def _before(repository: DocumentRepository, document_id: str | None) -> _Before:
    """Raises NotFound."""
    if document_id is None:
        number = await repository.next_number()
        return _Before(f"D{number}", number, 0, None)
    stored = await repository.whole(document_id)
    if stored is None:
        raise _unknown(document_id)
    return _Before(document_id, int(document_id[1:]), await repository.highest(document_id), stored)


async def _stands(repository: DocumentRepository, seen: _Before) -> bool:
    """Whether nobody wrote it meanwhile, or took the number."""
    if seen.stored is None:
        return await repository.next_number() == seen.number
    now = await repository.get(seen.document_id)
    return now is not None and now.version == seen.stored.document.version


def _stated(seen: _Before, pieces: Sequence[Piece]) -> Stated:
    return state(seen.document_id, pieces, seen.stored.facts if seen.stored else (), seen.highest)


def too_large(filename: str | None, size: int | None) -> TooLarge:
    """The error for a file over `MAX_BYTES`, with its size where that is known."""
    name = f"{filename}: " if filename else ""
    has = "more" if size is None else f"{size / 2**20:.1f} MB ({size:,} bytes)"
    return TooLarge(f"{name}a document may have {MAX_BYTES // 2**20} MB; this one has {has}")


def _prepared(new: NewDocument) -> tuple[Reading, tuple[Piece, ...], NewDocument]:
    """The document read and split, and what it is called and written in. Seconds of computing for a large one."""
    size = len(new.source)
    name = f"{new.filename}: " if new.filename else ""
    if size > MAX_BYTES:
        if isinstance(new.source, str):
            raise TooLarge(f"a document may have {MAX_BYTES:,} characters; this one has {size:,}")
        raise too_large(new.filename, size)
    ending = (new.filename or "").rpartition(".")[2].casefold()
    if new.format is None and ending in _DATA:
        raise Invalid(
            f"{new.filename}: {_DATA[ending]} is data, no document: Markdown, HTML, text and PDF are taken; "
            "products are imported",
            pointer="form/file",
        )
    chosen = new.format or format_of(new.filename or "", new.source)
    try:
        reading = read_document(new.source, chosen)
    except DocumentTooLargeError as error:
        raise TooLarge(f"{name}{error}") from None
    except DocumentUnreadableError as error:
        raise Invalid(
            f"{name}{error}", pointer="/text" if isinstance(new.source, str) else "form/file"
        ) from None
    pieces = split(reading)
    title = _one_line(new.title) or _own_title(reading, pieces) or _stem(new.filename) or "Untitled"
    title = title[:_TITLE_CHARS]
    return reading, titled(pieces, title), replace(new, title=title, format=chosen)


def _own_title(reading: Reading, pieces: Sequence[Piece]) -> str | None:
    """The title that a document gives itself: said by its format, or its first heading where it begins with one."""
    if reading.title:
        return _one_line(reading.title)
    first = reading.blocks[0] if reading.blocks else None
    return (
        reading.text[first.start : first.end]
        if first is not None and first.kind == "heading" and pieces
        else None
    )


def _one_line(text: str | None) -> str | None:
    return " ".join((text or "").replace("\0", "").split()) or None


def _stem(filename: str | None) -> str | None:
    name = (filename or "").replace("\\", "/").rpartition("/")[2]
    return _one_line((name.rpartition(".")[0] or name).replace("_", " ").replace("-", " "))


async def _check_scope(repository: DocumentRepository, names: CatalogNames, scope: Scope) -> None:
    """Raises Invalid, naming the place, for a scope in which no product of the catalog is: it would be a slip."""
    match scope.kind:
        case "brand":
            if not await names.has_brand(scope.values[0]):
                hint = near(scope.values[0], await names.brands())
                raise Invalid(
                    f"scope: no product has the brand {scope.values[0]!r}{hint}", pointer="/scope/brand"
                )
        case "category":
            if not await names.has_category(scope.keys[0]):
                path = " > ".join(scope.values)
                hint = near(path, await names.categories())
                raise Invalid(
                    f"scope: no product is in the category {path!r}{hint}", pointer="/scope/category"
                )
        case "sku":
            if len(scope.values) > MAX_SKUS:
                raise Invalid(f"scope: {MAX_SKUS:,} SKUs at most", pointer="/scope/skus")
            unknown = await repository.unknown_skus(scope.values)
            if unknown:
                problems = [
                    Problem(f"/scope/skus/{scope.values.index(sku)}", f"no product {sku!r}")
                    for sku in unknown
                ]
                listed = ", ".join(map(repr, unknown[:5])) + (" …" if len(unknown) > 5 else "")
                raise Invalid(f"scope: no product {listed}", problems=problems)
        case _:
            pass


def _same(before: StoredDocument, document: Document, stated: Stated) -> bool:
    old = before.document
    return (
        not stated.changes
        and stated.pieces == before.pieces
        and (old.title, old.format, old.scope, old.filename)
        == (document.title, document.format, document.scope, document.filename)
    )


def _meets(one: Applying, target: Target) -> bool:
    match one.kind:
        case "all":
            return True
        case "brand":
            return one.key == target.brand_key
        case "category":
            return one.key in target.categories
        case _:
            return one.key == target.sku


def _unknown(document_id: str) -> NotFound:
    return NotFound(f"no document {document_id!r}")
