"""What stands in a pattern's slots: values as lists, noun phrases, modifiers, counts and groups."""

import re
from collections.abc import Callable, Mapping

from app.copywriting.realizer.english import join, plural
from app.copywriting.realizer.groups import in_groups
from app.copywriting.realizer.label_phrases import LABEL_FILLERS, noun_phrase, says_again
from app.copywriting.realizer.listing import coordinate, factored, listed, texts, unlike
from app.copywriting.realizer.messages import Message, Number
from app.copywriting.realizer.numbers import number_word
from app.copywriting.realizer.open_names import fitting, kinds_of_part, meant
from app.copywriting.realizer.patterns import Parts
from app.copywriting.realizer.phrasebook import Entry
from app.copywriting.realizer.words import (
    is_adjective,
    is_part_noun,
    lemmas,
    number_of,
    singular_form,
    tokens,
)
from seo.language.stems import stem

Filled = tuple[Parts, Number]
_TIMES = frozenset({"s", "min", "h", "d", "wk", "mo", "y"})
_PAIR = re.compile(r"[\w/]+ [a-z]+")
_NO_PAIR = frozenset({"closure", "zipper", "fastening", "fastener"})
_HYPHENATED = frozenset({"neck", "collar", "neckline", "sleeve", "fit", "rise"})
_NO_HEADS = frozenset({"material", "type", "color", "class"})
"""Heads of names that no thing is called by: a "leg material" is no part of a table."""
_ADVICE = ("recommended", "advised", "required", "preferred", "suggested", "allowed", "permitted")
_ROOT = 4
_MAX_ADJECTIVES = 3


def fill_slot(name: str, message: Message, entry: Entry, locale: str) -> Filled | None:
    """The parts for a slot and the number of what stands there; None where the message cannot fill it."""
    base, _, heads = name.partition("+")
    filler = _FILLERS.get(base)
    if filler is None:
        return None
    filled = filler(message, entry, locale)
    if not heads or filled is None:
        return filled
    headed = _with_head(filled, _own_head_first(message, heads), compact=base == "hyphen")
    if base != "a" or headed is None:
        return headed
    text = str(headed[0][-1])
    number = number_of(tokens(text)[-1])
    return noun_phrase(text, number), number


def _own_head_first(message: Message, heads: str) -> str:
    """The heads of a pattern with the shop's own name of the thing first: brass under "Buckle" is no closure of brass."""
    own = singular_form(message.label.rsplit(" ", 1)[-1])
    return f"{own}|{heads}" if own in heads.split("|") else heads


def _with_head(filled: Filled, heads: str, *, compact: bool) -> Filled | None:
    """As in "{value+neckline|neck}": adds "neckline" unless the value says "neckline" or "neck" already."""
    parts, number = filled
    if not parts or not isinstance(parts[-1], str):
        return None
    known = heads.split("|")
    text = parts[-1]
    last = tokens(text)[-1] if tokens(text) else ""
    if not compact and (says_again(last, known[0]) or _is_plural_part(last)):
        return filled
    if any(
        re.search(rf"(?:^|[\s-]){re.escape(head)}(?:e?s|ed|d)?$", text) for head in known
    ) or text.endswith("less"):
        return filled
    joint = "-" if known[0] in _HYPHENATED and compact else " "
    if (
        joint == "-" and "-" in text
    ):  # "a button-down-collar shirt" is hard to read: it has a button-down collar
        return None
    return (*parts[:-1], f"{text}{joint}{known[0]}"), number


def _is_plural_part(word: str) -> bool:
    """As in "laces", "hook-and-loop straps": things of their own, which need no "closure" behind them."""
    return number_of(word) == "plural" and is_part_noun(word)


def _value(message: Message, entry: Entry, locale: str) -> Filled | None:
    said = texts(message, entry, locale)
    if not said:
        return None
    number: Number = "plural" if len(said) > 1 else message.values[0].number
    if len(said) > 1 and unlike(message, said):
        return (", ".join(said),), message.values[0].number
    return (listed(factored(said, locale), "and", locale),), number


def _statement(message: Message, _entry: Entry, _locale: str) -> Filled | None:
    """A clause of the shop's with the article its subject lacks: "the lid locks"."""
    text = message.values[0].text
    first = tokens(text)[0].lower() if tokens(text) else ""
    bare = (
        first not in {"the", "a", "an", "its", "this", "all", "each", "it", "they"} and not text[:1].isdigit()
    )
    return ((f"the {text}" if bare else text,), "singular")


def _or(message: Message, entry: Entry, locale: str) -> Filled | None:
    said = texts(message, entry, locale)
    return ((listed(said, "or", locale),), "plural" if len(said) > 1 else "singular") if said else None


def _short(message: Message, entry: Entry, locale: str) -> Filled | None:
    said = texts(message, entry, locale, "short")
    return ((", ".join(said),), "plural" if len(said) > 1 else "singular") if said else None


def _np(message: Message, entry: Entry, locale: str) -> Filled | None:
    items: list[Parts] = []
    for value in message.values:
        text = entry.words.get(value.text.lower(), value.text)
        number = value.number if text == value.text else number_of(tokens(text)[-1])
        definition = next((said for part, said in entry.definitions.items() if text.endswith(part)), "")
        definition = "" if _says_itself(text, definition) else definition
        items.append(_with_article(f"{text} {definition}".rstrip(), number, message))
    plural_values = len(items) > 1 or message.values[0].number == "plural"
    return coordinate(items, "and", locale), "plural" if plural_values else message.values[0].number


def _with_article(text: str, number: Number, message: Message) -> Parts:
    """A thing with its article: "an adjustable strap and top handle"; functions have none: "print", "scan"."""
    first = tokens(text.partition(" and ")[0])[-1:]
    if number == "plural" and " and " in text and first and is_part_noun(first[0]):
        return noun_phrase(text, number_of(first[0]))
    does = message.kind == "feature" and len(message.values) > 1
    if does and all(value.lower() in lemmas(value).get("VERB", ()) for value in message.texts):
        return (text,)
    return noun_phrase(text, number)


def _says_itself(text: str, definition: str) -> bool:
    """Whether a definition repeats a word of what it defines: "a hanging loop to hang it up"."""
    named = {stem(word) for word in tokens(text)}
    return any(
        stem(word)[:_ROOT] == name[:_ROOT]
        for word in tokens(definition)
        for name in named
        if len(word) >= _ROOT
    )


def _hyphen(message: Message, entry: Entry, locale: str) -> Filled | None:
    """One short value as a modifier: "15.6-inch", "full-zip", "organic cotton"."""
    said = texts(message, entry, locale, "compound")
    if len(said) != 1 or len(said[0].split()) > 2:  # longer ones stand after the noun
        return None
    if message.form == "quantity":
        return (said[0],), "singular"
    said = (re.sub(r"sleeves$", "sleeve", said[0]),)
    return (re.sub(r"(?<=[\w]) (?=[a-z])", "-", said[0]),), "singular"


def _modifier(message: Message, entry: Entry, locale: str) -> Filled | None:
    """Up to two adjectives or nouns before the noun: "soft, padded", "nylon"."""
    said = texts(message, entry, locale, "compound")
    if not said or len(said) > 2 or sum(len(text.split()) for text in said) > 3:
        return None
    if len(said) > 1 and message.kind == "color":  # of several colours none is the product's
        return None
    return (", ".join(said),), "singular"


def _described(message: Message, entry: Entry, locale: str) -> Filled | None:
    """The thing that an attribute is named for with the adjectives of its values: "a padded, adjustable strap"."""
    said = [text for text in texts(message, entry, locale) if is_adjective(tokens(text)[-1])]
    if not said or not message.label:
        return None
    number = number_of(message.label.rsplit(" ", 1)[-1])
    return noun_phrase(f"{', '.join(said[:_MAX_ADJECTIVES])} {message.label}", number), number


def _of_label(message: Message, entry: Entry, locale: str) -> Filled | None:
    """Value and label as one noun phrase: "an exceptional battery rating", "dual top handles"."""
    said = texts(message, entry, locale)
    head = message.label.rsplit(" ", 1)[-1]
    if not said or not message.label or (len(said) > 1 and message.form != "noun") or head in _NO_HEADS:
        return None
    mixed = len(said) > 1 and message.kind == "material"  # a mixture is one filling, not several
    again = message.form == "adjective" and any(said[0].startswith(w) for w in message.label.split())
    if mixed or again or any(" and " in text or text.endswith("lined") for text in said):
        return None
    named = singular_form(head)
    if all(says_again(tokens(text)[-1], named) for text in said if tokens(text)):
        return _np(message, entry, locale)
    if len(said) > 1:
        several = message.label if number_of(head) == "plural" else plural(message.label)
        return (f"{join(list(said), 'and', locale)} {several}",), "plural"
    text = said[0]
    if (
        message.form == "noun"
        and " " in text
        and number_of(head) == "singular"
        and is_part_noun(tokens(text)[-1])
    ):
        return noun_phrase(f"{text} on the {message.label}", message.values[0].number), message.values[
            0
        ].number
    number = number_of(head)
    return noun_phrase(f"{text} {message.label}", number), number


def _being(message: Message, entry: Entry, locale: str) -> Filled | None:
    """What something is: with an article where the value names a single thing ("a hardware switch")."""
    value = message.values[0]
    if (
        len(message.values) == 1
        and value.number == "singular"
        and value.form == "noun"
        and is_part_noun(value.head)
    ):
        return noun_phrase(texts(message, entry, locale)[0], "singular"), "singular"
    return _value(message, entry, locale)


def _owned(message: Message, entry: Entry, locale: str) -> Filled | None:
    """The value, where it names something that is there: "long sleeves", but not "sleeveless"."""
    return None if _lacks(message) else _value(message, entry, locale)


def _lacking(message: Message, entry: Entry, locale: str) -> Filled | None:
    """The value, where it says that something is not there: "sleeveless"."""
    return _value(message, entry, locale) if _lacks(message) else None


def _lacks(message: Message) -> bool:
    return any(text.lower().endswith("less") for text in message.texts)


def _state(message: Message, entry: Entry, locale: str) -> Filled | None:
    """What the product is by itself ("machine washable"); None for what is advised ("hand wash recommended")."""
    return None if _advises(message) or _of_part(message) else _value(message, entry, locale)


def _of_part(message: Message) -> tuple[str, str] | None:
    """A part and what it is, where the value is about a part ("cover machine washable")."""
    part, _, rest = message.values[0].text.partition(" ")
    known = len(message.values) == 1 and is_part_noun(part) and rest and not is_adjective(part)
    return (part, rest) if known and is_adjective(tokens(rest)[-1]) and part != "machine" else None


def _part_state(message: Message, _entry: Entry, _locale: str) -> Filled | None:
    """The same as a clause: "the cover is machine washable"."""
    found = _of_part(message)
    if found is None:
        return None
    number = number_of(found[0])
    return (f"the {found[0]} {'are' if number == 'plural' else 'is'} {found[1]}",), number


def _advice(message: Message, entry: Entry, locale: str) -> Filled | None:
    return _value(message, entry, locale) if _advises(message) else None


def _advises(message: Message) -> bool:
    return any(len(text.split()) > 1 and text.lower().endswith(_ADVICE) for text in message.texts)


def _substance(message: Message, entry: Entry, locale: str) -> Filled | None:
    """What something is made of; None where the value names a part ("aluminum top case")."""
    parts = [
        v for v in message.values if v.form == "noun" and is_part_noun(v.head) and number_of(v.head) != "mass"
    ]
    return None if parts else _value(message, entry, locale)


def _headed_part(message: Message, entry: Entry, locale: str) -> Filled | None:
    return _np(message, entry, locale) if _substance(message, entry, locale) is None else None


def _time(message: Message, entry: Entry, locale: str) -> Filled | None:
    timed = all(value.unit in _TIMES for value in message.values)
    return _value(message, entry, locale) if timed else None


def _lined(message: Message, entry: Entry, locale: str) -> Filled | None:
    return _value(message, entry, locale) if message.texts[0].endswith("lined") else None


def _headed(message: Message, entry: Entry, locale: str) -> Filled | None:
    """The value, where it says what the attribute's name says: "internal aluminum frame" of a frame."""
    head = singular_form(message.label.rsplit(" ", 1)[-1])
    said = all(singular_form(value.head or tokens(value.text)[-1]) == head for value in message.values)
    return _np(message, entry, locale) if head and said else None


def _bare_headed(message: Message, entry: Entry, locale: str) -> Filled | None:
    return _value(message, entry, locale) if _headed(message, entry, locale) else None


def _labelled(message: Message, entry: Entry, locale: str) -> Filled | None:
    """The same without its article, for lists: "dual top handles"."""
    filled = _of_label(message, entry, locale)
    return None if filled is None else (tuple(part for part in filled[0] if isinstance(part, str)), filled[1])


def _item(message: Message, entry: Entry, locale: str) -> Filled | None:
    """The thing that the message is about, with its article: "a full-length zipper", "dual top handles"."""
    return (_np if message.kind == "feature" else _of_label)(message, entry, locale)


def _thing(message: Message, entry: Entry, locale: str) -> Filled | None:
    """The same without an article, for a possessive: "its dual top handles"."""
    filled = _item(message, entry, locale)
    return None if filled is None else (tuple(part for part in filled[0] if isinstance(part, str)), filled[1])


def _pair(message: Message, entry: Entry, locale: str) -> Filled | None:
    """A value of two words as a modifier: "full-zip"; one word alone would say too little before a noun."""
    filled = _hyphen(message, entry, locale)
    said = message.texts[0].lower()
    last = said.rsplit(" ", 1)[-1]
    substance = number_of(last) == "mass"  # brass is the buckle's, not the belt's
    fits = _PAIR.fullmatch(said) and last not in _NO_PAIR and not _is_plural_part(last) and not substance
    return filled if fits else None


def _single(message: Message, entry: Entry, locale: str) -> Filled | None:
    """The value, where there is but one: "organic cotton"."""
    said = texts(message, entry, locale, "compound")
    return ((said[0],), "singular") if len(said) == 1 and len(said[0].split()) <= 2 else None


def _count(message: Message, _entry: Entry, _locale: str) -> Filled | None:
    text = message.values[0].text
    return ((number_word(int(text)),), "singular" if text == "1" else "plural") if text.isdigit() else None


def _number(message: Message, _entry: Entry, _locale: str) -> Filled | None:
    """How many values there are, in words: "three"."""
    return (number_word(len(message.values)),), "plural" if len(message.values) > 1 else "singular"


def _level(message: Message, entry: Entry, locale: str) -> Filled | None:
    """Levels of skill with the noun that they want: "beginner and intermediate level"."""
    filled = _value(message, entry, locale)
    said = "" if filled is None else str(filled[0][-1])
    return ((said if re.search(r"\blevels?$|s$", said) else f"{said} level",), "singular") if said else None


def _whom(message: Message, entry: Entry, locale: str) -> Filled | None:
    """Those whom a product is for; None where a value is a bare adjective ("intermediate"), which names nobody."""
    said = texts(message, entry, locale)
    bare = any("ADJ" in lemmas(tokens(text)[-1]) and number_of(tokens(text)[-1]) != "plural"
               for text in said if tokens(text))  # fmt: skip
    return None if bare else _value(message, entry, locale)


_FILLERS: Mapping[str, Callable[[Message, Entry, str], Filled | None]] = {
    "value": _value,
    "a": _value,
    "being": _being,
    "owned": _owned,
    "lacking": _lacking,
    "state": _state,
    "part_state": _part_state,
    "level": _level,
    "whom": _whom,
    "advice": _advice,
    "substance": _substance,
    "time": _time,
    "headed_part": _headed_part,
    "lined": _lined,
    "or": _or,
    "short": _short,
    **LABEL_FILLERS,
    "np": _np,
    "hyphen": _hyphen,
    "modifier": _modifier,
    "fitting": fitting,
    "meant": meant,
    "content": lambda *asked: kinds_of_part(*asked) or _np(*asked),
    "contents": lambda *asked: kinds_of_part(*asked) or _value(*asked),
    "described": _described,
    "of_label": _of_label,
    "labelled": _labelled,
    "headed": _headed,
    "bare_headed": _bare_headed,
    "single": _single,
    "item": _item,
    "thing": _thing,
    "pair": _pair,
    "statement": _statement,
    "count": _count,
    "number": _number,
    "groups": in_groups,
}
