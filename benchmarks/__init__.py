"""Measurements: each module prints JSON lines; none of them is a test."""
