"""Prices, availability and stock in copy: slots that are filled when a text is served."""
