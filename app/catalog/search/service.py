"""The use case: search the catalog."""

import contextlib
import re
from collections.abc import Sequence

from app.catalog.product import Status
from app.catalog.search.filters import Path, looked_into
from app.catalog.search.keeper import Keeper
from app.catalog.search.shelves import STATUSES
from app.catalog.search.status import Found, IndexStatus
from app.catalog.search.vectors import PATIENCE_S
from app.errors import Invalid, Unavailable
from app.storage.database import Database
from app.storage.pages import checked_limit

LONGEST_QUERY = 500  # characters; a shopper types a tenth of it
_LEVELS = re.compile(r"\s*>\s*")


class SearchService:
    """Search in the catalog that a keeper keeps an index of. The database is asked where a filter finds nothing."""

    def __init__(self, keeper: Keeper, database: Database) -> None:
        self._keeper = keeper
        self._database = database

    def check(self, query: str, limit: int, status: str) -> str:
        """The query as it is searched for. Raises Invalid where a search with these would."""
        wanted = query.strip()
        checked_limit(limit)
        if not wanted:
            raise Invalid("q: say what to search for", pointer="query/q")
        if len(wanted) > LONGEST_QUERY:
            raise Invalid(
                f"q: at most {LONGEST_QUERY} characters, these are {len(wanted):,}", pointer="query/q"
            )
        if status not in STATUSES:
            raise Invalid(
                f"status: no status {status!r}; known are {', '.join(STATUSES)}", pointer="query/status"
            )
        return wanted

    async def search(
        self,
        query: str,
        *,
        limit: int = 10,
        category: str | None = None,
        brand: str | None = None,
        status: Status = "active",
        patience_s: float = PATIENCE_S,
    ) -> Found:
        """Find products by their words and by what they mean; one whose code the query is comes first.

        `category` is that one and all below it ("Men", "Men > Tops"); of the end of a path ("Tops") there must be one alone.
        `status` says which products, by default those
        that are sold. `patience_s` is how long the query's vector may take; without it, words answer. A query without a letter or digit finds nothing.

        Raises Invalid for an empty query, one of more than 500 characters, a wrong limit, and a brand or category that
        the catalog does not have; Unavailable while the index is being opened.
        """
        wanted = self.check(query, limit, status)
        brand = (brand or "").strip() or None

        async def within(path: Path | None) -> Found:
            return await self._keeper.search(
                wanted, status, limit=limit, category=path, brand=brand, patience_s=patience_s
            )

        readings = _readings(category)
        found = Found((), dense=False)
        for path in readings:
            found = await within(path)
            if found.hits:
                return found
        if brand or readings != (None,):
            elsewhere = None
            with contextlib.suppress(Unavailable):  # without the database, nothing is what was found
                elsewhere = await looked_into(self._database, brand, readings)
            if elsewhere:
                return await within(elsewhere.path)
        return found

    def status(self) -> IndexStatus:
        """How the index stands."""
        return self._keeper.status()


def _readings(category: str | None) -> Sequence[Path | None]:
    """A path as it may be meant: "Men/Tops" is a category called so or, where there is none, Tops below Men."""
    if not category or not category.strip():
        return (None,)
    levels = tuple(part for part in _LEVELS.split(category.strip()) if part)
    slashed = tuple(part.strip() for part in category.split("/") if part.strip())
    return (levels, slashed) if len(levels) == 1 and len(slashed) > 1 else (levels,)
