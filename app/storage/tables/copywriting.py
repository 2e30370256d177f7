"""Copies, their life, and what people say of them."""

from sqlalchemy import Column as C  # noqa: N817 - read once per line below; the short name keeps the tables legible
from sqlalchemy import Index, Integer, PrimaryKeyConstraint, Table, Text

from app.storage.tables.base import Json, Key, Timestamp, metadata

copies = Table(
    "copies",
    metadata,
    C("id", Key, nullable=False),  # sortable by age
    C("version", Integer, nullable=False),
    C("sku", Key, nullable=False),  # no foreign key: withdrawn copy outlives its product
    C("template", Text, nullable=False),
    C("template_version", Integer, nullable=False),
    C("variant", Integer, nullable=False),
    C("locale", Text, nullable=False),
    C("channel", Text, nullable=False),
    C("angle", Text),
    C("voice", Text, nullable=False),
    C("status", Text, nullable=False),
    C("facts_hash", Text, nullable=False),
    C("template_hash", Text, nullable=False),
    C("request_hash", Text, nullable=False),
    C("failed_checks", Text, nullable=False),  # " check_id check_id "
    C("cited_facts", Text, nullable=False),  # " F1 F3 "
    C("words", Text, nullable=False),  # its sentences, as app.storage.phrases folds them
    C("data", Text, nullable=False),  # the copy as JSON
    C("assignee", Text),
    C(
        "risk", Integer, nullable=False, server_default="0"
    ),  # what the review queue is ordered by, highest first
    C("claims", Text),  # the words of its claims, folded likewise
    C("created_at", Timestamp, nullable=False),
    C("updated_at", Timestamp, nullable=False),
    PrimaryKeyConstraint("id", "version"),
    Index(None, "sku", "status"),
    Index(None, "updated_at"),  # what is new, for the index of texts
    # What lists and searches are read from differs between the databases: app.storage.phrases.
)

# In which categories a text was approved before: the first in one is looked at more closely.
approved_categories = Table(
    "approved_categories",
    metadata,
    C("category_key", Key, primary_key=True),
    C("approved_at", Timestamp, nullable=False),
)

# Which copies rest on which statements of documents: a document has no list of the products that it applies to.
document_citations = Table(
    "document_citations",
    metadata,
    C("document_id", Key, nullable=False),
    C("fact_id", Key, nullable=False),
    C("copy_id", Key, nullable=False),
    C("version", Integer, nullable=False),
    PrimaryKeyConstraint("document_id", "fact_id", "copy_id", "version"),
)

# Every sentence we wrote: met again in a feed it is our own text, and no evidence for itself.
copy_sentences = Table(
    "copy_sentences",
    metadata,
    C("id", Integer, primary_key=True, autoincrement=True),
    C("fingerprint", Text, nullable=False),
    C("sku", Key, nullable=False),
    C("copy_id", Key, nullable=False),
    C("text", Text, nullable=False),
    Index(None, "sku"),
    Index(None, "fingerprint"),
)

# What stands or stood on the shelf. A place is product, template, channel, locale, angle and variant; in one place
# one base text (no end, no campaign) shows at most, and texts with an end or a campaign lie over it while they last.
publications = Table(
    "publications",
    metadata,
    C("id", Key, primary_key=True),  # sortable by age
    C("sku", Key, nullable=False),
    C("place", Key, nullable=False),  # hash of the place
    C("copy_id", Key, nullable=False),
    C("version", Integer, nullable=False),
    C("campaign", Text),
    C("starts_at", Timestamp, nullable=False),
    C("ends_at", Timestamp),
    C("time_zone", Text),  # in which people gave the two
    C("published_by", Text, nullable=False),
    C("published_at", Timestamp, nullable=False),
    C("before_id", Key),  # the publication that it took the place of
    C("ended_at", Timestamp),
    C("ended_by", Text),
    C("ended_why", Text),  # replaced | rolled_back | withdrawn | over | rescheduled
    Index(None, "place", "ended_at"),
    Index(None, "sku", "ended_at"),
    Index(None, "copy_id"),
    Index(None, "campaign", "starts_at"),
    Index(None, "ended_at", "ends_at"),
)

# Samples that were drawn to judge many copies by some of them; kept as evidence.
review_samples = Table(
    "review_samples",
    metadata,
    C("id", Key, primary_key=True),
    C("status", Text, nullable=False),  # open | passed | failed
    C("query", Json, nullable=False),
    C("seed", Integer, nullable=False),  # with which the sample was drawn from the sorted population
    C("population", Json, nullable=False),  # [[copy id, version], …]
    C("sample", Json, nullable=False),  # the same, of those that were drawn
    C("decisions", Json, nullable=False),  # copy id → what came of it
    C("refused", Json, nullable=False),  # copy id → why it was not approved with the sample
    C("approved", Integer, nullable=False),  # how many were, the sample itself included
    C("actor", Text, nullable=False),
    C("created_at", Timestamp, nullable=False),
    C("decided_by", Text),
    C("decided_at", Timestamp),
)

copy_feedback = Table(
    "copy_feedback",
    metadata,
    C("id", Key, primary_key=True),
    C("copy_id", Key, nullable=False),
    C("version", Integer, nullable=False),
    C("rating", Integer, nullable=False),  # -1 | 1
    C("reason", Text),
    C("comment", Text),
    C("actor", Text, nullable=False),
    C("created_at", Timestamp, nullable=False),
    Index(None, "copy_id"),
)

# Verdicts that somebody holds to be wrong: cases for the checker.
disputes = Table(
    "disputes",
    metadata,
    C("id", Key, primary_key=True),
    C("copy_id", Key, nullable=False),
    C("version", Integer, nullable=False),
    C("field", Text, nullable=False),
    C("sentence", Text, nullable=False),
    C("verdict", Text, nullable=False),
    C("claims", Json, nullable=False),
    C("facts", Json, nullable=False),  # as they were
    C("reason", Text, nullable=False),
    C("actor", Text, nullable=False),
    C("created_at", Timestamp, nullable=False),
    C("approved_by", Text),
    Index(None, "copy_id", "version"),
)

# The words that disputes are about, folded: a text that has them is looked at more closely.
disputed_words = Table(
    "disputed_words",
    metadata,
    C("words", Key, nullable=False),
    C("dispute_id", Key, nullable=False),
    PrimaryKeyConstraint("words", "dispute_id"),
)

voices = Table(
    "voices",
    metadata,
    C("name", Key, primary_key=True),
    C("version", Integer, nullable=False),
    C("data", Json, nullable=False),
    C("created_by", Text, nullable=False),
    C("created_at", Timestamp, nullable=False),
    C("updated_at", Timestamp, nullable=False),
    C("retired_at", Timestamp),  # deleted: its texts are still judged by it
)

# What no text may say, whatever its voice.
brand_rules = Table(
    "brand_rules",
    metadata,
    C("id", Key, primary_key=True),
    C("phrase", Text, nullable=False),
    C("replacement", Text),
    C("reason", Text, nullable=False),
    C("actor", Text, nullable=False),
    C("created_at", Timestamp, nullable=False),
    C("removed_at", Timestamp),
    C("removed_by", Text),
)

# What our exports said where: met again in a feed it is our own text, and another text in its place was written in the
# shop. Every text that was ever exported stays, because a shop may send back an older one.
exported_texts = Table(
    "exported_texts",
    metadata,
    C("place", Key, nullable=False),  # the row in the shop's file: its handle, or number and store view
    C("spot", Key, nullable=False),  # the cell: "description", "title", "alt/ADDRESS"
    C("text_hash", Key, nullable=False),
    C("sku", Key, nullable=False),  # the product that the row belongs to
    C("locale", Text, nullable=False),
    C("field", Text, nullable=False),  # of the copy: "description_html", "variant_titles/TS-1-S"
    C("copy_id", Key, nullable=False),
    C("version", Integer, nullable=False),
    C("exported_at", Timestamp, nullable=False),
    PrimaryKeyConstraint("place", "spot", "text_hash"),
)

# Texts of ours that somebody changed in the shop: offered as versions.
outside_edits = Table(
    "outside_edits",
    metadata,
    C("id", Key, primary_key=True),  # sortable by age
    C("place", Key, nullable=False),
    C("spot", Key, nullable=False),
    C("text_hash", Key, nullable=False),
    C("sku", Key, nullable=False),
    C("locale", Text, nullable=False),
    C("field", Text, nullable=False),
    C("copy_id", Key, nullable=False),
    C("version", Integer, nullable=False),  # the last one that was exported
    C("text", Text, nullable=False),  # as the shop's file has it
    C("import_id", Key, nullable=False),  # the import that met it first
    C("line", Integer, nullable=False),
    C("status", Text, nullable=False),  # open | accepted | dismissed
    C("created_at", Timestamp, nullable=False),
    C("decided_at", Timestamp),
    C("decided_by", Text),
    Index(None, "place", "spot", "text_hash", unique=True),
    Index(None, "status", "id"),
    Index(None, "sku", "id"),
)
