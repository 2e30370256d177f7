"""The HTTP application: routers and middleware around the services."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.middleware import Middleware

from app.api import problems, reference
from app.api.deps import no_repeated_parameters
from app.api.guard import KeylessGuard, NoKeyInAddress
from app.api.limits import BodyLimit, TimeLimit
from app.api.middleware import RawSkuPath, RequestContext, SecurityHeaders
from app.api.origins import CrossOrigin
from app.api.problems import ProblemDetails
from app.api.problems import problems as problem_responses
from app.api.routes import (
    audit,
    catalog,
    checks,
    copy,
    copy_anew,
    copy_life,
    copy_lists,
    documents,
    exports,
    facts,
    imports,
    keys,
    prompts,
    reviews,
    search,
    shelf,
    system,
    voices,
    webhooks,
)
from app.catalog.attestation.expiry import sweeping
from app.catalog.documents.service import MAX_BYTES as MAX_DOCUMENT_BYTES
from app.services import open_services
from app.settings import Settings
from app.storage.idempotency import IdempotencyStore
from app.telemetry import Metrics

log = structlog.get_logger("shelftalker.facts")

JSON_LIMIT = 2 * 2**20  # bytes; the longest product that the models allow is a fraction of it
FORM_OVERHEAD = 64 * 2**10  # boundaries and fields around an uploaded file
DESCRIPTION = """Writes a shop's product copy, and proves every sentence of it.

Every error is an RFC 9457 problem. Lists take `limit` and `cursor`. A POST may carry an `Idempotency-Key`.
Send a key as `Authorization: Bearer …`; as long as none was created, this machine alone is served, without one."""


def create_app(settings: Settings) -> FastAPI:
    """The application for these settings. Nothing is opened before its lifespan begins."""
    counters = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (
            open_services(settings) as services,
            services.index.running(),
            services.webhooks.sending(),
            services.life.running(),
        ):
            app.state.services = services
            app.state.idempotency = IdempotencyStore(services.database)
            counters.watch_index(services.search.status)
            counters.watch_state(services.state.status)
            async with sweeping(services.catalog.attestation.sweep, _tell_of_sweep):
                yield

    app = FastAPI(
        title="Shelftalker",
        version=system.package_version(),
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,  # FastAPI's pages load scripts from a CDN; `reference` serves one that works offline
        redoc_url=None,
        redirect_slashes=False,  # "A/" is another SKU than "A"
        middleware=[
            Middleware(RequestContext, metrics=counters),
            Middleware(SecurityHeaders),
            Middleware(TimeLimit, seconds=settings.request_timeout_s),
            Middleware(
                BodyLimit,
                limit=JSON_LIMIT,
                limits={
                    "/v1/imports": settings.max_upload_mb * 2**20 + FORM_OVERHEAD,
                    "/v1/documents": MAX_DOCUMENT_BYTES + FORM_OVERHEAD,
                    "/v1/reviews/imports": reviews.MAX_SHEET_BYTES + FORM_OVERHEAD,
                },
            ),
            Middleware(KeylessGuard),
            Middleware(NoKeyInAddress),
            Middleware(CrossOrigin),
            Middleware(RawSkuPath),
        ],
    )
    app.state.metrics = counters
    problems.install(app)
    for router in (
        system,
        facts,  # before the products, whose SKU would take in what stands below it
        shelf,  # before the products, too
        catalog,
        search,
        imports,
        documents,
        exports,
        copy,
        copy_anew,
        copy_life,
        copy_lists,
        reviews,
        checks,
        prompts,
        voices,
        keys,
        audit,
        webhooks,
        reference,
    ):
        app.include_router(router.router, dependencies=[Depends(no_repeated_parameters)])
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]  # FastAPI's documented way to extend it
    return app


def _tell_of_sweep(error: Exception) -> None:
    """Facts that have expired are not shown; that they could not be ended is for an operator's eyes."""
    log.warning("facts that expired were not swept", detail=str(error))


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once, with the problem document that all errors share."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        components = schema.setdefault("components", {}).setdefault("schemas", {})
        own = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
        components.update(own.pop("$defs", {}))
        components["ProblemDetails"] = own
        for methods in schema["paths"].values():
            for operation in methods.values():
                if "401" in operation["responses"]:  # whoever needs a key is limited, and in time
                    limited = {str(status): shown for status, shown in problem_responses(429, 504).items()}
                    operation["responses"] = {**limited, **operation["responses"]}
        app.openapi_schema = schema
    return app.openapi_schema
