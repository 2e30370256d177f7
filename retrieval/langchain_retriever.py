"""A search index as a LangChain retriever, so that somebody's own chain can sit on it.

Imported by whoever uses it and by nothing of ours: `langchain_core` takes about a second to import.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from retrieval.items import Hit, SearchResult


class Searchable(Protocol):
    """What a retriever needs of an index: `retrieval.Index` and `retrieval.MilvusIndex` have it."""

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        category: Sequence[str] | None = None,
        brand: str | None = None,
    ) -> SearchResult:
        """Find items."""
        ...


class IndexRetriever(BaseRetriever):
    """Finds products for a question, best first, as LangChain's documents.

    `limit`, `category` and `brand` are those of `retrieval.Index.search`. An index knows of a product what it takes to
    find it; `text_of` gives the text of a document by its SKU (facts, a description), by default its title. Of each hit
    the metadata has `sku`, `title`, `score`, `lexical_rank`, `dense_rank` and `exact`, and what `metadata_of` adds.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Any = Field(
        exclude=True, repr=False
    )  # Searchable: pydantic could not check more of it than its class
    limit: int = Field(10, ge=1)
    category: tuple[str, ...] | None = None
    brand: str | None = None
    text_of: Callable[[str], str] | None = Field(None, exclude=True, repr=False)
    metadata_of: Callable[[str], Mapping[str, Any]] | None = Field(None, exclude=True, repr=False)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain's signature
    ) -> list[Document]:
        index: Searchable = self.index
        found = index.search(query, limit=self.limit, category=self.category, brand=self.brand)
        return [self._document(hit) for hit in found.hits]

    def _document(self, hit: Hit) -> Document:
        more = self.metadata_of(hit.key) if self.metadata_of else {}
        return Document(
            id=hit.key,
            page_content=self.text_of(hit.key) if self.text_of else hit.title,
            metadata={
                **more,
                "sku": hit.key,
                "title": hit.title,
                "score": hit.score,
                "lexical_rank": hit.lexical_rank,
                "dense_rank": hit.dense_rank,
                "exact": hit.exact,
            },
        )
