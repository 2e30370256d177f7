"""The copywriting domain's only SQL: versions of copies, their states, lists of them, and the sentences we wrote."""

from app.copywriting.repository.copies import (
    COMPARED,
    ChangedText,
    CopyRepository,
    Listed,
    StoredText,
    page_key,
)
from app.copywriting.repository.filters import CopyQuery, checked_cursor

__all__ = [
    "COMPARED",
    "ChangedText",
    "CopyQuery",
    "CopyRepository",
    "Listed",
    "StoredText",
    "checked_cursor",
    "page_key",
]
