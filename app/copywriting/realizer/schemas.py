"""Shapes of sentences as values, read from `sentences.yaml`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from app.copywriting.realizer.lexicon import read
from app.copywriting.realizer.messages import Role
from app.copywriting.realizer.naming import Naming
from app.copywriting.realizer.patterns import Parts, parse, slots_of
from app.copywriting.realizer.phrasebook import Use

_NP_PLACES = frozenset({"core", "np", "full"})
_SUBJECTS = frozenset({"S", "N"})
_NAMES = frozenset({"Name", "name"})


@dataclass(frozen=True, slots=True)
class Schema:
    """One shape of sentence. `up_to` says how many messages each place takes, in the order they are filled.

    `first` are those of them that are filled first. `needs` are places that must not stay empty, of `needs_one` one at least; `names` says that the noun phrase repeats the product's noun, so that
    it suits names only; `later` that something must have been said before; `spare` that it serves only where one more text is wanted; `start` what the sentence opens with; `slots` are those of its parts.
    """

    id: str
    parts: Parts
    up_to: Mapping[Use, int]
    needs: frozenset[Use] = frozenset()
    needs_one: frozenset[Use] = frozenset()
    voice: str | None = None
    start: str = "subject"
    roles: frozenset[Role] = frozenset()
    names: bool = False
    later: bool = False
    spare: bool = False
    at_least: int = 1
    weight: float = 0.0
    opening: str = ""
    slots: frozenset[str] = frozenset()
    first: tuple[Use, ...] = ()

    @property
    def has_subject(self) -> bool:
        """Whether the product itself is spoken of."""
        return not self.slots.isdisjoint(_SUBJECTS)

    @property
    def has_name(self) -> bool:
        """Whether the product's name is in it."""
        return not self.slots.isdisjoint(_NAMES)

    @property
    def has_noun(self) -> bool:
        """Whether it says what sort of thing the product is."""
        return not self.slots.isdisjoint(_NP_PLACES)


@dataclass(frozen=True, slots=True)
class Choices:
    """Patterns for what variants differ in, by what differs: voice (None: any) and parts.

    `finishes` are patterns of cloth that a list of colours takes in front of it ("in solid black or blue").
    """

    sentences: Mapping[str, tuple[tuple[str | None, Parts], ...]]
    bullets: Mapping[str, tuple[Parts, ...]]
    finishes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shapes:
    """All of `sentences.yaml`; each part is described there."""

    lead: tuple[Schema, ...]
    body: tuple[Schema, ...]
    choices: Choices
    together: frozenset[frozenset[Role]]
    questions: tuple[tuple[Role, ...], ...]
    contractions: Mapping[str, Mapping[str, str]]
    bare_leads: Mapping[str, tuple[tuple[str | None, Parts], ...]]

    def bare(self, naming: Naming, voice: str) -> tuple[Parts, ...]:
        """The leads for a product of which only the name is known."""
        sort = "description" if naming.description else "label" if not naming.is_name else "name"
        sort = "name_and_noun" if naming.is_name and naming.noun and not naming.says_noun else sort
        sort = "name" if sort == "label" and not naming.noun else sort
        return tuple(parts for only, parts in self.bare_leads[sort] if only in {None, voice})

    def may_share(self, one: Role, other: Role) -> bool:
        """Whether messages with these roles may stand in one sentence."""
        return one == other or frozenset({one, other}) in self.together


@cache
def shapes(language: str = "en") -> Shapes:
    """The shapes of a language, with a shop's own `sentences.d/` added."""
    lead: list[Schema] = []
    body: list[Schema] = []
    raw: dict[str, Any] = {}
    for data in read(language, "sentences"):
        lead += [_schema(item, lead=True) for item in data.get("lead", ())]
        body += [_schema(item, lead=False) for item in data.get("body", ())]
        raw = {**data, **raw}
    choices = dict(raw["choices"])
    bullets = choices.pop("bullets")
    return Shapes(
        tuple(lead),
        tuple(body),
        Choices(
            {name: tuple(_voiced(texts)) for name, texts in choices.items()},
            {name: tuple(parse(text) for text in texts) for name, texts in bullets.items()},
            frozenset(raw.get("finishes", ())),
        ),
        frozenset(frozenset(cast("list[Role]", pair)) for pair in raw["together"]),
        tuple(tuple(cast("list[Role]", roles)) for roles in raw["questions"]),
        raw.get("contractions", {}),
        {name: tuple(_voiced(texts)) for name, texts in raw["bare"].items()},
    )


def _voiced(texts: list[str | Mapping[str, str]]) -> Iterator[tuple[str | None, Parts]]:
    for text in texts:
        if isinstance(text, str):
            yield None, parse(text)
        else:
            yield from ((voice, parse(said)) for voice, said in text.items())


def _schema(raw: Mapping[str, Any], *, lead: bool) -> Schema:
    up_to = {cast("Use", use): int(count) for use, count in raw["up_to"].items()}
    needs = frozenset(raw.get("needs", () if lead else up_to))
    parts = parse(raw["pattern"])
    return Schema(
        id=raw["id"],
        parts=parts,
        up_to=up_to,
        needs=needs,
        needs_one=frozenset(raw.get("needs_one", ())),
        voice=raw.get("voice"),
        start=raw.get("start", "subject"),
        roles=frozenset(raw.get("roles", ())),
        names=raw.get("names") == "true",
        later=raw.get("later") == "true",
        spare=raw.get("spare") == "true",
        at_least=2 if raw.get("needs_two") == "true" else 1,
        weight=float(raw.get("weight", 0)),
        opening=raw.get("complement", ""),
        slots=frozenset(slots_of(parts)),
        first=tuple(use for use in up_to if use in needs),
    )
