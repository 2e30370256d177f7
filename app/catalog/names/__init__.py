"""Brands and categories: which there are, and which one was meant."""
