"""What the staff may do: an owner everything, an operator the day's work, a viewer looks on."""

from typing import Final

OWNER: Final = "owner"
ROLES: Final = ("owner", "operator", "viewer")
"""The strongest first: each may do all that those behind it may."""
MEANS: Final = {
    "owner": "may do everything",
    "operator": "works with orders, products, customers and drivers",
    "viewer": "sees everything and changes nothing",
}


def reach(role: str) -> frozenset[str]:
    """A role and those that it contains."""
    return frozenset(ROLES[ROLES.index(role) :])
