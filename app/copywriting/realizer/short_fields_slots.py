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
from app.copywriting.realizer.referring import Referent, pronoun_for, referent
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
    """A message in the words that a slot can take: `text` as it reads, `stems` of its words.

    `named`: the product's name says all of its words.
    """

    message: Message
    parts: Parts
    text: str
    stems: frozenset[str]
    named: bool


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
                option = self._saying(message, rule)
                if option is not None:
                    yield option

    def _saying(self, message: Message, rule: SlotRule) -> Option | None:
        """The first way to say a message in the rule's place that suits it; each is put into words once, when reached."""
        key = (id(message), rule.use or rule.filler)
        found = self._said.get(key)
        if found is None:
            found = self._said[key] = ([], _sayings(message, rule, self))
        known, unread = found
        for option in known:
            if _suits(option, rule):
                return option
        for option in unread:
            known.append(option)
            if _suits(option, rule):
                return option
        return None

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
        fixed = scene.fixed.get(name)
        if fixed is not None:
            values[name] = fixed.parts
            ids += fixed.ids
    taken = stems_of(scene.naming.noun) if "noun" in values else frozenset()
    if shape.titled:
        taken |= stems_of(scene.naming.name)
    for filling in islice(_choose(tuple(choices.values()), taken, ()), _MOST_FILLINGS):
        for name, option in zip(choices, filling, strict=True):
            values[name] = option.parts
        messages = tuple([option.message for option in filling])
        filled = fill(shape.parts, values, _number(messages))
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
    # "The Halden Oak Sideboard is made of solid oak" is said; "… Full-Zip Hoodie has a full zip" is not.
    tells_more = shape.cites and not shape.titled
    for name in shape.slots:
        if name in scene.fixed:
            continue
        rule = rule_of(name, rules)
        options = scene.options(rule) if rule is not None else ()
        if shape.lists:
            options = tuple([option for option in options if " and " not in option.text])
        if tells_more:
            options = tuple([option for option in options if not option.named])
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
    others = slots[1:]
    offered = 0
    for option in slots[0]:
        if offered == _FILLINGS_PER_SLOT:
            return
        if not option.stems.isdisjoint(taken) or any(option.message is other.message for other in used):
            continue
        offered += 1
        if others:
            yield from _choose(others, taken | option.stems, (*used, option))
        else:
            yield (*used, option)


def _stutters(text: str) -> bool:
    """Whether a line says the same verb twice ("is made of oak and is made for …")."""
    verbs = [word for word in text.split() if word in _SAID_ONCE]
    return len(verbs) > len(set(verbs))


def _suits(option: Option, rule: SlotRule) -> bool:
    text = option.text
    fits = ":" not in text and text.count(" ") < rule.max_words
    return fits and (not rule.nominal or _is_nominal(text))


def _is_nominal(text: str) -> bool:
    first = text.split(" ", 1)[0].lower()
    return not (first in english().small or first in lexicon().verbs or first in lexicon().prepositions)


def _sayings(message: Message, rule: SlotRule, scene: Scene) -> Iterator[Option]:
    named = stems_of(scene.naming.name)
    for parts in _shapes(message, rule, scene):
        text = text_of(parts, pronoun_for(scene.naming), scene.naming, scene.words.locale)
        if text:
            stems = stems_of(text)
            yield Option(message, parts, text, stems, stems <= named)


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
    return pronoun_for(naming) if pronoun else referent("name", naming.name, naming.number)


@lru_cache(maxsize=8192)
def stems_of(text: str) -> frozenset[str]:
    """The stems of a text's words, hyphened ones in pieces, small words left out."""
    return frozenset().union(*map(_stems_of_word, tokens(text)))


@lru_cache(maxsize=16_384)
def _stems_of_word(word: str) -> tuple[str, ...]:
    pieces = word.replace("/", "-").split("-")
    return tuple(stem(piece) for piece in pieces if piece and piece.lower() not in english().small)
