"""Bullets: the facts at a glance, most important first, each in a line of its own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.copywriting.realizer.choices import choice_bullet
from app.copywriting.realizer.composer import Composer, Sentence
from app.copywriting.realizer.messages import Message
from app.copywriting.realizer.patterns import Phrase
from app.copywriting.realizer.referring import referent
from app.copywriting.realizer.surface import line

_MOST = 7
_MOST_WITH_SHEET = 10
"""Lines where the text leaves facts to the bullets."""
_LONGEST = 120
"""Characters of a line, the template's limit: what is longer is told in the text, where it has room."""


def bullet_lines(composer: Composer) -> tuple[Sentence, ...]:
    """Up to seven lines, ten where the text leaves facts to them; none twice, none that is too long for a glance.

    What the variants differ in comes last and is never crowded out.
    """
    left = {id(message) for message in composer.for_bullets}
    told = [message for message in composer.plan.by_weight if id(message) not in left]
    choices = [
        choice_bullet(message, composer.shapes.choices, composer.words)
        for message in composer.plan.choices
        if message.is_choice
    ]
    last = _lines(composer, choices, {}, _MOST)
    lines = _lines(composer, _phrases(composer, told), {}, _MOST - len(last))
    lines = _lines(composer, _phrases(composer, composer.for_bullets), lines, _MOST_WITH_SHEET - len(last))
    return tuple({**lines, **last}.values())


def _phrases(composer: Composer, messages: Sequence[Message]) -> Iterator[Phrase | None]:
    return (composer.words.phrase(message, "bullet") for message in messages)


def _lines(
    composer: Composer, phrases: Iterable[Phrase | None], known: Mapping[str, Sentence], most: int
) -> dict[str, Sentence]:
    """The known lines and, up to so many in all, further ones by their text in lower case."""
    it = referent("pronoun", "it", composer.naming.number)
    lines = dict(known)
    for phrase in phrases:
        if phrase is None or len(lines) >= most:
            continue
        text = line(phrase.parts, it, composer.naming, composer.words.locale, composer.protected)
        if len(text) <= _LONGEST:
            lines.setdefault(text.lower(), Sentence(text, phrase.ids))
    return lines
