"""Search-engine measures of a page, and the language tools that they share with grounding."""
