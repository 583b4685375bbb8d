"""The tables of the settings: one row of all that staff have set, and the logo."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from orderboard.database import UTCDateTime, db


class ShopSettings(db.Model):  # type: ignore[name-defined,misc]
    """The one row: what was set, by name. What is not in it is as it comes."""

    __tablename__ = "shop_settings"

    id: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    given: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    version: Mapped[int] = mapped_column(sa.Integer)
    updated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    updated_by_kind: Mapped[str | None] = mapped_column(sa.String(16))
    updated_by_name: Mapped[str | None] = mapped_column(sa.String(200))


class ShopLogo(db.Model):  # type: ignore[name-defined,misc]
    """The logo as it is sent to browsers. ``digest`` names its bytes."""

    __tablename__ = "shop_logos"

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    media: Mapped[str] = mapped_column(sa.String(40))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
