"""Products, their facts, and the feeds they come from."""
