"""A field that was written anew, with the locked sentences of the old one in it: pure."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.copywriting.placing import Change, Placed, changed, placed, without_sentences
from evaluators.fields import plain_text, sentences_of

Facts = Mapping[str, frozenset[str]]
"""Text of a sentence → the ids of the facts that it rests on."""
_TAGS = re.compile(r"<(/?)([a-z0-9]+)[^>]*?(/?)>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Locked:
    """The locked sentences, and what the sentences of the old and of the new text rest on."""

    texts: frozenset[str]
    facts: Facts


def keep_locked(old: object, new: object, locked: Locked) -> object:
    """The new value of a field with the old one's locked sentences where they stood.

    What the new text says of the same facts and no other goes for them. Members of lists and maps that hold a locked
    sentence stay whole.
    """
    if isinstance(old, str) and isinstance(new, str):
        return _text(old, new, locked)
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return {**new, **{key: text for key, text in old.items() if _holds(text, locked)}}
    if isinstance(old, Sequence) and isinstance(new, Sequence):
        return _members(old, new, locked)
    return new


def _holds(text: str, locked: Locked) -> bool:
    return any(sentence.text in locked.texts for sentence in sentences_of({"x": text}))


def _members(old: Sequence[str], new: Sequence[str], locked: Locked) -> list[str]:
    kept = [(i, text) for i, text in enumerate(old) if _holds(text, locked)]
    told = [locked.facts.get(plain_text(text), frozenset()) for _, text in kept]
    result = [text for text in new if text not in old or not _holds(text, locked)]
    result = [text for text in result if not _said(locked.facts.get(plain_text(text)), told)]
    for i, text in kept:
        result.insert(min(i, len(result)), text)
    return result


def _said(facts: frozenset[str] | None, told: Sequence[frozenset[str]]) -> bool:
    return bool(facts) and any(facts <= others for others in told if facts is not None)


def _text(old: str, new: str, locked: Locked) -> str:
    before = placed(old) or ()
    kept = [sentence for sentence in before if sentence.text in locked.texts]
    if not kept:
        return new
    if len(kept) == len(before):
        return old
    there = placed(new) or ()
    told = [locked.facts.get(sentence.text, frozenset()) for sentence in kept]
    doubled = [
        s for s in there if s.text in locked.texts or _said(locked.facts.get(s.text), told)
    ]  # those that are the same are put back where they stood
    result = without_sentences(new, doubled)
    for sentence in kept:
        result = _put_in(result, sentence, before, old)
    return result


def _put_in(value: str, sentence: Placed, before: Sequence[Placed], old: str) -> str:
    """The text with the sentence at the place in the paragraphs that it had."""
    piece = _piece(old, sentence)
    there = placed(value)
    if not there:
        return f"<{sentence.tag}>{piece}</{sentence.tag}>" if sentence.tag in {"p", "h2", "h3"} else piece
    blocks = _blocks(there)
    own = _blocks(before)
    number = next(i for i, block in enumerate(own) if sentence in block)
    alike = [block for block in blocks if block[0].tag == sentence.tag] or blocks
    target = blocks[number] if number < len(blocks) and blocks[number] in alike else alike[-1]
    at = own[number].index(sentence) if number < len(blocks) else len(target)
    apart = f"</{sentence.tag}><{sentence.tag}>" if target[0].tag == sentence.tag == "li" else " "
    if at < len(target):
        return changed(value, [Change(target[at].start, target[at].start, piece + apart)])
    return changed(value, [Change(target[-1].end, target[-1].end, apart + piece)])


def _blocks(sentences: Sequence[Placed]) -> list[list[Placed]]:
    found: dict[int, list[Placed]] = {}
    for sentence in sentences:
        found.setdefault(sentence.block, []).append(sentence)
    return list(found.values())


def _piece(old: str, sentence: Placed) -> str:
    """The sentence with the markup within it, where that begins and ends in it."""
    raw = old[sentence.start : sentence.end]
    opened: list[str] = []
    for close, name, alone in _TAGS.findall(raw):
        if alone or name == "br":
            continue
        if not close:
            opened.append(name)
        elif not opened or opened.pop() != name:
            return html.escape(sentence.text, quote=False)
    return html.escape(sentence.text, quote=False) if opened else raw
