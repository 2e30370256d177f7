"""Lexicalisation: words for messages, and the sentence that a shape and its messages make, grammar still open."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from app.copywriting.realizer.aggregation import Aggregate
from app.copywriting.realizer.chance import Chance
from app.copywriting.realizer.lexicon import lexicon
from app.copywriting.realizer.listing import coordinate, factored, texts
from app.copywriting.realizer.messages import Message, Number
from app.copywriting.realizer.naming import Naming
from app.copywriting.realizer.patterns import (
    Agree,
    Article,
    Part,
    Parts,
    Phrase,
    fill,
    slots_of,
)
from app.copywriting.realizer.phrasebook import Phrasebook, Use
from app.copywriting.realizer.schemas import Schema
from app.copywriting.realizer.wording import Wording, wording_of

_MOST_SHEET = 2
"""Facts that only "the X is Y" could say, in one text: with more of them it would read as a data sheet."""
_MOST_VALUES, _MOST_LETTERS = 4, 60
_MANY, _SHORT_MANY, _LONG = 6, 60, 120
"""More values than this, unless as short as sizes (letters in all), or more letters than the last: no sentence lists them."""
_NO_SUBJECTS = frozenset({"type", "kind", "category", "version"})
_NOT_PROSE = re.compile(r"[():;=*|\[\]]|\w/\w.*\w/\w")
_SIDES: frozenset[Use] = frozenset({"modifier", "complement"})
_AS_SHEET: frozenset[Use] = frozenset({"clause", "bullet"})


@dataclass(frozen=True, slots=True)
class Lexicaliser:
    """Puts messages into words for one text: one voice, one locale, one seed. Its answers are remembered."""

    book: Phrasebook
    voice: str
    locale: str
    chance: Chance
    _known: dict[int, Wording] = field(default_factory=dict)
    _uses: dict[int, frozenset[Use]] = field(default_factory=dict)
    _phrases: dict[tuple[int, Use], Phrase | None] = field(default_factory=dict)

    def wording(self, message: Message) -> Wording:
        """All that can be said of a message, found once for one text."""
        known = self._known.get(id(message))
        if known is None:
            known = self._known[id(message)] = wording_of(message, self.book, self.locale)
        return known

    def uses(self, message: Message) -> frozenset[Use]:
        """The places that this message can take: before the noun or after it, which of the two is the seed's choice."""
        known = self._uses.get(id(message))
        if known is None:
            known = self.wording(message).uses(self.voice)
            if known >= _SIDES:
                known -= {("modifier", "complement")[self.chance.turn(f"{message.family}/side", 2)]}
            self._uses[id(message)] = known
        return known

    def phrase(self, message: Message, use: Use) -> Phrase | None:
        """The words for a message in a place, chosen by the seed among the voice's patterns; None where there are none."""
        key = (id(message), use)
        if key not in self._phrases:
            self._phrases[key] = self._choose(message, use)
        return self._phrases[key]

    def for_bullets(self, messages: Sequence[Message]) -> tuple[Message, ...]:
        """What the text leaves to the bullets: of facts that only "the X is Y" could say all but the first two.

        Of those two none that nobody would say in a sentence: long lists, brackets, a colon inside. Every message
        that is left is one that a bullet can say.
        """
        sheet = [message for message in messages if self._is_sheet(message) or self._is_long(message)]
        prose = [message for message in sheet if _is_prose(message)][:_MOST_SHEET]
        return tuple(
            message
            for message in sheet
            if all(message is not other for other in prose) and self.phrase(message, "bullet") is not None
        )

    def _is_long(self, message: Message) -> bool:
        """Whether its list is too long for a sentence, with what opens alike said once."""
        if len(message.values) == 1 and len(message.values[0].text) <= _LONG:  # the common case
            return False
        said = texts(message, self.wording(message).entry, self.locale)
        letters = sum(map(len, factored(said, self.locale)))
        return letters > _LONG or (len(said) > _MANY and letters > _SHORT_MANY)

    def _is_sheet(self, message: Message) -> bool:
        uses = self.uses(message)
        if "clause" not in uses or uses - _AS_SHEET:
            return False
        return any(
            "{label}" in pattern.source for pattern in self.wording(message).ways(self.voice)["clause"]
        )

    def _choose(self, message: Message, use: Use) -> Phrase | None:
        wording = self.wording(message)
        patterns = wording.ways(self.voice)[use]
        if not patterns:
            return None
        start = self.chance.turn(f"{message.family}/{use}", len(patterns)) if len(patterns) > 1 else 0
        for pattern in (*patterns[start:], *patterns[:start]):
            said = wording.said(pattern)
            if said is not None:
                return Phrase(said.parts, message.ids, said.number, pattern.source, said.gapped)
        return None


def _is_prose(message: Message) -> bool:
    """Whether the values are few, short and free of a data sheet's marks."""
    texts = message.texts
    return (
        message.label not in _NO_SUBJECTS
        and len(texts) <= _MOST_VALUES
        and sum(map(len, texts)) <= _MOST_LETTERS
        and not any(_NOT_PROSE.search(text) for text in texts)
    )


def compose(aggregate: Aggregate, naming: Naming, words: Lexicaliser) -> Phrase | None:
    """The sentence of a shape with its messages; None where it cannot be said of this product."""
    schema = aggregate.schema
    if schema.has_noun and not naming.noun:
        return None
    values: dict[str, Parts] = {}
    number: Number = "singular"
    for use in schema.up_to:
        told = aggregate.at(use)
        phrases = [phrase for m in told if (phrase := words.phrase(m, use)) is not None]
        if not phrases:
            continue
        values[use] = _combine(use, phrases, words.locale)
        if use == "have":
            number = phrases[0].number if "There" in str(schema.parts[0]) or len(phrases) == 1 else "plural"
    if (
        values.get("have")
        and "full" in slots_of(schema.parts)
        and "with " in _plain(values.get("complement", ()))
    ):
        return None  # "with zinc oxide for dry skin and a broad spectrum" would list what is unlike
    if schema.opening and not _opens_with(values.get("complement", ()), schema.opening):
        return None
    values |= _noun_phrases(aggregate, naming, words, values)
    parts = fill(schema.parts, values, number)
    if parts is None or _stutters(schema, values):
        return None
    parts = _once(parts)
    ids = [
        *_naming_ids(schema.parts, naming),
        *(id_ for message in aggregate.messages for id_ in message.ids),
    ]
    return Phrase(parts, tuple(dict.fromkeys(ids)), number, schema.id)


def _plain(parts: Parts) -> str:
    return "".join(part for part in parts if isinstance(part, str))


_NOUN_STANDS_LATER = 12
_HAS = Agree("has", "have")


def _stutters(schema: Schema, values: Mapping[str, Parts]) -> bool:
    """Whether "has" would come before a second "has" that cannot be left out."""
    predicate = values.get("predicate")
    if not predicate or predicate[0] != _HAS or not schema.up_to.get("have"):
        return False
    return schema.id != "has-and-does"


def _once(parts: Parts) -> Parts:
    """As in "has … and has …": the verb said once."""
    places = [index for index, part in enumerate(parts) if part == _HAS]
    if len(places) < 2:  # one verb repeats nothing
        return parts
    second = places[1]
    rest = parts[second + 1]
    return (*parts[:second], rest.lstrip() if isinstance(rest, str) else rest, *parts[second + 2 :])


def bare_phrase(pattern: Parts, naming: Naming) -> Phrase:
    """A sentence that says only what the product is called."""
    article: Parts = (Article(),) if naming.number == "singular" else ()
    values: dict[str, Parts] = {
        "core": (*article, naming.noun),
        "description": (*article, naming.description),
        "branded": (*article, naming.noun if naming.is_name else naming.name.partition(" ")[2]),
    }
    ids = (*naming.name_ids, *(naming.noun_ids if {"core", "branded"} & set(slots_of(pattern)) else ()))
    return Phrase(
        fill(pattern, values, naming.number) or (), tuple(dict.fromkeys(ids)), naming.number, "bare"
    )


def _naming_ids(parts: Parts, naming: Naming) -> tuple[str, ...]:
    names = set(slots_of(parts))
    return (
        *(naming.name_ids if names & {"Name", "name"} else ()),
        *(naming.noun_ids if names & {"core", "np", "full"} else ()),
    )


def _opens_with(parts: Parts, word: str) -> bool:
    return bool(parts) and isinstance(parts[0], str) and parts[0].startswith(f"{word} ")


def _noun_phrases(
    aggregate: Aggregate, naming: Naming, words: Lexicaliser, values: dict[str, Parts]
) -> dict[str, Parts]:
    """The product's own noun phrase in three sizes: with modifiers, with complements too, with what it has too."""
    modifiers = sorted(aggregate.at("modifier"), key=lambda message: _rank(message, words))
    before: list[Part] = []
    for message in modifiers:
        phrase = words.phrase(message, "modifier")
        if phrase is not None:
            before += [*phrase.parts, " "]
    article: Parts = (Article(),) if naming.number == "singular" else ()
    core: Parts = (*article, *before, naming.noun)
    complement = values.get("complement", ())
    noun_phrase: Parts = (*core, " ", *complement) if complement else core
    have = values.get("have", ())
    joint = " and " if _opens_with(complement, "with") else " with "
    return {"core": core, "np": noun_phrase, "full": (*noun_phrase, joint, *have) if have else noun_phrase}


def _rank(message: Message, words: Lexicaliser) -> int:
    """Where a modifier stands: adjectives before nouns of the same family ("lightweight soft-shell jacket")."""
    return words.wording(message).entry.rank + (_NOUN_STANDS_LATER if message.form in {"noun", "name"} else 0)


def _combine(use: Use, phrases: Sequence[Phrase], locale: str) -> Parts:
    """Several phrases in one place: listed, or with what they share said once."""
    if len(phrases) == 1:
        return phrases[0].parts
    match use:
        case "modifier" | "complement":
            return _spaced(phrases)
        case "trait":
            return coordinate([p.parts for p in phrases], "and", locale)
        case "predicate":
            return coordinate(
                [phrases[0].parts, *(_without_verb(p.parts, phrases[0].parts) for p in phrases[1:])],
                "and",
                locale,
            )
        case "clause":
            return _clauses(phrases)
        case _:
            return coordinate([item for p in phrases for item in _items(p.parts)], "and", locale)


_BETWEEN = frozenset({" and ", ", and ", ", "})


def _items(parts: Parts) -> list[Parts]:
    """The items of a list apart, so that two lists become one: not "a and b, and c and d"."""
    items: list[list[Part]] = [[]]
    for part in parts:
        if part in _BETWEEN:
            items.append([])
        else:
            items[-1].append(part)
    return [tuple(item) for item in items if item]


def _spaced(phrases: Sequence[Phrase]) -> Parts:
    """Complements one after the other, "in …" first; two that open alike are joined: "for … and for …"."""
    ordered = sorted(phrases, key=lambda p: not (_opens_with(p.parts, "in") or _opens_with(p.parts, "of")))
    parts: list[Part] = list(ordered[0].parts)
    for before, phrase in pairwise(ordered):
        parts += [" and " if _first_word(before.parts) == _first_word(phrase.parts) else " ", *phrase.parts]
    return tuple(parts)


def _first_word(parts: Parts) -> str:
    return parts[0].split(" ", 1)[0] if parts and isinstance(parts[0], str) else ""


def _without_verb(parts: Parts, first: Parts) -> Parts:
    """A predicate behind one that opens with the same verb: "is … and [is] …"."""
    if (
        isinstance(parts[0], Agree)
        and parts[0] == first[0]
        and len(parts) > 1
        and _names(parts) == _names(first)
        and _state_of(parts) == _state_of(first) != "denied"
    ):
        rest = parts[1]
        return (rest.lstrip(), *parts[2:]) if isinstance(rest, str) else parts[1:]
    return parts


def _state_of(predicate: Parts) -> str:
    """What follows "is": "made of …" and "waterproof" are unlike, and a "without" or "not" must not reach what follows it."""
    words = _plain(predicate[1:]).split()
    if {"not", "no", "without"} & {*words}:
        return "denied"
    made = len(words) > 1 and words[0] in lexicon().participles and words[1] in lexicon().prepositions
    return "participle" if made else "state"


def _names(predicate: Parts) -> bool:
    """Whether it says what the product is, not how: "is a hoodie"."""
    return any(isinstance(part, Article) for part in predicate[:3])


def _clauses(phrases: Sequence[Phrase]) -> Parts:
    """Two clauses; the second leaves its verb out where both have the same pattern ("… is good, the … medium")."""
    first, second = phrases[0], phrases[1]
    if first.shape == second.shape and second.gapped:
        return (*first.parts, " and ", *second.gapped)
    return (*first.parts, ", and ", *second.parts)
