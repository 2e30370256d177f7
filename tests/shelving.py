"""Texts put on the shelf at once, for tests of what happens to them there: not written, judged or reviewed before."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert

from app.copywriting.copy import Authorship, Copy, CopySentence, Provenance, Status
from app.copywriting.life.publications import Place, Publication
from app.copywriting.repository import CopyRepository
from app.storage.database import Database
from app.storage.ids import sortable_id
from app.storage.tables import publications
from evaluators.checks import sentences_of

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def a_copy(sku: str, fields: Mapping[str, Any], **given: Any) -> Copy:
    """A copy of a product's page; say what matters."""
    authorship: Authorship = given.pop("authorship", "template")
    status: Status = given.pop("status", "published")
    filled: dict[str, Any] = {
        "id": sortable_id("cp", LONG_AGO),
        "version": 1,
        "template": "product_description",
        "template_version": 1,
        "variant": 0,
        "locale": "en-US",
        "channel": "storefront",
        "voice": "plain",
        "angle": None,
        "sentences": tuple(CopySentence(s.field, s.text, (), "supported") for s in sentences_of(fields)),
        "facts": (),
        "checks": (),
        "provenance": Provenance(authorship, "a test", "0", "0"),
        "request_hash": "",
        "created_at": LONG_AGO,
        "reviewed_by": "Rhea",
    }
    return Copy(sku=sku, fields=fields, status=status, **(filled | given))


async def shelve(database: Database, copies: Sequence[Copy]) -> None:
    """Store copies; published ones stand on the shelf."""
    async with database.transaction() as session:
        await CopyRepository(session).add(copies)
        rows = [
            Publication(
                sortable_id("pb", LONG_AGO),
                c.sku,
                Place.of(c).key,
                c.id,
                c.version,
                LONG_AGO,
                "a test",
                LONG_AGO,
            )
            for c in copies
            if c.status == "published"
        ]
        if rows:
            names = Publication.__dataclass_fields__
            await session.execute(
                insert(publications), [{name: getattr(row, name) for name in names} for row in rows]
            )
