"""The rest: every other word that says something must be borne by a fact, and of the part it is said of."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluators.grounding.claims.sentence import Found, Sentence, best, is_content, says
from evaluators.grounding.index import Entry, FactIndex, Place, joined, near
from evaluators.grounding.lexicons import lexicons

# Closed vocabularies in which another value is a contradiction, and the claim kind of each.
_CLOSED = {"color": "color", "material": "material", "pattern": "feature", "fit": "feature", "type": "type"}
_QUALITIES = ("color", "material", "scale", "pattern")
_KIND_OF_FAMILY = {
    "identity": "name", "type": "type", "material": "material", "color": "color", "size": "size",
    "warranty": "warranty", "certification": "certification", "award": "award", "origin": "origin",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Word:
    """A word to be judged and the places in the facts that bear it out or deny it."""

    i: int
    width: int
    places: tuple[Place, ...]
    against: tuple[Place, ...]


def find_words(
    sentence: Sentence, index: FactIndex, preferred: frozenset[str] = frozenset()
) -> Iterator[Found]:
    """Judge all content words that no other family has judged; neighbours with one answer become one claim."""
    looked = list(_look_up(sentence, index))
    weight = Counter(number for word in looked for number in {p.entry for p in word.places})
    findings = [_judge(sentence, word, index, weight, preferred) for word in looked]
    yield from _merged(sentence, findings)


def _look_up(sentence: Sentence, index: FactIndex) -> Iterator[_Word]:
    terms = sentence.terms
    i = 0
    while i < len(terms):
        term = terms[i]
        if sentence.judged[i] or not is_content(term) or (term.key == "free" and term.glued):
            i += 1
            continue
        width, places = 1, index.find(term.stem)
        if (
            i + 1 < len(terms)
            and not sentence.judged[i + 1]
            and not sentence.breaks_before(i + 1)
            and not places
        ):
            both = index.find(joined(term.key, terms[i + 1].key))
            if both:
                width, places = 2, both
        yield _Word(i, width, *_sided(places, sentence.denied[i]))
        i += width


def _sided(places: Sequence[Place], denied: bool) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """The places that say what the text says, and those that say the opposite."""
    agree = tuple(p for p in places if p.negated == denied)
    oppose = tuple(p for p in places if p.negated != denied and not p.weak)
    return agree, oppose


def _judge(
    sentence: Sentence, word: _Word, index: FactIndex, weight: Counter[int], preferred: frozenset[str]
) -> Found:
    i, last = word.i, word.i + word.width - 1
    stem = sentence.terms[i].stem
    said = sentence.says(i, last)
    if word.places:
        entries = [index.entries[n] for n in dict.fromkeys(p.entry for p in word.places)]
        refused = _misplaced(sentence, i, entries, index)
        if refused is not None:
            return refused
        head = _head(sentence, i, index)
        if head is not None:
            entries = [e for e in entries if near(e, stem, head)] or entries
        entry = min(
            entries, key=lambda e: (e.fact.id not in preferred, e.is_prose, -weight[e.number], e.number)
        )
        return Found(i, last, _kind_of(sentence, i, entry), "supported", entry, f"{says(entry)}.")
    against = best(index.entries[p.entry] for p in word.against)
    if against is not None:
        verb = "denies" if sentence.denied[i] else "says"
        reason = f"The text {verb} “{said}”; {says(against)}."
        return Found(i, last, _kind_of(sentence, i, against), "contradicted", against, reason)
    opposite = _opposite(stem, sentence.denied[i], index)
    if opposite is not None:
        return Found(i, last, "feature", "supported", opposite, f"{says(opposite)}.")
    return _unborne(sentence, i, last, index)


def _unborne(sentence: Sentence, i: int, last: int, index: FactIndex) -> Found:
    """No fact has the word: contradicted where a fact gives another value of the same closed kind."""
    term, said = sentence.terms[i], sentence.says(i, last)
    domains = lexicons().domains_of.get(term.stem, ())
    if not sentence.denied[i]:
        for domain in domains:
            other = _other_value(domain, index)
            if other is not None:
                return Found(i, last, _CLOSED[domain], "contradicted", other, f"“{said}”: {says(other)}.")
    kind = next((_CLOSED[d] for d in domains if d in _CLOSED), None) or _kind_by_shape(sentence, i, domains)
    if sentence.denied[i]:
        return Found(i, last, kind, "unsupported", None, f"“{said}” is denied here, and no fact denies it.")
    noun = {"name": "names", "color": "gives this colour", "material": "gives this material"}.get(
        kind, "says"
    )
    tail = "it" if kind == "name" else "so" if noun == "says" else ""
    return Found(i, last, kind, "unsupported", None, f"“{said}”: no fact {noun} {tail}".rstrip() + ".")


def _other_value(domain: str, index: FactIndex) -> Entry | None:
    if domain not in _CLOSED:
        return None
    members = lexicons().domains[domain]
    kinds = {"identity"} if domain == "type" else {domain}
    if domain == "type":
        kinds = {"type"}
    return next(
        (
            e
            for e in index.entries
            if e.kind in kinds and e.answer is None and not members.isdisjoint(e.stems)
        ),
        None,
    )


def _opposite(stem: str, denied: bool, index: FactIndex) -> Entry | None:
    """A fact whose "no" says this in other words: "for personal use" of "for business: no"."""
    for other in lexicons().opposites.get(stem, ()):
        for place in index.find(other):
            if place.negated != denied:
                return index.entries[place.entry]
    return None


def _misplaced(sentence: Sentence, i: int, entries: Sequence[Entry], index: FactIndex) -> Found | None:
    """A quality that the facts know, but of another part: "leather strap" where only the case is leather."""
    term = sentence.terms[i]
    domains = lexicons().domains_of.get(term.stem, ())
    if "part" in domains and not set(domains) & {"material", "color"}:
        return None
    head = _head(sentence, i, index)
    said = sentence.says(i, i)
    if head is not None:
        if any(near(e, term.stem, head) for e in entries):
            return None
        entry = entries[0]
        part = next(t.text for t in sentence.terms[i:] if t.stem == head)
        reason = f"No fact says “{said}” of the {part}; {says(entry)}."
        return Found(i, i, _kind_of(sentence, i, entry), "unsupported", None, reason)
    if set(domains) & set(_QUALITIES) and all(_is_of_part(e, index) for e in entries):
        around = {t.stem for t in sentence.terms[max(0, i - 6) : i + 7]}
        if all(_parts(e).isdisjoint(_with_synonyms(around)) for e in entries):
            reason = f"“{said}” is not said of the product itself; {says(entries[0])}."
            return Found(i, i, _kind_of(sentence, i, entries[0]), "unsupported", None, reason)
    return None


def _head(sentence: Sentence, i: int, index: FactIndex) -> str | None:
    """The part that a word qualifies: the first part noun after it in the same run of describing words."""
    data = lexicons()
    for j in range(i + 1, min(i + 4, len(sentence.terms))):
        term = sentence.terms[j]
        if (
            term.stem in data.function
            or sentence.breaks_before(j)
            or sentence.denied[j] != sentence.denied[i]
        ):
            return None
        if term.stem in data.domains["part"]:
            following = sentence.terms[j + 1] if j + 1 < len(sentence.terms) else None
            if following is not None and not sentence.breaks_before(j + 1) and is_content(following):
                continue
            return None if term.stem in index.types else term.stem
    return None


def _parts(entry: Entry) -> frozenset[str]:
    return entry.name & lexicons().domains["part"]


def _is_of_part(entry: Entry, index: FactIndex) -> bool:
    return not entry.is_prose and bool(_parts(entry) - index.types)


def _with_synonyms(stems: set[str]) -> set[str]:
    same = lexicons().synonyms
    return stems.union(*(same.get(stem, frozenset()) for stem in stems))


def _kind_of(sentence: Sentence, i: int, entry: Entry) -> str:
    domains = lexicons().domains_of.get(sentence.terms[i].stem, ())
    if entry.kind in _KIND_OF_FAMILY:
        return _KIND_OF_FAMILY[entry.kind]
    return next((_CLOSED[d] for d in domains if d in _CLOSED), "feature")


def _kind_by_shape(sentence: Sentence, i: int, domains: Sequence[str]) -> str:
    term = sentence.terms[i]
    if term.is_code or any(c.isupper() for c in term.text[1:]):
        return "name"
    if term.text[0].isupper() and i and not sentence.heading and not sentence.breaks_before(i):
        return "name"
    if "origin" in domains:
        return "origin"
    if {"weather", "part"} & set(domains):
        return "feature"
    return "word"


def _merged(sentence: Sentence, findings: Sequence[Found]) -> Iterator[Found]:
    """Neighbours with the same verdict, fact and kind as one claim."""
    held: Found | None = None
    for found in findings:
        if (
            held is not None
            and found.first == held.last + 1
            and not sentence.breaks_before(found.first)
            and (found.verdict, found.entry, found.kind) == (held.verdict, held.entry, held.kind)
        ):
            said = sentence.says(held.first, found.last)
            reason = found.reason if found.entry is not None else f"“{said}”: no fact says so."
            held = Found(held.first, found.last, held.kind, held.verdict, held.entry, reason)
            continue
        if held is not None:
            yield held
        held = found
    if held is not None:
        yield held
