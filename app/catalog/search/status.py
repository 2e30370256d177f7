"""How the index stands, and what became of a search: values that leave the room."""

from dataclasses import dataclass
from typing import Literal

from retrieval.items import Hit

Stage = Literal["opening", "building", "following"]
Role = Literal["keeper", "reader"]
Store = Literal["embedded", "milvus"]


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """How the index stands.

    `ready`: it was once level with the database and answers in full. `role`: one process of a data folder, or of a
    Milvus, keeps the index (embeds, and saves or feeds), the others read. `behind`: products that wait to be read again. `vectors` and `pending`:
    products with a vector, and those that wait for theirs. `dense`: searches by meaning are answered. `reason` says
    in words what is missing, None where nothing is. `rebuilds` and `saves` count since the start. `store`: where the
    index is; `away`: why a store that is no part of this process does not answer.
    """

    ready: bool
    stage: Stage
    role: Role
    products: int
    behind: int
    vectors: int
    pending: int
    dense: bool
    model: str | None
    reason: str | None
    rebuilds: int = 0
    saves: int = 0
    store: Store = "embedded"
    away: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a search. `dense`: vectors took part. `complete`: the index was level with the catalog by then.

    Not complete, products may be missing: the index is still being read from the catalog.
    """

    hits: tuple[Hit, ...]
    dense: bool
    complete: bool = True


@dataclass(frozen=True, slots=True)
class News:
    """Something that an operator should read. `event` in a word or two, `detail` in a line."""

    event: str
    detail: str
    troubling: bool = False
