"""Where each sentence of a text stands in it, markup and all, and texts with some of their sentences changed: pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.copywriting.life.trimming import BLOCK, letters_of, tags_in, tidied
from evaluators.fields import escape, field_texts, plain_text
from seo.language.tokens import sentences


@dataclass(frozen=True, slots=True)
class Placed:
    """A sentence; `start` and `end` are offsets in the text with its markup, `block` tells paragraphs apart.

    `tag` is the paragraph's: "p", "li" …, "" in plain text.
    """

    text: str
    start: int
    end: int
    block: int
    tag: str


@dataclass(frozen=True, slots=True)
class Change:
    """What takes the place of `start`–`end` of a text; None: nothing does, and the blank before what follows goes too."""

    start: int
    end: int
    text: str | None


def placed(value: str) -> tuple[Placed, ...] | None:
    """Every sentence of a text in its order; None where the markup is such that they cannot be told apart in it."""
    letters, places = letters_of(value)
    found: list[Placed] = []
    at = 0
    for span in sentences(plain_text(value)):
        sought = "".join(span.text.split())
        begin = letters.find(sought, at)
        # Between two sentences there may be a bullet mark, and nothing that anybody says.
        if not sought or begin < 0 or any(letter.isalnum() for letter in letters[at:begin]):
            return None
        at = begin + len(sought)
        start, end = places[begin][0], places[at - 1][1]
        block, tag = _block(value, start)
        found.append(Placed(span.text, start, end, block, tag))
    return tuple(found)


def changed(value: str, changes: Iterable[Change]) -> str:
    """The text with the changes in it. Markup that begins or ends within a change stays, and goes where it is empty."""
    trimmed = False
    for change in sorted(changes, key=lambda one: one.start, reverse=True):
        before, inside, after = (
            value[: change.start],
            value[change.start : change.end],
            value[change.end :],
        )
        kept = tags_in(inside)
        trimmed = trimmed or bool(kept)
        if change.text is None:
            trimmed = True
            if before.endswith((" ", ">")) or not before:
                after = after.lstrip(" ")
            if not kept and (not after or BLOCK.match(after)):
                before = before.rstrip(" ")
        value = before + kept + (change.text or "") + after
    return tidied(value) if trimmed else value


def without_sentences(value: str, gone: Sequence[Placed]) -> str:
    """The text without these sentences of it; elements that hold nothing afterwards go too."""
    return (
        changed(value, [Change(sentence.start, sentence.end, None) for sentence in gone]) if gone else value
    )


def texts_with_paths(name: str, value: object) -> Iterable[tuple[str, str]]:
    """Every text of a field with the path that sentences name it by."""
    return field_texts({name: value})


def rebuilt(value: object, texts: Mapping[str, str], path: str) -> object:
    """A field's value with other texts by path; members of lists and maps whose text is "" are left out."""
    if isinstance(value, str):
        return texts.get(path, value)
    if isinstance(value, Mapping):
        return {
            key: text for key, old in value.items() if (text := texts.get(f"{path}/{escape(str(key))}", old))
        }
    if isinstance(value, Sequence):
        return [text for number, old in enumerate(value) if (text := texts.get(f"{path}/{number}", old))]
    return value


def _block(value: str, start: int) -> tuple[int, str]:
    """Which paragraph a place is in: where its tag begins, and its name."""
    found = list(BLOCK.finditer(value, 0, start))
    return (found[-1].start(), found[-1].group().strip("</")) if found else (-1, "")
