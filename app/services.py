"""The composition root: every object is built here, once, from settings, and closed in reverse."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.service import AccessService
from app.catalog.extraction.rules import CLAIM_KINDS
from app.catalog.facts import FactRules
from app.catalog.search.encoder import ModelEncoder
from app.catalog.search.folder_holding import FolderHolding
from app.catalog.search.holding import Holding
from app.catalog.search.keeper import Keeper
from app.catalog.search.milvus_holding import MilvusHolding
from app.catalog.search.service import SearchService
from app.catalog.search.status import News
from app.catalog.search.vectors import Encoder, WordsOnly
from app.catalog.service import CatalogService, FactNews
from app.copywriting.life.policy import LifePolicy
from app.copywriting.life.service import LifeService
from app.copywriting.live_values.serving import filled_text
from app.copywriting.review.service import ReviewService
from app.copywriting.service import CopyService
from app.copywriting.twins import Twins
from app.copywriting.voices.service import VoiceService
from app.exporting.outside import OutsideEdits
from app.exporting.returning import ReturnedTexts
from app.exporting.service import ExportService
from app.settings import NO_EMBEDDING_MODEL, Settings
from app.storage.audit import Pseudonyms
from app.storage.audit_trail import AuditTrail
from app.storage.database import Database
from app.storage.state.connect import State, open_state
from app.webhooks.service import WebhookService
from retrieval.milvus_places import milvus_place

log = structlog.get_logger("shelftalker.index")
state_log = structlog.get_logger("shelftalker.state")


@dataclass(frozen=True, slots=True)
class Services:
    """What a front end works with."""

    settings: Settings
    database: Database
    catalog: CatalogService
    search: SearchService
    index: Keeper
    copy: CopyService
    life: LifeService
    reviews: ReviewService
    voices: VoiceService
    twins: Twins
    access: AccessService
    audit: AuditTrail
    personal: Pseudonyms
    state: State
    webhooks: WebhookService
    exports: ExportService
    outside_edits: OutsideEdits


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Open everything that a front end needs. Raises Unavailable where the database cannot be opened.

    The search index is not followed before `index.running()` is entered: commands that do not search need not wait for
    it, and the process that serves follows what they change.
    """
    encoder = _encoder(settings)
    async with (
        Database(settings.database_url) as database,
        Keeper(database, _holding(settings, database), encoder, tell=_log) as index,
        open_state(settings.redis_url.get_secret_value(), tell=_log_redis) as state,
    ):
        # The two know each other in one direction: news of facts goes up through a hook.
        async def tell_copywriting(session: AsyncSession, news: Sequence[FactNews]) -> int:
            return await life.on_facts_changed(session, news)

        catalog = CatalogService(
            database,
            on_facts_changed=tell_copywriting,
            on_written=index.nudge,
            rules=FactRules(proof_needed=frozenset(CLAIM_KINDS) - settings.merchant_claims),
            evidence_needed=settings.evidence_needed,
            returned=lambda import_id: ReturnedTexts(database, import_id),
        )
        twins = Twins(database, catalog, encoder=encoder)
        voices = VoiceService(database, catalog)
        copy = CopyService(database, catalog, twins=twins, voices=voices)
        life = LifeService(
            database, catalog, policy=_policy(settings), twins=twins, voices=voices, fill=filled_text
        )
        try:
            yield Services(
                settings,
                database,
                catalog,
                SearchService(index, database),
                index,
                copy,
                life,
                ReviewService(database, catalog, life, voices=voices),
                voices,
                twins,
                AccessService(database, limits=state.rate_limits, per_minute=settings.rate_limits),
                AuditTrail(database),
                Pseudonyms(settings.signing_key),
                state,
                WebhookService(database, private=settings.webhooks_to_private_addresses),
                ExportService(database, life=life),
                OutsideEdits(database, life),
            )
        finally:
            await twins.close()


def _policy(settings: Settings) -> LifePolicy:
    """What the shop has set about the life of its copy."""
    return LifePolicy(
        skip_review=settings.skip_review,
        four_eyes=settings.four_eyes,
        approve_over_disputes=settings.approve_over_disputes,
        stale_serves=settings.stale_serves,
    )


def _holding(settings: Settings, database: Database) -> Holding:
    """Where the search index is; opens nothing yet."""
    url = settings.vector_store_url.get_secret_value()
    if url:
        return MilvusHolding(milvus_place(url), database)
    return FolderHolding(settings.data_dir / "index", tell=_log)


def _encoder(settings: Settings) -> Encoder:
    """What gives search its vectors; loads nothing yet."""
    if settings.embedding_model == NO_EMBEDDING_MODEL:
        return WordsOnly("SHELFTALKER_EMBEDDING_MODEL is off: search goes by words alone")
    in_milvus = bool(settings.vector_store_url.get_secret_value())
    kept = None if in_milvus else settings.data_dir / "index" / "vectors"
    return ModelEncoder(settings.embedding_model, settings.data_dir, kept)


def _log_redis(why: str | None) -> None:
    """An operator should know whose limits hold."""
    if why is None:
        state_log.info("redis back", detail="limits are shared by all replicas again")
    else:
        state_log.warning("redis away", detail=f"{why}: each process limits by itself until it does")


def _log(news: News) -> None:
    """What becomes of the index is for an operator's eyes."""
    write = log.warning if news.troubling else log.info
    write(news.event, detail=news.detail)
