"""Which words of a sentence are denied: "has no hood", "does not wick", "without a zip or pockets"."""

import re
from collections.abc import Sequence

from evaluators.grounding.terms import Term

_CUE_WORDS = "not no never without neither nor none zero cannot lack lacks lacking except excluding minus dont doesnt isnt cant"
_CUES = frozenset(_CUE_WORDS.split())
# "not only …", "not just …", "no matter", "no wonder": these deny nothing.
_HOLLOW_WORDS = "only just merely simply matter wonder doubt longer more less later"
_HOLLOW = frozenset(_HOLLOW_WORDS.split())
_STOP_WORDS = (
    "but however although though while whereas because so yet instead with plus that which who it if"
)
_STOPS = frozenset(_STOP_WORDS.split())
_JOINS = frozenset({"and", "or"})
# After "and", these begin a new statement, which the denial before it does not reach.
_NEW_WORDS = """
a an the its it this they is are has have comes come with within from by on in at for weighs weigh features feature
includes include runs run uses use costs cost offers offer fits fit belongs operates consumes holds carries keeps
supports connects measures takes works stands opens closes drives needs gives gets lets makes washes reads plays
records prints charges delivers produces requires sits mounts folds adjusts stretches protects detaches
"""
_NEW_STATEMENT = frozenset(_NEW_WORDS.split())
# Inflected, these begin the statement after a denied subject or object: "not for business is matte black".
_VERBS = frozenset(
    {"is", "are", "was", "has", "comes", "features", "includes", "offers", "runs", "costs", "weighs"}
)
_ADVERBS = frozenset({"only", "also", "even", "then", "still", "just", "therefore", "currently"})
# "Batteries are not included": these say of their subject that it is not there.
_ABSENT_WORDS = (
    "included include required require needed need necessary supplied provided available present there"
)
_ABSENT = frozenset(_ABSENT_WORDS.split())
_NOT_FREED = frozenset(
    {"feel", "a", "the", "for", "is", "are", "and", "get", "with", "be", "of", "hands", "it", "or"}
)
_GIVEN_FREE = frozenset(
    {"of", "from", "shipping", "delivery", "gift", "gifts", "returns", "trial", "standing", "to"}
)
_ANSWERS = frozenset({"no", "none"})
_ASKS = re.compile(r"[:=(–—]|\s-\s")
_MARKS = ",;:.()–—!?|/"
_NT = "n't"


def negations(terms: Sequence[Term], names: Sequence[bool] = ()) -> tuple[bool, ...]:
    """For each term whether it stands in the scope of a denial.

    A denial reaches to the end of its clause: to punctuation, to a contrast ("but"), or to an "and" that begins
    a new statement. Before "not included" and the like it is the subject that is denied. "sugar-free" and "free of/from sugar" deny sugar; "non-", "un-" and "-less" stay in their word.
    "Solo mode: no" denies what stands before it, and nothing after. `names` marks the terms of the product's own name, in which a "no" denies nothing ("Keyboard No Hub").
    """
    words = [term.text.lower().replace("’", "'") for term in terms]
    if not any(word in _CUES or word == "free" or word.endswith(_NT) for word in words):
        return (False,) * len(terms)  # as most sentences are
    denied = [False] * len(terms)
    active = False
    since = 0
    for i, word in enumerate(words):
        if active and (_ends(terms, i, word) or (word in _VERBS and i - since > 1)):
            active = False
        if _is_cue(terms, i, word) and not (names and names[i]):
            if (
                i + 1 < len(terms) and terms[i + 1].glued
            ):  # "no-iron", "no-slip": the denial stays in its word
                denied[i + 1] = True
                continue
            if _answers(terms, i, word):
                _deny_subject(terms, i, denied)
                continue
            active, since = True, i
            if _following(terms, i) in _ABSENT:
                _deny_subject(terms, i, denied)
            continue
        denied[i] = denied[i] or active
        if word == "free" and _makes_free(terms, i):
            denied[i - 1] = not denied[i - 1]  # "not caffeine free": caffeine is in it
    return tuple(denied)


def denies_what_follows(terms: Sequence[Term]) -> bool:
    """Whether a name by itself denies its value: "free from", "does not contain", "without"."""
    return bool(terms) and any(_is_cue(terms, i, term.text.lower()) for i, term in enumerate(terms))


def _makes_free(terms: Sequence[Term], i: int) -> bool:
    """Whether "free" denies the word before it: "sugar-free", "wrinkle free", but not "feel free" or "free shipping"."""
    if i == 0:
        return False
    following = terms[i + 1].text.lower() if i + 1 < len(terms) else ""
    return terms[i].glued or not (terms[i - 1].text.lower() in _NOT_FREED or following in _GIVEN_FREE)


def _answers(terms: Sequence[Term], i: int, word: str) -> bool:
    """Whether a "no" is the whole answer to the words before its colon: "solo mode: no, timer: yes"."""
    if i == 0 or word not in _ANSWERS or not _ASKS.search(terms[i].gap):
        return False
    return i + 1 == len(terms) or any(mark in terms[i + 1].gap for mark in _MARKS + "\n")


def _deny_subject(terms: Sequence[Term], i: int, denied: list[bool]) -> None:
    """Deny what stands before a "not included", back to the beginning of its clause."""
    for j in range(i - 1, -1, -1):
        denied[j] = True
        if terms[j].text.lower() in _JOINS | _STOPS or any(mark in terms[j].gap for mark in _MARKS):
            return


def _is_cue(terms: Sequence[Term], i: int, word: str) -> bool:
    following = terms[i + 1].text.lower() if i + 1 < len(terms) else ""
    if word in _CUES or (word.endswith(_NT) and len(word) > 3):
        return following not in _HOLLOW
    return word == "free" and following in {"of", "from"} and not terms[i].glued


def _ends(terms: Sequence[Term], i: int, word: str) -> bool:
    if any(mark in terms[i].gap for mark in _MARKS) and not _continues_list(terms, i):
        return True
    if word in _STOPS:
        return True
    if word in _JOINS:
        following = _following(terms, i)
        return word == "and" and (following in _NEW_STATEMENT or following[:1].isdigit())
    return False


def _following(terms: Sequence[Term], i: int) -> str:
    """The next word that is no adverb: "and only has"."""
    rest = (term.text.lower() for term in terms[i + 1 : i + 4])
    return next((word for word in rest if word not in _ADVERBS), "")


def _continues_list(terms: Sequence[Term], i: int) -> bool:
    """Whether a comma only separates the members of a denied list that ends in "or"/"nor": "no hood, zip or collar"."""
    if terms[i].gap.strip() != ",":
        return False
    for j in range(i, min(i + 6, len(terms))):
        word = terms[j].text.lower()
        if word in {"or", "nor"}:
            return True
        if word in _STOPS or word in _NEW_STATEMENT or word == "and":
            return False
    return False
