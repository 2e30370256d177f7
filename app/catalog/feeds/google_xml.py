"""Google Merchant feeds as RSS 2.0, RSS 1.0 or Atom with the `g:` namespace."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import orjson

from app.catalog.feeds.collect import READING_SHARE, Reading, by_parent
from app.catalog.feeds.columns import Section, fold, own_name, vocabulary
from app.catalog.feeds.flat import Flat, entry_of
from app.catalog.feeds.generic import PRODUCT_FIELDS
from app.catalog.feeds.records import Items, SourceRow
from app.catalog.feeds.source import Source
from app.catalog.product import AttributeValue
from app.errors import Invalid

_G = "{http://base.google.com/ns/1.0}"
_ITEMS = {"item", "entry"}
_REPEATED = {"product_highlight", "additional_image_link", "additional_image_links"}
_MAX_ITEM_CHARS = 4 * 1024**2


def read(source: Source) -> Items:
    """Products of an XML feed. The whole file is parsed before the first product is handed out.

    Raises `Invalid` for XML that is malformed or declares entities; nothing outside the file is ever fetched.
    """
    return by_parent(source, _items(source), _read_item)
