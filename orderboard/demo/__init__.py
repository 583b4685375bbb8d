"""A shop that does not exist, for trying the board out: its past, and its daily work."""
