"""Reading product files: Shopify, Magento, Google Merchant, generic CSV, JSON Lines. `open_feed` is the door."""

from app.catalog.feeds.feed import Feed, open_feed
from app.catalog.feeds.records import Item, ProductRecord, Rejected, SourceRow

__all__ = ["Feed", "Item", "ProductRecord", "Rejected", "SourceRow", "open_feed"]
