"""Short texts from patterns: which message may stand in which slot, and every line that the facts allow.

The patterns of `titles.yaml` and `headlines.yaml` are written in the little language of `patterns`. A slot is either
fixed (the name, the noun, what the variants differ in) or open: `slots` in the data says what may fill it, by kind,
role, family and form, and in which shape. All fillings that say nothing twice are offered; callers choose.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any, cast

from app.copywriting.realizer.english import lower_first, spell
from app.copywriting.realizer.english_data import english
from app.copywriting.realizer.lexicalisation import Lexicaliser
from app.copywriting.realizer.lexicon import lexicon
from app.copywriting.realizer.messages import Message
from app.copywriting.realizer.naming import Naming
from app.copywriting.realizer.patterns import Parts, fill, parse, slots_of
from app.copywriting.realizer.phrasebook import Use
from app.copywriting.realizer.referring import Referent
from app.copywriting.realizer.rules import AngleRule
from app.copywriting.realizer.slots import fill_slot
from app.copywriting.realizer.surface import text_of
from app.copywriting.realizer.words import tokens
from seo.language.stems import stem

_FILLINGS_PER_SLOT = 4
_FILLINGS_PER_SHAPE = 6
_VERBS = ("is", "are", "has", "have", "comes", "come", "made", "with")
_REFERENCES = frozenset({"S", "its", "it", "Name", "name"})


@dataclass(frozen=True, slots=True)
class SlotRule:
    """What may fill an open slot. Empty sets allow everything.

    `use` is a place of `families.yaml` ("bullet", "have", …), or `filler` a slot of its patterns ("value", "or").
    `angle`: the message must belong to the angle that is written; `proof`: it must not rest on the merchant's prose;
    `nominal`: its words must be a name for something, not open with a verb or a preposition ("Holds 2 litres").
    """

    kinds: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    without_kinds: frozenset[str] = frozenset()
    without_families: frozenset[str] = frozenset()
    without_texts: frozenset[str] = frozenset()
    use: Use | None = None
    filler: str = ""
    angle: bool = False
    proof: bool = False
    nominal: bool = False
    max_words: int = 8
    max_values: int = 4

    def admits(self, message: Message) -> bool:
        """Whether a message is of the sort that the slot takes."""
        return (
            (not self.kinds or message.kind in self.kinds)
            and (not self.roles or message.role in self.roles)
            and (not self.families or message.family in self.families)
            and (not self.forms or message.form in self.forms)
            and message.kind not in self.without_kinds
            and message.family not in self.without_families
            and not self.without_texts & set(message.texts)
            and len(message.values) <= self.max_values
            and not (self.proof and any(fact.trust == "merchant_claim" for fact in message.facts))
        )


@dataclass(frozen=True, slots=True)
class Shape:
    """One pattern, and the voice that uses it (None: any)."""

    parts: Parts
    source: str
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class Fixed:
    """What a fixed slot holds, and the facts behind it."""

    parts: Parts
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """All that the short texts of one product are made from. `angle` is set where one angle is written."""

    naming: Naming
    messages: tuple[Message, ...]
    words: Lexicaliser
    fixed: Mapping[str, Fixed]
    protected: tuple[str, ...]
    angle: AngleRule | None = None
    _said: dict[tuple[int, SlotRule], "tuple[Parts, frozenset[str]] | None"] = field(default_factory=dict)

    def fits_angle(self, message: Message) -> bool:
        """Whether a message is what the angle is about."""
        if self.angle is None:
            return True
        about = message.kind in self.angle.kinds or message.role in self.angle.roles
        return about or bool(stems_of(" ".join(message.texts)) & self.angle.stems)


@dataclass(frozen=True, slots=True)
class Line:
    """A finished line: its text, the facts it rests on, and the messages that fill it."""

    text: str
    ids: tuple[str, ...]
    messages: tuple[Message, ...]
    source: str


def slot_rules(raw: Mapping[str, Any]) -> Mapping[str, SlotRule]:
    """The `slots` of a data file."""
    return {name: _slot_rule(rule) for name, rule in raw.items()}


def _slot_rule(raw: Mapping[str, Any]) -> SlotRule:
    return SlotRule(
        kinds=frozenset(raw.get("kinds", ())),
        roles=frozenset(raw.get("roles", ())),
        families=frozenset(raw.get("families", ())),
        forms=frozenset(raw.get("forms", ())),
        without_kinds=frozenset(raw.get("without_kinds", ())),
        without_families=frozenset(raw.get("without_families", ())),
        nominal=raw.get("nominal") == "true",
        without_texts=frozenset(raw.get("without_texts", ())),
        use=cast("Use | None", raw.get("use")),
        filler=raw.get("filler", ""),
        angle=raw.get("angle") == "true",
        proof=raw.get("proof") == "true",
        max_words=int(raw.get("max_words", 8)),
        max_values=int(raw.get("max_values", 4)),
    )


def shapes_of(raw: Sequence[str | Mapping[str, str]]) -> tuple[Shape, ...]:
    """Patterns: a text for every voice, or a map from a voice to its text."""
    found: list[Shape] = []
    for item in raw:
        pairs = [(None, item)] if isinstance(item, str) else list(item.items())
        found += [Shape(parse(text), text, voice) for voice, text in pairs]
    return tuple(found)


def lines(
    shapes: Sequence[Shape], rules: Mapping[str, SlotRule], scene: Scene, *, pronoun: bool = False
) -> Iterator[Line]:
    """Every line that the shapes of the scene's voice can make of its messages, best first per shape.

    `pronoun` makes {S} "it" or "they" instead of the name.
    """
    for shape in shapes:
        if shape.voice in {None, scene.words.voice}:
            yield from _fillings(shape, rules, scene, pronoun=pronoun)


def _fillings(shape: Shape, rules: Mapping[str, SlotRule], scene: Scene, *, pronoun: bool) -> Iterator[Line]:
    names = [name for name in slots_of(shape.parts) if name not in _REFERENCES]
    values: dict[str, Parts] = {name: scene.fixed[name].parts for name in names if name in scene.fixed}
    ids = [
        *_naming_ids(shape.parts, scene),
        *(id_ for name in names if name in scene.fixed for id_ in scene.fixed[name].ids),
    ]
    open_names = [name for name in dict.fromkeys(names) if name not in scene.fixed]
    if any(_rule(name, rules) is None for name in open_names):
        return
    taken = _stems_of_fixed(names, scene)
    lists_badly = " and {" in shape.source or " and [" in shape.source
    for filling in islice(_choose(open_names, rules, scene, taken, ()), _FILLINGS_PER_SHAPE):
        messages = tuple(message for message, _ in filling)
        if lists_badly and any(" and " in _written(said, scene, pronoun=True) for _, said in filling):
            continue
        filled = fill(
            shape.parts,
            values | {n: said for n, (_, said) in zip(open_names, filling, strict=True)},
            _number(messages),
        )
        if filled is None:
            return
        all_ids = dict.fromkeys([*ids, *(id_ for message in messages for id_ in message.ids)])
        text = _written(filled, scene, pronoun=pronoun)
        if not _stutters(text):
            yield Line(text, tuple(all_ids), messages, shape.source)


def _stutters(text: str) -> bool:
    """Whether a line says the same verb twice ("is made of oak and is made for …")."""
    words = text.split()
    return any(words.count(word) > 1 for word in _VERBS)


def can_fill(name: str, rules: Mapping[str, SlotRule], scene: Scene) -> bool:
    """Whether a slot, fixed or open, has anything to stand in it."""
    rule = _rule(name, rules)
    return name in scene.fixed or (
        rule is not None and any(_said(m, rule, scene) is not None for m in scene.messages)
    )


def _naming_ids(parts: Parts, scene: Scene) -> tuple[str, ...]:
    return scene.naming.name_ids if {"Name", "name"} & set(slots_of(parts)) else ()


def _choose(
    names: Sequence[str],
    rules: Mapping[str, SlotRule],
    scene: Scene,
    taken: frozenset[str],
    used: tuple[tuple[Message, Parts], ...],
) -> Iterator[tuple[tuple[Message, Parts], ...]]:
    """Messages for the slots from left to right, none twice, none that repeats a word of another."""
    if not names:
        yield used
        return
    rule = _rule(names[0], rules)
    if rule is None:
        return
    offered = 0
    for message in scene.messages:
        if offered == _FILLINGS_PER_SLOT or any(message is other for other, _ in used):
            continue
        said = _said(message, rule, scene)
        if said is None or said[1] & taken:
            continue
        offered += 1
        yield from _choose(names[1:], rules, scene, taken | said[1], (*used, (message, said[0])))


def _rule(name: str, rules: Mapping[str, SlotRule]) -> SlotRule | None:
    """The rule of a slot; "tag2" is a second "tag"."""
    return rules.get(name) or rules.get(name.rstrip("0123456789"))


def _said(message: Message, rule: SlotRule, scene: Scene) -> tuple[Parts, frozenset[str]] | None:
    key = (id(message), rule)
    if key not in scene._said:  # noqa: SLF001 - the scene's own memory
        scene._said[key] = _say(message, rule, scene)  # noqa: SLF001
    return scene._said[key]  # noqa: SLF001


def _say(message: Message, rule: SlotRule, scene: Scene) -> tuple[Parts, frozenset[str]] | None:
    """A message in the shape that the slot asks for, with the stems of its words; None where it has none."""
    if not rule.admits(message) or (rule.angle and not scene.fits_angle(message)):
        return None
    for parts in _shapes_of(message, rule, scene):
        text = _written(parts, scene, pronoun=True)
        if (
            text
            and ":" not in text
            and len(text.split()) <= rule.max_words
            and (not rule.nominal or _is_nominal(text))
        ):
            return parts, stems_of(text)
    return None


def _is_nominal(text: str) -> bool:
    first = text.split(" ", 1)[0].lower()
    return (
        first not in english().small and first not in lexicon().verbs and first not in lexicon().prepositions
    )


def _shapes_of(message: Message, rule: SlotRule, scene: Scene) -> Iterator[Parts]:
    words = scene.words
    entry = words.book.entry(message)
    if rule.use is None:
        filled = fill_slot(rule.filler, message, entry, words.locale)
        if filled is not None:
            yield filled[0]
        return
    for pattern in words.book.patterns(message, rule.use, words.voice):
        found = {name: fill_slot(name, message, entry, words.locale) for name in slots_of(pattern.parts)}
        number = next(
            (f[1] for name, f in found.items() if f is not None and name != "label"), message.values[0].number
        )
        opening = pattern.parts[0]
        own_words = (lower_first(opening), *pattern.parts[1:]) if isinstance(opening, str) else pattern.parts
        parts = fill(own_words, {name: f[0] for name, f in found.items() if f is not None}, number)
        if parts is not None:
            yield parts


def _number(messages: Sequence[Message]) -> Any:
    single = len(messages) == 1 and len(messages[0].values) == 1
    return messages[0].values[0].number if single else "plural"


def _stems_of_fixed(names: Sequence[str], scene: Scene) -> frozenset[str]:
    """What the name or the noun says already, where it stands in the line."""
    spoken = {"name", "Name", "noun", "short"} & set(names)
    return stems_of(f"{scene.naming.name} {scene.naming.noun}") if spoken else frozenset()


def _written(parts: Parts, scene: Scene, *, pronoun: bool) -> str:
    naming = scene.naming
    subject = ("they" if naming.number == "plural" else "it") if pronoun else naming.name
    referent = Referent("pronoun" if pronoun else "name", subject, naming.number)
    return spell(text_of(parts, referent, naming, scene.words.locale), scene.words.locale, scene.protected)


@lru_cache(maxsize=8192)
def stems_of(text: str) -> frozenset[str]:
    """The stems of a text's words, hyphened ones in pieces, small words left out."""
    pieces = (piece for word in tokens(text) for piece in word.replace("/", "-").split("-"))
    return frozenset(stem(piece) for piece in pieces if piece and piece.lower() not in english().small)
