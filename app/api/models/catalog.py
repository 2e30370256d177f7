"""Products, their facts, and imports."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from pydantic import ConfigDict, Field

from app.api.models.base import Answer, Body, Locale, Money, Sku, Text, Time, Value
from app.catalog import product as values
from app.catalog.imports import ImportReport, ImportStatus, Mode
from app.catalog.stored import StoredProduct
from app.copywriting.fact_choice import DocumentConflict
from app.copywriting.service import FactAnswer
from retrieval.facts import Trust

Attributes = dict[Text, Value]
Availability = Literal["in_stock", "out_of_stock", "preorder", "backorder"]
MAX_ITEMS = 2000  # per list of one product; a bound, not a target

PRODUCT_EXAMPLE: dict[str, Any] = {
    "sku": "TS-1",
    "title": "Meadow Tee",
    "description": "<p>A boxy tee with a ribbed collar.</p>",
    "brand": "Fernweh",
    "category": ["Clothing", "T-Shirts"],
    "price": {"amount": "29.00", "currency": "EUR"},
    "images": [{"url": "https://shop.example/ts-1.jpg", "alt": "Meadow Tee, front"}],
    "attributes": {"material": "organic cotton", "care": ["machine wash 30 °C", "do not tumble dry"]},
    "variants": [{"sku": "TS-1-S-GRN", "options": {"size": "S", "color": "Green"}}],
}


class Image(Body):
    """An image of a product."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    url: Text = Field(max_length=2000)
    alt: Text = Field("", max_length=2000)


class Variant(Body):
    """One sellable version of a product."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    sku: Sku
    options: dict[Text, Text] = Field(default_factory=dict, examples=[{"size": "S", "color": "Green"}])
    price: Money | None = None
    gtin: Text | None = Field(None, max_length=20)
    quantity: int | None = Field(None, ge=-1_000_000_000, le=1_000_000_000)
    image: Text | None = Field(None, max_length=2000)


class Localized(Body):
    """A product's words in another locale; null: that locale does not say."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    title: Text | None = Field(None, max_length=1000)
    description: Text | None = Field(None, max_length=200_000)
    attributes: Attributes = Field(default_factory=dict)
    url: Text | None = Field(None, max_length=2000)


class _ProductFields(Body):
    title: Text = Field(max_length=1000, description="Plain text; markup is taken out.")
    description: Text = Field("", max_length=200_000, description="HTML is sanitised; scripts are taken out.")
    brand: Text | None = Field(None, max_length=500)
    category: list[Text] = Field(default_factory=list, max_length=50, description="The path, from the top.")
    price: Money | None = None
    sale_price: Money | None = None
    sale_from: Time | None = None
    sale_until: Time | None = None
    availability: Availability | None = None
    quantity: int | None = Field(None, ge=-1_000_000_000, le=1_000_000_000)
    gtin: Text | None = Field(None, max_length=20)
    images: list[Image] = Field(default_factory=list, max_length=MAX_ITEMS)
    attributes: Attributes = Field(default_factory=dict, max_length=MAX_ITEMS)
    variants: list[Variant] = Field(default_factory=list, max_length=MAX_ITEMS)
    url: Text | None = Field(None, max_length=2000)
    locale: Locale | None = None
    localized: dict[Locale, Localized] = Field(default_factory=dict, max_length=100)
    status: values.Status = "active"


class ProductIn(_ProductFields):
    """A product as PUT. What `GET` answered may be sent back whole: the computed members are not read."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [PRODUCT_EXAMPLE]})

    sku: Sku | None = Field(None, description="May be left out; if given, it must be that of the address.")
    facts_hash: Text | None = Field(None, description="Computed; not read.")
    updated_at: Text | None = Field(None, description="Computed; not read.")

    def to_value(self, sku: str) -> values.Product:
        """The value that the catalog keeps."""
        return values.Product(
            sku=sku,
            title=self.title,
            description=self.description,
            brand=self.brand,
            category=tuple(self.category),
            price=_money(self.price),
            sale_price=_money(self.sale_price),
            sale_from=self.sale_from,
            sale_until=self.sale_until,
            availability=self.availability,
            quantity=self.quantity,
            gtin=self.gtin,
            images=tuple(values.Image(image.url, image.alt) for image in self.images),
            attributes=_attributes(self.attributes),
            variants=tuple(
                values.Variant(v.sku, dict(v.options), _money(v.price), v.gtin, v.quantity, v.image)
                for v in self.variants
            ),
            url=self.url,
            locale=self.locale,
            localized={
                locale: values.LocalizedText(
                    text.title, text.description, _attributes(text.attributes), text.url
                )
                for locale, text in self.localized.items()
            },
            status=self.status,
        )


class ProductOut(Answer):
    """A product as the catalog keeps it."""

    sku: str
    status: values.Status
    title: str
    description: str
    brand: str | None
    category: list[str]
    price: Money | None
    sale_price: Money | None
    sale_from: Time | None
    sale_until: Time | None
    availability: str | None
    quantity: int | None
    gtin: str | None
    images: list[Image]
    attributes: dict[str, str | list[str]]
    variants: list[Variant]
    url: str | None
    locale: str | None
    localized: dict[str, Localized]
    facts_hash: str = Field(description="Changes exactly when a fact that is not live does.")
    updated_at: Time

    @classmethod
    def of(cls, stored: StoredProduct) -> "ProductOut":
        """The answer for a stored product."""
        product = stored.product
        computed = {"facts_hash": stored.facts_hash, "updated_at": stored.updated_at}
        same = {name: getattr(product, name) for name in cls.model_fields if name not in computed}
        return cls.model_validate(same | computed)


class ProductPage(Answer):
    """A page of products."""

    items: list[ProductOut]
    next_cursor: str | None


class FactOut(Answer):
    """An atomic statement that copy may rest on."""

    id: str = Field(
        examples=["F3"], description="Stays with its fact for the life of its product or document (D3.12)."
    )
    name: str = Field(examples=["material"])
    value: str | list[str] = Field(examples=["organic cotton"])
    unit: str | None
    text: str = Field(examples=["Material: organic cotton"])
    source: str = Field(examples=["attribute:material"])
    trust: Trust
    live: bool = Field(description="Changes by the hour (price, stock), so that no text may freeze it.")
    score: float | None = Field(
        None, description="How much it has to do with `query`, `template` and `angle`; null without them."
    )


class ConflictOut(Answer):
    """A statement of a document that is not used for this product, because the product's own facts contradict it."""

    id: str = Field(examples=["D3.12"])
    text: str
    source: str = Field(examples=["document:D3#2"])
    against: str | None = Field(description="The id of the fact that contradicts it.", examples=["F4"])
    reason: str

    @classmethod
    def of(cls, conflict: DocumentConflict) -> "ConflictOut":
        """The answer for a conflict."""
        fact = conflict.fact
        return cls(
            id=fact.id, text=fact.text, source=fact.source, against=conflict.against, reason=conflict.reason
        )


class FactList(Answer):
    """The facts of a product: its own, then statements of the documents that apply to it (a hundred at most)."""

    items: list[FactOut]
    conflicts: list[ConflictOut] = Field(
        description="Statements of documents that would be among them, were they not contradicted."
    )

    @classmethod
    def of(cls, answer: FactAnswer) -> "FactList":
        """The answer for a choice of facts."""
        items = [FactOut.model_validate(one.fact) for one in answer.items]
        if answer.scored:
            items = [
                item.model_copy(update={"score": one.score})
                for item, one in zip(items, answer.items, strict=True)
            ]
        return cls(items=items, conflicts=[ConflictOut.of(conflict) for conflict in answer.conflicts])


class FeedNote(Answer):
    """A place in a feed, and what is the matter there."""

    line: int
    sku: str | None
    detail: str


class ImportOut(Answer):
    """What an import did; with `dry_run` or while it is held, what it would do."""

    id: str = Field(description="Of a dry run it names nothing.")
    status: ImportStatus
    detail: str | None = Field(description="Why it is held or failed.")
    format: str
    mode: Mode
    filename: str
    dry_run: bool
    actor: str
    created: int
    updated: int
    unchanged: int
    discontinued: int
    rejected: list[FeedNote] = Field(
        description="Rows that stayed out: the first thousand of `rejected_count`."
    )
    rejected_count: int
    notes: list[FeedNote] = Field(
        description="Values that were refused while their product went in, with the rows above a thousand at most."
    )
    notes_count: int
    products: int
    facts_changed: int
    facts_overridden: int = Field(
        description="Facts by hand of which the file says something new and different; they stay, `notes` names them."
    )
    copy_stale: int
    edited_outside: int = Field(
        description="Texts of ours that were changed in the shop: `GET /v1/exports/outside-edits` has them, `notes` names them."
    )
    created_at: Time
    duration_ms: float

    @classmethod
    def of(cls, report: ImportReport) -> "ImportOut":
        """The answer for a report."""
        listed = {
            "rejected": [row for row in report.rejected if not row.kept],
            "notes": [row for row in report.rejected if row.kept],
            "rejected_count": report.counts.rejected_rows,
            "notes_count": report.counts.notes,
        }
        same = {name: getattr(report, name) for name in cls.model_fields if name not in listed}
        return cls.model_validate(same | listed)


class ImportPage(Answer):
    """A page of imports."""

    items: list[ImportOut]
    next_cursor: str | None


def _money(money: Money | None) -> values.Money | None:
    return None if money is None else values.Money(Decimal(money.amount), money.currency)


def _attributes(attributes: Attributes) -> Mapping[str, values.AttributeValue]:
    return {name: value if isinstance(value, str) else tuple(value) for name, value in attributes.items()}
