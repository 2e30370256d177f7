"""Server-sent events: the stages of a text as they happen, then `done`; or `error`, with a problem document.

A stream ends with `error` too when the key that asked for it is revoked or expires.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from fastapi import Request
from starlette.responses import StreamingResponse

from app.api.outcomes import outcome_for_status
from app.api.problems import answer, problem
from app.api.watching import while_valid
from app.errors import ShelftalkerError

MEDIA_TYPE = "text/event-stream"
log = structlog.get_logger("shelftalker.api")


@dataclass(frozen=True, slots=True)
class Event:
    """One event; `data` is JSON-ready."""

    name: str
    data: Mapping[str, Any]

    def encode(self) -> bytes:
        """The event as it goes over the wire. JSON has no raw line breaks, so one `data:` line holds it."""
        return b"event: %s\ndata: %s\n\n" % (self.name.encode(), orjson.dumps(self.data))


class EventStream(StreamingResponse):
    """An answer of events. `complete` is the plain answer they amount to, None until `done` was sent."""

    media_type = MEDIA_TYPE

    def __init__(self, request: Request, events: AsyncIterator[Event], *, status_code: int = 200) -> None:
        self.complete: bytes | None = None
        super().__init__(
            self._encoded(request, events),
            status_code=status_code,
            # Proxies would otherwise hold the events back until the end.
            headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
        )

    async def _encoded(self, request: Request, events: AsyncIterator[Event]) -> AsyncIterator[bytes]:
        items: list[Any] = []
        try:
            async for event in while_valid(request, events):
                if event.name == "copy":
                    items.append(event.data)
                elif event.name == "done":
                    self.complete = orjson.dumps({"items": items})
                yield event.encode()
        except ShelftalkerError as error:
            yield _error(answer(request, error).body)
        except Exception:  # the status is sent, so a fault can only be told as an event
            log.exception("unexpected error in a stream")
            response = problem(request, outcome_for_status(500), "This is a fault of ours; the log has it.")
            yield _error(response.body)


def wants_events(request: Request) -> bool:
    """Whether the caller asks for events: `Accept` names them, and not as refused (`q=0`)."""
    for part in request.headers.get("accept", "").split(","):
        media_type, *parameters = [piece.strip().lower() for piece in part.split(";")]
        if media_type == MEDIA_TYPE:
            return not any(p.replace(" ", "") in ("q=0", "q=0.0", "q=0.00", "q=0.000") for p in parameters)
    return False


async def replayed(stored: bytes) -> AsyncIterator[Event]:
    """The events of an answer that was given before: each copy, and `done`."""
    items = orjson.loads(stored)["items"]
    for item in items:
        yield Event("copy", item)
    yield Event("done", {"copies": len(items)})


def _error(body: bytes | memoryview) -> bytes:
    return b"event: error\ndata: %s\n\n" % bytes(body)
