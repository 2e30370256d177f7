"""Headlines: a line of one thought, one sentence under it and the words on the button, for each angle that facts carry."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Any, cast

from app.copywriting.copy import ANGLES, Angle, Brief, Draft, DraftSentence
from app.copywriting.realizer.chance import Chance
from app.copywriting.realizer.english import sentence, spell
from app.copywriting.realizer.lexicon import read
from app.copywriting.realizer.messages import Message
from app.copywriting.realizer.naming import name_product
from app.copywriting.realizer.rules import overlay, rules
from app.copywriting.realizer.selection import select
from app.copywriting.realizer.short_fields import scene_of
from app.copywriting.realizer.short_fields_patterns import Shape, SlotRule, shapes_of, slot_rules
from app.copywriting.realizer.short_fields_slots import Line, Scene, can_fill, lines
from app.copywriting.realizer.titles import clean_name, shortened
from app.copywriting.realizer.titles_data import title_data

HEADLINE_LIMIT = 60
HOOK_LIMIT = 120
CTA_LIMIT = 30
_MOST_CANDIDATES = 48
_AFTER_STOP = re.compile(r"(?<=[.?!] )[a-z](?=[a-z-]*\b)")


@dataclass(frozen=True, slots=True)
class CallToAction:
    """Words for a button. `needs` names the slot without which they would say something untrue ("n_colors")."""

    text: str
    needs: str = ""
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class AnglePatterns:
    """What one angle can say."""

    headlines: tuple[Shape, ...]
    hooks: tuple[Shape, ...]
    ctas: tuple[CallToAction, ...]


@dataclass(frozen=True, slots=True)
class HeadlineData:
    """All of `headlines.yaml`; each part is described there."""

    slots: Mapping[str, SlotRule]
    angles: Mapping[Angle, AnglePatterns]
    ctas: tuple[CallToAction, ...]


@cache
def headline_data(language: str = "en") -> HeadlineData:
    """The headline patterns of a language, with a shop's own `headlines.d/` laid over them."""
    raw: dict[str, Any] = {}
    for data in read(language, "headlines"):
        raw = overlay(raw, data)
    common = shapes_of(raw["hooks"])
    return HeadlineData(
        slots=slot_rules(raw["slots"]),
        angles={
            cast("Angle", name): AnglePatterns(
                shapes_of(patterns["headlines"]),
                (*shapes_of(patterns["hooks"]), *(common if name != "choice" else ())),
                tuple(_ctas(patterns["ctas"])),
            )
            for name, patterns in raw["angles"].items()
        },
        ctas=tuple(_ctas(raw["ctas"])),
    )


def _ctas(raw: Sequence[str | Mapping[str, str]]) -> Iterator[CallToAction]:
    for item in raw:
        if isinstance(item, str):
            yield CallToAction(item)
        elif "text" in item:
            yield CallToAction(item["text"], item.get("needs", ""), item.get("voice"))
        else:
            yield from (CallToAction(text, "", voice) for voice, text in item.items())


def realize_headlines(brief: Brief) -> Draft:
    """Write headline (≤ 60 characters), hook (one sentence, ≤ 120) and cta (2–5 words) for `brief.angle`.

    Without an angle the first that the facts carry is taken; where none is carried, or not this one, the product's name
    stands alone. Each `variant` gives another text as long as the facts allow. A call to action claims nothing and
    rests on no fact.
    """
    stage = _Stage.of(brief)
    angle = brief.angle or next(iter(_carried(stage)), None)
    found = stage.candidates(angle) if angle is not None else None
    if angle is None or found is None:
        return stage.bare()
    headline = found.headlines[stage.chance.turn(f"headline/{angle}", len(found.headlines))]
    hook = stage.hook_for(headline, found.hooks)
    cta = stage.cta(angle)
    return stage.draft(headline, hook, cta)


def angles_carried(brief: Brief) -> tuple[Angle, ...]:
    """The angles that a brief's facts can carry: those with a headline and a hook, in the order of `ANGLES`."""
    return tuple(_carried(_Stage.of(replace(brief, angle=None))))


def _carried(stage: "_Stage") -> Iterator[Angle]:
    return (angle for angle in ANGLES if stage.candidates(angle) is not None)


@dataclass(frozen=True, slots=True)
class _Candidates:
    headlines: tuple[Line, ...]
    hooks: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Stage:
    """One brief's material."""

    brief: Brief
    scene: Scene
    chance: Chance
    data: HeadlineData
    notes: tuple[str, ...]

    @classmethod
    def of(cls, brief: Brief) -> "_Stage":
        selection = select(brief)
        language = brief.locale.partition("-")[0]
        name = clean_name(brief.subject.title, brief.subject.sku, title_data(language))
        chance = Chance.of(brief.subject.sku, brief.template_hash, brief.variant)
        scene = scene_of(selection, name_product(selection, name, brief.subject.brand), brief, chance)
        return cls(brief, scene, chance, headline_data(language), selection.notes)

    def candidates(self, angle: Angle) -> _Candidates | None:
        """All headlines and hooks of an angle, in an order of the seed's that all variants share; None without either."""
        patterns = self.data.angles.get(angle)
        if patterns is None:
            return None
        scene = replace(
            self.scene, angle=rules(self.brief.locale.partition("-")[0]).angles[angle], _options={}
        )
        headlines = [_headline(line) for line in self._lines(patterns.headlines, scene)]
        hooks = [_hook(line) for line in self._lines(patterns.hooks, scene)]
        headlines = _distinct(line for line in headlines if len(line.text) <= HEADLINE_LIMIT)
        hooks = _distinct(line for line in hooks if len(line.text) <= HOOK_LIMIT)
        if not headlines or not hooks:
            return None
        still = replace(self.chance, variant=0)
        return _Candidates(still.order(f"headlines/{angle}", headlines), still.order(f"hooks/{angle}", hooks))

    def _lines(self, shapes: Sequence[Shape], scene: Scene) -> Iterator[Line]:
        return islice(lines(shapes, self.data.slots, scene), _MOST_CANDIDATES)

    def hook_for(self, headline: Line, hooks: Sequence[Line]) -> Line:
        """A hook that says something the headline does not, where there is one."""
        fresh = [hook for hook in hooks if _adds(hook, headline)]
        options = fresh or list(hooks)
        return options[self.chance.turn("hook", len(options))]

    def cta(self, angle: Angle) -> str:
        """The words on the button, those of the voice first."""
        offered = [
            cta
            for cta in self.data.angles[angle].ctas
            if not cta.needs or can_fill(cta.needs, self.data.slots, self.scene)
        ]
        usable = [cta for cta in offered if cta.voice in {None, self.brief.voice}] or list(self.data.ctas)
        text = usable[self.chance.turn(f"cta/{angle}", len(usable))].text
        return spell(text, self.brief.locale)[:CTA_LIMIT]

    def bare(self) -> Draft:
        """What can be said where no angle is carried: the name."""
        name = self.scene.naming.description or self.scene.naming.bare_name
        words = Line(name, self.scene.naming.name_ids, (), "")
        headline = replace(_headline(words), text=shortened(_headline(words).text, HEADLINE_LIMIT))
        hook = replace(words, text=sentence(shortened(name, HOOK_LIMIT - 1)))
        return self.draft(headline, hook, spell(self.data.ctas[0].text, self.brief.locale))

    def draft(self, headline: Line, hook: Line, cta: str) -> Draft:
        """The three fields that the brief wants, with their sentences."""
        texts = {"headline": (headline.text, headline.ids), "hook": (hook.text, hook.ids), "cta": (cta, ())}
        wanted = {
            name: text for name, text in texts.items() if not self.brief.fields or name in self.brief.fields
        }
        return Draft(
            {name: text for name, (text, _) in wanted.items()},
            tuple(DraftSentence(name, text, ids) for name, (text, ids) in wanted.items()),
            self.notes,
        )


def _headline(line: Line) -> Line:
    """A headline has a capital and no full stop, unless it has one inside."""
    closed = _AFTER_STOP.sub(lambda found: found.group().upper(), sentence(line.text))
    inner_stop = ". " in closed or closed.endswith(("?", "!"))
    return replace(line, text=closed if inner_stop else closed.removesuffix("."))


def _hook(line: Line) -> Line:
    return replace(line, text=sentence(line.text))


def _distinct(found: Iterator[Line]) -> list[Line]:
    unique: dict[str, Line] = {}
    for line in found:
        unique.setdefault(line.text.lower(), line)
    return list(unique.values())


def _adds(hook: Line, headline: Line) -> bool:
    said: tuple[Message, ...] = headline.messages
    return not hook.messages or any(all(message is not other for other in said) for message in hook.messages)
