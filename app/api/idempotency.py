"""`Idempotency-Key`: the same key and body get the same answer, and nothing is done twice.

A route class rather than a dependency, because it must see the answer. Kept are answers that did something (2xx);
after an error nothing was done, so the key is free again. Keys are scoped to the API key that sends them. What is
compared is the content: method, path and body, for uploads the file and its fields (their multipart boundary
differs with every try). An event stream is kept as its plain answer and replayed in whichever form is asked for.
"""

import hashlib
import re
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from app.api import sse, uploads
from app.api.deps import identify
from app.errors import Invalid
from app.storage.idempotency import IdempotencyStore, StoredAnswer

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
# As the draft of the header's standard: visible ASCII; long enough for any UUID and order number.
KEY = re.compile(r"[!-~]{1,255}")
LOCAL = "local"  # the scope of a service without keys

PARAMETER: dict[str, Any] = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": "Same key and same body: the same answer, nothing done twice. With another body: 409.",
}


class IdempotentRoute(APIRoute):
    """A route whose POST honours the header."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]  # Coroutine is an Awaitable
        """The framework's handler, wrapped."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            key = request.headers.get(HEADER)
            try:
                if key is None or request.method != "POST":
                    return await handler(request)
                return await _once(request, key, handler)
            finally:
                uploads.discard(request)

        return handle


async def _once(request: Request, key: str, handler: Callable[[Request], Awaitable[Response]]) -> Response:
    if not KEY.fullmatch(key):
        raise Invalid(f"{HEADER}: 1 to 255 visible ASCII characters", pointer=f"header/{HEADER}")
    caller = await identify(request)
    scope = caller.key_id or LOCAL
    store: IdempotencyStore = request.app.state.idempotency
    stored = await store.begin(scope, key, await _fingerprint(request))
    if stored is not None:
        return _replay(request, stored)
    try:
        response = await handler(request)
    except BaseException:
        await store.abandon(scope, key)
        raise
    if isinstance(response, sse.EventStream):
        response.body_iterator = _keep_at_end(response, response.body_iterator, store, scope, key)
    else:
        await _keep(response, request, store, scope, key)
    return response


async def _fingerprint(request: Request) -> str:
    digest = hashlib.sha256(f"{request.method} {request.scope['path']}\n".encode())
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        digest.update((await uploads.receive(request)).fingerprint.encode())
    else:
        digest.update(await request.body())
    return digest.hexdigest()


async def _keep(response: Response, request: Request, store: IdempotencyStore, scope: str, key: str) -> None:
    """Keep an answer that did something; `state.stored_body` stands in where the answer holds a secret."""
    if not 200 <= response.status_code < 300:
        await store.abandon(scope, key)
        return
    body: bytes = getattr(request.state, "stored_body", None) or bytes(response.body)
    headers = {
        name: response.headers[name]
        for name in ("content-type", "etag", "location")
        if name in response.headers
    }
    await store.finish(scope, key, StoredAnswer(response.status_code, headers, body))


async def _keep_at_end(
    stream: sse.EventStream, inner: AsyncIterable[Any], store: IdempotencyStore, scope: str, key: str
) -> AsyncIterator[Any]:
    try:
        async for chunk in inner:
            yield chunk
    finally:
        if stream.complete is None:
            await store.abandon(scope, key)
        else:
            headers = {"content-type": "application/json"}
            await store.finish(scope, key, StoredAnswer(201, headers, stream.complete))


def _replay(request: Request, stored: StoredAnswer) -> Response:
    if sse.wants_events(request) and request.scope["path"] == "/v1/copy":
        events: Response = sse.EventStream(request, sse.replayed(stored.body), status_code=stored.status)
        events.headers[REPLAYED] = "true"
        return events
    return Response(stored.body, status_code=stored.status, headers={**stored.headers, REPLAYED: "true"})
