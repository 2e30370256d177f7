"""Products and facts for tests: say what matters, the rest is filled in."""

import csv
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.catalog.product import Money, Product, Variant
from retrieval.facts import Fact


def a_product(sku: str = "TS-1", title: str = "Meadow Tee", **given: Any) -> Product:
    """A product that is sold, with one attribute."""
    filled: dict[str, Any] = {
        "brand": "Fernweh",
        "category": ("Clothing", "T-Shirts"),
        "attributes": {"material": "organic cotton"},
    }
    return Product(sku=sku, title=title, **(filled | given))


def a_variant(sku: str, options: Mapping[str, str], price: str | None = None) -> Variant:
    """A variant; a price is in EUR."""
    return Variant(sku, dict(options), eur(price) if price else None)


def eur(amount: str) -> Money:
    """An amount in euros."""
    return Money(Decimal(amount), "EUR")


def a_fact(fact_id: str, name: str, value: str | tuple[str, ...], **given: Any) -> Fact:
    """A fact from the attribute of its name, with a text that says it."""
    joined = value if isinstance(value, str) else ", ".join(value)
    filled: dict[str, Any] = {"text": f"{name}: {joined}", "source": f"attribute:{name}"}
    return Fact(id=fact_id, name=name, value=value, **(filled | given))


def csv_text(rows: Sequence[Mapping[str, str]]) -> str:
    """Rows as CSV text, columns in the order in which they first appear."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def csv_file(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """A CSV file of rows."""
    path.write_text(csv_text(rows), encoding="utf-8", newline="")
    return path
