"""Every error as RFC 9457 `application/problem+json`, from the one table in `outcomes`."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from app.api.outcomes import Outcome, outcome_for_status, outcome_of
from app.errors import Invalid, RateLimited, ShelftalkerError, Unauthenticated, Unavailable

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 2  # of an unavailable dependency: a lock or a restart usually takes no longer
log = structlog.get_logger("shelftalker.api")


class InvalidPart(BaseModel):
    """One thing wrong with the input."""

    pointer: str = Field(
        description="Where: an RFC 6901 JSON Pointer into the body (`/sku`), or `query/NAME`, `path/NAME`, "
        "`header/NAME`, `form/NAME` outside of it. Empty: the body as a whole.",
        examples=["/variants"],
    )
    detail: str = Field(description="What is wrong there.", examples=["Input should be at least 1"])


class ProblemDetails(BaseModel):
    """RFC 9457. Further members depend on the type: `dependency`, `sentences`, `ways_out`."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(
        description="Names the kind; the page it points at explains it.", examples=["/docs#problem-invalid"]
    )
    title: str = Field(description="The same for every problem of the kind.", examples=["The input is wrong"])
    status: int = Field(examples=[422])
    detail: str = Field(description="What is the matter this time.")
    request_id: str | None = Field(
        None, description="The `X-Request-ID` of the answer: quote it when asking for help."
    )
    errors: list[InvalidPart] | None = Field(None, description="Each thing wrong with the input.")


def problem(
    request: Request,
    outcome: Outcome,
    detail: str,
    *,
    errors: Sequence[InvalidPart] = (),
    extra: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer for an error. Members of `extra` never replace those of the RFC."""
    body = ProblemDetails(
        **{
            **(extra or {}),
            "type": f"/docs#problem-{outcome.slug}",
            "title": outcome.title,
            "status": outcome.status,
            "detail": detail,
            "request_id": request.scope.get("request_id"),
            "errors": list(errors) or None,
        }
    )
    return Response(
        body.model_dump_json(exclude_none=True),
        status_code=outcome.status,
        media_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that can answer with these statuses, for the OpenAPI document."""
    return {
        status: {
            "description": outcome_for_status(status).title,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
        }
        for status in statuses
    }


def answer(request: Request, error: ShelftalkerError) -> Response:
    """The problem document of a kind of error, with the headers its kind asks for."""
    headers: dict[str, str] = {}
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="shelftalker"'
    elif isinstance(error, RateLimited):
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    elif isinstance(error, Unavailable):
        headers["Retry-After"] = str(RETRY_AFTER_S)
    parts = (
        [InvalidPart(pointer=p.pointer, detail=p.detail) for p in error.problems]
        if isinstance(error, Invalid)
        else []
    )
    return problem(request, outcome_of(error), error.detail, errors=parts, extra=error.extra, headers=headers)


async def _on_kind(request: Request, error: Exception) -> Response:
    assert isinstance(error, ShelftalkerError)  # noqa: S101 - Starlette types handlers by Exception
    if isinstance(error, Unavailable):
        log.warning("dependency unavailable", dependency=error.dependency, detail=error.detail)
    return answer(request, error)


async def _on_protocol(request: Request, error: Exception) -> Response:
    """404 and 405 of the router, 413 of the size limit, and whatever the framework raises."""
    assert isinstance(error, HTTPException)  # noqa: S101 - Starlette types handlers by Exception
    outcome = outcome_for_status(error.status_code)
    detail = {
        400: "The body cannot be read.",
        404: f"There is nothing at {request.url.path}; /docs lists what there is.",
        405: f"{request.url.path} does not take {request.method}.",
    }.get(error.status_code, str(error.detail))
    return problem(request, outcome, detail, headers=dict(error.headers or {}))


async def _on_invalid(request: Request, error: Exception) -> Response:
    """What pydantic found: 400 where the body is no JSON, 415 where it does not say that it is, else 422."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - Starlette types handlers by Exception
    found = list(error.errors())
    if any(e["type"] == "json_invalid" for e in found):
        position = found[0]["loc"][-1]
        why = found[0].get("ctx", {}).get("error", "")
        detail = f"The body is no JSON: {why} at character {position}." if why else "The body is no JSON."
        return problem(request, outcome_for_status(400), detail)
    if _media_type_is_wrong(request, found):
        return problem(request, outcome_for_status(415), "Send the body as Content-Type: application/json.")
    # A value of several possible types gives an error for each: one for each place is enough.
    parts = list(
        {
            p.pointer: p
            for e in reversed(found)
            for p in [InvalidPart(pointer=pointer_of(e["loc"]), detail=_phrase(e))]
        }.values()
    )[::-1]
    first = f"{parts[0].pointer or 'the body'}: {parts[0].detail}"
    more = f" (and {len(parts) - 1} more)" if len(parts) > 1 else ""
    return problem(request, outcome_of(Invalid("")), first + more, errors=parts)


def bug(request: Request, error: Exception) -> Response:
    """The last resort, called by the outermost middleware: the trace goes to the log, never to the answer."""
    log.error("unexpected error", exc_info=error)
    return problem(
        request,
        outcome_for_status(500),
        "This is a fault of ours, not of your request. The log has it under the request id.",
    )


_UNION_TAG = re.compile(r"constrained-\w+|(?:list|dict|function-\w+)\[.*\]")


def pointer_of(location: Iterable[int | str]) -> str:
    """A pydantic location as an RFC 6901 pointer into the body, or `query/NAME` and its like outside of it."""
    parts = [str(part) for part in location]
    # Which of several possible types was tried is pydantic's affair, and no place in the body.
    place, *path = [
        part.replace("~", "~0").replace("/", "~1") for part in parts if not _UNION_TAG.fullmatch(part)
    ]
    joined = "/".join(path)
    if place == "body":
        return f"/{joined}" if path else ""
    return f"{place}/{joined}"


def _phrase(error: Mapping[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        return "there is no such field"
    message = str(error["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:] if message[1:2].islower() else message


def _media_type_is_wrong(request: Request, found: Sequence[Mapping[str, Any]]) -> bool:
    """FastAPI hands on a body of another type as bytes, so that the model then misses its object."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = media_type == "application/json" or media_type.endswith("+json")
    return not is_json and any(tuple(e["loc"]) == ("body",) and e["type"] != "missing" for e in found)


def install(app: FastAPI) -> None:
    """Give `app` the handlers of every kind of error."""
    app.add_exception_handler(ShelftalkerError, _on_kind)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_protocol)
