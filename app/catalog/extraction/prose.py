"""Facts from the merchant's prose. Everything here is the merchant's word: trust `merchant_claim`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.catalog.extraction.found import Found, found
from app.catalog.extraction.markup import pieces
from app.catalog.extraction.rules import FactRules
from retrieval.near_duplicates import fingerprint, resembles


@dataclass(frozen=True, slots=True)
class Prose:
    """What a description gave, and what was left out and why."""

    facts: tuple[Found, ...]
    notes: tuple[str, ...]


def prose_facts(
    description: str,
    more: Sequence[str],
    known: Mapping[str, str],
    own_sentences: Sequence[str],
    rules: FactRules,
) -> Prose:
    """Read a description (and prose columns) into facts."""
    facts: list[Found] = []
    notes: list[str] = []
    for piece in pieces("\n".join((description, *more)) if more else description):
        mark = fingerprint(piece.text)
        if f"description:{mark}" not in known and any(resembles(piece.text, own) for own in own_sentences):
            notes.append(f"description:{piece.number}: our own copy")
            continue
        if len(piece.text.split()) <= 5:
            facts.append(
                found(
                    f"item:{mark}",
                    "feature",
                    piece.text.rstrip("."),
                    f"description:{piece.number}",
                    trust="merchant_claim",
                    original=piece.text,
                )
            )
        else:
            facts.append(
                found(
                    f"description:{mark}",
                    "description",
                    piece.text,
                    f"description:{piece.number}",
                    trust="merchant_claim",
                    text=piece.text,
                    original=piece.text,
                )
            )
    return Prose(tuple(facts), tuple(notes))
