"""What routes ask for, as Annotated inputs: services, the caller, a SKU, a page."""

from typing import Annotated, Any, cast
from urllib.parse import unquote

from fastapi import Depends, Path, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param
from pydantic import AfterValidator

from app.access.service import AccessService, Principal, require
from app.catalog.service import CatalogService
from app.copywriting.life.service import LifeService
from app.copywriting.review.service import ReviewService
from app.copywriting.service import CopyService
from app.copywriting.twins import Twins
from app.copywriting.voices.service import VoiceService
from app.errors import Invalid, RateLimited
from app.services import Services
from app.storage.audit_trail import AuditTrail
from app.telemetry import Metrics
from app.webhooks.service import WebhookService

bearer_scheme = HTTPBearer(
    auto_error=False,
    scheme_name="key",
    description="A key of `shelftalker keys create`. Without any key the service answers on this machine alone.",
)


def services(request: Request) -> Services:
    """The services that the lifespan opened."""
    return cast("Services", request.app.state.services)


def metrics(request: Request) -> Metrics:
    """The application's counters."""
    return cast("Metrics", request.app.state.metrics)


CurrentServices = Annotated[Services, Depends(services)]
CurrentMetrics = Annotated[Metrics, Depends(metrics)]


def catalog(current: CurrentServices) -> CatalogService:
    """The catalog's use cases."""
    return current.catalog


def copywriting(current: CurrentServices) -> CopyService:
    """The copywriting use cases."""
    return current.copy


def copy_life(current: CurrentServices) -> LifeService:
    """What becomes of copy: review, shelf, withdrawal."""
    return current.life


def text_twins(current: CurrentServices) -> Twins:
    """The near-duplicates among the catalog's texts."""
    return current.twins


def webhook_service(current: CurrentServices) -> WebhookService:
    """The receivers of news."""
    return current.webhooks


def voices(current: CurrentServices) -> VoiceService:
    """Voices and brand rules."""
    return current.voices


def access(current: CurrentServices) -> AccessService:
    """Keys and roles."""
    return current.access


def audit(current: CurrentServices) -> AuditTrail:
    """Who did what when."""
    return current.audit


Catalog = Annotated[CatalogService, Depends(catalog)]
Copywriting = Annotated[CopyService, Depends(copywriting)]


def reviews(current: CurrentServices) -> ReviewService:
    """The review of copy."""
    return current.reviews


Reviews = Annotated[ReviewService, Depends(reviews)]
CopyLife = Annotated[LifeService, Depends(copy_life)]
Voices = Annotated[VoiceService, Depends(voices)]
TextTwins = Annotated[Twins, Depends(text_twins)]
Access = Annotated[AccessService, Depends(access)]
Audit = Annotated[AuditTrail, Depends(audit)]
Webhooks = Annotated[WebhookService, Depends(webhook_service)]


async def identify(request: Request) -> Principal:
    """Who is calling, asked and counted once per request, whoever asks first.

    Raises Unauthenticated, Forbidden (a publishable key on a page that it is not for), RateLimited.
    """
    known: Principal | None = getattr(request.state, "principal", None)
    if known is not None:
        return known
    scheme, key = get_authorization_scheme_param(request.headers.get("authorization"))
    keys = services(request).access
    bearer = key if scheme.lower() == "bearer" and key else None
    caller = await keys.authenticate(bearer, request.headers.get("origin"))
    standing = await keys.take(caller)
    request.state.principal, request.state.standing = caller, standing
    if standing is not None and not standing.allowed:
        raise RateLimited(
            f"this key may make {caller.per_minute:,} calls in a minute", retry_after=standing.retry_s
        )
    return caller


async def principal(
    request: Request,
    # Read by `identify`; here it tells the OpenAPI document.
    _shown: Annotated[HTTPAuthorizationCredentials | None, Security(bearer_scheme)],
) -> Principal:
    """Who is calling. Raises as `identify`."""
    return await identify(request)


CurrentPrincipal = Annotated[Principal, Depends(principal)]


async def no_repeated_parameters(request: Request) -> None:
    """Raises Invalid where a query parameter stands twice: of two filters one would silently be lost."""
    names = [name for name, _ in request.query_params.multi_items()]
    for name in names:
        if names.count(name) > 1:
            raise Invalid(f"{name}: given more than once", pointer=f"query/{name}")


class May:
    """A dependency that lets callers pass whose role has a permission. Raises Forbidden for the others."""

    def __init__(self, permission: str) -> None:
        self.permission = permission

    async def __call__(self, caller: CurrentPrincipal) -> Principal:
        """The caller, who may."""
        require(caller, self.permission)
        return caller


def may(permission: str) -> Any:
    """For the `dependencies` of a route that does not ask who is calling, only whether they may."""
    return Depends(May(permission))


def decode_sku(raw: str) -> str:
    """A SKU out of an address, decoded once (see `middleware.RawSkuPath`)."""
    try:
        sku = unquote(raw, errors="strict")
    except UnicodeDecodeError:
        raise ValueError("a SKU in an address is percent-encoded UTF-8") from None
    if any(ord(character) < 32 or ord(character) == 127 for character in sku):
        raise ValueError("a SKU has no control characters")
    return sku


SkuInPath = Annotated[
    str,
    Path(
        description="May contain slashes and any letters; percent-encode what addresses cannot hold.",
        examples=["TS-1"],
        min_length=1,
        max_length=3 * 255,
    ),
    AfterValidator(decode_sku),
]
