"""Search in the catalog: products as an index sees them, and the index as a cache of the database."""
