"""All tables, once, for SQLite and PostgreSQL alike. Alembic's migrations bring a database to this shape.

JSON is kept as text written by orjson: the order of a shop's options and the last digit of a price come back as
they went in (PostgreSQL's `jsonb` would sort the keys), and both databases hold the same bytes. What is searched
or sorted has a column of its own.
"""

from app.storage.tables.access import (
    api_keys,
    audit,
    epochs,
    idempotency,
    outbox,
    webhook_deliveries,
    webhooks,
)
from app.storage.tables.base import Json, Key, Timestamp, metadata
from app.storage.tables.catalog import (
    document_facts,
    document_pieces,
    document_scopes,
    documents,
    hand_facts,
    imports,
    index_leases,
    product_changes,
    products,
    source_rows,
)
from app.storage.tables.copywriting import (
    approved_categories,
    brand_rules,
    copies,
    copy_feedback,
    copy_sentences,
    disputed_words,
    disputes,
    document_citations,
    exported_texts,
    outside_edits,
    publications,
    review_samples,
    voices,
)

__all__ = [
    "Json",
    "Key",
    "Timestamp",
    "api_keys",
    "approved_categories",
    "audit",
    "brand_rules",
    "copies",
    "copy_feedback",
    "copy_sentences",
    "disputed_words",
    "disputes",
    "document_citations",
    "document_facts",
    "document_pieces",
    "document_scopes",
    "documents",
    "epochs",
    "exported_texts",
    "hand_facts",
    "idempotency",
    "imports",
    "index_leases",
    "metadata",
    "outbox",
    "outside_edits",
    "product_changes",
    "products",
    "publications",
    "review_samples",
    "source_rows",
    "voices",
    "webhook_deliveries",
    "webhooks",
]
