"""Working through the log with a stored position."""
