"""What wraps every request: its id, its log line, and what the answer's headers promise.

Plain ASGI throughout, so that streams pass through untouched. From the outside in: `RequestContext`,
`SecurityHeaders`, `TimeLimit` and `BodyLimit` (in `limits.py`), `KeylessGuard` and `NoKeyInAddress` (in `guard.py`),
`CrossOrigin` (in `origins.py`), `RawSkuPath`, the router.
"""

import re
import time
import uuid

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.limits import rate_headers
from app.api.problems import bug
from app.storage.audit import REQUEST_ID
from app.telemetry import Metrics

log = structlog.get_logger("shelftalker.api")
# Ids of proxies and tracers pass; anything else (line breaks, quotes, essays) is replaced, not echoed.
WELL_FORMED_ID = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")
CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
}
CLIENT_GONE = 499  # as nginx counts a caller who hung up before there was an answer
SKU_PATHS = "/v1/products/"


class RequestContext:
    """Gives each request its id, its log line and its metrics, and turns an unexpected exception into a problem."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = scope["request_id"] = _request_id(scope)
        structlog.contextvars.bind_contextvars(request_id=request_id)
        REQUEST_ID.set(request_id)
        status = 0
        started = time.perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        self.metrics.in_flight.inc()
        try:
            await self.app(scope, receive, send_with_id)
        except Exception as error:  # noqa: BLE001 - the outermost place: nothing may reach the server as a trace
            response = bug(Request(scope), error)
            if status == 0:
                await response(scope, receive, send_with_id)
        finally:
            self.metrics.in_flight.dec()
            self._record(scope, status or CLIENT_GONE, time.perf_counter() - started)
            structlog.contextvars.unbind_contextvars("request_id")

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        """Count under the route's template, so that SKUs and strangers' paths never become label values."""
        route = getattr(scope.get("route"), "path", None) or "unmatched"
        # Anybody may invent a method; a label may not grow with inventions.
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        self.metrics.requests.labels(method, route, str(status)).inc()
        self.metrics.latency.labels(method, route).observe(seconds)
        log.info("request", method=method, route=route, status=status, duration_ms=round(seconds * 1000, 1))


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if WELL_FORMED_ID.fullmatch(given) else uuid.uuid4().hex


class SecurityHeaders:
    """Headers that keep a browser from running, framing or guessing anything; a route may set a stricter one.

    And how the caller's limit stands. No `Strict-Transport-Security`: it binds the whole host, so it is for whoever
    ends TLS there.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/v1/"):
                    headers.setdefault("Cache-Control", "no-store")
                    standing = scope.get("state", {}).get("standing")
                    if standing is not None:
                        message["headers"] += rate_headers(standing, scope["state"]["principal"].per_minute)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class RawSkuPath:
    """Routes product addresses by their undecoded path.

    A SKU may contain a slash ("A/B") or end in "/facts". Servers decode `%2F` before routing, which would make
    `/v1/products/A%2Ffacts` the facts of A. Here the path stays as sent and `deps.Sku` decodes it once.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        raw = scope.get("raw_path")
        if scope["type"] == "http" and raw and SKU_PATHS in scope["path"]:
            scope["path"] = raw.partition(b"?")[0].decode("latin-1")
        await self.app(scope, receive, send)
