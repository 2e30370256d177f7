"""Texts written anew in part: some fields, or what is stale; what somebody locked stays."""
