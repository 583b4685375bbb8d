"""The table of saved views."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from orderboard.database import UTCDateTime, db


class SavedView(db.Model):  # type: ignore[name-defined,misc]
    """A query of the board under a name. ``owner``: who keeps it, as ``Identity.caller`` says."""

    __tablename__ = "saved_views"

    id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    query: Mapped[str] = mapped_column(sa.Text)
    shared: Mapped[bool] = mapped_column(sa.Boolean)
    owner: Mapped[str] = mapped_column(sa.String(120))
    owner_kind: Mapped[str] = mapped_column(sa.String(16))
    owner_name: Mapped[str | None] = mapped_column(sa.String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (
        sa.Index("ix_saved_views_owner", "owner"),
        sa.Index("ix_saved_views_shared", "shared"),
    )
