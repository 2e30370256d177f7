"""The data-to-text engine: facts in, sentences with their facts out."""
