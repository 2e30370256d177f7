"""The Shelftalker service: API, command line and the domains behind them. `app.create_app(settings)` is its door."""

import importlib
from typing import Any

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    """`create_app` on demand: importing a value of the domain must not import the web framework."""
    if name != "create_app":
        raise AttributeError(f"module 'app' has no attribute {name!r}")
    return importlib.import_module("app.main").create_app
