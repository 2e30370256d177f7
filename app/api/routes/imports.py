"""Imports of product exports."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from app.access.service import Principal
from app.api.deps import Catalog, CurrentMetrics, May, may
from app.api.idempotency import PARAMETER, IdempotentRoute
from app.api.models.catalog import ImportOut, ImportPage
from app.api.models.paging import PageQuery
from app.api.problems import problems
from app.api.uploads import IMPORT_FORM_SCHEMA, ImportForm, ReceivedUpload, parsed

router = APIRouter(
    prefix="/v1/imports",
    tags=["catalog"],
    route_class=IdempotentRoute,
    responses=problems(401, 403, 422, 503),
)
READ = may("catalog:read")
Writer = Annotated[Principal, Depends(May("catalog:write"))]


@router.post(
    "",
    status_code=201,
    summary="Import a product export",
    responses=problems(400, 409, 413, 415),
    openapi_extra={"requestBody": IMPORT_FORM_SCHEMA, "parameters": [PARAMETER]},
)
async def import_file(
    caller: Writer, catalog: Catalog, counters: CurrentMetrics, upload: ReceivedUpload
) -> ImportOut:
    """Good rows go in, bad ones are answered with their line and reason; the same file twice changes nothing.

    The file is streamed to disk as it arrives and read from there, whatever its size.
    """
    form = parsed(upload, ImportForm)
    report = await catalog.import_file(
        upload.path,
        filename=upload.filename,
        format=form.format,
        mode=form.mode,
        dry_run=form.dry_run,
        force=form.force,
        actor=caller.name,
    )
    if not form.dry_run:
        counters.rows_rejected.inc(report.counts.rejected_rows)
        for change in ("created", "updated", "unchanged", "discontinued"):
            counters.products_imported.labels(change).inc(getattr(report, change))
    return ImportOut.of(report)


@router.get("", dependencies=[READ], summary="List imports")
async def list_imports(catalog: Catalog, query: Annotated[PageQuery, Query()]) -> ImportPage:
    """Newest first."""
    page = await catalog.list_imports(query.limit, query.cursor)
    return ImportPage(items=[ImportOut.of(report) for report in page.items], next_cursor=page.next_cursor)


@router.get("/{id}", dependencies=[READ], summary="An import", responses=problems(404))
async def get_import(id: str, catalog: Catalog) -> ImportOut:  # noqa: A002 - the name in the address
    """What it did."""
    return ImportOut.of(await catalog.get_import(id))
