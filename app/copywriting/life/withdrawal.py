"""Take a claim off every page, now: what it would take is shown first, and what it took is reported."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.copywriting.copy import Copy, Status
from app.copywriting.life.deeds import Deeds
from app.copywriting.life.publications import Publication
from app.copywriting.life.repository import LifeRepository
from app.copywriting.life.tools import Tools
from app.copywriting.life.transitions import ON_SHELF
from app.copywriting.repository import CopyQuery, CopyRepository
from app.copywriting.voices.brand import BrandRules
from app.errors import Invalid, NotFound
from app.storage.phrases import folded

_PAGE = 500
MAX_REASON = 1000  # characters


@dataclass(frozen=True, slots=True)
class Shown:
    """That a text stood on the shelf: from when to when (None: until now), and for which campaign."""

    starts_at: datetime
    ends_at: datetime | None
    campaign: str | None


@dataclass(frozen=True, slots=True)
class WithdrawnText:
    """A version that was withdrawn, or would be. `status` is the one before; `sentences` those that were looked for."""

    id: str
    version: int
    sku: str
    template: str
    channel: str
    locale: str
    angle: str | None
    variant: int
    status: Status
    sentences: tuple[str, ...]
    shown: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What was withdrawn, or would be (`preview`). `rule`: the id of the brand rule that was made of it."""

    items: tuple[WithdrawnText, ...]
    preview: bool
    reason: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class WithdrawOrder:
    """Which texts: by id, or all that a query finds, in every locale, variant and campaign. `phrase` makes a rule."""

    ids: tuple[str, ...] = ()
    query: CopyQuery | None = None
    reason: str | None = None
    preview: bool = False
    rule: bool = False

    @property
    def phrase(self) -> str | None:
        """The words that the query looks for."""
        return (self.query.claim or self.query.text) if self.query else None


async def withdraw(tools: Tools, rules: BrandRules, order: WithdrawOrder, actor: str) -> Withdrawal:
    """Withdraw the living versions that an order names, all in one transaction.

    Raises Invalid (nothing named, no reason, a rule without words), NotFound (an unknown id).
    """
    _check(order)
    if order.preview:
        async with tools.database.session() as session:
            found = await _found(session, order)
            return Withdrawal(
                _told(found, order, await _history(session, found), tools.clock()), preview=True
            )
    rule: str | None = None
    async with tools.deeds(actor) as deeds:
        found = await _found(deeds.session, order)
        history = await _history(deeds.session, found)
        items = _told(found, order, history, deeds.now)
        await _take(deeds, found, history, order.reason or "")
        if order.rule and order.phrase is not None:
            rule = str((await rules.add(deeds.session, order.phrase, order.reason or "", actor)).id)
    return Withdrawal(items, preview=False, reason=order.reason, rule=rule)


def _check(order: WithdrawOrder) -> None:
    names = [field.name for field in fields(CopyQuery) if field.name not in ("order", "status")]
    queried = order.query is not None and any(getattr(order.query, name) is not None for name in names)
    if bool(order.ids) == queried:
        raise Invalid("name either ids or a query: everything at once is withdrawn by nobody", pointer="")
    if not order.preview and not (order.reason or "").strip():
        raise Invalid("reason: say why; the audit keeps it", pointer="/reason")
    if len(order.reason or "") > MAX_REASON:
        raise Invalid(f"reason: at most {MAX_REASON} characters", pointer="/reason")
    if order.rule and order.phrase is None:
        raise Invalid("rule: a rule forbids words; look for them by text or claim", pointer="/rule")


async def _found(session: AsyncSession, order: WithdrawOrder) -> list[Copy]:
    """The versions that the order names: living ones, and those that a rollback could bring back."""
    copies = CopyRepository(session)
    if order.ids:
        found: list[Copy] = []
        for copy_id in dict.fromkeys(order.ids):
            versions = await LifeRepository(session).versions(copy_id, 1000)
            if not versions:
                raise NotFound(f"there is no copy {copy_id!r}")
            found += versions
        return found
    query = replace(order.query or CopyQuery(), order="newest")
    living = await _all(copies, query)
    return living if query.status else living + await _all(copies, replace(query, status="withdrawn"))


async def _all(copies: CopyRepository, query: CopyQuery) -> list[Copy]:
    found: list[Copy] = []
    after: str | None = None
    while True:
        page = await copies.listed(query, _PAGE, after)
        found += (listed.copy for listed in page)
        if len(page) < _PAGE:
            return found
        after = page[-1].key(query.order)


async def _history(session: AsyncSession, found: Sequence[Copy]) -> dict[tuple[str, int], list[Publication]]:
    history: dict[tuple[str, int], list[Publication]] = {}
    for publication in await LifeRepository(session).history(sorted({copy.id for copy in found})):
        history.setdefault((publication.copy_id, publication.version), []).append(publication)
    return history


def _told(
    found: Sequence[Copy],
    order: WithdrawOrder,
    history: dict[tuple[str, int], list[Publication]],
    now: datetime,
) -> tuple[WithdrawnText, ...]:
    """What is reported: living versions, and withdrawn ones that stood on the shelf once."""
    said = folded([order.phrase]).rstrip() if order.phrase else None
    told = []
    for copy in found:
        shown = tuple(
            Shown(p.starts_at, None if p.runs(now) else p.shown_until, p.campaign)
            for p in history.get((copy.id, copy.version), ())
            if p.was_shown and p.starts_at <= now
        )
        if copy.status == "withdrawn" and not shown:
            continue
        named = tuple(s.text for s in copy.sentences if said and said in folded([s.text]))
        told.append(
            WithdrawnText(
                copy.id,
                copy.version,
                copy.sku,
                copy.template,
                copy.channel,
                copy.locale,
                copy.angle,
                copy.variant,
                copy.status,
                named,
                shown,
            )
        )
    return tuple(told)


async def _take(
    deeds: Deeds,
    found: Sequence[Copy],
    history: dict[tuple[str, int], list[Publication]],
    reason: str,
) -> None:
    known = [p for copy in found for p in history.get((copy.id, copy.version), ())]
    await deeds.take_down([p for p in known if p.ended_at is None], "withdrawn")
    await deeds.repository.bar([p.id for p in known if p.ended_why == "replaced"])
    for copy in found:
        if copy.status != "withdrawn":
            changed = await deeds.move(copy, "withdraw", note={"reason": reason})
            on_shelf = copy.status in ON_SHELF
            deeds.tell(
                "copy.withdrawn", changed, {"why": "withdrawn", "reason": reason, "on_shelf": on_shelf}
            )
