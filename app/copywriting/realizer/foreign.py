"""Another language: facts of a catalog that is not English, which no English sentence may take in.

One word that a dictionary lacks is a trade name as often as not ("Cordura", "Lyocell"). So the product as a whole is
judged first: where much of what its facts say is no English, each fact that is not wholly English stays out. Of
other products only a fact does that has another language's small words in it.
"""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from app.copywriting.realizer.english_data import english
from app.copywriting.realizer.lexicon import lexicon
from app.copywriting.realizer.words import is_adjective, is_part_noun, lemmas, unglue
from retrieval.attributes import family_of
from retrieval.facts import Fact
from retrieval.quantities import find_quantities

REASON = "not in English"
_WORD = re.compile(r"[^\W\d_]+")
_PLAIN_WORD = re.compile(r"[a-zA-Z]+")
_FUNCTION_WORDS = frozenset({
    "und", "mit", "für", "fur", "aus", "ohne", "oder", "nicht", "der", "das", "dem", "den", "ein", "eine",
    "einem", "zum", "zur", "bei", "nach", "avec", "sans", "dans", "sur", "et", "ou", "les", "des", "du",
    "une", "aux", "con", "para", "por", "y", "los", "las", "del", "una", "senza", "e", "il", "della", "di",
    "zonder", "voor", "en", "van", "het", "een", "met", "och", "med",
})  # fmt: skip
_NOT_ENGLISH_LETTERS = re.compile(r"[äöüßåøæœçñãõąćęłńśźżěščřžýůőűąàèìòùâêîôûéëïíóú]")
_BORROWED = frozenset({
    "café", "cafetière", "crème", "décor", "purée", "sauté", "jalapeño", "piñata", "façade", "résumé",
    "rosé", "fiancé", "soufflé", "flambé", "frappé", "appliqué", "décolleté", "décolletage",
    "matelassé", "ombré", "lamé", "über", "doppelgänger", "smörgåsbord",
    "mâché", "crêpe", "entrée", "fête", "château", "gruyère", "brûlée", "glacé", "açaí", "maté", "pâté",
    "señor", "naïve", "étagère",
})  # fmt: skip
_SHORTEST = 4
_FEWEST = 2
_SHARE = 0.3
_NAMING = frozenset({"title", "brand", "model", "category", "description"})
"""What may be in any language: names, and prose that no sentence takes in."""


def foreign_facts(facts: Sequence[Fact], names: Collection[str] = ()) -> frozenset[str]:
    """The ids of the facts that are left out as not English; none where the product as a whole is English.

    `names` are families whose values are names in any language ("processor").
    """
    told = [fact for fact in facts if not fact.live and fact.name not in _NAMING and fact.name not in names]
    texts = [(fact, (fact.label, *fact.values)) for fact in told]
    strange = frozenset().union(*[_strange(text) for _, said in texts for text in said])
    if len(strange) < _FEWEST:
        return frozenset()
    words = frozenset().union(*(_words(text) for _, said in texts for text in said))
    if len(strange) < _SHARE * len(words):
        found = ((fact, frozenset().union(*map(_strange, said))) for fact, said in texts)
        return frozenset(fact.id for fact, odd in found if _is_a_phrase(odd))
    return frozenset(fact.id for fact in told if not _is_english(fact))


def _is_a_phrase(strange: frozenset[str]) -> bool:
    """Whether one fact alone is plainly another language: its small words and its others ("mit Reißverschluss")."""
    return bool(strange & _FUNCTION_WORDS) and len(strange) >= _FEWEST


@lru_cache(maxsize=16_384)
def _strange(text: str) -> frozenset[str]:
    """The words of a text that are no English."""
    return frozenset(filter(_is_strange, _words(text)))


def _is_english(fact: Fact) -> bool:
    """Whether a fact of a foreign product can stand in an English sentence all the same."""
    # "Messing" is a form of "mess" and brass in German: what names a substance must be a noun of English.
    words = [word for value in fact.values for word in _words(value)]
    named = all({"NOUN", "ADJ"} & lemmas(word).keys() or _is_ours(word) for word in words)
    own = not any(map(_strange, fact.values))
    return own and named and (not _strange(fact.label) or family_of(fact.label) is not None)


@lru_cache(maxsize=16_384)
def _words(text: str) -> frozenset[str]:
    """The words that a dictionary could know: no codes, no units, no abbreviations."""
    plain = text.replace("_", " ")
    for found in reversed(find_quantities(plain)):
        plain = plain[: found.start] + " " + plain[found.end :]
    words: list[str] = (_PLAIN_WORD if plain.isascii() else _WORD).findall(plain)
    return frozenset(
        w.lower()
        for w in words
        if not w.isupper() and (len(w) >= _SHORTEST or w.lower() in _FUNCTION_WORDS or not w.isascii())
    )


@lru_cache(maxsize=16_384)
def _is_strange(word: str) -> bool:
    if word in _BORROWED:
        return False
    if word in _FUNCTION_WORDS or _NOT_ENGLISH_LETTERS.search(word):
        return True
    return not (lemmas(word) or _is_ours(word) or unglue(word) != word)


@lru_cache(maxsize=16_384)
def _is_ours(word: str) -> bool:
    """Whether the writer's own lists know a word that the dictionary lacks."""
    known, data, family = lexicon(), english(), family_of(word)
    return (
        known.describes(word)
        or word in known.goods
        or word in known.prepositions
        or word in known.verbs
        or (family is not None and family.name == word)
        or word in data.proper
        or word in data.uncounted
        or word in data.small
        or is_part_noun(word)
        or is_adjective(word)
    )
