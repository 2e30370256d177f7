"""Words taken over from the facts as they stand: the product's own names, and whole values."""

from collections.abc import Iterator

from evaluators.grounding.claims.attachment import part_of
from evaluators.grounding.claims.sentence import Found, Sentence, is_content, listed
from evaluators.grounding.index import Entry, FactIndex
from evaluators.grounding.terms import Term
from retrieval import quantities


def find_names(sentence: Sentence, index: FactIndex) -> Iterator[Found]:
    """Yield runs of two or more words of a name, and a one-word name where it stands alone."""
    taken = 0
    for i in range(len(sentence.terms)):
        if i < taken:
            continue
        length, entry = _longest(sentence, i, index)
        if entry is None or (length == 1 and not _is_whole_name(entry)):
            continue
        last = i + length - 1
        if not any(is_content(term) for term in sentence.terms[i : last + 1]):
            continue
        if _is_measure(sentence, i, last):
            continue
        taken = last + 1
        yield Found(i, last, "name", "supported", entry, f"{entry.fact.id} names it: {listed(entry)}.")


def _is_measure(sentence: Sentence, first: int, last: int) -> bool:
    """Whether a piece of a name is but a number with its unit ("7.62 m"), which what stands around it explains."""
    if not sentence.terms[first].is_number:
        return False
    said = sentence.says(first, last)
    found = quantities.find_quantities(said)
    return len(found) == 1 and found[0].unit is not None and found[0].text == said


def _longest(sentence: Sentence, start: int, index: FactIndex) -> tuple[int, Entry | None]:
    longest, chosen = 0, None
    for entry, segment, position in index.names.get(sentence.terms[start].stem, ()):
        length = _run(sentence, start, segment, position)
        whole = length == len(segment)
        if length > longest and (length > 1 or whole):
            longest, chosen = length, entry
    return longest, chosen


def _run(sentence: Sentence, start: int, segment: tuple[Term, ...], position: int) -> int:
    length = 0
    while start + length < len(sentence.terms) and position + length < len(segment):
        term = sentence.terms[start + length]
        named = segment[position + length]
        if term.stem != named.stem:
            break
        if length and sentence.breaks_before(start + length) and term.gap.strip() != named.gap.strip():
            break
        length += 1
    return length


def _is_whole_name(entry: Entry) -> bool:
    return any(len(segment) == 1 for segment in entry.segments)


def find_values(sentence: Sentence, index: FactIndex) -> Iterator[Found]:
    """Yield a fact's value that the text repeats word for word, punctuation and all: "16:9", "black TFT LCD".

    Numbers with units are left to their own family, and so is a value that the text says of a part of the product.
    """
    for i, term in enumerate(sentence.terms):
        if sentence.judged[i] or sentence.denied[i]:
            continue
        for place in index.find(term.stem):
            if place.segment < 0 or place.position or place.negated:
                continue
            entry = index.entries[place.entry]
            segment = entry.segments[place.segment]
            last = i + len(segment) - 1
            if (
                len(segment) > 1
                and _run(sentence, i, segment, 0) == len(segment)
                and _may_repeat(entry)
                and _ends_there(sentence, i, last, index)
            ):
                kind = (
                    "color"
                    if entry.kind == "color"
                    else "material"
                    if entry.kind == "material"
                    else "feature"
                )
                yield Found(i, last, kind, "supported", entry, f"{entry.fact.id} says it: {listed(entry)}.")
                break


def _may_repeat(entry: Entry) -> bool:
    plain = not entry.is_identity and entry.kind not in {"category", "size", "prose"} and not entry.fact.live
    return plain and not quantities.of_fact(entry.fact)


def _ends_there(sentence: Sentence, first: int, last: int, index: FactIndex) -> bool:
    """Whether nothing follows that the value would describe, and no part comes before it that it is said of."""
    following = last + 1
    if any(_joins_range(sentence, j) for j in (first, following)):
        return False
    if following < len(sentence.terms) and not sentence.breaks_before(following):
        term = sentence.terms[following]
        if is_content(term) and term.stem not in index.types:
            return False
    return part_of(sentence, last, index) is None


def _joins_range(sentence: Sentence, i: int) -> bool:
    """Whether a term continues a range: the "S22" of "S21–S22"."""
    if not 0 < i < len(sentence.terms):
        return False
    term = sentence.terms[i]
    return term.gap.strip() in {"–", "-", "—"} and (term.is_number or term.is_code)
