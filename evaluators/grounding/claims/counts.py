"""Numbers without a unit: counts ("three colours", "2 HDMI ports"), model numbers ("HP 14", "D125") and versions."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from evaluators.grounding.claims.sentence import Found, Sentence, best, is_content, listed, says
from evaluators.grounding.index import Entry, FactIndex, clauses, joined
from evaluators.grounding.lexicons import lexicons
from evaluators.grounding.terms import Term

_RANGE_MARKS = frozenset("–—-‐‑")
_NOUNS = 4
"""How many words after a number may name what is counted: "two zipped side pockets"."""


def find_counts(sentence: Sentence, index: FactIndex) -> Iterator[Found]:
    """Yield ranges of model numbers, then every number and every word with digits that no unit follows."""
    terms = sentence.terms
    taken = -1
    for i, term in enumerate(terms):
        if i <= taken or sentence.judged[i] or not (term.is_number or term.is_code):
            continue
        if term.key == "one" and not _counted(sentence, i):
            continue
        if _is_range(sentence, i):
            taken = i + 1
            found: Found | None = _range(sentence, i, index)
        else:
            found = _code(sentence, i, index) if term.is_code else _number(sentence, i, index)
        if found is not None:
            yield found


def _is_range(sentence: Sentence, i: int) -> bool:
    if i + 1 >= len(sentence.terms) or sentence.judged[i + 1]:
        return False
    one, other = sentence.terms[i], sentence.terms[i + 1]
    if other.gap.strip() not in _RANGE_MARKS or not other.gap or not (other.is_number or other.is_code):
        return False
    alike = _shape(one) == _shape(
        other
    )  # "D125 – D155" is a range, "3R12/01B – 700MB" two parts of a heading
    return any(c.isdigit() for c in one.text + other.text) and (alike or other.gap == other.gap.strip())


def _range(sentence: Sentence, i: int, index: FactIndex) -> Found:
    low, high = sentence.terms[i], sentence.terms[i + 1]
    said = sentence.says(i, i + 1)
    for entry in index.entries:
        for segment in entry.segments:
            for one, other in pairwise(segment):
                if (one.stem, other.stem) == (low.stem, high.stem) and other.gap.strip() in _RANGE_MARKS:
                    return Found(i, i + 1, "name", "supported", entry, f"{says(entry)}.")
    holder = best(e for e in index.entries if low.stem in e.stems and high.stem in e.stems)
    if holder is not None:
        reason = (
            f"“{said}” promises everything in between; {holder.fact.id} lists single ones: {listed(holder)}."
        )
        return Found(i, i + 1, "name", "contradicted", holder, reason)
    return Found(i, i + 1, "name", "unsupported", None, f"“{said}”: no fact gives this range.")


def _code(sentence: Sentence, i: int, index: FactIndex) -> Found:
    """A word of letters and digits must be a fact's, letter by letter."""
    term = sentence.terms[i]
    denied = sentence.denied[i]
    places = index.find(term.stem)
    entry = best(index.entries[p.entry] for p in places if p.negated == denied)
    if entry is not None:
        return Found(i, i, "name", "supported", entry, f"{says(entry)}.")
    against = best(index.entries[p.entry] for p in places if p.negated != denied)
    if against is not None:
        verb = "denies" if denied else "says"
        return Found(
            i, i, "name", "contradicted", against, f"The text {verb} “{term.text}”; {says(against)}."
        )
    other = _other_after(sentence, i, index, numbers=False) or _other_of_shape(term, index)
    if other is not None:
        return Found(
            i, i, "name", "contradicted", other, f"“{sentence.says(max(i - 1, 0), i)}”: {says(other)}."
        )
    return Found(i, i, "name", "unsupported", None, f"“{term.text}”: no fact names it.")


def _number(sentence: Sentence, i: int, index: FactIndex) -> Found | None:
    nouns = _counted(sentence, i)
    counted = [t for t in nouns if is_content(t) and t.stem not in index.types]
    specific = [t.stem for t in counted]
    number = sentence.terms[i].stem
    is_word = sentence.terms[i].text.isalpha()
    entry = _carrier(sentence, i, counted, index)
    if entry is not None:
        kind = "count" if nouns else "name"
        return Found(i, i, kind, "supported", entry, f"{says(entry)}.")
    heads = [t.stem for t in nouns]
    lists = [e for e in index.entries if _is_list_of(e, heads, specific)]
    for candidate in lists:
        if str(len(candidate.fact.values)) == number:
            return Found(
                i,
                i,
                "count",
                "supported",
                candidate,
                f"{candidate.fact.id} lists {number}: {listed(candidate, 8)}.",
            )
    if is_word and number == "1":
        return None
    said = sentence.says(i, i + len(nouns))
    if lists:
        other = lists[0]
        reason = f"“{said}”: {other.fact.id} lists {len(other.fact.values)}: {listed(other, 8)}."
        return Found(i, i, "count", "contradicted", other, reason)
    against = _other_after(sentence, i, index, numbers=True) or _other_count(specific or heads, index)
    if against is not None:
        return Found(i, i, "count", "contradicted", against, f"“{said}”: {says(against)}.")
    return Found(i, i, "count", "unsupported", None, f"“{said}”: no fact gives this number.")


def _counted(sentence: Sentence, i: int) -> list[Term]:
    """The words after a number that may name what it counts."""
    nouns: list[Term] = []
    for j in range(i + 1, min(i + 1 + _NOUNS, len(sentence.terms))):
        term = sentence.terms[j]
        if sentence.breaks_before(j) or term.stem in lexicons().function or term.is_number or term.is_code:
            break
        if term.key in {"aged", "ages"}:  # "5 players aged 12"
            break
        nouns.append(term)
    return nouns


def _carrier(sentence: Sentence, i: int, counted: Sequence[Term], index: FactIndex) -> Entry | None:
    """A fact with this number that also says what stands beside it in the text."""
    number = sentence.terms[i].stem
    before = sentence.terms[i - 1] if i and not sentence.breaks_before(i) else None
    denied = sentence.denied[i] and not sentence.terms[i].text.isalpha()
    carriers = [index.entries[p.entry] for p in index.find(number) if p.negated == denied]
    beside = [
        e for e in carriers if before is not None and is_content(before) and _adjacent(e, before.stem, number)
    ]
    if beside:
        return best(beside)
    if counted:
        return best(e for e in carriers if e.has_all(counted) and _counts(e, number, counted))
    around = _around(sentence, i)
    named = best(e for e in carriers if not e.name.isdisjoint(around))
    if named is not None:
        return named
    return best(e for e in carriers if any(e.has(stem) for stem in around) or len(number) >= 3)


def _counts(entry: Entry, number: str, counted: Sequence[Term]) -> bool:
    """Whether a fact says the number of what is counted, and not of its neighbour: "95 cards, 96 figures"."""
    same = lexicons().synonyms
    wanted = {t.stem for t in counted}.union(*(same.get(t.stem, frozenset()) for t in counted))
    if not wanted.isdisjoint(entry.name | entry.implied):
        return True
    for segment in entry.segments:
        if all(t.stem != number for t in segment):
            continue
        ids = clauses(segment)
        own = [ids[k] for k, t in enumerate(segment) if t.stem == number]
        beside = {
            t.stem for k, t in enumerate(segment) if ids[k] in own and is_content(t) and not t.is_number
        }
        joint = {joined(a.key, b.key) for a, b in pairwise(segment)}
        if not beside or not wanted.isdisjoint(beside) or not wanted.isdisjoint(joint):
            return True
    return False


def _around(sentence: Sentence, i: int) -> list[str]:
    """The words that may name what a bare number counts, on either side: "a pack of 48", "48 per pack"."""
    before = [t.stem for t in sentence.terms[max(0, i - 12) : i] if not t.is_number][-3:]
    after = [t.stem for t in sentence.terms[i + 1 : i + 5] if not t.is_number]
    return [stem for stem in before + after if stem not in lexicons().function]


def _adjacent(entry: Entry, before: str, number: str) -> bool:
    if before in entry.name:
        return True
    for segment in entry.segments:
        for one, other in pairwise(segment):
            if one.stem == before and other.stem == number:
                return True
    return False


def _is_list_of(entry: Entry, heads: Sequence[str], specific: Sequence[str]) -> bool:
    """Whether a fact lists what the text counts: "three colours" of the fact `color`."""
    if entry.is_prose or entry.is_identity or entry.answer is not None or not heads:
        return False
    if len(entry.fact.values) < 2 and not entry.fact.source.startswith("variant:"):
        return False
    return heads[-1] in entry.name and all(stem in entry.name or stem in entry.stems for stem in specific)


def _other_after(sentence: Sentence, i: int, index: FactIndex, *, numbers: bool) -> Entry | None:
    """A fact in which another number or code follows the same word ("core i3" against "core i5")."""
    if i == 0 or sentence.breaks_before(i) or not is_content(sentence.terms[i - 1]):
        return None
    before = sentence.terms[i - 1].stem
    for entry in index.entries:
        if before in entry.name and _has_number(entry, codes=not numbers):
            return entry
        for segment in entry.segments:
            for one, other in pairwise(segment):
                if one.stem == before and (other.is_number if numbers else other.is_code):
                    return entry
    return None


def _other_count(specific: Sequence[str], index: FactIndex) -> Entry | None:
    """A fact that counts the same thing with another number."""
    if not specific:
        return None
    return best(
        e
        for e in index.entries
        if not e.is_prose
        and not e.is_identity
        and all(stem in e.stems for stem in specific)
        and _has_number(e)
    )


def _has_number(entry: Entry, *, codes: bool = False) -> bool:
    return any(term.is_code if codes else term.is_number for segment in entry.segments for term in segment)


def _other_of_shape(term: Term, index: FactIndex) -> Entry | None:
    """A name of the product that is built alike: "Q30" against "Q20"."""
    shape = _shape(term)
    return best(
        e for e in index.identity if any(_shape(t) == shape for segment in e.segments for t in segment)
    )


def _shape(term: Term) -> str:
    return "".join("9" if c.isdigit() else c for c in term.key)
