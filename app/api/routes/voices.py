"""Voices, learnt or written; rules for every voice; and the check of any text against them."""

import re
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from app.access.service import Principal
from app.api.deps import Catalog, May, Voices, may
from app.api.idempotency import PARAMETER, IdempotentRoute
from app.api.models.base import Text
from app.api.models.paging import PageQuery
from app.api.models.voice_checks import VoiceCheckIn, VoiceCheckOut
from app.api.models.voices import (
    LearnIn,
    LearntOut,
    RuleIn,
    RuleOut,
    RulePage,
    VoiceIn,
    VoiceOut,
    VoicePage,
)
from app.api.problems import problems
from app.api.voice_checks import judged
from app.copywriting.voices.learning import MAX_SAMPLES, NewSample
from app.errors import Invalid
from app.storage.pages import decode_cursor, page_of

router = APIRouter(
    prefix="/v1", tags=["voices"], route_class=IdempotentRoute, responses=problems(401, 403, 422, 503)
)
# Learning keeps nothing, so that there is nothing to do twice; its form takes several files.
learning = APIRouter()
READ = may("copy:read")
Author = Annotated[Principal, Depends(May("voices:write"))]
_TAG = re.compile(r'(?:W/)?"(\d{1,9})"')
_SAMPLES_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {"schema": LearnIn.model_json_schema()},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "additionalProperties": False,
                "properties": {
                    "file": {
                        "type": "array",
                        "minItems": 1,
                        "items": {"type": "string", "format": "binary"},
                        "description": "Text, Markdown or HTML; as many as you like.",
                    },
                    "extends": {"type": "string", "default": "plain"},
                },
            }
        },
    },
}


class RuleFilter(PageQuery):
    """Which brand rules."""

    removed: bool = Query(False, description="Those too that no longer hold.")


# -- voices ----------------------------------------------------------------------------------------------------


@router.get("/voices", dependencies=[READ], summary="Voices")
async def list_voices(voices: Voices, query: Annotated[PageQuery, Query()]) -> VoicePage:
    """How a text can sound: the shipped voices first, then the shop's own by name."""
    found = [VoiceOut.of(voice) for voice in await voices.list()]
    at = 0
    if query.cursor is not None:
        after = decode_cursor(query.cursor)
        at = next((i for i, voice in enumerate(found, 1) if voice.name == after), -1)
        if at < 0:
            raise Invalid("cursor: this one belongs to another list", pointer="query/cursor")
    rows = found[at : at + query.limit + 1]
    page = page_of(rows, query.limit, [voice.name for voice in rows])
    return VoicePage(items=list(page.items), next_cursor=page.next_cursor)


@router.get("/voices/{name}", dependencies=[READ], summary="A voice", responses=problems(404))
async def get_voice(name: str, voices: Voices, response: Response) -> VoiceOut:
    """What it says itself, and in `rules` all that it asks of a text; `ETag` carries its version."""
    return _tagged(VoiceOut.of(await voices.get(name)), response)


@router.put("/voices/{name}", summary="Make or change a voice", responses=problems(400, 412, 413, 415))
async def put_voice(
    name: str,
    caller: Author,
    voices: Voices,
    body: VoiceIn,
    response: Response,
    if_match: Annotated[
        str | None,
        Header(
            description='The version that was changed, as `ETag` gave it (`"3"`): another one answers 412.'
        ),
    ] = None,
) -> VoiceOut:
    """A voice of the shop's own, which extends a shipped one. It holds at once, on other replicas within 2 s."""
    voice = await voices.put(name, body.to_value(), caller.name, expected_version=_version(if_match))
    return _tagged(VoiceOut.of(voice), response)


@router.delete("/voices/{name}", status_code=204, summary="Delete a voice", responses=problems(404, 409))
async def delete_voice(name: str, caller: Author, voices: Voices) -> Response:
    """It can no longer be asked for; texts that were written in it are still judged by it."""
    await voices.delete(name, caller.name)
    return Response(status_code=204)


@learning.post(
    "/voices/learn",
    dependencies=[READ],
    summary="Learn a voice from samples",
    responses=problems(400, 413, 415),
    openapi_extra={"requestBody": _SAMPLES_BODY},
)
async def learn_voice(request: Request, voices: Voices) -> LearntOut:
    """Measured, with numbers and how sure they are; what too little text cannot tell is said to be unknown.

    Nothing is saved and no address is fetched: edit `voice` and put it under a name.
    """
    samples, extends = await _samples(request)
    return LearntOut.of(await voices.learn(samples, extends))


router.include_router(learning)


# -- brand rules -----------------------------------------------------------------------------------------------


@router.get("/brand-rules", dependencies=[READ], summary="Brand rules")
async def list_rules(voices: Voices, query: Annotated[RuleFilter, Query()]) -> RulePage:
    """Phrases that no text may have, whatever its voice; oldest first."""
    page = await voices.rules(query.limit, query.cursor, removed=query.removed)
    return RulePage(items=[RuleOut.model_validate(r) for r in page.items], next_cursor=page.next_cursor)


@router.post(
    "/brand-rules",
    status_code=201,
    summary="Add a brand rule",
    responses=problems(400, 409, 413, 415),
    openapi_extra={"parameters": [PARAMETER]},
)
async def add_rule(caller: Author, voices: Voices, body: RuleIn) -> RuleOut:
    """It bars approval from now on. The same rule again is the rule that there is; another replacement is a conflict."""
    rule = await voices.add_rule(body.phrase, body.reason, caller.name, body.replacement)
    return RuleOut.model_validate(rule)


@router.delete("/brand-rules/{id}", status_code=204, summary="Remove a brand rule", responses=problems(404))
async def remove_rule(id: str, caller: Author, voices: Voices) -> Response:  # noqa: A002 - the name in the address
    """It no longer holds; `?removed=true` still lists it."""
    await voices.remove_rule(id, caller.name)
    return Response(status_code=204)


# -- checks ----------------------------------------------------------------------------------------------------


@router.post(
    "/checks/voice",
    tags=["checks"],
    dependencies=[READ],
    summary="Judge how a text sounds",
    responses=problems(400, 404, 409, 413, 415),
    openapi_extra={"parameters": [PARAMETER]},
)
async def check_voice(body: VoiceCheckIn, voices: Voices, catalog: Catalog) -> VoiceCheckOut:
    """Every fault with its place and words. `fix` puts right what is safe: never in names, facts' values or quotations.

    A correction that would claim what no fact bears is not made. Nothing is stored.
    """
    facts = [fact.to_value() for fact in body.facts]
    if body.sku is not None:
        facts += (await catalog.get_product(body.sku)).facts
    return await anyio.to_thread.run_sync(judged, body, await voices.book(), facts)


def _tagged(voice: VoiceOut, response: Response) -> VoiceOut:
    response.headers["ETag"] = f'"{voice.version}"'
    return voice


def _version(if_match: Text | None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise Invalid('If-Match: send the version as ETag gave it, like "3"', pointer="header/If-Match")
    return int(found[1])


async def _samples(request: Request) -> tuple[list[NewSample], str]:
    """The samples of a request: JSON, or a form with files."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "multipart/form-data":
        return await _uploaded(request)
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise HTTPException(415, "Send samples as application/json, or files as multipart/form-data.")
    try:
        body = LearnIn.model_validate_json(await request.body())
    except ValidationError as error:
        raise RequestValidationError([{**e, "loc": ("body", *e["loc"])} for e in error.errors()]) from None
    return [sample.to_value() for sample in body.samples], body.extends


async def _uploaded(request: Request) -> tuple[list[NewSample], str]:
    samples: list[NewSample] = []
    extends = "plain"
    async with request.form(max_files=MAX_SAMPLES + 1, max_fields=10) as form:
        for name, value in form.multi_items():
            if name == "file" and isinstance(value, UploadFile):
                samples.append(NewSample(await value.read(), value.filename or ""))
            elif name == "extends" and isinstance(value, str):
                extends = value
            else:
                raise Invalid(f"{name}: the form has `file` and `extends`", pointer=f"form/{name}")
    if not samples:
        raise Invalid("file: the form has no file in the field `file`", pointer="form/file")
    return samples, extends
