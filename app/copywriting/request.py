"""What a caller asks for, checked against what there is before anything is done."""

import hashlib
from dataclasses import dataclass
from typing import Literal, get_args

import orjson

import prompts
from app.copywriting.copy import ANGLES, LOCALES, Angle
from app.copywriting.voices.values import Voice, VoiceBook, book_of
from app.errors import Invalid, Problem

CHANNELS = ("storefront",)
DEFAULT_TEMPLATE = "product_description"
MAX_VARIANTS = 8
WriterChoice = Literal["auto", "llm", "template"]


@dataclass(frozen=True, slots=True)
class CopyRequest:
    """One request for copy about one product. `template` is a name or `name@version`.

    `fix` puts right in any voice what a shop's own voice puts right always.
    """

    sku: str
    template: str = DEFAULT_TEMPLATE
    channel: str = "storefront"
    locale: str = "en-US"
    voice: str = "plain"
    audience: str | None = None
    angle: str | None = None
    keyphrase: str | None = None
    fields: tuple[str, ...] = ()
    variants: int = 1
    writer: str = "auto"
    instructions: str | None = None
    fix: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """A request whose every name was found."""

    request: CopyRequest
    template: prompts.Template
    voice: Voice
    angle: Angle | None

    def hash_for(self, facts_hash: str, angle: Angle | None, variant: int) -> str:
        """What decides a text: same hash, same text. Bulk runs skip products that have a copy with it."""
        request = self.request
        parts = [
            request.sku,
            self.template.hash,
            request.channel,
            request.locale,
            self.voice.name,
            self.voice.base,
            self.voice.rules,
            request.audience,
            request.keyphrase,
            request.fields,
            request.instructions,
            request.writer,
            request.fix,
            facts_hash,
            angle,
            variant,
        ]
        return hashlib.sha256(orjson.dumps(parts)).hexdigest()


def check_request(request: CopyRequest, book: VoiceBook | None = None) -> Order:
    """The order for a request; without a `book` only the shipped voices are known.

    Raises Invalid with a problem for each wrong member, naming the known values.
    """
    book = book or book_of()
    problems: list[Problem] = []

    def known(member: str, value: str, choices: tuple[str, ...]) -> None:
        if value not in choices:
            problems.append(Problem(f"/{member}", f"unknown {member} {value!r}; known: {', '.join(choices)}"))

    known("channel", request.channel, CHANNELS)
    known("locale", request.locale, LOCALES)
    known("voice", request.voice, book.names)
    known("writer", request.writer, get_args(WriterChoice))
    if request.angle is not None:
        known("angle", request.angle, ANGLES)
    if not 1 <= request.variants <= MAX_VARIANTS:
        problems.append(Problem("/variants", f"variants must be 1 to {MAX_VARIANTS}, not {request.variants}"))
    template = None
    try:
        template = prompts.load(request.template)
    except prompts.UnknownTemplateError as error:
        problems.append(Problem("/template", str(error)))
    if template is not None:
        names = tuple(field.name for field in template.fields)
        for i, field in enumerate(request.fields):
            if field not in names:
                problems.append(
                    Problem(
                        f"/fields/{i}", f"{template.name} has no field {field!r}; it has: {', '.join(names)}"
                    )
                )
    voice = book.find(request.voice)
    if problems or template is None or voice is None:
        raise Invalid("; ".join(problem.detail for problem in problems), problems=problems)
    angle = next((angle for angle in ANGLES if angle == request.angle), None)
    return Order(request, template, voice, angle)
