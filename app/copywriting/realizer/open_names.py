"""Names of attributes that their values complete: "component for" servers, "cables included": AC and serial."""

from app.copywriting.realizer.english import join
from app.copywriting.realizer.label_phrases import Filled, several
from app.copywriting.realizer.labels import label_of_fact
from app.copywriting.realizer.lexicon import lexicon
from app.copywriting.realizer.listing import factored, listed, texts
from app.copywriting.realizer.messages import Message
from app.copywriting.realizer.phrasebook import Entry
from app.copywriting.realizer.words import is_adjective, is_part_noun, number_of, tokens


def fitting(message: Message, entry: Entry, locale: str) -> Filled | None:
    """A name that goes on with its value, as what the product is: "compatible with iPads"."""
    said = texts(message, entry, locale)
    if not said or not _says_how(message.label):
        return None
    return (f"{message.label} {listed(factored(said, locale), 'and', locale)}",), "singular"


def meant(message: Message, entry: Entry, locale: str) -> Filled | None:
    """The same where the name begins with a noun: "component for" servers is "for servers"."""
    if _says_how(message.label) or not message.label.endswith(" for"):
        return None
    kinds = [several(kind) for text in texts(message, entry, locale) for kind in text.split(" and ")]
    return ((f"for {join(kinds, 'and', locale)}",), "singular") if kinds else None


def _says_how(label: str) -> bool:
    before = label.rsplit(" ", 2)[-2].lower()
    return is_adjective(before) or before in lexicon().participles


def kinds_of_part(message: Message, entry: Entry, locale: str) -> Filled | None:
    """Kinds of a thing that comes along, with the thing that only the name says: "AC and serial cables"."""
    label = label_of_fact(message.facts[0])
    head = label.core.rsplit(" ", 1)[-1]
    if label.shape != "included" or number_of(head) != "plural" or not is_part_noun(head):
        return None
    said = texts(message, entry, locale)
    whole = any(is_part_noun(tokens(text)[-1]) or " " in text for text in said if tokens(text))
    return None if whole or not said else ((f"{join(list(said), 'and', locale)} {label.core}",), "plural")
