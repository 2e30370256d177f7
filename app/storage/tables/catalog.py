"""Products, imports, documents, and what others follow of them."""

from sqlalchemy import Column as C  # noqa: N817 - read once per line below; the short name keeps the tables legible
from sqlalchemy import ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text

from app.storage.tables.base import Json, Key, Timestamp, metadata

products = Table(
    "products",
    metadata,
    C("sku", Key, primary_key=True),
    C("status", Text, nullable=False),  # active | discontinued
    C("title", Text, nullable=False),
    C("brand", Text),
    C("category", Text, nullable=False),  # the path as "Men > Tops", for people and prefix search
    # The same three folded for comparison (SQLite's lower() knows ASCII only).
    C("brand_key", Text, nullable=False),
    C("category_key", Key, nullable=False),
    C("search", Text, nullable=False),  # what `q` looks through, folded
    C("locales", Text, nullable=False),  # " en-us fr-fr ", folded; " * " where the shop does not say
    C("data", Text, nullable=False),  # the product (app.catalog.codec)
    C("data_hash", Text, nullable=False),  # of `data`: an import skips what is equal
    C("facts", Text, nullable=False),  # the list of facts (app.catalog.codec)
    C("localized_facts", Text, nullable=False),  # locale → list of facts, for the locales that have own words
    C("fact_ids", Text, nullable=False),  # fact key → id, for every fact the product ever had
    C("facts_hash", Text, nullable=False),
    C("facts_rules", Text, nullable=False),  # version of the rules that drew the facts
    C("import_id", Text),  # the import that wrote this state; NULL: put by hand
    C("created_at", Timestamp, nullable=False),
    C("updated_at", Timestamp, nullable=False),
    # With the SKU behind, so that a page of a filtered list needs no sorting of the whole.
    Index(None, "status", "sku"),
    Index(None, "brand_key", "sku"),
    Index(None, "category_key", "sku"),
)

# What other processes follow: which products a transaction changed or removed. Writers are serialised by the
# catalog's lock, so that ids are given in the order of commits; a reader that has seen N has seen all before it.
product_changes = Table(
    "product_changes",
    metadata,
    C("id", Integer, primary_key=True, autoincrement=True),
    C("created_at", Timestamp, nullable=False),
    C("skus", Text, nullable=False),  # a JSON array
)

# Who feeds an index that many processes search (app.catalog.search.lease). `beat` counts its holder's signs of life.
index_leases = Table(
    "index_leases",
    metadata,
    C("name", Key, primary_key=True),  # of the index
    C("holder", Text, nullable=False),  # host/process/chance; empty: nobody
    C("beat", Integer, nullable=False),
    C("position", Integer),  # the last entry of product_changes that the index has taken in
    C("renewed_at", Timestamp, nullable=False),
)

imports = Table(
    "imports",
    metadata,
    C("id", Key, primary_key=True),  # sortable by age
    C("status", Text, nullable=False),  # running | done | held | failed | interrupted
    C("format", Text, nullable=False),
    C("mode", Text, nullable=False),
    C("filename", Text, nullable=False),
    C("file_hash", Text, nullable=False),
    C("layout", Text, nullable=False),  # hash of format and header: files of one shape
    C("dialect", Json, nullable=False),
    C("header", Json, nullable=False),
    C("report", Json, nullable=False),  # the numbers
    C("rejected", Json, nullable=False),  # the first rejected rows; `report` has the exact count
    C("actor", Text, nullable=False),
    C("detail", Text),  # why it is held or failed
    C("created_at", Timestamp, nullable=False),
    C("finished_at", Timestamp),
    Index(None, "file_hash"),
)

source_rows = Table(
    "source_rows",
    metadata,
    C("sku", Key, ForeignKey("products.sku", ondelete="CASCADE"), nullable=False),
    C("layout", Text, nullable=False),  # a price feed's rows stand beside the product feed's
    C("ordinal", Integer, nullable=False),  # 0, 1, … within the product
    C("import_id", Key, ForeignKey("imports.id"), nullable=False),
    C("position", Integer, nullable=False),  # order of the product in its file
    C("line", Integer, nullable=False),
    C("cells", Text, nullable=False),  # a JSON array of the cells as read
    PrimaryKeyConstraint("sku", "layout", "ordinal"),
)

# A document keeps its row when it is removed, without its words: its number, and so its facts' ids, never come again.
documents = Table(
    "documents",
    metadata,
    C("id", Key, primary_key=True),  # "D3"
    C("number", Integer, nullable=False, unique=True),
    C("title", Text, nullable=False),
    C("format", Text, nullable=False),  # markdown | html | text | pdf
    C("filename", Text),
    C("scope", Json, nullable=False),  # {"kind": …, "values": […]} as the shop spells it
    C("text", Text, nullable=False),  # the plain text that its pieces are parts of
    C("notes", Json, nullable=False),
    C("facts", Integer, nullable=False),  # how many it gives
    C("highest", Integer, nullable=False),  # the highest number that any of its statements ever had
    C("version", Integer, nullable=False),
    C("created_by", Text, nullable=False),
    C("created_at", Timestamp, nullable=False),
    C("updated_at", Timestamp, nullable=False),
    C("removed_at", Timestamp),
)

# The scope as products look for it: kind and folded key; of a list of SKUs a row each.
document_scopes = Table(
    "document_scopes",
    metadata,
    C("document_id", Key, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    C("kind", Text, nullable=False),  # all | brand | category | sku
    C("key", Key, nullable=False),
    PrimaryKeyConstraint("document_id", "kind", "key"),
    Index(None, "kind", "key"),
)

document_pieces = Table(
    "document_pieces",
    metadata,
    C("document_id", Key, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    C("n", Integer, nullable=False),  # its place, from 1
    C("heading", Json, nullable=False),  # the path from the top
    C("text", Text, nullable=False),
    C("facts", Json, nullable=False),  # ids of its facts
    PrimaryKeyConstraint("document_id", "n"),
)

document_facts = Table(
    "document_facts",
    metadata,
    C("id", Key, primary_key=True),  # "D3.12"
    C("document_id", Key, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    C("place", Integer, nullable=False),  # order within the document
    C("data", Text, nullable=False),  # the fact (app.catalog.codec)
    Index(None, "document_id", "place"),
)

# What people say of facts, above the imports: attested ones, and supplied ones that are wrong. Undone ones stay.
hand_facts = Table(
    "hand_facts",
    metadata,
    C("id", Key, primary_key=True),  # sortable by age
    C("sku", Key, nullable=False),  # no foreign key: a product that comes back finds what people said of it
    C("kind", Text, nullable=False),  # attest | suppress
    C("fact_key", Text, nullable=False),  # by which the fact is known again (products.fact_ids)
    C("fact_id", Key, nullable=False),
    C("name", Text, nullable=False),
    C("value", Json, nullable=False),  # of a suppressed fact: what it said then
    C("unit", Text),
    C("label", Text, nullable=False),  # name and value as they were typed
    C("original", Text, nullable=False),
    C("evidence", Text),  # a note or a link
    C("reason", Text),
    C("actor", Text, nullable=False),
    C("expires_at", Timestamp),
    C("created_at", Timestamp, nullable=False),
    C("ended_at", Timestamp),
    C("ended_by", Text),
    C("ended_why", Text),  # undone | expired | replaced
    C("seen", Json),  # the supplier's facts that it set aside when it was made
    C("aside", Json),  # those that it sets aside now
    C("differs", Json),  # what an import says since, where that is another thing
    Index(None, "sku"),
    Index(None, "expires_at"),
)
