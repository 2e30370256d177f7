"""What a request may take: how large and how deep its body is, how long it lasts, how often it comes."""

import asyncio
import math
import re
from collections.abc import Awaitable, Callable
from itertools import accumulate

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.outcomes import outcome_for_status, outcome_of
from app.api.problems import problem
from app.errors import TooLarge
from app.storage.state.memory import MINUTE_S
from app.storage.state.protocols import Standing

MAX_DEPTH = 64  # arrays and objects within one another; what the models allow is a fraction of it
_STRINGS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS = bytes(set(range(256)) - _STEPS.keys())
RETRY_AFTER_S = 5


class BodyTooLarge(HTTPException):
    """Raised out of `receive`. An HTTPException, because FastAPI lets only those through while it reads a body."""

    def __init__(self, limit: int) -> None:
        super().__init__(413, f"The body is larger than the {limit / 2**20:g} MB that this resource takes.")


class BodyTooDeep(HTTPException):
    """As `BodyTooLarge`, for what a parser would have to descend into."""

    def __init__(self) -> None:
        super().__init__(422, f"The body is nested deeper than the {MAX_DEPTH} levels that are read.")


class BodyLimit:
    """Refuses bodies over a limit: by their Content-Length at once, without one as soon as they pass it.

    And JSON that is nested too deep, before anything parses it.
    """

    def __init__(self, app: ASGIApp, *, limit: int, limits: dict[str, int]) -> None:
        self.app = app
        self.limit = limit
        self.limits = limits  # path of a collection → bytes, for it and what is in it

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit = self.limits.get("/".join(scope["path"].split("/")[:3]), self.limit)
        declared = headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > limit:
            detail = BodyTooLarge(limit).detail
            response = problem(
                Request(scope), outcome_of(TooLarge("")), detail, headers={"Connection": "close"}
            )
            await response(scope, receive, send)
            return
        await self.app(scope, _limited(receive, limit, is_upload=_is_upload(headers)), send)


def _is_upload(headers: Headers) -> bool:
    return headers.get("content-type", "").lower().startswith("multipart/")


def _limited(receive: Receive, limit: int, *, is_upload: bool) -> Callable[[], Awaitable[Message]]:
    received = 0
    kept: list[bytes] = []  # uploads are not kept: they go to a file, and are no JSON

    async def receive_within() -> Message:
        nonlocal received
        message = await receive()
        if message["type"] == "http.request":
            body = message.get("body", b"")
            received += len(body)
            if received > limit:
                raise BodyTooLarge(limit)
            if not is_upload:
                kept.append(body)
                if not message.get("more_body", False) and is_deep(b"".join(kept)):
                    raise BodyTooDeep
        return message

    return receive_within


def is_deep(body: bytes) -> bool:
    """Whether JSON has more than `MAX_DEPTH` arrays and objects within one another.

    Of what is no JSON: whether a parser would have to descend so deep before it finds out.
    """
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return False
    brackets = _STRINGS.sub(b"", body).translate(None, _NO_BRACKETS)
    return max(accumulate(map(_STEPS.__getitem__, brackets)), default=0) > MAX_DEPTH


class TimeLimit:
    """Ends a request that lasts too long before it was answered: 504, and what it had begun is undone.

    Until the answer begins, that is: a stream may last. Uploads may too: how long a catalog takes is known to nobody.
    """

    def __init__(self, app: ASGIApp, *, seconds: float) -> None:
        self.app = app
        self.seconds = seconds  # 0: without end

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or not self.seconds or _is_upload(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self.seconds) as limit:

                async def send_in_time(message: Message) -> None:
                    if message["type"] == "http.response.start":
                        limit.reschedule(None)
                    await send(message)

                await self.app(scope, receive, send_in_time)
        except TimeoutError:
            if not limit.expired():
                raise
            detail = f"A request may take no longer than {self.seconds:g} s; nothing of this one was kept."
            headers = {"Retry-After": str(RETRY_AFTER_S)}
            response = problem(Request(scope), outcome_for_status(504), detail, headers=headers)
            await response(scope, receive, send)


def rate_headers(standing: Standing, per_minute: int) -> list[tuple[bytes, bytes]]:
    """`RateLimit-Policy` and `RateLimit`, as the IETF's draft has them since its eighth version.

    https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/: quota `q` in a window of `w` seconds; `r`
    calls remain, and after `t` seconds the whole quota is there again.
    """
    return [
        (b"ratelimit-policy", b'"key";q=%d;w=%d' % (per_minute, MINUTE_S)),
        (b"ratelimit", b'"key";r=%d;t=%d' % (standing.remaining, math.ceil(standing.full_s))),
    ]
