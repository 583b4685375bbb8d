"""What each kind of reader may see of the settings. Pure."""

from typing import Any

from orderboard.config import Settings
from orderboard.settings.values import VARIABLES, fixed

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
    "charges",
    "version",
)


_AT_START = {
    "currency": "ORDERBOARD_CURRENCY",
    "timezone": "ORDERBOARD_TIMEZONE",
    "base_url": "ORDERBOARD_BASE_URL",
    "intake_limit": "ORDERBOARD_INTAKE_LIMIT",
    "sign_in_limit": "ORDERBOARD_SIGN_IN_LIMIT",
    "stream_limit": "ORDERBOARD_STREAM_LIMIT",
    "stream_listeners": "ORDERBOARD_STREAM_LISTENERS",
    "whole_events_days": "ORDERBOARD_WHOLE_EVENTS_DAYS",
}
"""What is set for a process when it starts: figures are kept by the zone and the currency, limits
are counted from the start. Nobody changes it while the shop runs."""
_OF_THE_RECORD = ("version", "updated_at", "updated_by")


def public(settings: Json) -> Json:
    """What anybody may know of the shop."""
    return {name: settings[name] for name in _PUBLIC}


def with_origins(settings: Json, config: Settings) -> Json:
    """Each setting with the variable that can set it, and whether it is fixed by it."""
    bound = fixed(config)
    told = {
        name: {"value": value, "fixed": name in bound, "variable": VARIABLES.get(name)}
        for name, value in settings.items()
        if name not in _OF_THE_RECORD
    }
    for name, variable in _AT_START.items():
        told[name] = {"value": getattr(config, name), "fixed": True, "variable": variable}
    return {"settings": told, **{name: settings[name] for name in _OF_THE_RECORD}}
