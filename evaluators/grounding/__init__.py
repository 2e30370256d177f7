"""Does a text say only what the facts say? Claims, verdicts and the check."""
