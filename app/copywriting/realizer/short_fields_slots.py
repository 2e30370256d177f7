"""Short texts from patterns: which message may stand in which slot, and every line that the facts allow.

The patterns of `titles.yaml` and `headlines.yaml` are written in the little language of `patterns`. A slot is either
fixed (the name, the noun, what the variants differ in) or open: `slots` in the data says what may fill it, by kind,
role, family and form, and in which shape. All fillings that say nothing twice are offered; callers choose.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from app.copywriting.realizer.english import spell
from app.copywriting.realizer.english_data import english
from app.copywriting.realizer.lexicalisation import Lexicaliser
from app.copywriting.realizer.lexicon import lexicon
from app.copywriting.realizer.messages import Message, Number
from app.copywriting.realizer.naming import Naming
from app.copywriting.realizer.patterns import Parts, fill
from app.copywriting.realizer.referring import Referent
from app.copywriting.realizer.rules import AngleRule
from app.copywriting.realizer.short_fields_patterns import Shape, SlotRule, rule_of
from app.copywriting.realizer.surface import text_of
from app.copywriting.realizer.words import tokens
from seo.language.stems import stem

_FILLINGS_PER_SLOT = 4
_MOST_OPTIONS = 5
_MOST_FILLINGS = 12
_SAID_ONCE = frozenset({"is", "are", "has", "have", "comes", "come", "made", "with"})


@dataclass(frozen=True, slots=True)
class Fixed:
    """What a fixed slot holds, and the facts behind it."""

    parts: Parts
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """A message in the words that a slot can take: `text` as it reads, `stems` of its words."""

    message: Message
    parts: Parts
    text: str
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scene:
    """All that the short texts of one product are made from. `angle` is set where one angle is written.

    What was put into words once is remembered, for as long as the scene lives.
    """

    naming: Naming
    messages: tuple[Message, ...]
    words: Lexicaliser
    fixed: Mapping[str, Fixed]
    protected: tuple[str, ...]
    angle: AngleRule | None = None
    _options: dict[int, tuple[Option, ...]] = field(default_factory=dict)
    _said: dict[tuple[int, str], tuple[list[Option], Iterator[Option]]] = field(default_factory=dict)

    def options(self, rule: SlotRule) -> tuple[Option, ...]:
        """The messages that may stand in a slot with this rule, the weightiest ones, by weight."""
        found = self._options.get(id(rule))
        if found is None:
            found = self._options[id(rule)] = tuple(islice(self._find(rule), _MOST_OPTIONS))
        return found

    def _find(self, rule: SlotRule) -> Iterator[Option]:
        for message in self.messages:
            if rule.admits(message) and (not rule.angle or self.fits_angle(message)):
                option = next((o for o in self._sayings(message, rule) if _suits(o, rule)), None)
                if option is not None:
                    yield option

    def _sayings(self, message: Message, rule: SlotRule) -> Iterator[Option]:
        """The ways to say a message in the rule's place, each put into words once, and only when it is reached."""
        key = (id(message), rule.use or rule.filler)
        if key not in self._said:
            self._said[key] = ([], _sayings(message, rule, self))
        known, unread = self._said[key]
        yield from known
        for option in unread:
            known.append(option)
            yield option

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


def lines(
    shapes: Sequence[Shape],
    rules: Mapping[str, SlotRule],
    scene: Scene,
    *,
    per_shape: int = 6,
    pronoun: bool = False,
) -> Iterator[Line]:
    """The lines that the shapes of the scene's voice can make of its messages, best first, `per_shape` of each at most.

    `pronoun` makes {S} "it" or "they" instead of the name.
    """
    for shape in shapes:
        if shape.voice is None or shape.voice == scene.words.voice:
            offered = _offered(shape, rules, scene)
            if offered is not None:
                yield from islice(_fillings(shape, offered, scene, pronoun=pronoun), per_shape)


def can_fill(name: str, rules: Mapping[str, SlotRule], scene: Scene) -> bool:
    """Whether a slot, fixed or open, has anything to stand in it."""
    rule = rule_of(name, rules)
    return name in scene.fixed or (rule is not None and bool(scene.options(rule)))


def _fillings(
    shape: Shape, choices: Mapping[str, tuple[Option, ...]], scene: Scene, *, pronoun: bool
) -> Iterator[Line]:
    ids = list(scene.naming.name_ids) if shape.cites else []
    values: dict[str, Parts] = {}
    for name in shape.slots:
        if name in scene.fixed:
            values[name] = scene.fixed[name].parts
            ids += scene.fixed[name].ids
    named = stems_of(scene.naming.name)
    taken = stems_of(scene.naming.noun) if "noun" in values else frozenset()
    if shape.titled:
        taken |= named
    elif (
        shape.cites
    ):  # "The Halden Oak Sideboard is made of solid oak" is said; "… Full-Zip Hoodie has a full zip" is not
        choices = {n: tuple(o for o in options if not o.stems <= named) for n, options in choices.items()}
    for filling in islice(_choose(tuple(choices.values()), taken, ()), _MOST_FILLINGS):
        said = values | {name: option.parts for name, option in zip(choices, filling, strict=True)}
        messages = tuple(option.message for option in filling)
        filled = fill(shape.parts, said, _number(messages))
        if filled is None:
            return
        text = _written(filled, scene, pronoun=pronoun)
        if not _stutters(text):
            all_ids = dict.fromkeys([*ids, *(id_ for message in messages for id_ in message.ids)])
            yield Line(text, tuple(all_ids), messages, shape.source)


def _offered(
    shape: Shape, rules: Mapping[str, SlotRule], scene: Scene
) -> dict[str, tuple[Option, ...]] | None:
    """What may stand in each open slot; None where one has nothing to hold."""
    choices: dict[str, tuple[Option, ...]] = {}
    for name in shape.slots:
        if name in scene.fixed:
            continue
        rule = rule_of(name, rules)
        options = scene.options(rule) if rule is not None else ()
        if shape.lists:
            options = tuple(option for option in options if " and " not in option.text)
        if not options:
            return None
        choices[name] = options
    return choices


def _choose(
    slots: tuple[tuple[Option, ...], ...], taken: frozenset[str], used: tuple[Option, ...]
) -> Iterator[tuple[Option, ...]]:
    """Options for the slots from left to right, no message twice, none that repeats a word of another."""
    if not slots:
        yield used
        return
    offered = 0
    for option in slots[0]:
        if offered == _FILLINGS_PER_SLOT:
            return
        if not option.stems.isdisjoint(taken) or any(option.message is other.message for other in used):
            continue
        offered += 1
        yield from _choose(slots[1:], taken | option.stems, (*used, option))


def _stutters(text: str) -> bool:
    """Whether a line says the same verb twice ("is made of oak and is made for …")."""
    verbs = [word for word in text.split() if word in _SAID_ONCE]
    return len(verbs) > len(set(verbs))


def _suits(option: Option, rule: SlotRule) -> bool:
    nominal = not rule.nominal or _is_nominal(option.text)
    return nominal and ":" not in option.text and option.text.count(" ") < rule.max_words


def _is_nominal(text: str) -> bool:
    first = text.split(" ", 1)[0].lower()
    return not (first in english().small or first in lexicon().verbs or first in lexicon().prepositions)


def _sayings(message: Message, rule: SlotRule, scene: Scene) -> Iterator[Option]:
    for parts in _shapes(message, rule, scene):
        text = text_of(parts, _referent(scene, pronoun=True), scene.naming, scene.words.locale)
        if text:
            yield Option(message, parts, text, stems_of(text))


def _shapes(message: Message, rule: SlotRule, scene: Scene) -> Iterable[Parts]:
    wording = scene.words.wording(message)
    if rule.use is not None:
        return wording.lines(rule.use, scene.words.voice)
    filled = wording.slot(rule.filler)
    return () if filled is None else (filled[0],)


def _number(messages: Sequence[Message]) -> Number:
    single = len(messages) == 1 and len(messages[0].values) == 1
    return messages[0].values[0].number if single else "plural"


def _written(parts: Parts, scene: Scene, *, pronoun: bool) -> str:
    locale = scene.words.locale
    return spell(
        text_of(parts, _referent(scene, pronoun=pronoun), scene.naming, locale), locale, scene.protected
    )


def _referent(scene: Scene, *, pronoun: bool) -> Referent:
    naming = scene.naming
    if pronoun:
        return Referent("pronoun", "they" if naming.number == "plural" else "it", naming.number)
    return Referent("name", naming.name, naming.number)


@lru_cache(maxsize=8192)
def stems_of(text: str) -> frozenset[str]:
    """The stems of a text's words, hyphened ones in pieces, small words left out."""
    pieces = (piece for word in tokens(text) for piece in word.replace("/", "-").split("-"))
    return frozenset(stem(piece) for piece in pieces if piece and piece.lower() not in english().small)
