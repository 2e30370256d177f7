"""Sentences and words with offsets; stems."""
