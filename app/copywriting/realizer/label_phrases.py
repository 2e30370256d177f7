"""Attribute names in sentences: as nouns, as counted things, and as what a yes or a no says."""

import re
from collections.abc import Callable, Mapping

from app.copywriting.realizer.english import plural, singular
from app.copywriting.realizer.english_data import english
from app.copywriting.realizer.labels import label_of_fact
from app.copywriting.realizer.messages import Message, Number
from app.copywriting.realizer.numbers import number_word
from app.copywriting.realizer.patterns import Agree, Article, Parts
from app.copywriting.realizer.words import lemmas, number_of, singular_form
from retrieval.units import unit_named
from seo.language.stems import stem

Filled = tuple[Parts, Number]
_DETERMINED = re.compile(
    r"^(?:an?|the|its|their|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|no|each|both|all|\d+)(?=\s)",
    re.I,
)
_MEASURE = re.compile(r"\d+ ([^\W\d]{1,3}) ")
_SPAN = re.compile(r"(\d{1,4})\s*(?:-|–|to)\s*(\d{1,4})")
_LEADING_COUNT = re.compile(r"^(\d{1,2})(?:\s*x)? (?=[a-z]{3,})")


def noun_phrase(text: str, number: Number) -> Parts:
    """A noun phrase with the article or number word that it wants."""
    counted = _LEADING_COUNT.match(text)
    if counted:
        return (f"{number_word(int(counted[1]))} {text[counted.end() :]}",)
    if number != "singular" or (_DETERMINED.match(text) and not _opens_with_measure(text)):
        return (text,)
    return (Article(), text)


def _opens_with_measure(text: str) -> bool:
    """As in "35 mm connector", of which there is one."""
    found = _MEASURE.match(text)
    return found is not None and unit_named(found[1]) is not None


def several(noun: str) -> str:
    """A sort of thing in the plural ("server" → "servers", "PC" → "PCs"); what is no countable noun stays."""
    last = noun.rsplit(" ", 1)[-1]
    if last in english().counted_abbreviations:
        return plural(noun)
    counted = noun.islower() and "NOUN" in lemmas(last) and number_of(last) == "singular"
    return plural(noun) if counted else noun


def says_again(word: str, head: str) -> bool:
    """Whether a value's last word is an attribute's name again: "coat" of a coating, "closures" of a closure."""
    return singular_form(word.lower()) == singular_form(head.lower()) or (
        head.lower().endswith("ing") and stem(word) == stem(head)
    )


def _label(message: Message, _entry: object, _locale: str) -> Filled | None:
    """The attribute's name; None where the value says it again ("the frame is internal aluminum frame")."""
    head = message.label.rsplit(" ", 1)[-1]
    value = message.values[0]
    again = says_again(value.head or value.text.rsplit(" ", 1)[-1], head)
    if again or label_of_fact(message.facts[0]).shape == "verb":
        return None
    return (message.label,), number_of(head)


def _label_np(message: Message, _entry: object, _locale: str) -> Filled | None:
    if label_of_fact(message.facts[0]).shape == "verb":
        return None
    last = message.label.rsplit(" ", 1)[-1]
    # A standard has no article ("HDCP"), unless it is short for a thing ("an LED").
    standard = last.isalpha() and last.isupper() and last not in english().counted_abbreviations
    number = "mass" if standard and len(last) > 1 else number_of(last)
    return noun_phrase(message.label, number), number


def _counted(message: Message, _entry: object, _locale: str) -> Filled | None:
    """A count and its noun: "two HDMI ports", "one processor core", "up to four players"."""
    text = message.values[0].text
    span = _SPAN.fullmatch(text)
    if span and message.label:
        return (
            f"{number_word(int(span[1]))} to {number_word(int(span[2]))} {plural(message.label)}",
        ), "plural"
    if not text.isdigit() or not message.label:
        return None
    count = int(text)
    bound = label_of_fact(message.facts[0]).bound
    noun = singular(message.label) if count == 1 else plural(message.label)
    said = f"{bound} {number_word(count)} {noun}".strip()
    return (said,), "singular" if count == 1 else "plural"


def _label_does(message: Message, _entry: object, _locale: str) -> Filled | None:
    """A name that is a verb phrase, agreeing with the product: "supports HDR"; None for any other."""
    label = label_of_fact(message.facts[0])
    if label.shape != "verb":
        return None
    first, _, rest = label.text.partition(" ")
    return (third_person(first), f" {rest}"), "singular"


def _label_do(message: Message, _entry: object, _locale: str) -> Filled | None:
    """The same as after "does not": "support HDR"."""
    first, _, rest = label_of_fact(message.facts[0]).text.partition(" ")
    return (f"{third_person(first).plural} {rest}",), "singular"


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
    "label_does": _label_does,
    "label_do": _label_do,
    "verb": _verb,
}
