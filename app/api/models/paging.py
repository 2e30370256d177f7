"""`?limit=&cursor=`, the same for every list."""

from pydantic import BaseModel, ConfigDict, Field

from app.api.models.base import Text

MAX_LIMIT = 200


class PageQuery(BaseModel):
    """Which part of a list. A parameter that the list does not know is an error, so that no filter is lost to a typo."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(50, ge=1, le=MAX_LIMIT, description="How many at most.")
    cursor: Text | None = Field(None, max_length=1000, description="`next_cursor` of the page before.")
