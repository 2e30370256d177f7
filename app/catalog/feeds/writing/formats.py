"""Which format the rows of a layout have."""

from collections.abc import Callable, Mapping, Sequence

from app.catalog.feeds.writing.json_rows import JsonRows
from app.catalog.feeds.writing.rows import RowFormat
from app.catalog.feeds.writing.tables import GenericRows, GoogleRows, MagentoRows, ShopifyRows
from app.catalog.feeds.writing.xml_rows import XmlRows


def row_format(format: str, header: Sequence[str]) -> RowFormat:  # noqa: A002 - as elsewhere
    """The format of the rows of an import, by what it recorded."""
    if format == "jsonl":
        return JsonRows()
    if format == "google":
        return GoogleRows(header) if header else XmlRows()
    kinds: Mapping[str, Callable[[Sequence[str]], RowFormat]] = {
        "shopify": ShopifyRows,
        "magento": MagentoRows,
    }
    return kinds.get(format, GenericRows)(header)
