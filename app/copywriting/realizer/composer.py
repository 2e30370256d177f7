"""Composition: the stages from planning to surface, run for one text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.copywriting.copy import Brief
from app.copywriting.realizer.aggregation import Aggregate, body_aggregates, lead_aggregates
from app.copywriting.realizer.chance import Chance
from app.copywriting.realizer.choices import choice_phrases
from app.copywriting.realizer.lexicalisation import Lexicaliser, bare_phrase, compose
from app.copywriting.realizer.messages import Message, Selection
from app.copywriting.realizer.naming import Naming
from app.copywriting.realizer.patterns import Phrase, Slot
from app.copywriting.realizer.phrasebook import phrasebook
from app.copywriting.realizer.planning import DocumentPlan, plan
from app.copywriting.realizer.ranking import Said, allowed, cost
from app.copywriting.realizer.referring import Discourse, Referent, referents
from app.copywriting.realizer.schemas import Schema, Shapes, shapes
from app.copywriting.realizer.surface import opening_word, realise

_OWN_VOICE_LEADS = 2
"""How many more times a lead of the voice's own counts than one that every voice has."""
_FREELY = 3
"""The attempt from which a short text may take any order."""
_AT_ANY_PRICE = 8
"""The attempt from which a longer one may."""
_CHECKED = 3
"""Answers of yes in one sentence."""
_SUBJECTS = frozenset({"S", "N", "Name", "name"})
_RHYTHM = ((3, 1, 2), (2, 3, 1), (3, 2, 1), (2, 1, 3))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A finished sentence and the facts it rests on."""

    text: str
    facts: tuple[str, ...]


@dataclass(slots=True)
class _Progress:
    """How far a text has come: what was said, and what that makes of the product as a topic."""

    history: list[Said]
    discourse: Discourse
    said: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Composer:
    """All that the writing of one text needs.

    `bold` allows leads that say less, for one more text that differs; `free` any order of a short text's sentences and
    any name for the product that may stand there. `protected` are names whose spelling no locale changes, `for_bullets` is
    what the text leaves to the bullets.
    """

    selection: Selection
    naming: Naming
    plan: DocumentPlan
    words: Lexicaliser
    shapes: Shapes
    chance: Chance
    protected: tuple[str, ...]
    for_bullets: tuple[Message, ...] = ()
    bold: bool = False
    free: bool = False

    @classmethod
    def for_brief(cls, brief: Brief, selection: Selection, naming: Naming, attempt: int = 0) -> "Composer":
        """The composer of a brief: its language's data, its voice, its seed; `attempt` turns the seed."""
        language = brief.locale.partition("-")[0]
        chance = Chance.of(brief.subject.sku, brief.template_hash, brief.variant, brief.voice).again(attempt)
        known = shapes(language)
        words = Lexicaliser(phrasebook(language), brief.voice, brief.locale, chance)
        document = plan(selection, naming, known.questions, chance, known.choices.finishes)
        free = attempt >= (_FREELY if document.paragraphs == 1 else _AT_ANY_PRICE)
        if free:
            document = replace(document, body=chance.order("body", document.body))
        protected = _protected(selection, naming)
        sheet = words.for_bullets(document.by_weight)
        return cls(
            selection, naming, document, words, known, chance, protected, sheet, bold=attempt > 1, free=free
        )

    @property
    def _contractions(self) -> Mapping[str, str]:
        return self.shapes.contractions.get(self.words.voice, {})

    def paragraphs(self) -> tuple[tuple[Sentence, ...], ...]:
        """The text: the lead, then the buyer's questions in order, the choices last."""
        progress = _Progress([], Discourse())
        lead, said = self._lead(progress)
        paragraphs: list[tuple[Sentence, ...]] = []
        choices_first = self.plan.choices_first or (self.free and self.chance.number("choices first", 2) == 1)
        current = [lead, *(self._choices(progress) if choices_first else ())]
        opening = len(current)
        parts = self.plan.paragraphs_without(said, self.shapes.questions)
        left = {id(message) for message in self.for_bullets}
        for part in parts:
            messages = [message for message in part if id(message) not in left]
            if len(current) > opening or paragraphs:
                paragraphs.append(tuple(current))
                current = []
                progress.discourse = progress.discourse.at_paragraph()
            current.extend(self._body(messages, progress))
        if not choices_first:
            current.extend(self._choices(progress))
        return (*paragraphs, tuple(current)) if current else tuple(paragraphs)

    def _lead(self, progress: _Progress) -> tuple[Sentence, Sequence[Message]]:
        options = [
            aggregate
            for aggregate in lead_aggregates(
                self._leading(), self._allowed(self.shapes.lead, progress), self.words.uses
            )
            if self.naming.is_name or not aggregate.schema.names
        ]
        found = self._first_said(self._telling(options)) or self._first_said(options)
        if found is None:
            return self._bare_lead(progress), ()
        aggregate, phrase = found
        return self._say(phrase, aggregate.schema, progress), aggregate.messages

    def _leading(self) -> tuple[Message, ...]:
        """What may lead: nothing that the bullets list, unless there is nothing else."""
        left = {id(message) for message in self.for_bullets}
        return tuple(message for message in self.plan.lead if id(message) not in left) or self.plan.lead

    def _first_said(self, options: Sequence[Aggregate]) -> tuple[Aggregate, Phrase] | None:
        """The seed's choice among the leads that say enough, or the next one that can be put into words."""
        if not options:
            return None
        best = max([len(aggregate.placed) for aggregate in options])
        least = 1 if self.bold else min(best, 3)
        full = [option for option in options if len(option.placed) >= least]
        if not self.bold:
            full += [option for option in full if option.schema.voice is not None] * _OWN_VOICE_LEADS
        start = self.chance.turn("lead", len(full))
        fewer = (option for option in options if len(option.placed) < least)
        for aggregate in (*full[start:], *full[:start], *fewer):
            phrase = compose(aggregate, self.naming, self.words)
            if phrase is not None:
                return aggregate, phrase
        return None

    def _telling(self, options: Sequence[Aggregate]) -> Sequence[Aggregate]:
        """The leads that leave nothing untold: what sort of thing it is, and its name where no sentence follows."""
        told = options
        if self.naming.is_name and not self.naming.says_noun:
            told = [option for option in told if option.schema.has_noun]
        if self.naming.is_name:
            told = [o for o in told if o.schema.has_name or self._named_next(o)]
        if not any(message.fits_angle for message in self.plan.lead):
            return told
        return [o for o in told if any(m.fits_angle for m in o.messages)] or told

    def _named_next(self, lead: Aggregate) -> bool:
        """Whether the sentence after the lead can have the product as its subject, and so name it."""
        parts = self.plan.paragraphs_without(lead.messages, self.shapes.questions)
        following = next((messages[0] for messages in parts if messages), None)
        return following is not None and bool(self.words.uses(following) & {"have", "predicate"})

    def _named(self, schema: Schema | None, discourse: Discourse) -> Naming:
        """The naming for a sentence: where the noun stands beside the name, the short name often does."""
        if discourse.last is None and schema is not None and schema.start == "clause":
            return replace(self.naming, noun="")
        if schema is None or not schema.names or not self.chance.number("short name", 2):
            return self.naming
        return replace(self.naming, name=self.naming.short)

    def _bare_lead(self, progress: _Progress) -> Sentence:
        """The lead of a product of which nothing is known but its name."""
        patterns = self.shapes.bare(self.naming, self.words.voice)
        # The plainest comes first; only further variants of the same nothing need other words.
        phrase = bare_phrase(patterns[self.chance.variant % len(patterns)], self.naming)
        return self._say(phrase, None, progress)

    def _allowed(self, schemas: Sequence[Schema], progress: _Progress) -> list[Schema]:
        return allowed(schemas, self.words.voice, progress.history, bold=self.bold)

    def _body(self, messages: Sequence[Message], progress: _Progress) -> list[Sentence]:
        """The sentences of a paragraph."""
        queue = tuple(messages)
        rhythm = _RHYTHM[self.chance.number("rhythm", len(_RHYTHM))]
        sentences: list[Sentence] = []
        while queue:
            target = rhythm[len(progress.history) % len(rhythm)]
            if self._is_checklist(queue):
                target = _CHECKED
            found = self._next(queue, target, progress)
            if found is None:
                queue = queue[1:]
                continue
            aggregate, phrase = found
            queue = aggregate.rest
            sentence = self._say(phrase, aggregate.schema, progress)
            if sentence.text not in progress.said:
                sentences.append(sentence)
                progress.said.add(sentence.text)
        return sentences

    def _is_checklist(self, queue: Sequence[Message]) -> bool:
        """Whether the next things to say are mere answers of yes, which belong into one sentence."""
        return len(queue) > 1 and all(
            message.form == "yes" and "have" in self.words.uses(message) for message in queue[:2]
        )

    def _next(
        self, queue: Sequence[Message], target: int, progress: _Progress
    ) -> tuple[Aggregate, Phrase] | None:
        schemas = self._allowed(self.shapes.body, progress)
        key = f"body/{len(progress.history)}"
        named = progress.discourse.last is not None
        options = sorted(
            body_aggregates(queue, schemas, self.words.uses, self.shapes.may_share),
            key=lambda aggregate: cost(
                aggregate, progress.history, target, self.chance, key, named=named, bold=self.bold
            ),
        )
        fallback: tuple[Aggregate, Phrase] | None = None
        for aggregate in options:
            phrase = compose(aggregate, self.naming, self.words)
            if phrase is None:
                continue
            if not self._opens_alike(phrase, progress):
                return aggregate, phrase
            fallback = fallback or (aggregate, phrase)
        return fallback

    def _opens_alike(self, phrase: Phrase, progress: _Progress) -> bool:
        """Whether the sentence would be the third in a row with the same first word, whatever its subject is called."""
        last = [said.word for said in progress.history[-2:]]
        if len(last) < 2 or last[0] != last[1]:  # two alike are no row
            return False
        options = referents(self.naming, progress.discourse)
        return all(opening_word(phrase.parts, referent, self.naming) == last[0] for referent in options)

    def _choices(self, progress: _Progress) -> list[Sentence]:
        return [
            self._say(
                next((p for p in options if not self._opens_alike(p, progress)), options[0]), None, progress
            )
            for options in choice_phrases(self.plan.choices, self.shapes.choices, self.words)
        ]

    def _say(self, phrase: Phrase, schema: Schema | None, progress: _Progress) -> Sentence:
        """Choose the referring expression, realise, and remember what was done."""
        has_subject = not _SUBJECTS.isdisjoint([part.name for part in phrase.parts if isinstance(part, Slot)])
        naming = self._named(schema, progress.discourse)
        last = [said.word for said in progress.history[-2:]]
        tired = last[0] if len(last) > 1 and last[0] == last[1] else None
        options = list(referents(self.naming, progress.discourse))
        if self.free:
            start = self.chance.number(f"referent/{len(progress.history)}", len(options))
            options = [*options[start:], *options[:start]]
        referent = options[0]
        if tired is not None:
            fresh = (option for option in options if opening_word(phrase.parts, option, naming) != tired)
            referent = next(fresh, referent)
        text = realise(phrase.parts, referent, naming, self.words.locale, self.protected, self._contractions)
        distracted = schema is not None and schema.start in {"clause", "there"}
        progress.discourse = progress.discourse.after(
            referent.kind if has_subject else None, distracted=distracted
        )
        word = opening_word(phrase.parts, referent, naming)
        progress.history.append(Said(phrase.shape, _start(schema, phrase, referent), word))
        return Sentence(text, phrase.ids)


def _protected(selection: Selection, naming: Naming) -> tuple[str, ...]:
    """Names whose spelling no locale changes."""
    named = (text for m in selection.messages if m.family in {"title", "brand", "model"} for text in m.texts)
    values = (v.text for m in selection.messages for v in m.values if v.form == "name")
    # The text may use less of the title than the whole: "the Brother Labelling Tape" of "… 9mm".
    called = (name.removeprefix("the ") for name in (naming.name, naming.short))
    return tuple(dict.fromkeys((*named, *called, *values) if naming.is_name else values))


def _start(schema: Schema | None, phrase: Phrase, referent: Referent) -> str:
    if schema is not None and schema.start != "subject":
        return schema.start
    return "subject" if schema is not None or phrase.shape == "choice-subject" else f"choice/{referent.kind}"
