"""Google Merchant feeds as tables: tab-separated, or the CSV that sheets make of it."""

from app.catalog.feeds.columns import vocabulary
from app.catalog.feeds.generic import read_table
from app.catalog.feeds.records import Items
from app.catalog.feeds.source import Source


def read(source: Source) -> Items:
    """Products of a Merchant feed; items with one `item_group_id` are the variants of one product."""
    return read_table(source, vocabulary().google)
