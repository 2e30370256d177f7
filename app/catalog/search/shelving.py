"""Stored products onto the shelves: the work of a thread, in pieces short enough that nobody waits for it."""

import time
from collections.abc import Sequence
from typing import cast

import orjson

from app.catalog.codec import decode_product
from app.catalog.product import Status
from app.catalog.search.items import item_of
from app.catalog.search.repository import ProductRow
from app.catalog.search.shelves import Shelves
from retrieval.items import Item

# Python runs one thread at a time and hands over every 5 ms where it is asked to; a thread that offers to after each
# few products (`Shelves.at_once`) keeps requests beside it quick.
_REST_S = 0.0003


def shelve(shelves: Shelves, skus: Sequence[str], rows: Sequence[ProductRow]) -> None:
    """Bring products up to date: `rows` are put where they belong, SKUs without a row are taken away."""
    there = {row.sku for row in rows}
    shelves.remove([sku for sku in skus if sku not in there])
    for start in range(0, len(rows), shelves.at_once):
        piece = rows[start : start + shelves.at_once]
        for status in {row.status for row in piece}:
            shelves.put(cast("Status", status), [_item(row) for row in piece if row.status == status])
        time.sleep(_REST_S)


def _item(row: ProductRow) -> Item:
    return item_of(decode_product(row.data), _type_in(row.facts), row.version)


def _type_in(facts: str) -> str:
    """The noun of the type fact, in facts as they are stored (id, name, value, …)."""
    for fact in orjson.loads(facts):
        if fact[1] == "type":
            return ", ".join(fact[2]) if isinstance(fact[2], list) else str(fact[2])
    return ""
