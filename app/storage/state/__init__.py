"""State that is hot and may be lost: in this process, or in a Redis that all replicas share."""
