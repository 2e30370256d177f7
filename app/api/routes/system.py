"""Is it up, is it ready, what has it counted, what can it do."""

from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter, Response

from app.api.deps import CurrentMetrics, CurrentServices
from app.api.models.search import IndexOut
from app.api.models.system import Health, Readiness
from app.api.problems import problems
from app.errors import Unavailable
from app.telemetry import CONTENT_TYPE

router = APIRouter(tags=["system"])


def package_version() -> str:
    """The installed version, or 0 in a checkout that was never installed."""
    try:
        return version("shelftalker")
    except PackageNotFoundError:
        return "0"


@router.get("/healthz", summary="The process is up")
async def healthz() -> Health:
    """Answers without asking anything else: for liveness probes."""
    return Health(version=package_version())


@router.get("/readyz", summary="The dependencies are up", responses=problems(503))
async def readyz(current: CurrentServices) -> Readiness:
    """Names each dependency; where one is down, the problem's `dependencies` says which and why.

    The search index is no dependency but a cache: the service is ready without it, and `index` says how it stands. Where
    it is in Milvus, `dependencies` says whether that answers; while it does not, search alone answers 503. Where limits
    are in Redis, `dependencies` says whether that answers; while it does not, each process limits by itself.
    """
    try:
        await current.database.ping()
    except Unavailable as error:
        error.extra["dependencies"] = {"database": error.detail}
        raise
    index = current.search.status()
    dependencies = {"database": "ok"}
    if index.store == "milvus":
        dependencies["milvus"] = index.away or "ok"
    state = await current.state.check()
    if state.store == "redis":
        dependencies["redis"] = f"{state.away}: each process limits by itself" if state.away else "ok"
    return Readiness(status="ok", dependencies=dependencies, index=IndexOut.of(index))


@router.get(
    "/metrics",
    summary="Counters in the Prometheus text format",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(counters: CurrentMetrics) -> Response:
    """Requests by route and status, latencies, copies written, products imported, the search index."""
    return Response(counters.text(), media_type=CONTENT_TYPE)
