"""The catalog's only SQL."""

from app.catalog.repository.imports import ImportRepository
from app.catalog.repository.products import ProductRepository, Stamp

__all__ = ["ImportRepository", "ProductRepository", "Stamp"]
