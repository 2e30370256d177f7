"""The rest: every other word that says something must be borne by a fact, and of the part it is said of."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluators.grounding.claims.attachment import misplaced, part_of
from evaluators.grounding.claims.inclusion import comes_along, included
from evaluators.grounding.claims.sentence import Found, Sentence, best, is_content, says
from evaluators.grounding.index import Entry, FactIndex, Place, joined, near
from evaluators.grounding.lexicons import domains_of, lexicons
from evaluators.grounding.terms import normal

# Closed vocabularies in which another value is a contradiction, and the claim kind of each.
_CLOSED = {"color": "color", "material": "material", "pattern": "feature", "fit": "feature", "type": "type"}
_KIND_OF_FAMILY = {
    "identity": "name", "type": "type", "material": "material", "color": "color", "size": "size",
    "warranty": "warranty", "certification": "certification", "award": "award", "origin": "origin",
}  # fmt: skip
_NON = "non"


@dataclass(frozen=True, slots=True)
class _Word:
    """A word (or two that are one, "light weight") and the places in the facts that bear it out or deny it."""

    i: int
    last: int
    stem: str
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
    taken = -1
    said = {term.stem for term in terms}
    given = included(terms)
    things = {
        i for i in given if not lexicons().things.isdisjoint({terms[i].key, terms[i].key.removesuffix("s")})
    }
    for i, term in enumerate(terms):
        if i <= taken or sentence.judged[i] or (term.key == "free" and term.glued):
            continue
        if i not in things and not is_content(term):
            continue
        denied = sentence.denied[i]
        if denied and term.stem in index.types:
            continue  # "not a laptop for business": what is denied is not that it is a laptop
        stem, last, places = term.stem, i, index.find(term.stem)
        if _may_join(sentence, i):
            both = index.find(joined(term.key, terms[i + 1].key))
            if both and not (places and index.find(terms[i + 1].stem)):
                last, places = i + 1, both
        if not places and term.key.startswith(_NON) and len(term.key) > 5:
            stem = normal(term.key.removeprefix(_NON))[1]
            places, denied = index.find(stem), not denied
        taken = last
        agree = tuple(p for p in places if p.negated == denied)
        if i in given and not denied:
            agree = tuple(p for p in agree if comes_along(index.entries[p.entry], term))
        against = tuple(
            p
            for p in places
            if p.negated != denied
            and not p.weak
            and _named(p, said, index)
            and _is_same_part(sentence, i, p, index)
        )
        yield _Word(i, last, stem, agree, against)


def _named(place: Place, said: set[str], index: FactIndex) -> bool:
    """Whether the text names what a "no" denies as a whole: "HDMI port: no" says nothing against a USB port."""
    entry = index.entries[place.entry]
    if entry.answer is not False:
        return True
    missing = (stem for stem in entry.name if stem not in said and stem not in lexicons().claim_free)
    return all(not lexicons().synonyms.get(stem, frozenset()).isdisjoint(said) for stem in missing)


def _is_same_part(sentence: Sentence, i: int, place: Place, index: FactIndex) -> bool:
    """Whether a "no" to a part speaks of this one: "lining: no" says nothing against a pocket lining."""
    entry = index.entries[place.entry]
    if entry.answer is not False or i == 0 or sentence.breaks_before(i):
        return True
    before, term = sentence.terms[i - 1], sentence.terms[i]
    of_part = all("part" in domains_of(t.key) for t in (before, term))
    return not of_part or before.stem in index.types or entry.has(before.stem)


def _may_join(sentence: Sentence, i: int) -> bool:
    """Whether a word and the next could be one word in the facts: "light weight"."""
    following = i + 1
    if following >= len(sentence.terms) or sentence.judged[following]:
        return False
    return not sentence.breaks_before(following) and sentence.terms[following].key.isalpha()


def _judge(
    sentence: Sentence, word: _Word, index: FactIndex, weight: Counter[int], preferred: frozenset[str]
) -> Found:
    i, last = word.i, word.last
    said = sentence.says(i, last)
    if word.places:
        return _borne(sentence, word, index, weight, preferred)
    against = best(index.entries[p.entry] for p in word.against)
    if against is not None:
        verb = "denies" if sentence.denied[i] else "says"
        reason = f"The text {verb} “{said}”; {says(against)}."
        return Found(i, last, _kind_of(sentence, i, against), "contradicted", against, reason)
    opposite = _opposite(word.stem, index, denied=sentence.denied[i])
    if opposite is not None:
        return Found(i, last, "feature", "supported", opposite, f"{says(opposite)}.")
    return _unborne(sentence, i, last, index)


def _borne(
    sentence: Sentence, word: _Word, index: FactIndex, weight: Counter[int], preferred: frozenset[str]
) -> Found:
    """Facts have the word: supported, if one of them says it of what the text says it of."""
    i, last = word.i, word.last
    entries = [index.entries[number] for number in dict.fromkeys(p.entry for p in word.places)]
    refused = misplaced(sentence, i, entries, index) if last == i and not sentence.denied[i] else None
    if refused is not None:
        kind = _kind_of(sentence, i, refused.entry)
        fact = refused.entry if refused.verdict == "contradicted" else None
        return Found(i, last, kind, refused.verdict, fact, refused.reason)
    apart = _apart(sentence, i, entries)
    if apart is not None:
        return apart
    head = part_of(sentence, i, index)
    if head is not None:
        entries = [e for e in entries if near(e, word.stem, head.stem)] or entries
    entry = min(entries, key=lambda e: (e.fact.id not in preferred, e.is_prose, -weight[e.number], e.number))
    return Found(i, last, _kind_of(sentence, i, entry), "supported", entry, f"{says(entry)}.")


def _apart(sentence: Sentence, i: int, entries: Sequence[Entry]) -> Found | None:
    """Two halves of a hyphenated word must be one fact's: "water-repellent" is not "water bottle" and "oil-repellent"."""
    if i == 0 or not sentence.terms[i].glued or not is_content(sentence.terms[i - 1]):
        return None
    one, other = sentence.terms[i - 1], sentence.terms[i]
    if any(near(entry, one.stem, other.stem) for entry in entries):
        return None
    said = sentence.says(i - 1, i)
    return Found(i, i, "word", "unsupported", None, f"“{said}”: no fact says the two words of each other.")


def _unborne(sentence: Sentence, i: int, last: int, index: FactIndex) -> Found:
    """No fact has the word: contradicted where a fact gives another value of the same closed kind."""
    said = sentence.says(i, last)
    domains = domains_of(sentence.terms[i].key)
    closed = [domain for domain in _CLOSED if domain in domains]
    kind = _CLOSED[closed[0]] if closed else _kind_by_shape(sentence, i, domains)
    if sentence.denied[i]:
        return Found(i, last, kind, "unsupported", None, f"“{said}” is denied here, and no fact denies it.")
    for domain in closed:
        other = _other_value(domain, index)
        if other is not None:
            return Found(i, last, _CLOSED[domain], "contradicted", other, f"“{said}”: {says(other)}.")
    phrase = {"name": "names it", "color": "gives this colour", "material": "gives this material"}
    return Found(i, last, kind, "unsupported", None, f"“{said}”: no fact {phrase.get(kind, 'says so')}.")


def _other_value(domain: str, index: FactIndex) -> Entry | None:
    """A fact of the same closed kind: the colours, the materials, the type that the product does have."""
    return next(
        (
            entry
            for entry in index.entries
            if entry.kind == domain and entry.answer is None and not entry.parts and entry.in_domain(domain)
        ),
        None,
    )


def _opposite(stem: str, index: FactIndex, *, denied: bool) -> Entry | None:
    """A fact whose "no" says this in other words: "for personal use" of "for business: no"."""
    for other in lexicons().opposites.get(stem, ()):
        for place in index.find(other):
            if place.negated != denied:
                return index.entries[place.entry]
    return None


def _kind_of(sentence: Sentence, i: int, entry: Entry) -> str:
    if entry.kind in _KIND_OF_FAMILY:
        return _KIND_OF_FAMILY[entry.kind]
    domains = domains_of(sentence.terms[i].key)
    return next((kind for domain, kind in _CLOSED.items() if domain in domains), "feature")


def _kind_by_shape(sentence: Sentence, i: int, domains: frozenset[str]) -> str:
    term = sentence.terms[i]
    if "origin" in domains:
        return "origin"
    if term.is_code or any(c.isupper() for c in term.text[1:]):
        return "name"
    if term.text[0].isupper() and i and not sentence.heading and not sentence.breaks_before(i):
        return "name"
    return "word" if domains.isdisjoint({"weather", "part"}) else "feature"


def _merged(sentence: Sentence, findings: Sequence[Found]) -> Iterator[Found]:
    """Neighbours with the same verdict, fact and kind as one claim."""
    held: Found | None = None
    for found in findings:
        if held is not None and _belongs(sentence, held, found):
            said = sentence.says(held.first, found.last)
            reason = found.reason.replace(f"“{sentence.says(found.first, found.last)}”", f"“{said}”", 1)
            held = Found(held.first, found.last, held.kind, held.verdict, held.entry, reason)
            continue
        if held is not None:
            yield held
        held = found
    if held is not None:
        yield held


def _belongs(sentence: Sentence, held: Found, found: Found) -> bool:
    return (
        found.first == held.last + 1
        and not sentence.breaks_before(found.first)
        and (found.verdict, found.entry, found.kind) == (held.verdict, held.entry, held.kind)
    )
