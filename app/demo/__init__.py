"""The demo: a built-in catalog, its copy, and one page that shows every sentence with its facts."""
