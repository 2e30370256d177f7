"""Records on disk: tables, sessions, and what SQLite and PostgreSQL do differently."""
