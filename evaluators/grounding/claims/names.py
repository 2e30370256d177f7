"""The product's own names: runs of words that its title, brand or model carries."""

from collections.abc import Iterator

from evaluators.grounding.claims.sentence import Found, Sentence, is_content, listed
from evaluators.grounding.index import Entry, FactIndex
from evaluators.grounding.terms import Term


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
        taken = last + 1
        yield Found(i, last, "name", "supported", entry, f"{entry.fact.id} names it: {listed(entry)}.")


def _longest(sentence: Sentence, start: int, index: FactIndex) -> tuple[int, Entry | None]:
    longest, chosen = 0, None
    for entry in index.identity:
        for segment in entry.segments:
            for position, term in enumerate(segment):
                if term.stem != sentence.terms[start].stem:
                    continue
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
