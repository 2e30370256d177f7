"""The life of a copy: publications, reviews, feedback, voices, exports."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables; what is published stands on the shelf since it was last changed."""
    op.create_table(
        "brand_rules",
        sa.Column("id", KEY, nullable=False),
        sa.Column("phrase", sa.Text, nullable=False),
        sa.Column("replacement", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True)),
        sa.Column("removed_by", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_brand_rules"),
    )
    op.create_table(
        "copy_feedback",
        sa.Column("id", KEY, nullable=False),
        sa.Column("copy_id", KEY, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("rating", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("comment", sa.Text),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_copy_feedback"),
    )
    op.create_index("ix_copy_feedback_copy_id", "copy_feedback", ["copy_id"])
    op.create_table(
        "disputes",
        sa.Column("id", KEY, nullable=False),
        sa.Column("copy_id", KEY, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("claims", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_disputes"),
    )
    op.create_index("ix_disputes_copy_id_version", "disputes", ["copy_id", "version"])
    op.create_table(
        "exported_texts",
        sa.Column("sku", KEY, nullable=False),
        sa.Column("layout", sa.Text, nullable=False),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("text_hash", sa.Text, nullable=False),
        sa.Column("copy_id", KEY),
        sa.Column("version", sa.Integer),
        sa.Column("exported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sku", "layout", "locale", "field", name="pk_exported_texts"),
    )
    op.create_table(
        "publications",
        sa.Column("id", KEY, nullable=False),
        sa.Column("sku", KEY, nullable=False),
        sa.Column("place", KEY, nullable=False),
        sa.Column("copy_id", KEY, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("campaign", sa.Text),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True)),
        sa.Column("time_zone", sa.Text),
        sa.Column("published_by", sa.Text, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.Text),
        sa.Column("ended_why", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_publications"),
    )
    op.create_index("ix_publications_campaign_starts_at", "publications", ["campaign", "starts_at"])
    op.create_index("ix_publications_copy_id", "publications", ["copy_id"])
    op.create_index("ix_publications_ended_at_ends_at", "publications", ["ended_at", "ends_at"])
    op.create_index("ix_publications_place_ended_at", "publications", ["place", "ended_at"])
    op.create_index("ix_publications_sku_ended_at", "publications", ["sku", "ended_at"])
    op.create_table(
        "review_samples",
        sa.Column("id", KEY, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("population", sa.Text, nullable=False),
        sa.Column("sample", sa.Text, nullable=False),
        sa.Column("decisions", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_review_samples"),
    )
    op.create_table(
        "voices",
        sa.Column("name", KEY, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_voices"),
    )
    op.add_column("copies", sa.Column("assignee", sa.Text))
    op.add_column("copies", sa.Column("risk", sa.Integer, nullable=False, server_default="0"))
    op.add_column("copies", sa.Column("claims", sa.Text))
    # ### end Alembic commands ###
    _publish()


def _publish() -> None:
    connection = op.get_bind()
    published = connection.execute(
        sa.text(
            "SELECT id, version, sku, template, channel, locale, angle, variant, updated_at FROM copies "
            "WHERE status = 'published'"
        )
    ).all()
    for row in published:
        place = "\x1f".join(
            [row.sku, row.template, row.channel, row.locale, row.angle or "", str(row.variant)]
        )
        connection.execute(
            sa.text(
                "INSERT INTO publications (id, sku, place, copy_id, version, starts_at, published_by, published_at) "
                "VALUES (:id, :sku, :place, :copy_id, :version, :at, 'unknown', :at)"
            ),
            {
                "id": f"pb_{row.id.removeprefix('cp_')}{row.version}",
                "sku": row.sku,
                "place": hashlib.blake2b(place.encode(), digest_size=16).hexdigest(),
                "copy_id": row.id,
                "version": row.version,
                "at": row.updated_at,
            },
        )
