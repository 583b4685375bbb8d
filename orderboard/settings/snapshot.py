"""The settings as the log keeps them: plain JSON data, as they hold. Pure."""

from collections.abc import Mapping
from typing import Any

from orderboard.clock import rfc3339
from orderboard.config import Settings
from orderboard.settings.values import effective, logo_url

Json = dict[str, Any]


def snapshot(row: Mapping[str, Any], config: Settings) -> Json:
    """The whole settings from their row."""
    now = effective(row["given"], config)
    logo, at = now.pop("logo"), row["updated_at"]
    return {
        **now,
        "logo_url": logo_url(logo),
        "version": row["version"],
        "updated_at": rfc3339(at) if at else None,
        "updated_by": {"kind": row["updated_by_kind"] or "system", "name": row["updated_by_name"]},
    }
