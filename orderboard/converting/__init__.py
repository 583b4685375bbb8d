"""Orders of other shop systems, as this one takes them. Pure; each system in a file of its own."""
