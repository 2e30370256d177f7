"""Referring expressions: the name first, then "the hoodie" and "it"; the name at most twice."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from app.copywriting.realizer.messages import Number
from app.copywriting.realizer.naming import Naming

Reference = Literal["name", "short", "noun", "pronoun"]
_MAX_NAMES = 2


@dataclass(frozen=True, slots=True)
class Referent:
    """A referring expression for a sentence's subject, and what agrees with it."""

    kind: Reference
    subject: str
    number: Number

    @property
    def possessive(self) -> str:
        """The determiner that belongs to it."""
        return "their" if self.number == "plural" else "its"

    @property
    def object(self) -> str:
        """The pronoun in object position."""
        return "them" if self.number == "plural" else "it"


@lru_cache(maxsize=4096)
def referent(kind: Reference, subject: str, number: Number) -> Referent:
    """The referring expression of that sort; a text asks for the same few again and again."""
    return Referent(kind, subject, number)


def pronoun_for(naming: Naming) -> Referent:
    """The pronoun that stands for the product as a subject."""
    return referent("pronoun", "they" if naming.number == "plural" else "it", naming.number)


@dataclass(frozen=True, slots=True)
class Discourse:
    """What the text so far has made of the product: how often named, what stood last, what else was spoken of."""

    names: int = 0
    last: Reference | None = None
    distracted: bool = False
    starts_paragraph: bool = True

    def after(self, kind: Reference | None, *, distracted: bool) -> "Discourse":
        """The discourse after a sentence whose subject was `kind` (None: it had none)."""
        return Discourse(
            self.names + (kind in {"name", "short"}), kind or self.last, distracted, starts_paragraph=False
        )

    def at_paragraph(self) -> "Discourse":
        """The discourse at the start of a new paragraph."""
        return replace(self, starts_paragraph=True)


def referents(naming: Naming, discourse: Discourse) -> Iterator[Referent]:
    """The expressions that may stand here, most fitting first.

    A pronoun needs a product that was just spoken of: after a new paragraph or a sentence about a part, the noun or
    the short name leads.
    """
    if discourse.last is None:
        yield referent("name", naming.name, naming.number)
        return
    noun = referent("noun", f"the {naming.common_noun}", naming.number) if naming.noun else None
    pronoun = pronoun_for(naming)
    may_name = discourse.names < _MAX_NAMES and naming.is_name
    full = [referent("short", naming.short, naming.number)] if may_name else []
    if discourse.starts_paragraph or discourse.distracted:
        yield from (
            [*filter(None, [noun]), *full] if discourse.last == "name" else [*full, *filter(None, [noun])]
        )
        yield pronoun
    elif discourse.last == "pronoun":
        yield pronoun
        if noun:
            yield noun
    else:
        yield pronoun
