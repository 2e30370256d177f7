"""A multipart upload, streamed to a file of its own, so that no catalog has to fit into memory.

What fields may stand beside the file is the route's: `parsed` reads them by a model of its own.
"""

import asyncio
import hashlib
import json
import os
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Literal, TypeVar

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from app.errors import Invalid, Unavailable

CHUNK = 1 << 20
MAX_FORM_FIELDS = 1010  # a document's scope may list a thousand SKUs
Form = TypeVar("Form", bound=BaseModel)

IMPORT_FORM_SCHEMA: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "additionalProperties": False,
                "properties": {
                    "file": {"type": "string", "format": "binary", "description": "The product export."},
                    "format": {
                        "type": "string",
                        "enum": ["auto", "shopify", "magento", "google", "csv", "jsonl"],
                        "default": "auto",
                    },
                    "mode": {
                        "type": "string",
                        "enum": ["delta", "full"],
                        "default": "delta",
                        "description": "`full`: products that the file does not name become discontinued.",
                    },
                    "dry_run": {
                        "type": "boolean",
                        "default": False,
                        "description": "Report, and write nothing.",
                    },
                    "force": {"type": "boolean", "default": False},
                },
            }
        }
    },
}


class ImportForm(BaseModel):
    """The fields beside the file."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["auto", "shopify", "magento", "google", "csv", "jsonl"] = "auto"
    mode: Literal["delta", "full"] = "delta"
    dry_run: bool = False
    force: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """A received file and the fields that came with it, in order. `fingerprint` is the same for the same content."""

    path: Path
    filename: str
    fields: tuple[tuple[str, str], ...]
    fingerprint: str


async def receive(request: Request) -> Upload:
    """The upload of this request, received once. `discard` must be called at the end.

    Raises Invalid (no file, another file), HTTPException 415 (no multipart form), 400 (broken form) or 413 (too
    large), Unavailable (the disk is full).
    """
    known: Upload | None = getattr(request.state, "upload", None)
    if known is not None:
        return known
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "multipart/form-data":
        raise HTTPException(415, "Send the file as multipart/form-data, in the field `file`.")
    try:
        async with request.form(max_files=2, max_fields=MAX_FORM_FIELDS) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise Invalid("file: the form has no file in the field `file`", pointer="form/file")
            fields = _fields([(name, value) for name, value in form.multi_items() if value is not file])
            descriptor, name = tempfile.mkstemp(prefix="shelftalker-upload-")
            path = request.state.upload_path = Path(name)
            digest = hashlib.sha256(json.dumps([fields, file.filename or ""]).encode())
            with os.fdopen(descriptor, "wb") as target:
                await asyncio.to_thread(_copy, file.file, target, digest)
    except OSError as error:
        raise Unavailable(f"the upload cannot be kept: {error.strerror}", dependency="disk") from error
    upload = Upload(path, file.filename or "upload", fields, digest.hexdigest())
    request.state.upload = upload
    return upload


def discard(request: Request) -> None:
    """Remove the file of this request's upload, if there was one."""
    path: Path | None = getattr(request.state, "upload_path", None)
    if path is not None:
        path.unlink(missing_ok=True)


def _fields(items: list[tuple[str, Any]]) -> tuple[tuple[str, str], ...]:
    for name, value in items:
        if not isinstance(value, str):
            raise Invalid(f"{name}: one file is taken, in the field `file`", pointer=f"form/{name}")
        if name == "file":
            raise Invalid("file: given more than once", pointer="form/file")
    return tuple(items)


def parsed(upload: Upload, form: type[Form], *, lists: frozenset[str] = frozenset()) -> Form:
    """The fields by a model; those in `lists` may come more than once. Raises Invalid, RequestValidationError."""
    values: dict[str, Any] = {}
    for name, value in upload.fields:
        if name in lists:
            values.setdefault(name, []).append(value)
        elif name in values:
            raise Invalid(f"{name}: given more than once", pointer=f"form/{name}")
        else:
            values[name] = value
    try:
        return form.model_validate(values)
    except ValidationError as error:
        raise RequestValidationError([{**e, "loc": ("form", *e["loc"])} for e in error.errors()]) from None


def _copy(source: BinaryIO, target: BinaryIO, digest: "hashlib._Hash") -> None:
    source.seek(0)
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        target.write(chunk)


async def _upload(request: Request) -> AsyncIterator[Upload]:
    try:
        yield await receive(request)
    finally:
        discard(request)


ReceivedUpload = Annotated[Upload, Depends(_upload)]
