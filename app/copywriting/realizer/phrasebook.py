"""The phrase data of a language as values: how each family, kind and form of value can stand in a sentence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal, get_args

from app.copywriting.realizer.labels import opens
from app.copywriting.realizer.lexicon import read
from app.copywriting.realizer.messages import Form, Message
from app.copywriting.realizer.patterns import Parts, parse, slots_of
from app.copywriting.realizer.words import is_part_noun, singular_form

Use = Literal[
    "modifier", "trait", "have", "complement", "participle", "predicate", "clause", "fragment", "bullet"
]
"""Where a message can stand.

modifier: before the noun ("full-zip") · trait: behind it, after a comma ("lockable and TSA approved") · have: what the product has ("a kangaroo pocket") · complement: after the noun
("in organic cotton") · participle: a free participle ("made of organic cotton") · predicate: after the subject
("weighs 2.3 kg") · clause: with a subject of its own ("its battery lasts 10 hours") · fragment: a sentence without a
subject ("Machine wash and dry") · bullet: a line in a list.
"""
USES: tuple[Use, ...] = get_args(Use)
_FORMS: tuple[Form, ...] = get_args(Form)
_ANY = "any"
_MOST_KNOWN = 4096
"""Attributes whose entry is remembered: more than a catalog has names for them."""
_THINGS = frozenset({"feature", "part", "closure"})
_SPECIAL: frozenset[Form] = frozenset({"yes", "no", "number", "verb", "clause", "imperative"})
"""Forms that "any" does not mean: an entry has patterns of their own for them, or leaves them to its kind."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to put a message. `voice` is None where every voice may use it; `slots` are those of its parts."""

    parts: Parts
    source: str
    voice: str | None = None

    slots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Values of one class that are said together: `cool`, `windy` → "cool and windy days"."""

    members: Mapping[str, str]
    pattern: str
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """What the phrase data says of one family, kind or form.

    `uses` maps a value form, or "any", to the patterns of each use. `words` replaces values ("crew" → "crew neck"),
    `drop` names values that say nothing ("solid"), `rank` places a modifier among others (low stands first),
    `definitions` say what a part is for or where it sits, by what its name means.
    """

    name: str
    uses: Mapping[str, Mapping[Use, tuple[Pattern, ...]]]
    words: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    drop: frozenset[str] = frozenset()
    rank: int = 50
    definitions: Mapping[str, str] = field(default_factory=dict)

    def patterns(self, form: Form, use: Use, shape: str = "") -> tuple[Pattern, ...] | None:
        """The patterns for a form of value, else those for any form; None where this entry has none for that form.

        A yes or a no may have patterns of its own by the shape of the attribute's name ("yes_has", "no_for").
        """
        general = self.uses.get(_ANY) if form not in _SPECIAL else None
        chosen = self.uses.get(f"{form}_{shape}") or self.uses.get(form) or general
        return None if chosen is None else chosen.get(use, ())

    def puts(self, form: Form, shape: str = "") -> bool:
        """Whether it has patterns for a form of value."""
        known = form in self.uses or f"{form}_{shape}" in self.uses
        return known or (_ANY in self.uses and form not in _SPECIAL)


@dataclass(frozen=True, slots=True, eq=False)
class Phrasebook:
    """All entries: by family, by kind (the last resort is "other"), and by the noun that a part is called by.

    `able` says what an adjective does ("water-repellent": "[repels|repel] water").
    """

    families: Mapping[str, Entry]
    kinds: Mapping[str, Entry]
    heads: Mapping[str, Entry]
    able: Mapping[str, str]
    _found: dict[tuple[str, str, str, str, str], Entry] = field(default_factory=dict)
    _ways: dict[tuple[int, int, str, str, str], Mapping[Use, tuple[Pattern, ...]]] = field(
        default_factory=dict
    )

    def entry(self, message: Message) -> Entry:
        """The most particular entry that can put this message: its family's, its kind's, else the general one."""
        form, shape = message.form, _shape(message)
        key = (message.family, message.label, message.kind, form, shape)
        known = self._found.get(key)
        if known is None:
            found = (entry for entry in self._entries(message) if entry.puts(form, shape))
            if len(self._found) > _MOST_KNOWN:
                self._found.clear()
            known = self._found[key] = next(found, self.kinds["other"])
        return known

    def patterns(self, message: Message, use: Use, voice: str) -> tuple[Pattern, ...]:
        """The ways to put a message in one place, in that voice."""
        return self.ways(message, voice)[use]

    def ways(self, message: Message, voice: str) -> Mapping[Use, tuple[Pattern, ...]]:
        """The ways to put a message in each place, in that voice. Bullets fall back to the general ones."""
        entry, shape = self.entry(message), _shape(message)
        head = self.heads.get(_head(message)) if message.kind in _THINGS else None
        key = (id(entry), id(head), message.form, shape, voice)
        known = self._ways.get(key)
        if known is None:
            known = self._ways[key] = {
                use: self._patterns(entry, head, message.form, shape, use, voice) for use in USES
            }
        return known

    def _patterns(
        self, entry: Entry, head: Entry | None, form: Form, shape: str, use: Use, voice: str
    ) -> tuple[Pattern, ...]:
        found = entry.patterns(form, use, shape) or ()
        if head is not None:
            found = (*found, *(head.patterns("noun", use) or ()))
        if not found and use == "bullet":
            found = self.kinds["other"].patterns(form, use, shape) or ()
        own = tuple(pattern for pattern in found if pattern.voice == voice)
        return own + tuple(pattern for pattern in found if pattern.voice is None)

    def _entries(self, message: Message) -> Iterator[Entry]:
        named = (
            self.families.get(message.label.replace(" ", "_")) if message.label != message.family else None
        )
        open_end = self.kinds.get("open_end") if message.kind == "other" and opens(message.label) else None
        for entry in (named, open_end, self.families.get(message.family), self.kinds.get(message.kind)):
            if entry is not None:
                yield entry


@cache
def phrasebook(language: str = "en") -> Phrasebook:
    """The phrases of a language: `families.yaml` and a shop's own `families.d/`, whose entries come first."""
    families: dict[str, Entry] = {}
    kinds: dict[str, Entry] = {}
    heads: dict[str, Entry] = {}
    able: dict[str, str] = {}
    for data in read(language, "families"):
        able |= data.get("able") or {}
        for target, section in ((families, "families"), (kinds, "kinds"), (heads, "heads")):
            for name, raw in (data.get(section) or {}).items():
                entry = _entry(name, raw)
                for alias in (name, *raw.get("also", ())):
                    target[alias] = entry
    return Phrasebook(families, kinds, heads, able)


def _shape(message: Message) -> str:
    """The shape of the attribute's name, where the message is a yes or a no, or a number of things."""
    return message.values[0].head if message.form in {"yes", "no", "number"} else ""


def _head(message: Message) -> str:
    """The noun that a single thing is called by, in the singular; "" where it is none or several."""
    if len(message.values) != 1 or message.form != "noun":
        return ""
    head = message.values[0].head
    label = message.label.rsplit(" ", 1)[-1]
    named = message.kind != "feature" and is_part_noun(label) and not is_part_noun(head)
    return singular_form(label if named else head)


def _entry(name: str, raw: Mapping[str, Any]) -> Entry:
    uses: dict[str, Mapping[Use, tuple[Pattern, ...]]] = {
        form: _uses(value) for form, value in raw.items() if form.partition("_")[0] in _FORMS
    }
    own = _uses({use: raw[use] for use in USES if use in raw})
    if own:
        uses[_ANY] = own
    groups = tuple(
        Group(group["members"], group["as"], group.get("alone") == "true") for group in raw.get("groups", ())
    )
    return Entry(
        name,
        uses,
        raw.get("words", {}),
        groups,
        frozenset(raw.get("drop", ())),
        int(raw.get("rank", 50)),
        raw.get("definitions", {}),
    )


def _uses(raw: Mapping[str, Any]) -> dict[Use, tuple[Pattern, ...]]:
    return {use: tuple(_patterns(raw[use])) for use in USES if use in raw}


def _patterns(raw: Any) -> Iterator[Pattern]:
    """A text, a list of texts, or a map voice → either, "any" standing for every voice."""
    if isinstance(raw, Mapping):
        for voice, texts in raw.items():
            for pattern in _patterns(texts):
                yield replace(pattern, voice=None if voice == _ANY else voice)
    else:
        for text in [raw] if isinstance(raw, str) else raw:
            parts = parse(text)
            yield Pattern(parts, text, slots=slots_of(parts))
