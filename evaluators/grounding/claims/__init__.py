"""Families of claims. Each module finds its own claims in a sentence and judges them against the facts.

A finder takes a `Sentence` and the `FactIndex` and yields `Found` values in any order; words that one family has
judged are not judged again by those after it (`check` holds the order).
"""
