"""The filters of lists of copies, as parameters of an address."""

from typing import Literal

from pydantic import Field

from app.api.models.paging import PageQuery
from app.api.models.reviews import CopyFields
from app.copywriting.copy import Status
from app.copywriting.review.service import MAX_SHEET


class CopyFilter(CopyFields, PageQuery):
    """A page of a list of copies."""


class QueueFilter(CopyFilter):
    """What waits for review, riskiest first, unless another state or order is asked for."""

    status: Status | None = "needs_review"
    order: Literal["newest", "risk"] = "risk"


class SheetFilter(QueueFilter):
    """The copies of a sheet."""

    limit: int = Field(1000, ge=1, le=MAX_SHEET, description="How many copies at most.")
    cursor: None = None
