"""The HTTP face: thin routers over the services."""
