"""People and programs: staff, drivers, keys, sessions and links."""
