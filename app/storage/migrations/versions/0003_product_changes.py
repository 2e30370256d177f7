"""The log of changed products that search indexes follow."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the log; it begins empty, and who follows it compares the products once."""
    op.create_table(
        "product_changes",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("skus", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_product_changes"),
    )
