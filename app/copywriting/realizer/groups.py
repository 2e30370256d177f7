"""Values by their classes: "cool and windy days, spring and indoors"."""

from collections.abc import Sequence

from app.copywriting.realizer.english import join, plural
from app.copywriting.realizer.lexicon import lexicon
from app.copywriting.realizer.listing import coordinate
from app.copywriting.realizer.messages import Message, Number
from app.copywriting.realizer.patterns import Parts
from app.copywriting.realizer.phrasebook import Entry


def in_groups(message: Message, entry: Entry, locale: str) -> tuple[Parts, Number] | None:
    """The values by their classes: "cool and windy days, spring and indoors"; goods by their plural: "calculators"."""
    left = {value.text.lower(): _as_goods(value.text) for value in message.values}
    said: list[str] = []
    lone: list[str] = []
    for group in entry.groups:
        members = [group.members[key] for key in tuple(left) if key in group.members and left.pop(key)]
        if members:
            phrase = group.pattern.replace("{}", join(list(dict.fromkeys(members)), "and", locale))
            (lone if group.alone else said).append(phrase)
    said = [*(said or lone), *left.values()]
    return ((_prepositional(said, locale),), "plural") if said else None


def _as_goods(text: str) -> str:
    """A single thing of those that one has several of, in the plural: "processor" → "processors"."""
    known, lower = lexicon(), text.lower()
    return plural(text) if " " not in text and (lower in known.goods or lower in known.countables) else text


def _prepositional(said: Sequence[str], locale: str) -> str:
    """One "for" before a plain list, one before each item where one is a list itself."""
    if any(" and " in text for text in said):
        return "".join(map(str, coordinate([(f"for {text}",) for text in said], "and", locale)))
    return f"for {join(list(said), 'and', locale)}"
