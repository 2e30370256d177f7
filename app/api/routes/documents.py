"""The shop's documents: brand, size and care guides, FAQs."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from app.access.service import Principal
from app.api.deps import Catalog, May, may
from app.api.idempotency import PARAMETER, IdempotentRoute
from app.api.models.documents import (
    FORM_LISTS,
    FORM_SCHEMA,
    DocumentChange,
    DocumentForm,
    DocumentIn,
    DocumentOut,
    DocumentPage,
    DocumentSummary,
    document_schema,
)
from app.api.models.paging import PageQuery
from app.api.problems import problems
from app.api.uploads import parsed, receive
from app.catalog.documents.values import NewDocument

router = APIRouter(
    prefix="/v1/documents",
    tags=["catalog"],
    route_class=IdempotentRoute,
    responses=problems(401, 403, 422, 503),
)
READ = may("catalog:read")
Writer = Annotated[Principal, Depends(May("catalog:write"))]
_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {"schema": document_schema()},
        "multipart/form-data": {"schema": FORM_SCHEMA},
    },
}


async def _received(request: Request) -> NewDocument:
    """The document of a request, as a file with fields or as JSON."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "multipart/form-data":
        upload = await receive(request)
        form = parsed(upload, DocumentForm, lists=FORM_LISTS)
        return form.to_value(await asyncio.to_thread(upload.path.read_bytes), upload.filename)
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise HTTPException(415, "Send the document as application/json, or a file as multipart/form-data.")
    try:
        return DocumentIn.model_validate_json(await request.body()).to_value()
    except ValidationError as error:
        found = [{**e, "loc": ("body", *e["loc"])} for e in error.errors()]
        raise RequestValidationError(found) from None


@router.post(
    "",
    status_code=201,
    summary="Add a document",
    responses=problems(400, 409, 413, 415),
    openapi_extra={"requestBody": _BODY, "parameters": [PARAMETER]},
)
async def add_document(
    request: Request, caller: Writer, catalog: Catalog, response: Response
) -> DocumentChange:
    """Read, split and kept: its sentences and table rows are facts of the products in its scope.

    What a document says is data: it is found and quoted, never obeyed.
    """
    update = await catalog.documents.add(await _received(request), caller.name)
    response.headers["Location"] = f"/v1/documents/{update.stored.document.id}"
    return DocumentChange.of_update(update)


@router.get("", dependencies=[READ], summary="List documents")
async def list_documents(catalog: Catalog, query: Annotated[PageQuery, Query()]) -> DocumentPage:
    """Newest first."""
    page = await catalog.documents.list(query.limit, query.cursor)
    return DocumentPage(items=[DocumentSummary.of(d) for d in page.items], next_cursor=page.next_cursor)


@router.get("/{id}", dependencies=[READ], summary="A document with its pieces", responses=problems(404))
async def get_document(id: str, catalog: Catalog) -> DocumentOut:  # noqa: A002 - the name in the address
    """As it was read: pieces with their headings, and the facts that they state."""
    return DocumentOut.of_stored(await catalog.documents.get(id))


@router.put(
    "/{id}",
    summary="Replace a document",
    responses=problems(400, 404, 413, 415),
    openapi_extra={"requestBody": _BODY},
)
async def replace_document(
    id: str,  # noqa: A002 - the name in the address
    request: Request,
    caller: Writer,
    catalog: Catalog,
) -> DocumentChange:
    """The whole document: statements that stay keep their ids, copy that rests on the others turns stale."""
    return DocumentChange.of_update(
        await catalog.documents.replace(id, await _received(request), caller.name)
    )


@router.delete("/{id}", status_code=204, summary="Remove a document", responses=problems(404))
async def remove_document(
    id: str,  # noqa: A002 - the name in the address
    caller: Writer,
    catalog: Catalog,
) -> Response:
    """Copy that rests on it turns stale; its number, and so the ids of its facts, are never given again."""
    await catalog.documents.remove(id, caller.name)
    return Response(status_code=204)
