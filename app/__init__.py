"""The Shelftalker service: API, command line and the domains behind them."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.main import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    """`create_app` on demand: importing a value of the domain must not import the web framework."""
    if name != "create_app":
        raise AttributeError(f"module 'app' has no attribute {name!r}")
    from app.main import create_app  # noqa: PLC0415 - see above

    return create_app
