"""The first shape: catalog, copy, keys, idempotency."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "products",
        sa.Column("sku", KEY, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("brand", sa.Text),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("brand_key", sa.Text, nullable=False),
        sa.Column("category_key", KEY, nullable=False),
        sa.Column("search", sa.Text, nullable=False),
        sa.Column("locales", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("data_hash", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("localized_facts", sa.Text, nullable=False),
        sa.Column("fact_ids", sa.Text, nullable=False),
        sa.Column("facts_hash", sa.Text, nullable=False),
        sa.Column("facts_rules", sa.Text, nullable=False),
        sa.Column("import_id", sa.Text),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("sku", name="pk_products"),
    )
    op.create_table(
        "imports",
        sa.Column("id", KEY, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("file_hash", sa.Text, nullable=False),
        sa.Column("layout", sa.Text, nullable=False),
        sa.Column("dialect", sa.Text, nullable=False),
        sa.Column("header", sa.Text, nullable=False),
        sa.Column("report", sa.Text, nullable=False),
        sa.Column("rejected", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("detail", sa.Text),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("finished_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
    )
    op.create_table(
        "source_rows",
        sa.Column("sku", KEY, nullable=False),
        sa.Column("layout", sa.Text, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("import_id", KEY, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("cells", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("sku", "layout", "ordinal", name="pk_source_rows"),
        sa.ForeignKeyConstraint(["sku"], ["products.sku"], name="fk_source_rows_sku", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_source_rows_import_id"),
    )
    op.create_table(
        "copies",
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sku", KEY, nullable=False),
        sa.Column("template", sa.Text, nullable=False),
        sa.Column("template_version", sa.Integer, nullable=False),
        sa.Column("variant", sa.Integer, nullable=False),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("angle", sa.Text),
        sa.Column("voice", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("facts_hash", sa.Text, nullable=False),
        sa.Column("template_hash", sa.Text, nullable=False),
        sa.Column("request_hash", sa.Text, nullable=False),
        sa.Column("failed_checks", sa.Text, nullable=False),
        sa.Column("cited_facts", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name="pk_copies"),
    )
    op.create_table(
        "copy_sentences",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("sku", KEY, nullable=False),
        sa.Column("copy_id", KEY, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_copy_sentences"),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", KEY, nullable=False),
        sa.Column("secret_hash", sa.LargeBinary, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("revoked_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
    )
    op.create_table(
        "idempotency",
        sa.Column("scope", KEY, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("body_hash", sa.Text, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("headers", sa.Text),
        sa.Column("body", sa.LargeBinary),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", name="pk_idempotency"),
    )
    op.create_index("ix_products_status_sku", "products", ["status", "sku"])
    op.create_index("ix_products_brand_key_sku", "products", ["brand_key", "sku"])
    op.create_index("ix_products_category_key_sku", "products", ["category_key", "sku"])
    op.create_index("ix_imports_file_hash", "imports", ["file_hash"])
    op.create_index("ix_copies_sku_status", "copies", ["sku", "status"])
    op.create_index("ix_copies_status_id", "copies", ["status", "id"])
    op.create_index("ix_copy_sentences_sku", "copy_sentences", ["sku"])
    op.create_index("ix_copy_sentences_fingerprint", "copy_sentences", ["fingerprint"])
    op.create_index("ix_idempotency_created_at", "idempotency", ["created_at"])
