"""Orders of other shop systems."""
