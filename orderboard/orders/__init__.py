"""Orders: what they are, what may happen to them, and how that is done and read."""
