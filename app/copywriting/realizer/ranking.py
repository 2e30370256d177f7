"""Which of the possible sentences comes next: the one that repeats least of what the text did before."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.copywriting.realizer.aggregation import Aggregate
from app.copywriting.realizer.chance import Chance
from app.copywriting.realizer.schemas import Schema

_SAME_SHAPE_EVER = 6.0
_SAME_SHAPE_JUST_NOW = 30.0
_SAME_START_JUST_NOW = 5.0
_SAME_START_TWICE = 40.0
_OFF_TARGET = 2.5
_OWN_VOICE = 5.0
_UNNAMED = 20.0
_CHANCE = 6.0
_BOLDER = 6


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence before did: its shape, what it opened with, and with which word."""

    shape: str
    start: str
    word: str = ""


def cost(
    aggregate: Aggregate,
    history: Sequence[Said],
    target: int,
    chance: Chance,
    key: str,
    *,
    named: bool = True,
    bold: bool = False,
) -> float:
    """How unwelcome a sentence is here, lower is better.

    It pays for repeating the shape or the opening of sentences before it, most where three in a row would agree, and
    for saying more or less than the rhythm asks (`target` messages), and for not naming the product where nothing has
    yet (`named`). Equal sentences are told apart by chance, of which
    there is more where another text is wanted at any price (`bold`).
    """
    schema, count = aggregate.schema, len(aggregate.placed)
    price = schema.weight + _OFF_TARGET * abs(count - target)
    if history:
        price += _SAME_SHAPE_EVER * [said.shape for said in history].count(schema.id)
        price += _SAME_SHAPE_JUST_NOW * (history[-1].shape == schema.id)
        alike = history[-1].start == schema.start
        price += _SAME_START_JUST_NOW * alike
        price += _SAME_START_TWICE * (alike and len(history) > 1 and history[-2].start == schema.start)
    price += _UNNAMED * (not named and not schema.has_subject)
    price -= _OWN_VOICE * (schema.voice is not None)
    return price + _CHANCE * (_BOLDER if bold else 1) * chance.share(f"{key}/{schema.id}/{count}")


def allowed(
    schemas: Sequence[Schema], voice: str, history: Sequence[Said], *, bold: bool = False
) -> list[Schema]:
    """The shapes that may stand here: of the voice, "also" only after something, the plainest only if need be."""
    begun = len(history) > 1
    return [
        schema
        for schema in schemas
        if (schema.voice is None or schema.voice == voice)
        and (begun or not schema.later)
        and (bold or not schema.spare)
    ]
