"""What each kind of reader may see of the settings. Pure."""

from typing import Any

Json = dict[str, Any]
_PUBLIC = (
    "shop_name",
    "accent",
    "logo_url",
    "contact",
    "imprint",
    "opening_hours",
    "lead_minutes",
    "methods",
    "version",
)


def public(settings: Json) -> Json:
    """What anybody may know of the shop."""
    return {name: settings[name] for name in _PUBLIC}
