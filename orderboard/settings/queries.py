"""Reading the settings as staff see them, and the logo."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard.config import Settings
from orderboard.database import reading
from orderboard.pictures import Picture
from orderboard.settings import printers
from orderboard.settings.model import ShopLogo, ShopSettings
from orderboard.settings.printers import Printer
from orderboard.settings.snapshot import snapshot
from orderboard.settings.values import Shop, effective, shop

Json = dict[str, Any]
_settings = ShopSettings.__table__
_logos = ShopLogo.__table__


def everything(config: Settings) -> Json:
    """The settings as the log would keep them now."""
    with reading() as connection:
        row = connection.execute(sa.select(_settings)).mappings().one()
    return snapshot(dict(row), config)


def shop_in(connection: Connection, config: Settings) -> Shop:
    """The settings as a transaction sees them, for whoever does not hear of their changes."""
    row = connection.execute(sa.select(_settings.c.given, _settings.c.version)).one()
    return shop(row.given, row.version, config)


def printers_in(connection: Connection, config: Settings) -> tuple[Printer, ...]:
    """The printers in the network, as a transaction sees them."""
    given = connection.execute(sa.select(_settings.c.given)).scalar_one()
    return printers.of_settings(effective(given, config)["printers"])


def logo(digest: str) -> Picture | None:
    """The logo of that name, if it still is the logo."""
    with reading() as connection:
        row = connection.execute(sa.select(_logos).where(_logos.c.digest == digest)).first()
    return Picture(row.media, row.content) if row else None
