"""Facts by hand: attest, suppress, undo; a layer above every import."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.catalog.attestation.expiry import holding_now
from app.catalog.attestation.gaps import SHARE, Gap, GapCounter, order_of
from app.catalog.attestation.layer import Applied, redrawn, with_hand
from app.catalog.attestation.repository import HandFactRepository
from app.catalog.attestation.rows import attested, deed, is_expired, is_same, note, supplied, suppressed
from app.catalog.attestation.statements import Statement, read_statement
from app.catalog.attestation.values import Attestation, HandFact, HandQuery, Kind, Origin, Told
from app.catalog.codec import decode_facts
from app.catalog.planner import Rules
from app.catalog.planning import Before
from app.catalog.repository import ProductRepository
from app.catalog.stored import ProductFactChanges
from app.catalog.unknown import unknown_product
from app.errors import Conflict, Invalid, NotFound, ShelftalkerError
from app.storage import audit
from app.storage.database import Database
from app.storage.pages import DEFAULT_LIMIT, Page, checked_limit, decode_cursor, page_of

OnFactsChanged = Callable[[AsyncSession, Sequence[ProductFactChanges]], Awaitable[int]]
MAX_AT_ONCE = 1000
_SWEPT_AT_ONCE = 200
_PAGE = 1000
_Answer = tuple[Statement, Attestation]


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of many attestations: a row or the reason against it, in order; and the copies that turned stale."""

    results: tuple[HandFact | ShelftalkerError, ...]
    copy_stale: int


class AttestationService:
    """What people say of the facts of one shop's products.

    Every change is written with its effects, in one transaction: the product's facts are drawn anew,
    `on_facts_changed` is told (copy turns stale), the audit names the actor. `evidence_needed`: an attestation without
    evidence is refused. `on_written` is called after the commit, and must not wait.
    """

    def __init__(
        self,
        database: Database,
        rules: Rules,
        *,
        on_facts_changed: OnFactsChanged,
        on_written: Callable[[], None],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        evidence_needed: bool = False,
    ) -> None:
        self._database = database
        self._rules = rules
        self._on_facts_changed = on_facts_changed
        self._on_written = on_written
        self._clock = clock
        self._evidence_needed = evidence_needed

    # -- saying ------------------------------------------------------------------------------------------------

    async def attest(self, order: Attestation, actor: str) -> Told:
        """Answer for a fact. One of the same name that was attested before is replaced and keeps its id.

        Attesting again what holds already changes nothing. Raises Invalid (pointers into the order), NotFound for an
        unknown SKU.
        """
        batch = await self.attest_all([order], actor)
        (result,) = batch.results
        if isinstance(result, ShelftalkerError):
            raise result
        return Told(result, batch.copy_stale)

    async def attest_all(self, orders: Sequence[Attestation], actor: str) -> Batch:
        """Answer for many facts at once; each is done or refused by itself. Raises Invalid for more than a thousand."""
        if not orders or len(orders) > MAX_AT_ONCE:
            raise Invalid(f"items: 1 to {MAX_AT_ONCE:,} at once", pointer="/items")
        now = self._clock()
        read = await asyncio.to_thread(lambda: [self._read(order, now) for order in orders])
        results: list[HandFact | ShelftalkerError | None] = [
            answer if isinstance(answer, ShelftalkerError) else None for answer in read
        ]
        stale = 0
        async with self._database.transaction() as session:
            repository, products = self._hand(session), self._products(session)
            await products.lock()
            skus = list(dict.fromkeys(order.sku for order in orders))
            known = await products.stamps(skus)
            holding = {
                (row.sku, row.fact_key): row for rows in (await repository.of(skus)).values() for row in rows
            }
            made: dict[int, HandFact] = {}
            taken: set[tuple[str, str]] = set()
            for place, answer in enumerate(read):
                if isinstance(answer, ShelftalkerError):
                    continue
                statement, order = answer
                key = order.sku, statement.key
                if order.sku not in known:
                    results[place] = unknown_product(order.sku, await products.near(order.sku, 200))
                elif key in taken:
                    results[place] = Invalid(
                        f"name: {statement.name} stands twice in this list", pointer="/name"
                    )
                elif (before := holding.get(key)) is not None and is_same(before, statement, order, actor):
                    results[place] = before
                else:
                    taken.add(key)
                    made[place] = attested(statement, order, actor, now)
            replaced = {place: holding.get((row.sku, row.fact_key)) for place, row in made.items()}
            await repository.end([row.id for row in replaced.values() if row], now, actor, "replaced")
            await repository.add(list(made.values()))
            if made:
                rows, stale = await self._settle(session, [row.sku for row in made.values()], now)
                done = {place: rows[row.id] for place, row in made.items()}
                deeds = [deed(row, replaced[place], row) for place, row in done.items()]
                await audit.record_all(session, actor, "fact.attest", deeds, at=now)
                results = [done.get(place, result) for place, result in enumerate(results)]
        if made:
            self._on_written()
        return Batch(tuple(result for result in results if result is not None), stale)

    async def suppress(self, sku: str, fact_id: str, reason: str, actor: str) -> Told:
        """Take a supplier's wrong fact out, and whatever else of the product states the same.

        Raises NotFound (product, or no such fact on it), Invalid without a reason, Conflict for what is not the
        supplier's to be wrong about: an attested fact, a live one, a document's, the product's own title.
        """
        reason = note(reason, "reason")
        now = self._clock()
        async with self._database.transaction() as session:
            repository, products = self._hand(session), self._products(session)
            await products.lock()
            before = await self._before(products, sku)
            holding = (await repository.of([sku])).get(sku, ())
            fact = supplied(fact_id, before, holding)
            row = suppressed(sku, fact, before, reason, actor, now)
            await repository.add([row])
            rows, stale = await self._settle(session, [sku], now)
            await audit.record_all(session, actor, "fact.suppress", [deed(row, None, rows[row.id])], at=now)
        self._on_written()
        return Told(rows[row.id], stale)

    async def undo(self, sku: str, fact_id: str, kind: Kind, actor: str) -> Told:
        """Take an attestation or a suppression back. Raises NotFound where there is none; Conflict for the other kind."""
        now = self._clock()
        async with self._database.transaction() as session:
            repository = self._hand(session)
            await self._products(session).lock()
            holding = (await repository.of([sku])).get(sku, ())
            row = next((row for row in holding if row.fact_id == fact_id and row.kind == kind), None)
            if row is None:
                raise await self._nothing_to_undo(session, sku, fact_id, kind, holding)
            await repository.end([row.id], now, actor, "undone")
            _, stale = await self._settle(session, [sku], now)
            await audit.record_all(session, actor, "fact.undo", [deed(row, row, None)], at=now)
        self._on_written()
        return Told(replace(row, ended_at=now, ended_by=actor, ended_why="undone"), stale)

    async def sweep(self) -> int:
        """End what has expired, each batch with its effects in one transaction. Gives how many were ended."""
        swept = 0
        while True:
            async with self._database.session() as session:
                if not await self._hand(session).due(self._clock(), 1):
                    return swept
            swept += await self._sweep_some()

    async def _sweep_some(self) -> int:
        now = self._clock()
        async with self._database.transaction() as session:
            repository = self._hand(session)
            await self._products(session).lock()
            due = await repository.due(now, _SWEPT_AT_ONCE)
            if due:
                await self._settle(session, [row.sku for row in due], now)
        if due:
            self._on_written()
        return len(due)

    # -- reading -----------------------------------------------------------------------------------------------

    async def list(self, query: HandQuery, limit: int, cursor: str | None = None) -> Page[HandFact]:
        """Facts by hand, newest first. Raises Invalid for a limit or cursor that cannot be."""
        checked_limit(limit)
        before = decode_cursor(cursor) if cursor else None
        async with self._database.session() as session:
            rows = await self._hand(session).page(query, limit + 1, before)
        return page_of(rows, limit, [row.id for row in rows])

    async def export(self, query: HandQuery) -> AsyncIterator[HandFact]:
        """All that a query finds, newest first, a page in memory at a time."""
        before: str | None = None
        while True:
            async with self._database.session() as session:
                rows = await self._hand(session).page(query, _PAGE, before)
            for row in rows:
                yield row
            if len(rows) < _PAGE:
                return
            before = rows[-1].id

    async def setting_aside(self, sku: str) -> Sequence[HandFact]:
        """What people say of a product, oldest first, without what has expired."""
        now = self._clock()
        async with self._database.session() as session:
            rows = (await self._hand(session).of([sku])).get(sku, ())
        return [row for row in rows if not is_expired(row, now)]

    async def gaps(
        self,
        category: str | None = None,
        share: float = SHARE,
        *,
        limit: int = DEFAULT_LIMIT,
        cursor: str | None = None,
    ) -> Page[Gap]:
        """Which facts products lack that most of their peers have (`gaps`), in a category and those below it.

        Raises Invalid for a share, limit or cursor that cannot be.
        """
        if not 0.0 < share <= 1.0:
            raise Invalid("share: above 0, up to 1", pointer="query/share")
        checked_limit(limit)
        seen = decode_cursor(cursor) if cursor else None
        counter = GapCounter()
        after: str | None = None
        async with self._database.session() as session:
            repository = self._hand(session)
            while rows := await repository.facts_of_category(category, _PAGE, after):
                await asyncio.to_thread(counter.add, rows)
                after = rows[-1][0]
        found = await asyncio.to_thread(counter.gaps, share)
        if seen is not None:
            found = tuple(gap for gap in found if gap.order > order_of(seen))
        return page_of(found[: limit + 1], limit, [gap.key for gap in found[: limit + 1]])

    # -- within a transaction ----------------------------------------------------------------------------------

    async def _settle(
        self, session: AsyncSession, skus: Sequence[str], now: datetime
    ) -> tuple[Mapping[str, HandFact], int]:
        """Draw the facts of these products anew, tell the hook, write. Gives the rows by hand, and the stale copies."""
        products, repository = self._products(session), self._hand(session)
        skus = list(dict.fromkeys(skus))
        before = await products.before(skus)
        own = await products.own_sentences(skus)
        holding = await holding_now(session, repository, skus, now)
        origin = Origin(None, now)
        applied = await asyncio.to_thread(self._drawn, before, own, holding, origin)
        planned = [one.planned for one in applied.values()]
        news = [ProductFactChanges(one.sku, one.changes) for one in planned if one.changes]
        stale = await self._on_facts_changed(session, news) if news else 0
        await products.set_facts(planned, now)
        rows = {row.id: row for one in applied.values() for row in one.rows}
        stored = {row.id: row for listed in holding.values() for row in listed}
        await repository.set_standing([row for row in rows.values() if row != stored[row.id]])
        return rows, stale

    def _drawn(
        self,
        before: Mapping[str, Before],
        own: Mapping[str, Sequence[str]],
        holding: Mapping[str, Sequence[HandFact]],
        origin: Origin,
    ) -> Mapping[str, Applied]:
        rules = self._rules
        return {
            sku: with_hand(
                redrawn(stored, own.get(sku, ()), rules.facts, rules.version),
                stored,
                holding.get(sku, ()),
                origin,
            )
            for sku, stored in before.items()
        }

    def _read(self, order: Attestation, now: datetime) -> _Answer | ShelftalkerError:
        try:
            return self._checked(order, now)
        except Invalid as error:
            return error

    def _checked(self, order: Attestation, now: datetime) -> _Answer:
        statement = read_statement(order.name, order.value, order.unit)
        evidence = note(order.evidence, "evidence") if order.evidence and order.evidence.strip() else None
        if evidence is None and self._evidence_needed:
            raise Invalid("evidence: say what this rests on, in words or by a link", pointer="/evidence")
        if order.expires_at is not None and order.expires_at <= now:
            raise Invalid("expires_at: this moment is past", pointer="/expires_at")
        return statement, replace(order, evidence=evidence)

    async def _before(self, products: ProductRepository, sku: str) -> Before:
        found = (await products.before([sku])).get(sku)
        if found is None:
            raise unknown_product(sku, await products.near(sku, 200))
        return found

    async def _nothing_to_undo(
        self, session: AsyncSession, sku: str, fact_id: str, kind: Kind, holding: Sequence[HandFact]
    ) -> ShelftalkerError:
        if any(row.fact_id == fact_id for row in holding):
            return Conflict(f"{fact_id} of {sku!r}: {_WAYS[kind]}")
        before = await self._before(self._products(session), sku)
        if any(fact.id == fact_id for fact in decode_facts(before.facts)):
            return Conflict(f"{fact_id} of {sku!r} is the supplier's; nobody has {_DONE[kind]} it")
        return NotFound(f"{sku!r} has no fact {fact_id!r} that somebody has {_DONE[kind]}")

    def _products(self, session: AsyncSession) -> ProductRepository:
        return ProductRepository(session, self._database.dialect)

    def _hand(self, session: AsyncSession) -> HandFactRepository:
        return HandFactRepository(session, self._database.dialect)


_DONE: Mapping[Kind, str] = {"attest": "attested", "suppress": "suppressed"}
_WAYS: Mapping[Kind, str] = {
    "attest": "it is suppressed; let it in again with DELETE …/suppress",
    "suppress": "it is attested; undo that with DELETE …/facts/ID",
}
