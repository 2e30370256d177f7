"""Who may do what: keys, roles, permissions."""
