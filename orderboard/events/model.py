"""The two tables of the log."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from orderboard.database import UTCDateTime, db


class LogHead(db.Model):  # type: ignore[name-defined,misc]
    """One row: how far the log has come. Its row lock gives positions in commit order."""

    __tablename__ = "log_head"

    id: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    epoch: Mapped[str] = mapped_column(sa.String(32))
    position: Mapped[int] = mapped_column(sa.BigInteger)


class EventRow(db.Model):  # type: ignore[name-defined,misc]
    """One fact. ``order`` and ``changes`` are JSON text; the order is whole, as staff see it."""

    __tablename__ = "events"

    position: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    type: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[str] = mapped_column(UTCDateTime)
    actor_kind: Mapped[str] = mapped_column(sa.String(16))
    actor_name: Mapped[str | None] = mapped_column(sa.String(200))
    changes: Mapped[str] = mapped_column(sa.Text)
    order_id: Mapped[str | None] = mapped_column(sa.String(40))
    driver_id: Mapped[str | None] = mapped_column(sa.String(40))
    other_driver_id: Mapped[str | None] = mapped_column(sa.String(40))
    order: Mapped[str | None] = mapped_column(sa.Text)

    __table_args__ = (
        sa.Index("ix_events_order", "order_id", "position"),
        sa.Index(
            "ix_events_driver",
            "driver_id",
            "position",
            sqlite_where=sa.text("driver_id IS NOT NULL"),
            postgresql_where=sa.text("driver_id IS NOT NULL"),
        ),
        sa.Index(
            "ix_events_other_driver",
            "other_driver_id",
            "position",
            sqlite_where=sa.text("other_driver_id IS NOT NULL"),
            postgresql_where=sa.text("other_driver_id IS NOT NULL"),
        ),
    )
