"""Giving a feed back as it came: the same rows with other copy in them. `row_format` and `writer_for` are the doors."""

from app.catalog.feeds.writing.files import FeedShape, Writer, writer_for
from app.catalog.feeds.writing.formats import row_format
from app.catalog.feeds.writing.rows import RowFormat, Spot, Told

__all__ = ["FeedShape", "RowFormat", "Spot", "Told", "Writer", "row_format", "writer_for"]
