"""Clients of other makes listen while workers die, are replaced, refuse and are away."""
