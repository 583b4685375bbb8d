"""Saved views: what somebody looks for at the board, under a name."""
