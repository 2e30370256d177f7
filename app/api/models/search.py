"""Search in the catalog, and how its index stands."""

from pydantic import Field

from app.api.models.base import Answer
from app.catalog.search.status import Found, IndexStatus


class SearchHit(Answer):
    """A product that was found."""

    sku: str
    title: str
    score: float = Field(description="Orders the hits of one answer; compares with no other answer.")
    lexical_rank: int | None = Field(
        description="Its place by words, from 1; null where they did not find it."
    )
    dense_rank: int | None = Field(
        description="Its place by meaning, from 1; null where that did not find it."
    )
    exact: bool = Field(description="The query is its SKU, GTIN or part number, or the SKU of a variant.")


class SearchOut(Answer):
    """What a search found, best first."""

    items: list[SearchHit]
    dense: bool = Field(description="Whether meaning had its say; false while vectors are not there yet.")
    complete: bool = Field(
        description="Whether the index was level with the catalog; false while it is being built, and products may be missing."
    )

    @classmethod
    def of(cls, found: Found) -> "SearchOut":
        """The answer for what was found."""
        return cls(
            items=[
                SearchHit(
                    sku=hit.key,
                    title=hit.title,
                    score=round(hit.score, 6),
                    lexical_rank=hit.lexical_rank,
                    dense_rank=hit.dense_rank,
                    exact=hit.exact,
                )
                for hit in found.hits
            ],
            dense=found.dense,
            complete=found.complete,
        )


class IndexOut(Answer):
    """How the search index stands. It is a cache: while it is not ready, everything else works."""

    ready: bool = Field(description="It was level with the database once; from then on it follows.")
    products: int
    behind: int = Field(description="Products that wait to be read again.")
    vectors: int = Field(description="Products with a vector.")
    dense: bool = Field(description="Whether searches are answered by meaning too.")
    model: str | None = Field(description="Model, backend and weights; null: by words alone.")
    role: str = Field(
        description="keeper: embeds, and saves or feeds Milvus; reader: another process of this folder or Milvus does."
    )
    store: str = Field(description="embedded: in each process; milvus: in Milvus.")
    reason: str | None = Field(description="What is missing, in words.")

    @classmethod
    def of(cls, status: IndexStatus) -> "IndexOut":
        """The answer for a status."""
        return cls.model_validate(status)
