"""Attribute names in sentences: as nouns, as counted things, and as what a yes or a no says."""

import re
from collections.abc import Callable, Mapping

from app.copywriting.realizer.english import plural, singular
from app.copywriting.realizer.labels import Label, label_of_fact
from app.copywriting.realizer.messages import Message, Number
from app.copywriting.realizer.numbers import number_word
from app.copywriting.realizer.patterns import Agree, Article, Parts
from app.copywriting.realizer.words import lemmas, number_of

Filled = tuple[Parts, Number]
_DETERMINED = re.compile(
    r"^(?:an?|the|its|their|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|no|each|both|all|\d)\b",
    re.I,
)
_LEADING_COUNT = re.compile(r"^(\d{1,2})(?:\s*x)? (?=[a-z]{3,})")
_IS = Agree("is", "are")
_HAS = Agree("has", "have")


def noun_phrase(text: str, number: Number) -> Parts:
    """A noun phrase with the article or number word that it wants."""
    counted = _LEADING_COUNT.match(text)
    if counted:
        return (f"{number_word(int(counted[1]))} {text[counted.end() :]}",)
    if number != "singular" or _DETERMINED.match(text):
        return (text,)
    return (Article(), text)


def _label(message: Message, _entry: object, _locale: str) -> Filled | None:
    last = message.label.rsplit(" ", 1)[-1]
    return (message.label,), number_of(last)


def _label_np(message: Message, _entry: object, _locale: str) -> Filled | None:
    number = number_of(message.label.rsplit(" ", 1)[-1])
    return noun_phrase(message.label, number), number


def _counted(message: Message, _entry: object, _locale: str) -> Filled | None:
    """A count and its noun: "two HDMI ports", "one processor core"."""
    text = message.values[0].text
    if not text.isdigit() or not message.label:
        return None
    count = int(text)
    noun = singular(message.label) if count == 1 else plural(message.label)
    return (f"{number_word(count)} {noun}",), "singular" if count == 1 else "plural"


def _shape(message: Message) -> Label:
    return label_of_fact(message.facts[0])


def _has_label(message: Message, entry: object, locale: str) -> Filled | None:
    """What a yes says that the product has; None where it says what the product is or does."""
    return _label_np(message, entry, locale) if _shape(message).shape in {"noun", "has"} else None


def _is_label(message: Message, _entry: object, _locale: str) -> Filled | None:
    """What a yes says that the product is or does: "is waterproof", "is made for business use", "supports HDR"."""
    match _shape(message).shape:
        case "is" | "adjective":
            return (_IS, f" {_be(message.label)}"), "singular"
        case "for":
            return (_IS, f" made for {message.label}"), "singular"
        case "verb":
            verb = _shape(message).text.split()[0]
            return (third_person(verb), f" {message.label}"), "singular"
        case _:
            return None


def _not_label(message: Message, _entry: object, _locale: str) -> Filled | None:
    """What a no says: "has no USB port", "is not waterproof", "is not made for business use"."""
    match _shape(message).shape:
        case "is" | "adjective":
            return (_IS, f" not {_be(message.label)}"), "singular"
        case "for":
            return (_IS, f" not made for {message.label}"), "singular"
        case "verb":
            verb = _shape(message).text.split()[0]
            return (Agree("does not", "do not"), f" {third_person(verb).plural} {message.label}"), "singular"
        case _:
            return (_HAS, f" no {message.label}"), "singular"


def _no_label(message: Message, _entry: object, _locale: str) -> Filled | None:
    """A no as a line in a list: "No USB port", "Not waterproof", "Not for business use"."""
    match _shape(message).shape:
        case "is" | "adjective":
            return (f"not {_be(message.label)}",), "singular"
        case "for":
            return (f"not for {message.label}",), "singular"
        case "verb":
            return (f"no {message.label}",), "singular"
        case _:
            return (f"no {message.label}",), "singular"


def _be(label: str) -> str:
    return label.removeprefix("is ").removeprefix("are ")


def third_person(verb: str) -> Agree:
    """Both numbers of a verb in the third person: "wicks" → wicks | wick, "does not fold" → does | do not fold."""
    known = lemmas(verb).get("VERB")
    base = known[0] if known else verb.removesuffix("s")
    return Agree(verb, base)


def _verb(message: Message, _entry: object, _locale: str) -> Filled | None:
    """A verb phrase that agrees with the product: "wicks moisture", "they wick moisture"."""
    first, _, rest = message.values[0].text.partition(" ")
    return (third_person(first), f" {rest}"), "singular"


LABEL_FILLERS: Mapping[str, Callable[[Message, object, str], Filled | None]] = {
    "label": _label,
    "label_np": _label_np,
    "counted": _counted,
    "has_label": _has_label,
    "is_label": _is_label,
    "not_label": _not_label,
    "no_label": _no_label,
    "verb": _verb,
}
