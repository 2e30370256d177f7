"""Exports and what comes back of them, as HTTP says it."""

from typing import Literal

from pydantic import Field

from app.api.models.base import Answer, Time
from app.api.models.paging import PageQuery
from app.exporting.order import FeedLayout, OutsideStatus


class FeedOut(Answer):
    """A feed that can be given back."""

    layout: str = Field(description="Names files of one format and header; what `?layout=` takes.")
    format: str
    filename: str = Field(description="Of the newest import that its rows come from.")
    import_id: str
    products: int
    encoding: str
    columns: list[str] = Field(description="Its header; empty for JSON Lines and XML.")

    @classmethod
    def of(cls, feed: FeedLayout) -> "FeedOut":
        """The answer for a feed."""
        return cls(
            layout=feed.layout,
            format=feed.shape.format,
            filename=feed.filename,
            import_id=feed.imports[0],
            products=feed.products,
            encoding=feed.shape.encoding,
            columns=list(feed.shape.header),
        )


class FeedList(Answer):
    """All of them."""

    items: list[FeedOut]


class OutsideEditOut(Answer):
    """A text of ours that somebody changed in the shop."""

    id: str
    status: OutsideStatus
    sku: str
    copy_id: str
    version: int = Field(
        description="The version that was exported last; of an accepted one, that is older than it."
    )
    field: str = Field(description="Of the copy; a member of a map stands behind a slash: `alt/ADDRESS`.")
    locale: str
    text: str = Field(description="As the shop's file has it.")
    import_id: str
    line: int
    created_at: Time
    decided_at: Time | None
    decided_by: str | None


class OutsideEditPage(Answer):
    """A page of them."""

    items: list[OutsideEditOut]
    next_cursor: str | None


class OutsideEditQuery(PageQuery):
    """Which of them."""

    status: Literal["open", "accepted", "dismissed", "all"] = "open"
    sku: str | None = Field(None, max_length=255)
