"""Surface realisation: subjects, agreement, articles, capitals, punctuation and spelling."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from app.copywriting.realizer.english import indefinite, sentence, spell
from app.copywriting.realizer.naming import Naming
from app.copywriting.realizer.patterns import Agree, Article, Parts, Slot
from app.copywriting.realizer.referring import Referent

_NONE: Mapping[str, str] = MappingProxyType({})


def realise(
    parts: Parts,
    referent: Referent,
    naming: Naming,
    locale: str,
    names: tuple[str, ...] = (),
    contractions: Mapping[str, str] = _NONE,
) -> str:
    """A sentence in the locale's spelling.

    `referent` is what {S}, {its} and {it} say, `names` keep their spelling, `contractions` are the voice's ("it is" →
    "it's").
    """
    text = text_of(parts, referent, naming, locale)
    for full, short in contractions.items():
        text = re.sub(rf"\b{full}\b(?!:)", short, text)
    return spell(sentence(text), locale, names)


def opening_word(parts: Parts, referent: Referent, naming: Naming) -> str:
    """The first word that a sentence would have, in lower case."""
    first = parts[0] if parts else ""
    match first:
        case Article():
            return "a"
        case Slot(name):
            return _spoken(name, referent, naming).partition(" ")[0].lower()
        case str():
            return first.partition(" ")[0].lower()
        case _:
            return ""


def _spoken(slot: str, referent: Referent, naming: Naming) -> str:
    """What a reference to the product says (see `patterns.REFERENCES`)."""
    match slot:
        case "S":
            return referent.subject
        case "N":
            return f"the {naming.common_noun}" if naming.noun else referent.subject
        case "its":
            return referent.possessive
        case "it":
            return referent.object
        case "Name":
            return naming.name
        case _:
            return naming.short


def line(parts: Parts, referent: Referent, naming: Naming, locale: str, names: tuple[str, ...] = ()) -> str:
    """A line of a list: a capital first, no full stop."""
    return spell(sentence(text_of(parts, referent, naming, locale)).removesuffix("."), locale, names)


def text_of(parts: Parts, referent: Referent, naming: Naming, locale: str) -> str:
    """The words, without capital and stop. Articles look at the words that follow them."""
    words = ""
    for part in reversed(parts):
        if isinstance(part, str):  # most are
            words = part + words
        elif isinstance(part, Slot):
            words = _spoken(part.name, referent, naming) + words
        elif isinstance(part, Agree):
            words = part.form(referent.number) + words
        else:
            words = f"{indefinite(words, locale)} {words}"
    return words
