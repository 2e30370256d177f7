"""Copy back into the shop: feeds as they came with other texts in them, tables of our own, and what comes back."""
