"""Reading the settings as staff see them, and the logo."""

from typing import Any

import sqlalchemy as sa

from orderboard.config import Settings
from orderboard.database import reading
from orderboard.pictures import Picture
from orderboard.settings.model import ShopLogo, ShopSettings
from orderboard.settings.snapshot import snapshot

Json = dict[str, Any]
_settings = ShopSettings.__table__
_logos = ShopLogo.__table__


def everything(config: Settings) -> Json:
    """The settings as the log would keep them now."""
    with reading() as connection:
        row = connection.execute(sa.select(_settings)).mappings().one()
    return snapshot(dict(row), config)


def logo(digest: str) -> Picture | None:
    """The logo of that name, if it still is the logo."""
    with reading() as connection:
        row = connection.execute(sa.select(_logos).where(_logos.c.digest == digest)).first()
    return Picture(row.media, row.content) if row else None
