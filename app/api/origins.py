"""Cross-origin requests of browsers: for publishable keys, from the pages that those name, and for nothing else.

No credentials: a browser that sends cookies along gets no answer that it may show. A preflight carries no key, so it is
answered for the origins of any valid publishable key; the request itself then has to come with a key that names its
origin (`AccessService.authenticate`).
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.access.roles import PUBLISHABLE
from app.api.problems import answer
from app.errors import Forbidden, ShelftalkerError

METHODS = "GET, POST, PUT, PATCH, DELETE"
REQUEST_HEADERS = "Authorization, Content-Type, Idempotency-Key, If-Match, X-Request-ID"
SHOWN_HEADERS = "ETag, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-ID"
PREFLIGHT_KEPT_S = 600  # in the browser; each request is checked again whatever it keeps
_ASKS_FIRST = "access-control-request-method"
_VARY = (b"vary", b"Origin")
_VARY_PREFLIGHT = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"


class CrossOrigin:
    """Answers preflights, and says in an answer which page may read it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        origin = next((value for name, value in scope["headers"] if name == b"origin"), None)
        if origin is None:
            await self.app(scope, receive, _varying(scope, send))
            return
        page = origin.decode("latin-1")
        try:
            named = await scope["app"].state.services.access.is_for_pages_of(page)
        except ShelftalkerError as error:
            await answer(Request(scope), error)(scope, receive, send)
            return
        if scope["method"] == "OPTIONS" and _ASKS_FIRST in Headers(scope=scope):
            await _preflight(scope, page, named=named)(scope, receive, send)
            return

        async def send_shared(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Origin")
                caller = scope.get("state", {}).get("principal")
                # Without a caller the answer is a problem, which a page of ours may read; a caller's own key says more.
                if named and (caller is None or caller.role == PUBLISHABLE):
                    headers["Access-Control-Allow-Origin"] = page
                    headers["Access-Control-Expose-Headers"] = SHOWN_HEADERS
            await send(message)

        await self.app(scope, receive, send_shared)


def _varying(scope: Scope, send: Send) -> Send:
    """Caches must not give a page's answer to another page, even where this one came from none."""
    if not scope["path"].startswith("/v1/"):
        return send

    async def send_varying(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"].append(_VARY)
        await send(message)

    return send_varying


def _preflight(scope: Scope, page: str, *, named: bool) -> Response:
    if not named:
        refused = answer(Request(scope), Forbidden(f"no key is for pages of {page[:200]!r}"))
        refused.headers["Vary"] = _VARY_PREFLIGHT
        return refused
    return Response(
        status_code=204,
        headers={
            "Access-Control-Allow-Origin": page,
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": REQUEST_HEADERS,
            "Access-Control-Max-Age": str(PREFLIGHT_KEPT_S),
            "Vary": _VARY_PREFLIGHT,
        },
    )
