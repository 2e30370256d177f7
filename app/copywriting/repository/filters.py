"""`CopyQuery` as conditions on the table."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, and_, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.catalog.text import fold
from app.errors import Invalid
from app.storage.pages import decode_cursor
from app.storage.phrases import FEW, Walked, Where, holds, is_few, says
from app.storage.tables import copies, products, publications

Order = Literal["newest", "risk"]


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
    text: str | None = None  # words in a row, any case; the last may be the beginning of one
    claim: str | None = None  # the same in its claims
    campaign: str | None = None  # that it is or was published with
    assignee: str | None = None
    order: Order = "newest"


async def conditions(session: AsyncSession, query: CopyQuery) -> list[ColumnElement[bool]]:
    """What the copies of a list fulfil.

    What has few hits is taken from its own index; with many, the list is walked and each copy asked.
    """
    where = [copies.c.status == query.status if query.status else copies.c.status != "withdrawn"]
    where += [
        copies.c[name] == value
        for name in ("sku", "locale", "template", "angle", "assignee")
        if (value := getattr(query, name)) is not None
    ]
    if query.check is not None:
        where.append(holds(copies.c.failed_checks, f" {query.check} "))
    if query.fact is not None:
        where.append(holds(copies.c.cited_facts, f" {query.fact} "))
    if query.category is not None:
        inside = select(products.c.sku).where(_below(query.category))
        few = await is_few(session, inside, FEW // 10)  # a product has several copies
        where.append((copies.c.sku if few else Walked(copies.c.sku)).in_(inside))
    if query.campaign is not None:
        shown = select(publications.c.copy_id, publications.c.version).where(
            publications.c.campaign == query.campaign
        )
        few = await is_few(session, shown)
        where.append(tuple_(copies.c.id if few else Walked(copies.c.id), copies.c.version).in_(shown))
    sought: tuple[tuple[Where, str | None], ...] = (("words", query.text), ("claims", query.claim))
    for place, said in sought:
        if said is not None:
            where.append(await says(session, place, said))
    return where


def _below(category: str) -> ColumnElement[bool]:
    """That category or one below it, as a range that an index answers ("!" follows the blank)."""
    path = " > ".join(part.strip() for part in fold(category).split(">"))
    return or_(
        products.c.category_key == path,
        and_(products.c.category_key >= f"{path} > ", products.c.category_key < f"{path} >!"),
    )


def checked_cursor(query: CopyQuery, cursor: str | None) -> str | None:
    """The place in a list that a cursor names. Raises Invalid where it belongs to another list."""
    if cursor is None:
        return None
    after = decode_cursor(cursor)
    parts = after.split(":")
    numbers = (parts[0], parts[-1]) if query.order == "risk" else (parts[-1],)
    if len(parts) != (3 if query.order == "risk" else 2) or not all(
        part.isascii() and part.isdecimal() and len(part) < 10 for part in numbers
    ):
        raise Invalid("cursor: this one belongs to another list", pointer="query/cursor")
    return after
