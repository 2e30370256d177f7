"""`/docs`: the OpenAPI document as one page to read. No script, nothing from elsewhere: it works offline."""

import functools
import html
import json
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from jinja2 import Environment, FileSystemLoader, select_autoescape

from app.api.outcomes import OUTCOMES, PROTOCOL

FOLDER = Path(__file__).parent / "pages"
METHODS = ("get", "post", "put", "patch", "delete")
router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def docs(request: Request) -> Response:
    """The reference page."""
    page = _templates().get_template("reference.html.j2")
    document = request.app.openapi()
    body = page.render(
        info=document["info"],
        groups=_groups(document),
        schemas=document["components"]["schemas"],
        problems=[*OUTCOMES.values(), *PROTOCOL.values()],
    )
    return Response(body, media_type="text/html")


@router.get("/docs/style.css")
async def style() -> Response:
    """Its stylesheet."""
    return Response((FOLDER / "reference.css").read_text("utf-8"), media_type="text/css")


@functools.cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["code"] = _code
    environment.filters["pretty"] = lambda value: json.dumps(value, indent=2, ensure_ascii=False)
    environment.globals["type_of"] = type_of
    return environment


def _groups(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The operations under their tags, in the document's order."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if operation := methods.get(method):
                groups.setdefault(operation["tags"][0], []).append(
                    {**operation, "method": method.upper(), "path": path}
                )
    return groups


def type_of(schema: dict[str, Any]) -> str:
    """A schema in a few words; the name of a component is its own."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(type_of(option) for option in schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        return " | ".join(json.dumps(value) for value in schema.get("enum", [schema.get("const")]))
    kind = str(schema.get("type", "any"))
    if kind == "array":
        return f"[{type_of(schema.get('items', {}))}]"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"{{name: {type_of(schema['additionalProperties'])}}}"
    return str(schema.get("format", kind))


def _code(text: str) -> Any:
    """Plain text in which `backticks` become code elements; everything else is escaped."""
    from markupsafe import Markup  # noqa: PLC0415 - Jinja2 brings it

    parts = html.escape(text).split("`")
    return Markup("".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts)))  # noqa: S704 - escaped above
