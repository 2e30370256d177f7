"""Documents with their scopes, pieces and facts, and the copies that rest on these."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "documents",
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("filename", sa.Text),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("notes", sa.Text, nullable=False),
        sa.Column("facts", sa.Integer, nullable=False),
        sa.Column("highest", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("removed_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
        sa.UniqueConstraint("number", name="uq_documents_number"),
    )
    op.create_table(
        "document_scopes",
        sa.Column("document_id", KEY, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.PrimaryKeyConstraint("document_id", "kind", "key", name="pk_document_scopes"),
        _document_key("document_scopes"),
    )
    op.create_table(
        "document_pieces",
        sa.Column("document_id", KEY, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("heading", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("document_id", "n", name="pk_document_pieces"),
        _document_key("document_pieces"),
    )
    op.create_table(
        "document_facts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("document_id", KEY, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_document_facts"),
        _document_key("document_facts"),
    )
    op.create_table(
        "document_citations",
        sa.Column("document_id", KEY, nullable=False),
        sa.Column("fact_id", KEY, nullable=False),
        sa.Column("copy_id", KEY, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("document_id", "fact_id", "copy_id", "version", name="pk_document_citations"),
    )
    op.create_index("ix_document_scopes_kind_key", "document_scopes", ["kind", "key"])
    op.create_index("ix_document_facts_document_id_place", "document_facts", ["document_id", "place"])


def _document_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["document_id"], ["documents.id"], name=f"fk_{table}_document_id", ondelete="CASCADE"
    )
