"""The web: the HTTP API, the pages, and who may ask for what."""
