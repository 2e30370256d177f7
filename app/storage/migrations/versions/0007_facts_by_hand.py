"""Facts that people attest, and supplied ones that they take out."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "hand_facts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("sku", KEY, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("fact_key", sa.Text, nullable=False),
        sa.Column("fact_id", KEY, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("unit", sa.Text),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("original", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.Text),
        sa.Column("ended_why", sa.Text),
        sa.Column("seen", sa.Text),
        sa.Column("aside", sa.Text),
        sa.Column("differs", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_hand_facts"),
    )
    op.create_index("ix_hand_facts_expires_at", "hand_facts", ["expires_at"])
    op.create_index("ix_hand_facts_sku", "hand_facts", ["sku"])
