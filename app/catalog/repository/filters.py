"""`ProductQuery` as conditions on the table."""

import re
from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select

from app.catalog.stored import ProductQuery
from app.catalog.text import fold
from app.storage.tables import copies, products

_SEPARATORS = re.compile(r"\s*>\s*")


def conditions(query: ProductQuery) -> Iterator[ColumnElement[bool]]:
    """One condition for each thing that is asked for."""
    for word in fold(query.q or "").split():
        yield products.c.search.contains(word, autoescape=True)
    if query.category is not None:
        yield _below(query.category)
    if query.brand is not None:
        yield products.c.brand_key == fold(query.brand)
    if query.status is not None:
        yield products.c.status == query.status
    if query.copy_status is not None:
        yield _with_copy(query.copy_status, query.locale)
    elif query.locale is not None:
        yield _speaking(query.locale)


def _below(category: str) -> ColumnElement[bool]:
    """That category or one below it. "Men/Tops" is read as a path too, unless a category is called so."""
    path = fold(category)
    readings = {" > ".join(_SEPARATORS.split(path)), " > ".join(part.strip() for part in path.split("/"))}
    return or_(
        false(),
        *(
            condition
            for reading in sorted(readings)
            for condition in (
                products.c.category_key == reading,
                # All that begins with "home > ", as a range that an index answers ("!" follows the blank).
                and_(products.c.category_key >= f"{reading} > ", products.c.category_key < f"{reading} >!"),
            )
        ),
    )


def _speaking(locale: str) -> ColumnElement[bool]:
    wanted = fold(locale)
    return or_(
        products.c.locales.contains(" * "),
        products.c.locales.contains(f" {wanted} ", autoescape=True),
        products.c.locales.contains(f" {wanted}-", autoescape=True),
    )


def _with_copy(status: str, locale: str | None) -> ColumnElement[bool]:
    mine = [copies.c.sku == products.c.sku]
    if locale is not None:
        mine.append(func.lower(copies.c.locale) == locale.lower())
    if status == "missing":
        return ~exists().where(*mine, copies.c.status != "withdrawn")
    if status == "published":  # stays so while a newer version waits for approval
        return exists().where(*mine, copies.c.status == status)
    newer = copies.alias("newer")
    newest = select(func.max(newer.c.version)).where(newer.c.id == copies.c.id).scalar_subquery()
    return exists().where(*mine, copies.c.status == status, copies.c.version == newest)
