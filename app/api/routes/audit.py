"""The audit: who did what when."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import StreamingResponse

from app.api.deps import Audit, may
from app.api.models.audit import AuditEntry, AuditExportQuery, AuditFilter, AuditPage
from app.api.problems import problems
from app.api.watching import while_valid

router = APIRouter(
    prefix="/v1/audit",
    tags=["audit"],
    dependencies=[may("audit:read")],
    responses=problems(401, 403, 422, 503),
)


@router.get("", summary="Who did what when")
async def list_entries(audit: Audit, query: Annotated[AuditFilter, Query()]) -> AuditPage:
    """Newest first. Entries are only ever added: none is changed or removed, and no number is left out."""
    page = await audit.page(query.to_value(), query.limit, query.cursor)
    return AuditPage(items=[AuditEntry.of(entry) for entry in page.items], next_cursor=page.next_cursor)


@router.get(
    "/export",
    summary="The audit as JSON Lines",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "One entry a line, oldest first.",
            "content": {"application/jsonl": {"schema": {"$ref": "#/components/schemas/AuditEntry"}}},
        }
    },
)
async def export_entries(
    request: Request, audit: Audit, query: Annotated[AuditExportQuery, Query()]
) -> StreamingResponse:
    """All entries behind number `after`, for a log store of yours.

    Numbers follow the order in which things were done: a store that asks again with the last number that it has
    misses none.
    """

    async def lines() -> AsyncIterator[bytes]:
        async for entries in while_valid(request, audit.after(query.after)):
            yield b"".join(AuditEntry.of(entry).model_dump_json().encode() + b"\n" for entry in entries)

    return StreamingResponse(lines(), media_type="application/jsonl")
