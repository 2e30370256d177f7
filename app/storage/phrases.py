"""Words in a row, found in fifty thousand texts: FTS5 on SQLite, `tsvector` with a GIN index on PostgreSQL.

Both databases are given the same words, which `folded` makes of a text, and so they find the same. What they need for it
(a virtual table with its trigger, generated columns, indexes that hold all that a list is filtered by) is made by the
migrations and stands in no table of `app.storage.tables`: `OWN` names it.
"""

import re
import unicodedata
from typing import Any, Literal

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    cast,
    column,
    false,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from app.storage.tables import copies

Where = Literal["words", "claims"]

OWN = frozenset(
    {"copy_words", "ix_copies_newest", "ix_copies_queue", "word_vector", "claim_vector"}
    | {"ix_copies_word_vector", "ix_copies_claim_vector"}
    | {f"copy_words_{part}" for part in ("data", "idx", "content", "docsize", "config")}
)
"""Tables, columns and indexes that one of the two databases has for itself."""

FEW = 2_000
"""Up to so many hits are taken from an index and sorted; more lie so close that walking the list finds a page sooner."""

MAX_CHARS = 200_000  # of a text that is looked through; PostgreSQL's vector holds no more than 1 MB
_LONGEST = 100  # of a word; what is longer is no word
_WORD = re.compile(r"[^\W_]+")
_BETWEEN = "\ue000"  # for private use: a word to FTS5 and to PostgreSQL, and to no text
_SHORTEST_BEGINNING = 3  # letters of a last word that may be the beginning of one
_VECTORS: dict[Where, str] = {"words": "word_vector", "claims": "claim_vector"}
_COPY_WORDS = table("copy_words", column("copy_id", Text), column("version", Integer))


class Position(GenericFunction[int]):
    """Where a text stands in another, from 1; 0: nowhere. Case counts on both databases."""

    name = "position_of"
    inherit_cache = True
    type = Integer()


@compiles(Position)
def _strpos(element: Position, compiler: SQLCompiler, **kw: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **kw)})"


@compiles(Position, "sqlite")
def _instr(element: Position, compiler: SQLCompiler, **kw: Any) -> str:
    return f"instr({compiler.process(element.clauses, **kw)})"


class Walked(GenericFunction[str]):
    """A column that no index is asked for: the list is walked in its order, and each row compared."""

    name = "walked"
    inherit_cache = True
    type = Text()


@compiles(Walked)
def _as_it_is(element: Walked, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(next(iter(element.clauses)), **kw)  # PostgreSQL knows how many there are


@compiles(Walked, "sqlite")
def _plus(element: Walked, compiler: SQLCompiler, **kw: Any) -> str:
    """A unary plus: https://www.sqlite.org/optoverview.html, section 2.2, "Disqualifying WHERE clause terms"."""
    return f"+{compiler.process(next(iter(element.clauses)), **kw)}"


def holds(haystack: ColumnElement[Any], needle: str) -> ColumnElement[bool]:
    """Whether a text stands in a column, letter by letter."""
    return Position(haystack, literal(needle, Text)) > 0


def words_of(said: str) -> list[str]:
    """The words of a text, without case and accents: letters and digits, everything else parts them."""
    plain = unicodedata.normalize("NFKD", said[:MAX_CHARS].casefold())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [word[:_LONGEST] for word in _WORD.findall(bare.casefold())]


def folded(texts: list[str]) -> str:
    """The words of texts in a row, between blanks; a word that is none parts them, so that no row of words spans two."""
    said = f" {_BETWEEN} ".join(" ".join(words_of(one)) for one in texts)
    return f" {said} "[:MAX_CHARS]


async def says(session: AsyncSession, where: Where, phrase: str) -> ColumnElement[bool]:
    """Whether a copy says these words in a row; the last may be the beginning of a longer one.

    ("organic cot" finds "Organic cotton", "cotton organic" does not.) False where the phrase has no word.
    """
    words = words_of(phrase)
    if not words:
        return false()
    beginning = len(words[-1]) >= _SHORTEST_BEGINNING
    stands_as = f" {' '.join(words)}" + ("" if beginning else " ")
    if session.get_bind().dialect.name == "postgresql":
        vector: ColumnElement[Any] = literal_column(f"copies.{_VECTORS[where]}")
        # Letters and digits alone: nothing in them needs quoting.
        wanted = " & ".join(words) + (":*" if beginning else "")
        indexed = vector.op("@@", return_type=Boolean())(cast(wanted, TSQUERY))
        # A word that many texts have would be looked for without the index, by reading the vector of each text.
        await session.execute(select(func.set_config("enable_seqscan", "off", True)))
        few = await is_few(session, select(copies.c.id).where(indexed))
        await session.execute(select(func.set_config("enable_seqscan", "on", True)))
        stands = holds(copies.c[where], stands_as)
        return and_(indexed, stands) if few else stands
    wanted = f'{where} : "{" ".join(words)}"' + (" *" if beginning else "")
    hits = select(_COPY_WORDS.c.copy_id, _COPY_WORDS.c.version).where(
        text("copy_words MATCH :wanted").bindparams(wanted=wanted)
    )
    if await is_few(session, hits):
        return tuple_(copies.c.id, copies.c.version).in_(hits)
    # Asked for last, and so of the copies alone that fit otherwise: their rows hold whole texts.
    same = copies.alias("same")
    said = select(same.c[where]).where(same.c.id == copies.c.id, same.c.version == copies.c.version)
    return holds(said.scalar_subquery(), stands_as)


async def is_few(session: AsyncSession, hits: Select[Any], few: int = FEW) -> bool:
    """Whether a query has so few hits that they are best taken from its index."""
    found = await session.execute(select(func.count()).select_from(hits.limit(few + 1).subquery()))
    return found.scalar_one() <= few
