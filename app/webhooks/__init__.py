"""Telling other programs what happened: signed, retried, listed, sent again on request."""
