"""Bullets: the facts at a glance, most important first, each in a line of its own."""

from collections.abc import Iterator

from app.copywriting.realizer.choices import choice_bullet
from app.copywriting.realizer.composer import Composer, Sentence
from app.copywriting.realizer.patterns import Phrase
from app.copywriting.realizer.referring import Referent
from app.copywriting.realizer.surface import line

_MOST = 7
_LONGEST = 120
"""Characters of a line, the template's limit: what is longer is told in the text, where it has room."""


def bullet_lines(composer: Composer) -> tuple[Sentence, ...]:
    """Up to seven lines; one that repeats another word for word, or is too long for a glance, is left out."""
    referent = Referent("pronoun", "it", composer.naming.number)
    lines: dict[str, Sentence] = {}
    for phrase in _phrases(composer):
        text = line(phrase.parts, referent, composer.naming, composer.words.locale, composer.protected)
        if len(text) <= _LONGEST:
            lines.setdefault(text.lower(), Sentence(text, phrase.ids))
    return tuple(lines.values())[:_MOST]


def _phrases(composer: Composer) -> Iterator[Phrase]:
    choices = [
        choice_bullet(message, composer.shapes.choices, composer.words)
        for message in composer.plan.choices
        if message.is_choice
    ]
    room = _MOST - len(choices)
    said = 0
    for message in composer.plan.by_weight:
        phrase = composer.words.phrase(message, "bullet")
        if phrase is not None and said < room:
            said += 1
            yield phrase
    yield from (phrase for phrase in choices if phrase is not None)
