"""A brand or category that a search found nothing in: whether there is such a one, and which one was meant."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.catalog.names.hints import listed, near
from app.catalog.names.repository import CatalogNames
from app.catalog.text import fold
from app.errors import Invalid, Problem
from app.storage.database import Database
from retrieval.analyzer import fold as folded

_SHOWN = 5

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A category that was named by the end of its path alone: the whole path."""

    path: Path


async def looked_into(
    database: Database, brand: str | None, readings: Sequence[Path | None]
) -> Elsewhere | None:
    """See whether a filter names anything; None where it does, so that nothing is what there is to find.

    `readings` are the paths that a category may be meant as. Raises Invalid, naming each filter that names nothing in
    the catalog and what is like it.
    """
    problems: list[Problem] = []
    elsewhere: Elsewhere | None = None
    async with database.session() as session:
        names = CatalogNames(session)
        if brand and (detail := await _unknown_brand(names, brand)):
            problems.append(Problem("query/brand", detail))
        paths = [path for path in readings if path]
        if paths and not await _any_known(names, paths):
            found = await _ends(names, paths)
            if len(found) == 1:
                elsewhere = Elsewhere(tuple(found[0].split(" > ")))
            else:
                problems.append(Problem("query/category", await _unknown_category(names, paths[0], found)))
    if problems:
        raise Invalid("; ".join(problem.detail for problem in problems), problems=problems)
    return elsewhere


async def _unknown_brand(names: CatalogNames, brand: str) -> str | None:
    if await names.has_brand(brand):
        return None
    brands = await names.brands()
    if folded(brand) in map(folded, brands):  # an index asks for no accents
        return None
    return f"brand: no product has the brand {brand!r}{near(brand, brands)}"


async def _any_known(names: CatalogNames, paths: Sequence[Path]) -> bool:
    for path in paths:
        if await names.has_category(_key(path)):
            return True
    wanted = [tuple(map(folded, path)) for path in paths]
    known = [tuple(map(folded, one.split(" > "))) for one in await names.categories()]
    return any(one[: len(path)] == path for path in wanted for one in known)


async def _ends(names: CatalogNames, paths: Sequence[Path]) -> Sequence[str]:
    for path in paths:
        if found := await names.ending_in(_key(path)):
            return found
    return ()


async def _unknown_category(names: CatalogNames, path: Path, ends: Sequence[str]) -> str:
    categories = await names.categories()
    name = " > ".join(path)
    if ends:
        several = [_as_written(end, categories) for end in ends[:_SHOWN]]
        more = " …" if len(ends) > _SHOWN else ""
        return f"category: several are called {name!r}; did you mean {listed(several)}{more}?"
    # Else there is a slip in it: in the path, or in the end of one.
    hint = near(name, categories) or near(path[-1], _by_ends(categories))
    return f"category: no product is in the category {name!r}{hint}"


def _by_ends(categories: Sequence[str]) -> dict[str, str]:
    """The last name of each path, and of each one above it, with that path; the first where several end so."""
    found: dict[str, str] = {}
    for category in categories:
        parts = category.split(" > ")
        for end in range(len(parts), 0, -1):
            found.setdefault(parts[end - 1], " > ".join(parts[:end]))
    return found


def _as_written(key: str, categories: Sequence[str]) -> str:
    """A folded path as the catalog writes it."""
    depth = key.count(" > ") + 1
    for category in categories:
        parts = category.split(" > ")[:depth]
        if _key(parts) == key:
            return " > ".join(parts)
    return key


def _key(path: Sequence[str]) -> str:
    return fold(" > ".join(path))
