"""Identifiers that sort by age."""

import secrets
from datetime import datetime


def sortable_id(prefix: str, now: datetime) -> str:
    """`prefix_` + milliseconds since 1970 in hexadecimal + 48 random bits; text order is order of time."""
    return f"{prefix}_{int(now.timestamp() * 1000):011x}{secrets.token_hex(6)}"
