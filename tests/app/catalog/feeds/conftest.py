"""One door for these tests: bytes in, what the feed yields out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.catalog.feeds import ProductRecord, Rejected, open_feed
from app.catalog.product import Product


@dataclass(frozen=True)
class Outcome:
    format: str
    dialect: Mapping[str, str]
    header: tuple[str, ...]
    records: tuple[ProductRecord, ...]
    rejected: tuple[Rejected, ...]  # rows that stayed out
    notes: tuple[Rejected, ...]  # cells refused of rows that went in

    @property
    def products(self) -> dict[str, Product]:
        return {record.product.sku: record.product for record in self.records}

    @property
    def only(self) -> Product:
        assert len(self.records) == 1, self.rejected
        return self.records[0].product


def outcome(path: Path, asked: str = "auto") -> Outcome:
    with open_feed(path, asked) as feed:
        items = list(feed.records())
        assert feed.bytes_read == feed.total_bytes
        records = tuple(item for item in items if isinstance(item, ProductRecord))
        refused = [item for item in items if isinstance(item, Rejected)]
        return Outcome(
            feed.format,
            feed.dialect,
            feed.header,
            records,
            tuple(r for r in refused if not r.kept),
            tuple(r for r in refused if r.kept),
        )


@pytest.fixture(scope="session")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Outcome]:
    """`read(data, asked="auto")`: text is written as UTF-8."""
    path = tmp_path_factory.mktemp("feeds") / "products.data"

    def read_data(data: bytes | str, asked: str = "auto") -> Outcome:
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return outcome(path, asked)

    return read_data


@pytest.fixture(scope="session")
def read_path() -> Callable[..., Outcome]:
    return outcome
