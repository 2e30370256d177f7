"""From a product's columns, variants and prose to statements: one module for each kind of source."""
