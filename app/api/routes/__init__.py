"""One module per part of the interface; each parses, calls one service, and answers."""
