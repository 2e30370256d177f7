"""The names' only SQL: which brands and categories the products of the catalog are of."""

from collections.abc import Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.catalog.text import fold
from app.storage.tables import products

_NEAR = 2000  # names looked through for one that was meant


class CatalogNames:
    """The names within one session."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def has_brand(self, brand: str) -> bool:
        """Whether any product is of that brand."""
        found = await self._session.execute(
            select(products.c.sku).where(products.c.brand_key == fold(brand)).limit(1)
        )
        return found.first() is not None

    async def has_category(self, key: str) -> bool:
        """Whether any product stands in that category (folded path) or below it."""
        found = await self._session.execute(
            select(products.c.sku)
            .where(
                or_(
                    products.c.category_key == key,
                    # All that begins with "home > ", as a range that an index answers ("!" follows the blank).
                    and_(products.c.category_key >= f"{key} > ", products.c.category_key < f"{key} >!"),
                )
            )
            .limit(1)
        )
        return found.first() is not None

    async def ending_in(self, key: str) -> Sequence[str]:
        """Keys of categories that stand further down and whose path ends in `key`: of "tops" also "men > tops"."""
        column = products.c.category_key
        rows = await self._session.execute(
            select(column)
            .where(
                or_(
                    column.endswith(f" > {key}", autoescape=True),
                    column.contains(f" > {key} > ", autoescape=True),
                )
            )
            .distinct()
            .limit(_NEAR)
        )
        tail = f" > {key}"
        # Up to where the name stands: what is below it belongs to it.
        return sorted({path[: f"{path} > ".index(f"{tail} > ") + len(tail)] for path in rows.scalars()})

    async def brands(self) -> Sequence[str]:
        """Brands of the catalog, to guess which one was meant."""
        column = products.c.brand
        rows = await self._session.execute(select(column).where(column.is_not(None)).distinct().limit(_NEAR))
        return [brand for brand in rows.scalars() if brand]

    async def categories(self) -> Sequence[str]:
        """Category paths of the catalog, to guess which one was meant."""
        rows = await self._session.execute(select(products.c.category).distinct().limit(_NEAR))
        return [path for path in rows.scalars() if path]
