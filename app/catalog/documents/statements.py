"""A document's statements become facts, and keep their ids for the document's life."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.catalog.documents.guidance import heard
from app.catalog.documents.topics import topic_of
from app.catalog.documents.values import DocumentPiece
from app.catalog.facts import FactChange
from retrieval.facts import Fact
from retrieval.near_duplicates import fingerprint
from retrieval.splitter import Piece

MAX_STATEMENT = 600
"""Characters of a statement; what is longer is no sentence that anybody would quote."""
MAX_FACTS = 5000
"""Facts of one document; what comes after is kept in its pieces and gives none."""
HEADINGS = " > "


@dataclass(frozen=True, slots=True)
class Stated:
    """The facts of a document as it is now; `highest` is the highest number that any of its statements ever had."""

    facts: tuple[Fact, ...]
    pieces: tuple[DocumentPiece, ...]
    highest: int
    changes: tuple[FactChange, ...]
    notes: tuple[str, ...]


def state(document_id: str, pieces: Sequence[Piece], before: Sequence[Fact] = (), highest: int = 0) -> Stated:
    """State what a document says.

    A statement with the words of an old one keeps its id, and counts as changed only where it stands under another
    heading: "Wash at 30 °C" below "Wool" is not what it was below "Cotton". Others get the next number ("D3.12" is the
    twelfth statement of document D3); a number that was ever given is never given again.
    """
    known: dict[str, deque[Fact]] = {}
    for fact in before:
        known.setdefault(fingerprint(fact.text), deque()).append(fact)
    facts: list[Fact] = []
    shown: list[DocumentPiece] = []
    changed: list[FactChange] = []
    long = more = passed = 0
    for piece in pieces:
        ids: list[str] = []
        for statement in piece.statements:
            if len(statement.text) > MAX_STATEMENT:
                long += 1
                continue
            if not any(map(str.isalpha, statement.text)):
                continue
            said = heard(piece.heading, statement.text)
            if said.passed is not None:
                passed += 1
                continue
            if len(facts) == MAX_FACTS:
                more += 1
                continue
            old = _taken(known.get(fingerprint(said.text)), piece)
            if old is None:
                highest += 1
            number = old.id if old else f"{document_id}.{highest}"
            fact = _fact(number, document_id, piece, said.text, statement.text)
            if old is None or (old.text, old.name, old.label) != (fact.text, fact.name, fact.label):
                changed.append(FactChange(fact.id, old, fact))
            facts.append(fact)
            ids.append(fact.id)
        shown.append(DocumentPiece(piece.n, piece.heading, piece.text, tuple(ids)))
    gone = (FactChange(fact.id, fact, None) for left in known.values() for fact in left)
    return Stated(tuple(facts), tuple(shown), highest, (*changed, *gone), tuple(_notes(long, more, passed)))


def _taken(same: deque[Fact] | None, piece: Piece) -> Fact | None:
    """The old fact with these words: the one below the same heading, where there are several."""
    if not same:
        return None
    label = HEADINGS.join(piece.heading)
    found = next((fact for fact in same if fact.label == label), same[0])
    same.remove(found)
    return found


def _fact(number: str, document_id: str, piece: Piece, text: str, original: str) -> Fact:
    return Fact(
        id=number,
        name=topic_of(piece.heading, text),
        value=text,
        text=text,
        source=f"document:{document_id}#{piece.n}",
        trust="document",
        label=HEADINGS.join(piece.heading),
        original=original,
    )


def _notes(long: int, more: int, passed: int) -> list[str]:
    found = []
    if passed:
        found.append(
            f"{passed:,} {'sentence tells' if passed == 1 else 'sentences tell'} nothing of a product (how to write, questions, "
            "what others do or say) and give no fact"
        )
    if long:
        found.append(f"{long} statements are longer than {MAX_STATEMENT} characters and give no fact")
    if more:
        found.append(
            f"a document gives {MAX_FACTS:,} facts at most; {more:,} statements after that give none"
        )
    return found


def titled(pieces: Sequence[Piece], title: str) -> tuple[Piece, ...]:
    """The pieces below the document's title, where its own first heading does not say it already."""
    return tuple(
        piece
        if piece.heading and fingerprint(piece.heading[0]) == fingerprint(title)
        else replace(piece, heading=(title, *piece.heading))
        for piece in pieces
    )
