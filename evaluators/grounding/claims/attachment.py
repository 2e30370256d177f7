"""What a word is said of. "Detachable" is a fact of the strap; "a detachable hood" is not.

There is no parser here: a word belongs to the part named next in its run of describing words ("a padded, detachable
strap"), or to the part before a "be" ("the strap is padded"). Where neither is near, it is said of the product.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluators.grounding.claims.sentence import Sentence, says
from evaluators.grounding.index import Entry, FactIndex, near
from evaluators.grounding.lexicons import domains_of, lexicons
from evaluators.grounding.terms import Term
from evaluators.grounding.verdicts import Verdict

_QUALITIES = frozenset({"color", "material", "scale", "pattern"})
_HEADS = frozenset({"with", "of", "in", "for"})
_CLOSES = frozenset(".;:(")
_RUN = 4
"""How many words a describing word may stand before what it describes."""
_OBJECTS = frozenset({"it", "them"})
_AROUND = 7
_BESIDE = 3


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A word that the facts know, but not of what the text says it of."""

    verdict: Verdict
    entry: Entry
    reason: str


def misplaced(sentence: Sentence, i: int, entries: Sequence[Entry], index: FactIndex) -> Misplaced | None:
    """Say why none of the facts that have the word says it of this part, or of the product; None where one does."""
    term = sentence.terms[i]
    domains = domains_of(term.key)
    if term.stem in index.types or ("part" in domains and domains.isdisjoint({"color", "material"})):
        return None
    said = sentence.says(i, i)
    head = part_of(sentence, i, index)
    if head is not None:
        is_quality = not domains.isdisjoint(_QUALITIES) or all(e.kind in _QUALITIES for e in entries)
        return _of_part(term, head, entries, said, is_quality=is_quality)
    against = _attribute_against(sentence, i, entries, index, is_scale="scale" in domains)
    if against is not None:
        return Misplaced("contradicted", against, f"“{said}”: {says(against)}.")
    if not domains.isdisjoint(_QUALITIES) and all(_is_of_part(entry, index) for entry in entries):
        beside = sentence.terms[max(0, i - _AROUND) : i + _AROUND]
        around = _with_synonyms({t.stem for t in (*_before_colon(sentence), *beside)})
        if all(entry.name.isdisjoint(around) for entry in entries):
            reason = f"“{said}” is not said of the product itself; {says(entries[0])}."
            return Misplaced("unsupported", entries[0], reason)
    return None


def _before_colon(sentence: Sentence) -> Sequence[Term]:
    """What a line says all that follows of: the "brush head" of "Brush head: …"."""
    ends = (k for k, term in enumerate(sentence.terms) if k and term.gap.startswith(":"))
    return sentence.terms[: next(ends, 0)]


def part_of(sentence: Sentence, i: int, index: FactIndex) -> Term | None:
    """The part that a word is said of, None where it is said of the product."""
    for j in _run(sentence, i):
        term = sentence.terms[j]
        if "part" not in domains_of(term.key) and term.stem not in index.named_parts:
            continue
        following = sentence.terms[j + 1] if j + 1 < len(sentence.terms) else None
        if following is not None and following.key in _OBJECTS:
            continue  # "a quad-core processor drives it": a verb
        if following and not sentence.breaks_before(j + 1) and following.stem not in lexicons().function:
            continue  # "hood drawstring", "quarter-zip top": the last noun is the head
        return None if term.stem in index.types else term
    return subject_part(sentence, i, index)


def _run(sentence: Sentence, i: int) -> Iterator[int]:
    """The words after one that it may describe: to the next function word or punctuation."""
    for j in range(i + 1, min(i + _RUN, len(sentence.terms))):
        if sentence.terms[j].stem in lexicons().function or sentence.breaks_before(j):
            return
        if sentence.denied[j] != sentence.denied[i]:
            return
        yield j


def subject_part(sentence: Sentence, i: int, index: FactIndex) -> Term | None:
    """The part before a "be" that the word follows: "the strap is long and padded"."""
    for k in range(i - 1, max(0, i - _RUN), -1):
        term = sentence.terms[k]
        if term.key in _HEADS:
            return None
        if term.key == "be":
            if sentence.breaks_before(k):
                return None  # "has a speaker, is 30 cm long": said of the product
            subject = sentence.terms[k - 1]
            is_part = subject.stem in index.named_parts or "part" in domains_of(subject.key)
            is_part = is_part and subject.stem not in index.types
            return subject if is_part and not sentence.judged[k - 1] else None
        if not _CLOSES.isdisjoint(sentence.terms[k + 1].gap):
            return None
    return None


def _of_part(
    term: Term, head: Term, entries: Sequence[Entry], said: str, *, is_quality: bool
) -> Misplaced | None:
    if any(near(entry, term.stem, head.stem) for entry in entries):
        return None
    if not is_quality and not all(_concerns_other(entry, term.stem, head.stem) for entry in entries):
        return None
    return Misplaced(
        "unsupported", entries[0], f"No fact says “{said}” of the {head.text}; {says(entries[0])}."
    )


def _concerns_other(entry: Entry, stem: str, head: str) -> bool:
    """Whether a fact says the word of another part: by its name ("strap: detachable"), or beside it in its text."""
    if entry.parts:
        return head not in entry.parts
    for segment in entry.segments:
        for i, term in enumerate(segment):
            if term.stem != stem:
                continue
            beside = segment[i + 1 : i + 1 + _BESIDE]
            if any("part" in domains_of(other.key) and other.stem != head for other in beside):
                return True
    return False


def _attribute_against(
    sentence: Sentence, i: int, entries: Sequence[Entry], index: FactIndex, *, is_scale: bool
) -> Entry | None:
    """A fact whose name the text puts after the word, with another value of the kind.

    "A large price range" against "price range: small", "the Orion family" against "family: Vega": a word of scale
    against another, a word of the product's name against a name.
    """
    if not is_scale and not all(entry.is_identity for entry in entries):
        return None
    stem = sentence.terms[i].stem
    run = [sentence.terms[j].stem for j in _run(sentence, i)]
    named = set(run) - index.types
    if not named:
        return None
    if is_scale:
        fitting = [e for e in index.entries if e.answer is None and run[0] in e.name and _is_of_scale(e)]
    else:
        fitting = [e for e in index.identity if e.answer is None and not named.isdisjoint(e.name)]
    if not fitting or any(entry.has(stem) for entry in fitting):
        return None
    return max(fitting, key=lambda e: len(named & e.name))


def _is_of_scale(entry: Entry) -> bool:
    return not entry.is_prose and entry.in_domain("scale")


def _is_of_part(entry: Entry, index: FactIndex) -> bool:
    """Whether a fact is of a part only. The size of the part that makes the product ("screen size") is its own."""
    parts = entry.parts - index.types
    return not entry.is_prose and bool(parts) and not ("size" in entry.name and parts <= index.own_parts)


def _with_synonyms(stems: set[str]) -> set[str]:
    same = lexicons().synonyms
    return stems.union(*(same.get(stem, frozenset()) for stem in stems))
