"""Copies by the time of their last change, so that the index of texts can ask what is new."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index."""
    op.create_index("ix_copies_updated_at", "copies", ["updated_at"])
