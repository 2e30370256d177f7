"""Phrases that make a claim of their own kind: praise, comparison, warranty, certificates, health, urgency ….

Only a fact that says the phrase itself supports it; a word in the product's name does not ("Best Mug" is a name,
and "the best mug" a claim).
"""

from collections.abc import Iterator, Sequence
from functools import cache

from evaluators.grounding.claims.sentence import Found, Sentence, best, is_content, says
from evaluators.grounding.index import Entry, FactIndex
from evaluators.grounding.lexicons import ANY, NUMBER, Phrase, lexicons
from evaluators.grounding.terms import Term, normal

_NO_CLAIM = "none"
_ABSOLUTE = "absolute"
_PROVEN = frozenset({"health", _ABSOLUTE})
"""Kinds that a shop may be asked to prove: they rest on data, a document or a named person, never on prose alone."""
_LABELS = frozenset({"identity", "type", "category"})
_KIND_NAMES = {
    "superlative": "praise", "comparison": "a comparison", "warranty": "a warranty", "certification": "a certification",
    "award": "an award", "social_proof": "what other people think", "availability": "availability or urgency",
    "price": "a price or bargain", "absolute": "an absolute promise", "health": "a health claim", "green": "an environmental claim",
    "origin": "an origin", "audience": "a promise about people or occasions", "material": "a material",
}  # fmt: skip


def find_phrases(sentence: Sentence, index: FactIndex) -> Iterator[Found]:
    """Yield the longest phrase at each place."""
    data = lexicons()
    i = 0
    while i < len(sentence.terms):
        phrases = data.phrases.get(sentence.terms[i].key)
        phrase = _at(sentence, i, phrases) if phrases else None
        if phrase is None:
            i += 1
            continue
        last = i + len(phrase.words) - 1
        if phrase.kind == _NO_CLAIM:
            sentence.judged[i : last + 1] = [True] * len(phrase.words)
            i = last + 1
            continue
        yield _judge(sentence, i, last, phrase, index)
        i = last + 1


def _at(sentence: Sentence, i: int, phrases: tuple[Phrase, ...]) -> Phrase | None:
    terms = sentence.terms
    for phrase in phrases:
        end = i + len(phrase.words)
        if end > len(terms) or any(sentence.judged[i:end]):
            continue
        if all(_fits(terms[i + k], forms) for k, forms in enumerate(phrase.words)) and not any(
            sentence.breaks_before(j) for j in range(i + 1, end)
        ):
            return phrase
    return None


def _fits(term: Term, forms: frozenset[str]) -> bool:
    return forms is ANY or term.key in forms or (forms is NUMBER and term.is_number)


def _judge(sentence: Sentence, first: int, last: int, phrase: Phrase, index: FactIndex) -> Found:
    said = sentence.says(first, last)
    if phrase.kind == _ABSOLUTE:
        stems = [t.stem for t in sentence.terms[first : last + 1]]
        return _given(first, last, phrase.kind, said, [e for e in index.entries if _repeats(e, stems)])
    said_terms = sentence.terms[first : last + 1]
    open_words = [t.stem for t, forms in zip(said_terms, phrase.words, strict=True) if forms is ANY]
    wanted = open_words + [t.stem for t in said_terms if is_content(t)]
    if (
        not wanted or phrase.kind == "availability"
    ):  # "in stock" and "out of stock" differ in their small words
        wanted = [t.stem for t in said_terms]
    wanted += _bound(sentence, first, phrase.kind)
    positive, negative = _saying(wanted, index, denied=sentence.denied[first])
    agreeing, opposing = (negative, positive) if sentence.denied[first] else (positive, negative)
    if agreeing:
        return _given(first, last, phrase.kind, said, agreeing)
    entry = best(opposing)
    if entry is not None:
        said = f"not {said}" if sentence.denied[first] else said
        return Found(first, last, phrase.kind, "contradicted", entry, f"“{said}”: {says(entry)}.")
    if phrase.kind == "price":
        entry = best(e for e in index.entries if "price" in e.name and any(e.has(stem) for stem in wanted))
        if entry is not None and not sentence.denied[first]:
            return Found(first, last, phrase.kind, "supported", entry, f"{says(entry)}.")
    opposed = _opposed(phrase.kind, wanted, index)
    if opposed is not None:
        return Found(first, last, phrase.kind, "contradicted", opposed, f"“{said}”: {says(opposed)}.")
    return _given(first, last, phrase.kind, said, ())


def _given(first: int, last: int, kind: str, said: str, entries: Sequence[Entry]) -> Found:
    """A claim that some facts make, if any: the merchant's own prose proves no promise of a kind that needs proof."""
    fitting = [entry for entry in entries if kind not in _PROVEN or not entry.is_mere_claim]
    entry = best(fitting)
    if entry is not None:
        return Found(first, last, kind, "supported", entry, f"{says(entry)}.")
    claimed = best(entries)
    so = f"only the merchant's own words ({claimed.fact.id}) say so" if claimed else "no fact says so"
    reason = f"“{said}” is {_KIND_NAMES.get(kind, kind)}, and {so}. It needs {lexicons().needs[kind]}."
    return Found(first, last, kind, "unsupported", None, reason)


def _repeats(entry: Entry, stems: Sequence[str]) -> bool:
    """Whether a fact says the words in this order, one after the other."""
    size = len(stems)
    for segment in entry.segments:
        said = [term.stem for term in segment]
        if any(said[k : k + size] == stems for k in range(len(said) - size + 1)):
            return True
    return False


def _bound(sentence: Sentence, first: int, kind: str) -> list[str]:
    """The word that a certificate is of ("TSA approved", "ISO certified"): it has to stand in the same fact."""
    if kind != "certification" or first == 0 or sentence.breaks_before(first):
        return []
    before = sentence.terms[first - 1]
    return [before.stem] if is_content(before) else []


def _saying(wanted: list[str], index: FactIndex, *, denied: bool) -> tuple[list[Entry], list[Entry]]:
    """Facts, other than names and categories, that say all the words: plainly, and denied."""
    positive: list[Entry] = []
    negative: list[Entry] = []
    for entry in index.entries:
        if entry.kind in _LABELS or not all(_has(entry, stem) for stem in wanted):
            continue
        places = [p for stem in wanted for p in index.find(stem) if p.entry == entry.number]
        if entry.answer is False and not denied and not entry.name <= {*wanted, *lexicons().claim_free}:
            continue  # "Energy Star certified: no" says nothing of other certificates
        if entry.answer is False or (places and all(p.negated for p in places)):
            negative.append(entry)
        else:
            positive.append(entry)
    return positive, negative


def _has(entry: Entry, stem: str) -> bool:
    """Whether a fact has a word; a standard that it meets ("safety: IEC 60950") is what "certified" says."""
    return entry.has(stem) or (
        entry.kind == "certification" and entry.answer is None and stem in _certified()
    )


@cache
def _certified() -> frozenset[str]:
    return frozenset(normal(word)[1] for word in ("certified", "certification", "compliant", "complies"))


def _opposed(kind: str, wanted: list[str], index: FactIndex) -> Entry | None:
    """A fact that gives another value of the same closed kind: stock that is out, a price range that is dear."""
    if kind == "availability" and "stock" in wanted:
        return best(e for e in index.entries if "stock" in e.stems or "avail" in e.name)
    if kind == "price":
        return best(e for e in index.entries if "price" in e.name and "rang" in e.name)
    return None
