"""Facts and what finds them: the fact value, quantities, attribute families, near-duplicates."""
