"""Documents, their pieces and their scope."""

import json
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from app.api.models.base import Answer, Body, Sku, Text, Time
from app.api.models.catalog import FactOut
from app.catalog.documents.service import MAX_SKUS
from app.catalog.documents.values import (
    ALL,
    Document,
    DocumentUpdate,
    NewDocument,
    Scope,
    StoredDocument,
    path_of,
)
from retrieval.readers import MAX_TEXT, Format

FormatIn = Literal["auto", "markdown", "html", "text", "pdf"]
TITLE_CHARS = 300
SOURCE_CHARS = 4 * MAX_TEXT  # of the text with its markup


def _path(value: object) -> object:
    return list(path_of(value)) if isinstance(value, str) else value


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Path = Annotated[
    list[Text],
    BeforeValidator(_path, json_schema_input_type=str | list[str]),
    Field(min_length=1, max_length=50, description='From the top, as a list or as "Clothing > T-Shirts".'),
]
Skus = Annotated[
    list[Sku],
    BeforeValidator(_listed, json_schema_input_type=str | list[str]),
    Field(min_length=1, max_length=MAX_SKUS),
]


class ScopeIn(Body):
    """Which products a document applies to: one of these; none of them says nothing."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"category": "Clothing > T-Shirts"}, {"brand": "Fernweh"}]},
    )

    all: Literal[True] | None = None
    brand: Text | None = Field(None, min_length=1, max_length=500)
    category: Path | None = Field(None, description="That category and all below it.")
    skus: Skus | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(value is not None for value in (self.all, self.brand, self.category, self.skus)) > 1:
            raise ValueError("give one of all, brand, category and skus")
        return self

    def to_value(self) -> Scope | None:
        """The scope that the domain reads; None where nothing is said."""
        if self.brand is not None:
            return Scope("brand", (self.brand.strip(),))
        if self.category is not None:
            return Scope("category", tuple(self.category))
        if self.skus is not None:
            return Scope("sku", tuple(dict.fromkeys(self.skus)))
        return ALL if self.all else None


def _all_as_object(value: object) -> object:
    return {"all": True} if value == "all" else value


AnyScope = Annotated[
    ScopeIn, BeforeValidator(_all_as_object, json_schema_input_type=ScopeIn | Literal["all"])
]


class DocumentIn(Body):
    """A document as JSON: `text` (Markdown or plain) or `html`. Files, PDFs too, come as multipart/form-data."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "title": "Care guide",
                    "text": "# Washing\n\nWash inside out at 30 °C.",
                    "scope": {"category": "Clothing"},
                }
            ]
        },
    )

    title: Text | None = Field(
        None, max_length=TITLE_CHARS, description="What it calls itself, if not given."
    )
    text: Text | None = Field(None, max_length=SOURCE_CHARS)
    html: Text | None = Field(None, max_length=SOURCE_CHARS)
    format: FormatIn = Field("auto", description="Found out from the content, if not given.")
    scope: AnyScope | None = Field(
        None, description="Left out: as it was, where a document is replaced; else all products."
    )

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if (self.text is None) == (self.html is None):
            raise ValueError("give the document's words as `text` or as `html`")
        if self.format == "pdf" or (self.html is not None and self.format not in {"auto", "html"}):
            raise ValueError(f"format {self.format!r} does not fit: a PDF comes as a file, `html` is HTML")
        return self

    def to_value(self) -> NewDocument:
        """The document that the domain reads."""
        chosen: Format | None = "html" if self.html is not None else _format(self.format)
        source = self.html if self.html is not None else self.text or ""
        return NewDocument(source, chosen, self.title, self.scope.to_value() if self.scope else None)


def _parsed(value: object) -> object:
    """A form's field is text: its JSON, or the word `all`."""
    if not isinstance(value, str) or value == "all":
        return value
    try:
        return json.loads(value)
    except (json.JSONDecodeError, RecursionError):
        raise ValueError('JSON as {"brand": "Fernweh"}, or the word all') from None


class DocumentForm(BaseModel):
    """The fields beside a file: `scope` as JSON, or brand, category or sku by themselves."""

    model_config = ConfigDict(extra="forbid")

    title: Text | None = Field(None, max_length=TITLE_CHARS)
    format: FormatIn = "auto"
    scope: Annotated[AnyScope | None, BeforeValidator(_parsed)] = None
    brand: Text | None = Field(None, min_length=1, max_length=500)
    category: Path | None = None
    sku: Skus | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(value is not None for value in (self.scope, self.brand, self.category, self.sku)) > 1:
            raise ValueError("give one of scope, brand, category and sku")
        return self

    def to_value(self, source: bytes, filename: str) -> NewDocument:
        """The document that the domain reads."""
        scope = self.scope
        if self.brand is not None or self.category is not None or self.sku is not None:
            scope = ScopeIn(brand=self.brand, category=self.category, skus=self.sku)
        value = scope.to_value() if scope is not None else None
        return NewDocument(source, _format(self.format), self.title, value, filename)


FORM_LISTS = frozenset({"sku"})
FORM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["file"],
    "additionalProperties": False,
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "Markdown, HTML, text or PDF."},
        "title": {"type": "string", "maxLength": TITLE_CHARS},
        "format": {"type": "string", "enum": ["auto", "markdown", "html", "text", "pdf"], "default": "auto"},
        "brand": {"type": "string", "description": "Applies to products of this brand."},
        "category": {"type": "string", "description": 'Applies to this category: "Clothing > T-Shirts".'},
        "sku": {"type": "array", "items": {"type": "string"}, "description": "Applies to these products."},
        "scope": {"type": "string", "description": "The same as JSON, in place of the three above."},
    },
}


def document_schema() -> dict[str, Any]:
    """The JSON Schema of `DocumentIn` in one piece: a body of two media types is described by hand."""
    schema = DocumentIn.model_json_schema()
    schema["properties"]["scope"] = {
        "anyOf": [ScopeIn.model_json_schema(), {"const": "all"}],
        "description": "Which products it applies to; left out: as it was, for a new one all.",
    }
    schema.pop("$defs", None)
    return schema


def _format(chosen: FormatIn) -> Format | None:
    return None if chosen == "auto" else chosen


class ScopeOut(Answer):
    """Which products a document applies to; what it is not scoped by is null."""

    all: bool
    brand: str | None
    category: list[str] | None
    skus: list[str] | None

    @classmethod
    def of(cls, scope: Scope) -> "ScopeOut":
        """The answer for a scope."""
        values = list(scope.values)
        return cls(
            all=scope.kind == "all",
            brand=values[0] if scope.kind == "brand" else None,
            category=values if scope.kind == "category" else None,
            skus=values if scope.kind == "sku" else None,
        )


class DocumentSummary(Answer):
    """A document without its words."""

    id: str = Field(examples=["D3"])
    title: str
    format: Format
    scope: ScopeOut
    filename: str | None
    characters: int = Field(description="Of its plain text.")
    facts_count: int
    version: int
    notes: list[str] = Field(description="What in it gave no fact, and why.")
    created_by: str
    created_at: Time
    updated_at: Time

    @classmethod
    def of(cls, document: Document) -> "DocumentSummary":
        """The answer for a document in a list."""
        return cls(**_members(document))


class PieceOut(Answer):
    """A stretch of a document: headings above it, its text, and the ids of the facts that it states."""

    n: int = Field(description="Its place: facts of it have the source `document:ID#n`.")
    heading: list[str]
    text: str
    facts: list[str]
    guidance: list[str] = Field(
        description="Its sentences that are no facts: how to write, questions, what others do or say."
    )


class DocumentOut(DocumentSummary):
    """A document with its pieces and its facts."""

    pieces: list[PieceOut]
    facts: list[FactOut]

    @classmethod
    def of_stored(cls, stored: StoredDocument) -> "DocumentOut":
        """The answer for a whole document."""
        return cls(**_whole(stored))


class DocumentChange(DocumentOut):
    """A document that was put, and what that changed."""

    facts_changed: int = Field(description="Statements that were there before and are other now, or gone.")
    copy_stale: int = Field(description="Copies that turned stale, because they rest on such a statement.")

    @classmethod
    def of_update(cls, update: DocumentUpdate) -> "DocumentChange":
        """The answer for a document that was put."""
        return cls(**_whole(update.stored), facts_changed=update.facts_changed, copy_stale=update.copy_stale)


class DocumentPage(Answer):
    """A page of documents."""

    items: list[DocumentSummary]
    next_cursor: str | None


def _members(document: Document) -> dict[str, Any]:
    names = [name for name in DocumentSummary.model_fields if name != "scope"]
    return {name: getattr(document, name) for name in names} | {"scope": ScopeOut.of(document.scope)}


def _whole(stored: StoredDocument) -> dict[str, Any]:
    return {
        **_members(stored.document),
        "pieces": [PieceOut.model_validate(piece) for piece in stored.pieces],
        "facts": [FactOut.model_validate(fact) for fact in stored.facts],
    }
