"""What the variants differ in, said in one sentence: "In black, blue or green, sizes XS to XL"."""

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from app.copywriting.realizer.english import join, plural
from app.copywriting.realizer.lexicalisation import Lexicaliser
from app.copywriting.realizer.listing import texts
from app.copywriting.realizer.messages import Message
from app.copywriting.realizer.numbers import number_word
from app.copywriting.realizer.patterns import Part, Parts, Phrase, Slot, fill
from app.copywriting.realizer.schemas import Choices

_LETTER_SIZES = ("XXXS", "XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL", "XXXXL")
_SHORTEST_RANGE = 3
_OPTIONS = 3
"""How many ways to put a choice are offered, so that one of them opens otherwise than the sentences before."""
_MOST_LISTED = 8


def choice_phrases(
    messages: Sequence[Message], choices: Choices, words: Lexicaliser
) -> tuple[tuple[Phrase, ...], ...]:
    """For each sentence about what the variants differ in, the ways to put it, the seed's choice first.

    Colour and size share a sentence, any other property has its own.
    """
    colour = next((m for m in messages if m.kind == "color"), None)
    finish = next((m for m in messages if m.kind == "pattern" and not m.is_choice), None)
    size = next((m for m in messages if m.kind == "size" and m is not colour), None)
    first = [m for m in (colour, size, finish if colour else None) if m is not None]
    others = [m for m in messages if m not in (colour, size, finish)]
    groups = [first, others] if len(others) < 2 else [first]
    found = [tuple(islice(_sentences(group, choices, words), _OPTIONS)) for group in groups if group]
    if len(others) > 1:
        found.append((_together(others, words),))
    return tuple(options for options in found if options)


def _together(messages: Sequence[Message], words: Lexicaliser) -> Phrase:
    """Several properties in one list: "Memory: 16 GB or 32 GB; storage: 512 GB or 1 TB"."""
    parts: list[Part] = []
    for message in messages:
        slots = _slots(message, words)
        parts += ["; " if parts else "", *slots["option_plural"], ": ", *slots["options_or"]]
    ids = tuple(id_ for message in messages for id_ in message.ids)
    return Phrase(tuple(part for part in parts if part), ids, "plural", "choice")


def choice_bullet(message: Message, choices: Choices, words: Lexicaliser) -> Phrase | None:
    """A line for one property of the variants."""
    patterns = choices.bullets[_sort(message)]
    parts = patterns[words.chance.turn("choice/bullet", len(patterns))]
    return _filled(parts, [message], _values([message], words, None))


def _sort(message: Message) -> str:
    return message.kind if message.kind in {"color", "size"} else "other"


def _sentences(group: Sequence[Message], choices: Choices, words: Lexicaliser) -> Iterator[Phrase]:
    finish = next((m for m in group if m.kind == "pattern"), None)
    group = [m for m in group if m is not finish]
    sort = "_".join(_sort(m) for m in group)
    patterns = [parts for voice, parts in choices.sentences[sort] if voice in {None, words.voice}]
    start = words.chance.turn("choice", len(patterns))
    values = _values(group, words, finish)
    for parts in (*patterns[start:], *patterns[:start]):
        phrase = _filled(parts, [*group, *([finish] if finish else [])], values)
        if phrase is not None:
            yield phrase


def _values(group: Sequence[Message], words: Lexicaliser, finish: Message | None) -> dict[str, Parts]:
    values: dict[str, Parts] = {}
    for message in group:
        values |= _slots(message, words)
    if finish is not None:
        for name in ("colors", "colors_or"):
            values[name] = (f"{finish.texts[0]} ", *values.get(name, ()))
    return values


def _filled(pattern: Parts, said: Sequence[Message], values: dict[str, Parts]) -> Phrase | None:
    parts = fill(pattern, values, "plural")
    if parts is None:
        return None
    shape = "choice-subject" if isinstance(parts[0], Slot) else "choice"
    return Phrase(parts, tuple(id_ for message in said for id_ in message.ids), "plural", shape)


def _slots(message: Message, words: Lexicaliser) -> dict[str, Parts]:
    entry = words.wording(message).entry
    said = list(texts(message, entry, words.locale))
    name = {"color": "colors", "size": "sizes"}.get(_sort(message), "options")
    slots: dict[str, Parts] = {
        f"n_{name}": (number_word(len(said)),),
        f"{name}_or": (join(said, "or", words.locale),),
        "option": (message.label,),
        "option_plural": (plural(message.label),),
    }
    if len(said) <= _MOST_LISTED:
        slots[name] = (join(said, "and", words.locale),)
        slots[f"{name}_list"] = (join(said, "and", words.locale),)
    if name == "sizes":
        ranged = size_range(said, words.locale)
        slots["sizes_range"] = (ranged,)
        if " to " in ranged:
            slots["sizes_run"] = slots["sizes_from"] = (f"from {ranged}",)
    return slots


def size_range(sizes: Sequence[str], locale: str) -> str:
    """As in "XS to XL" where no size between them is missing, else the list: a range must not invent sizes."""
    if len(sizes) >= _SHORTEST_RANGE and _is_run(sizes):
        return f"{sizes[0]} to {sizes[-1]}"
    return join(list(sizes), "and", locale)


def _is_run(sizes: Sequence[str]) -> bool:
    upper = [size.upper() for size in sizes]
    if all(size in _LETTER_SIZES for size in upper):
        places = [_LETTER_SIZES.index(size) for size in upper]
    elif all(size.isdigit() for size in sizes):
        places = [int(size) for size in sizes]
    else:
        return False
    return all(after - before == 1 for before, after in pairwise(places))
