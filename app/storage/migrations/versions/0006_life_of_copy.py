"""The life of a copy: publications, reviews, feedback, voices, exports."""

import hashlib
import json
import re
import unicodedata
from typing import Any

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
        sa.Column("place", KEY, nullable=False),
        sa.Column("spot", KEY, nullable=False),
        sa.Column("text_hash", KEY, nullable=False),
        sa.Column("sku", KEY, nullable=False),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("copy_id", KEY, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("exported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("place", "spot", "text_hash", name="pk_exported_texts"),
    )
    op.create_table(
        "outside_edits",
        sa.Column("id", KEY, nullable=False),
        sa.Column("place", KEY, nullable=False),
        sa.Column("spot", KEY, nullable=False),
        sa.Column("text_hash", KEY, nullable=False),
        sa.Column("sku", KEY, nullable=False),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("copy_id", KEY, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("import_id", KEY, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_outside_edits"),
    )
    op.create_index(
        "ix_outside_edits_place_spot_text_hash", "outside_edits", ["place", "spot", "text_hash"], unique=True
    )
    op.create_index("ix_outside_edits_status_id", "outside_edits", ["status", "id"])
    op.create_index("ix_outside_edits_sku_id", "outside_edits", ["sku", "id"])
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
        sa.Column("before_id", KEY),
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
        sa.Column("seed", sa.Integer, nullable=False),
        sa.Column("population", sa.Text, nullable=False),
        sa.Column("sample", sa.Text, nullable=False),
        sa.Column("decisions", sa.Text, nullable=False),
        sa.Column("refused", sa.Text, nullable=False),
        sa.Column("approved", sa.Integer, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text),
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
        sa.Column("retired_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("name", name="pk_voices"),
    )
    op.add_column("copies", sa.Column("assignee", sa.Text))
    op.add_column("copies", sa.Column("risk", sa.Integer, nullable=False, server_default="0"))
    op.add_column("copies", sa.Column("claims", sa.Text))
    op.create_table(
        "approved_categories",
        sa.Column("category_key", KEY, nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("category_key", name="pk_approved_categories"),
    )
    op.create_table(
        "disputed_words",
        sa.Column("words", KEY, nullable=False),
        sa.Column("dispute_id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("words", "dispute_id", name="pk_disputed_words"),
    )
    _publish()
    _know_approved_categories()
    _find_words()


def _know_approved_categories() -> None:
    """Categories in which a text was approved before: the next one in them is nothing new."""
    op.execute(
        "INSERT INTO approved_categories (category_key, approved_at) "
        "SELECT products.category_key, min(copies.updated_at) FROM copies JOIN products ON products.sku = copies.sku "
        "WHERE copies.status IN ('approved', 'published') GROUP BY products.category_key"
    )


def _find_words() -> None:
    """Words are kept as `app.storage.phrases` folds them, and each database indexes them in its own way."""
    connection = op.get_bind()
    keys = connection.execute(sa.text("SELECT id, version FROM copies")).all()
    for start in range(0, len(keys), 200):
        for key in keys[start : start + 200]:
            values = {"id": key.id, "version": key.version}
            data = connection.execute(
                sa.text("SELECT data FROM copies WHERE id = :id AND version = :version"), values
            ).scalar_one()
            connection.execute(
                sa.text(
                    "UPDATE copies SET words = :words, claims = :claims, risk = :risk "
                    "WHERE id = :id AND version = :version"
                ),
                {**_words_and_risk(json.loads(data)), **values},
            )
    op.drop_index("ix_copies_status_id", "copies")
    for statement in _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


def _words_and_risk(copy: dict[str, Any]) -> dict[str, object]:
    """What was written before claims were kept is looked for by its claim-bearing sentences.

    The risk is that of `app.copywriting.risk` when this step was written, without what others said since.
    """
    weights = {"error": 30, "warning": 8, "info": 2}
    failed = sum(weights[check["severity"]] for check in copy["checks"] if not check["passed"])
    few = 4 * max(0, 5 - len(copy["facts"]))
    return {
        "words": _folded([s["text"] for s in copy["sentences"]]),
        "claims": _folded([s["text"] for s in copy["sentences"] if s["verdict"] != "claimless"]),
        "risk": failed + few,
    }


def _folded(texts: list[str]) -> str:
    def words(said: str) -> str:
        plain = unicodedata.normalize("NFKD", said[:200_000].casefold())
        bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
        return " ".join(word[:100] for word in re.findall(r"[^\W_]+", bare.casefold()))

    said = " \ue000 ".join(words(one) for one in texts)
    return f" {said} "[:200_000]


_LISTED = "sku, template, locale, angle, assignee, failed_checks, cited_facts"
_FTS = (
    "CREATE VIRTUAL TABLE copy_words USING fts5("
    "words, claims, copy_id UNINDEXED, version UNINDEXED, tokenize = 'unicode61 remove_diacritics 0')"
)
_TRIGGER = (
    "CREATE TRIGGER copies_words_insert AFTER INSERT ON copies BEGIN "
    "INSERT INTO copy_words (words, claims, copy_id, version) VALUES (new.words, new.claims, new.id, new.version); END"
)
_SQLITE = (
    # With all that a list is filtered by: a row of `copies` holds the whole text, and 50,000 of them are not read.
    f"CREATE INDEX ix_copies_newest ON copies (id, version, status, risk, {_LISTED})",
    f"CREATE INDEX ix_copies_queue ON copies (status, risk, id, version, {_LISTED})",
    _FTS,
    "INSERT INTO copy_words (words, claims, copy_id, version) SELECT words, claims, id, version FROM copies",
    _TRIGGER,
)
_VECTOR = "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(btrim({0}), ' '))) STORED"
_POSTGRESQL = (
    # Long values go out of line, also where the row would have room: what lists are filtered by lies close together.
    "ALTER TABLE copies SET (toast_tuple_target = 1024)",
    f"ALTER TABLE copies ADD COLUMN word_vector tsvector {_VECTOR.format('words')}",
    f"ALTER TABLE copies ADD COLUMN claim_vector tsvector {_VECTOR.format('claims')}",
    # Without a list of what is to be indexed later: every reader would have to look through it.
    "CREATE INDEX ix_copies_word_vector ON copies USING gin (word_vector) WITH (fastupdate = off)",
    "CREATE INDEX ix_copies_claim_vector ON copies USING gin (claim_vector) WITH (fastupdate = off)",
    "CREATE INDEX ix_copies_newest ON copies (status, id, version)",
    "CREATE INDEX ix_copies_queue ON copies (status, risk, id, version)",
)


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
